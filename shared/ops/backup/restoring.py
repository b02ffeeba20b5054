"""Putting a backup back into empty databases: everything is looked at first, then each database is filled in one transaction."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.errors import UnsafeStore
from shared.execute import Runtime
from shared.identity.accounts import Accounts
from shared.identity.audit import audit_trail
from shared.ops import health, highwater
from shared.ops.backup.files import DATA, KEYS, Manifest, put_back, read_manifest, read_table
from shared.ops.backup.making import IDENTITY_TABLES, STORE_TABLES, secret_name
from shared.privacy import KeyStore, erasures
from shared.privacy.fields import MARK
from shared.privacy.keys import subject_keys
from shared.settings import Settings
from shared.store import Session
from shared.store.recorded import content_hash
from shared.store.tables import events

FULL = ("events", "commands", "envelopes")  # tables of which none has a row in a store that was never used
SUBJECT = re.compile(rf'"{MARK}:([^:"]+):')


@dataclass(frozen=True)
class Part:
    """One folder of a backup that was looked at."""

    folder: Path
    manifest: Manifest


@dataclass(frozen=True)
class Backup:
    """The parts for some services: their data, their keys (absent: the key store that is here is used), and identity."""

    data: Mapping[str, Part]
    keys: Mapping[str, Part]
    identity: Part


@dataclass(frozen=True)
class PutBack:
    """What became of one service: its facts, keys that came anew, keys that the ledger erased again, subjects without any."""

    facts: int
    made_at: str
    keys: int
    erased_again: int
    without_key: list[str]


def look(folder: Path, keys_folder: Path, runtimes: Mapping[str, Runtime], settings: Settings) -> Backup:
    """Read every manifest and every file's hash. Raises UnsafeStore for whatever cannot be put back; nothing is written."""
    data = {name: Part(folder / DATA / name, read_manifest(folder / DATA / name)) for name in runtimes}
    places = {name: keys_folder / KEYS / name for name in runtimes}
    keys = {name: Part(place, read_manifest(place)) for name, place in places.items() if place.is_dir()}
    identity = Part(folder / DATA / "identity", read_manifest(folder / DATA / "identity"))
    for part in data.values():
        if part.manifest.tables != health.newest():
            raise UnsafeStore(
                f"{part.folder} has tables of revision {part.manifest.tables}, this version has {health.newest()}:"
                f" restore with version {part.manifest.version}, then upgrade"
            )
    for part in (*data.values(), *keys.values(), identity):
        if part.manifest.province != settings.province:
            raise UnsafeStore(f"{part.folder} is of province {part.manifest.province}, not of {settings.province}")
    for name, part in keys.items():
        if not set(part.manifest.masters) <= runtimes[name].keys.masters:
            raise UnsafeStore(
                f"the keys in {part.folder} were wrapped by another master key than PKP_MASTER_KEY: put its copy in place"
            )
    return Backup(data, keys, identity)


def knows_secret(backup: Backup, settings: Settings) -> bool:
    """Whether the backup is of a platform with this PKP_SECRET_KEY."""
    known = {secret_name(one) for one in settings.secret_keys}
    return all(part.manifest.secret in known for part in (*backup.data.values(), backup.identity))


def put_service(backup: Backup, runtime: Runtime, settings: Settings) -> PutBack:
    """Fill a service's empty databases, made before. Its registers are to be folded anew, and the store to be accepted.

    Keys that are here already stay, and whoever the ledger holds is erased again. Raises UnsafeStore.
    """
    name = runtime.service.name
    data, keys, ledger = backup.data[name], backup.keys.get(name), highwater.ledger_of(settings, name)
    _refuse_used(runtime)
    new = _put_keys(runtime.keys, keys)
    erased = erasures.apply(runtime.keys, ledger)
    runtime.keys.check()
    named: set[str] = set()
    with runtime.store.db.exclusive() as session:
        for table in reversed(STORE_TABLES):
            if table not in (events, audit_trail):  # these are guarded, and what is in the trail is true
                session.run(f"DELETE FROM {table.name}")
        for page in _checked(data):
            session.insert(events, page)
            named.update(subject for row in page for subject in SUBJECT.findall(row["data"]))
        put_back(session, data.folder, data.manifest, [table for table in STORE_TABLES if table is not events])
        session.run("UPDATE registers SET shape = ''")
    return PutBack(data.manifest.head, data.manifest.made_at, new, erased, sorted(named - runtime.keys.known()))


def _refuse_used(runtime: Runtime) -> None:
    name = runtime.service.name
    with runtime.store.db.reading() as session:
        used = [table for table in FULL if session.one(f"SELECT 1 FROM {table} LIMIT 1")]
    if used:
        raise UnsafeStore(f"{name}: the database is not empty ({', '.join(used)}): a backup is put back into a new one")


def _put_keys(keys: KeyStore, part: Part | None) -> int:
    if part is None:
        if not keys.known():
            raise UnsafeStore("the backup holds no keys and none are here: name the folder that does with --keys")
        return 0
    count = 0
    with keys.database.writing() as session:
        for page in read_table(part.folder, part.manifest, subject_keys):
            count += keys.add(session, page)
    return count


def _checked(part: Part) -> Iterator[list[dict[str, Any]]]:
    """The facts of a backup, as long as they are those that were stored, one behind the other. Raises UnsafeStore."""
    position, content = 0, hashlib.sha256()
    for page in read_table(part.folder, part.manifest, events):
        for one in page:
            position += 1
            hash = content_hash(one["id"], one["type"], one["stream"], one["version"], one["recorded_at"], one["data"])
            if (one["position"], one["hash"]) != (position, hash):
                raise UnsafeStore(f"{part.folder}: the fact at position {position} is missing or not what was stored")
            content.update(hash.encode())
        yield page
    if (position, content.hexdigest()) != (part.manifest.head, part.manifest.content):
        raise UnsafeStore(f"{part.folder}: the facts are not those that the manifest tells of")


def put_identity(backup: Backup, accounts: Accounts) -> bool:
    """Fill an empty identity database, made before; False when it holds accounts (other than a demo's), which stay."""
    with accounts.database.exclusive() as session:
        if _has_accounts(session):
            return False
        for table in reversed(IDENTITY_TABLES):
            session.run(f"DELETE FROM {table.name}")
        put_back(session, backup.identity.folder, backup.identity.manifest, IDENTITY_TABLES)
    return True


def _has_accounts(session: Session) -> bool:
    return session.one("SELECT 1 FROM accounts WHERE demo = :no LIMIT 1", no=False) is not None
