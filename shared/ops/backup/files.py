"""The files of a backup: a folder per database with its tables as compressed JSON lines, and a manifest written last.

    FOLDER/data/<service>/   facts, records of commands, numbers, timers, what came from siblings, cursors, audit trail
    FOLDER/data/identity/    accounts, tokens and second factors; no sessions, no invitations
    FOLDER/keys/<service>/   the wrapped keys of personal data: kept apart from the data, and only the newest of them

A row is a JSON array in the order of the manifest's columns. The form is the same for SQLite and PostgreSQL, so that a backup
of the one is restored onto the other.
"""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Table

from shared.errors import UnsafeStore
from shared.store.session import Row, Session

FORM = 1  # of the files; another one needs another version of the code
PAGE = 2000  # rows that are read or written at once
DATA, KEYS = "data", "keys"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Written:
    """One table in a backup."""

    table: str
    columns: list[str]
    rows: int
    sha256: str

    @property
    def name(self) -> str:
        """The file's name."""
        return f"{self.table}.jsonl.gz"


@dataclass(frozen=True)
class Manifest:
    """What one folder of a backup holds, and of which moment.

    `tables` is the revision of the store's tables; `store` and `incarnation` are the first and the last life of the log, `head`
    its last position, `content` a hash over the hashes of its facts; `masters` names the master keys that wrapped the keys,
    `secret` the platform's secret.
    """

    form: int
    part: str
    province: str
    made_at: str
    version: str
    files: list[Written]
    tables: str = ""
    store: str = ""
    incarnation: str = ""
    head: int = 0
    content: str = ""
    masters: list[str] = field(default_factory=list)
    secret: str = ""


def rows_of(session: Session, table: Table) -> Iterator[Row]:
    """Every row of a table in the order of its primary key, as the session sees them; few are in memory at once."""
    columns, keys = [column.name for column in table.columns], [column.name for column in table.primary_key]
    places = [columns.index(key) for key in keys]
    after: dict[str, Any] = {}
    while True:
        beyond = f" WHERE ({', '.join(keys)}) > ({', '.join(f':after{n}' for n in range(len(keys)))})" if after else ""
        rows = session.rows(
            f"SELECT {', '.join(columns)} FROM {table.name}{beyond} ORDER BY {', '.join(keys)} LIMIT :page", page=PAGE, **after
        )
        yield from rows
        if len(rows) < PAGE:
            return
        after = {f"after{n}": rows[-1][place] for n, place in enumerate(places)}


def write_table(folder: Path, table: Table, rows: Iterable[Row]) -> Written:
    """Write the rows of a table; they are on disk when this returns. Only the owner can read the file."""
    written = Written(str(table.name), [str(column.name) for column in table.columns], 0, "")
    file, encode, count = folder / written.name, msgspec.json.Encoder().encode, 0
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
        with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=1, mtime=0) as out:
            for row in rows:
                out.write(encode(row) + b"\n")
                count += 1
        raw.flush()
        os.fsync(raw.fileno())
    return Written(written.table, written.columns, count, sha256(file))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Written last, and whole: a folder without one is a backup that did not come to its end."""
    draft = folder / f".{MANIFEST}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
        out.flush()
        os.fsync(out.fileno())
    draft.replace(folder / MANIFEST)
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder whose files are all as they were written. Raises UnsafeStore."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise UnsafeStore(f"{folder} holds no backup that came to its end (no {MANIFEST})") from None
    except (msgspec.MsgspecError, OSError) as error:
        raise UnsafeStore(f"{folder / MANIFEST} cannot be read ({type(error).__name__})") from None
    if manifest.form != FORM:
        raise UnsafeStore(
            f"{folder} has form {manifest.form}, this version reads {FORM}: restore with version {manifest.version}"
        )
    for one in manifest.files:
        file = folder / one.name
        if not file.is_file():
            raise UnsafeStore(f"{file} is missing")
        if sha256(file) != one.sha256:
            raise UnsafeStore(f"{file} is damaged: its content is not what was written")
    return manifest


def read_table(folder: Path, manifest: Manifest, table: Table) -> Iterator[list[dict[str, Any]]]:
    """The rows of a table, page by page; none when the backup lacks it. Raises UnsafeStore for columns that nobody knows here."""
    written = next((one for one in manifest.files if one.table == table.name), None)
    if written is None:
        return
    if not set(written.columns) <= {column.name for column in table.columns}:
        raise UnsafeStore(f"{folder / written.name} has columns of another version: restore with version {manifest.version}")
    decode, page = msgspec.json.Decoder(list[Any]).decode, list[dict[str, Any]]()
    missing = {column.name: None for column in table.columns if column.name not in written.columns}
    with gzip.open(folder / written.name, "rb") as lines:
        for line in lines:
            page.append({**missing, **dict(zip(written.columns, decode(line), strict=True))})
            if len(page) == PAGE:
                yield page
                page = []
    if page:
        yield page


def put_back(session: Session, folder: Path, manifest: Manifest, tables: Sequence[Table]) -> None:
    """Insert what the backup holds of these tables."""
    for table in tables:
        for page in read_table(folder, manifest, table):
            session.insert(table, page)


def sha256(file: Path) -> str:
    """The hash of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
