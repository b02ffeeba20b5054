"""The high-water mark of each log, kept outside its backups: a store that holds less than was seen here is not served."""

from __future__ import annotations

import fcntl
import os
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import structlog

from shared.errors import UnsafeStore
from shared.settings import Settings
from shared.store import Store
from shared.store.tables import numbers as numbers_table

INTERVAL = 1.0  # seconds between two looks at the heads; what a crash of the whole machine may leave out of the mark
HELD = "held "  # before the due time of a timer that waits for release: as text it is later than every time

log = structlog.get_logger()


@dataclass(frozen=True)
class Mark:
    """What was seen of a log: its life, its last position, and the last register number per `SERIES/year`."""

    incarnation: str
    position: int
    numbers: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Accepted:
    """What `accept` found and did: facts that were seen before and are gone, timers held."""

    service: str
    lost: int
    held: int
    incarnation: str


def file_of(settings: Settings, service: str) -> Path:
    """Where the mark of a service is kept; back this folder up apart from the databases, or not at all."""
    return settings.data_dir / "state" / f"{service}.json"


def ledger_of(settings: Settings, service: str) -> Path:
    """Where a service's ledger of erasures is kept: beside its mark, for neither may go back with a backup."""
    return settings.data_dir / "state" / f"{service}.erased"


def read(file: Path) -> Mark | None:
    """The kept mark, None when nothing was seen yet. Raises UnsafeStore when the file is damaged."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Mark)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError:
        raise UnsafeStore(f"{file} is damaged: look at the store, then `pkp restore --accept --service {file.stem}`") from None


def seen(store: Store) -> Mark:
    """What the store holds now, all of one moment."""
    with store.db.snapshot() as session:
        life = session.one("SELECT id FROM incarnations ORDER BY rank DESC LIMIT 1")
        head = session.one("SELECT max(position) FROM events")
        rows = session.rows("SELECT series, year, last FROM numbers")
    return Mark(
        life[0] if life else "", int(head[0] or 0) if head else 0, {f"{series}/{year}": last for series, year, last in rows}
    )


def check(store: Store, settings: Settings) -> None:
    """Raises UnsafeStore when the store was never migrated, is another than the one seen here, holds less, or may do so.

    The mark of a store is made before its first fact, so that one that was lost is told from one that was not made yet.
    """
    mark = read(file_of(settings, store.service.name))  # before the store: whatever was marked is in it by now
    try:
        store.check()
        if mark is None and store.head() == 0:
            keep(store, settings)
        mark = mark or read(file_of(settings, store.service.name))  # another process may have made it, and the first fact
        problem = _problem(store, mark)
    except UnsafeStore as error:
        problem = str(error)
    except Exception as error:
        if not lacks_table(error):
            raise
        problem = "the store was never migrated: `pkp migrate`"
    if problem:
        raise UnsafeStore(f"{store.service.name}: {problem}")


def lacks_table(error: Exception) -> bool:
    """Whether a database was never migrated."""
    return "no such table" in str(error) or type(error).__name__ == "UndefinedTable"


def _problem(store: Store, mark: Mark | None) -> str:
    look = f"; find out why, then `pkp restore --accept --service {store.service.name}`"
    if mark is None:
        # A server knows its own: a database that was put back is another one. A file is whatever lies there.
        return f"the store holds facts, but what was seen of it here is gone{look}" if not store.db.server() else ""
    if mark.incarnation not in {life.id for life in store.lineage()}:
        return f"the store is not the one that was served here (its lineage lacks {mark.incarnation}){look}"
    head = store.head()
    if head < mark.position:
        return f"the store holds {head} facts, {mark.position} were seen here{look}"
    return ""


def keep(store: Store, settings: Settings) -> None:
    """Bring the mark up to what the store holds; it never goes back, whichever process writes it.

    A process that still serves a log of a left life writes nothing.
    """
    file, now = file_of(settings, store.service.name), seen(store)
    with _locked(file):
        before = read(file)
        if before == now or (before and before.incarnation == now.incarnation and before.position >= now.position):
            return
        if before is None or before.incarnation in {life.id for life in store.lineage()}:
            _write(file, now)


def accept(
    store: Store, settings: Settings, now: datetime, held: int = 0, used: Mapping[str, int] | None = None, skip: int = 0
) -> Accepted:
    """Take a restored or replaced store for the true one: a new life of the log begins at its head.

    `held` is the last position that others hold, `used` the last register numbers that they do, by `SERIES/year`. Numbers seen
    before stay used, and `skip` more of each series; timers wait for `release`. Safe to repeat after an interruption.
    """
    file = file_of(settings, store.service.name)
    try:
        mark = read(file)
    except UnsafeStore:
        mark = None
    lost = max(0, held - store.head(), mark.position - store.head() if mark else 0)
    with store.db.writing() as session:
        known = {f"{series}/{year}": last for series, year, last in session.rows("SELECT series, year, last FROM numbers")}
        last = _latest(known, mark.numbers if mark else {}, used or {})
        session.insert(numbers_table, [_number(name, last[name] + skip) for name in last], upsert=True)
        session.run("UPDATE timers SET due = :held || due WHERE due < :held", held=HELD)
        timers = session.one("SELECT count(*) FROM timers WHERE due >= :held", held=HELD)
    life = store.fork(now)
    with _locked(file):
        _write(file, seen(store))
    return Accepted(store.service.name, lost, int(timers[0]) if timers else 0, life.id)


def _latest(*seen: Mapping[str, int]) -> dict[str, int]:
    return {name: max(one.get(name, 0) for one in seen) for name in sorted({name for one in seen for name in one})}


def _number(name: str, last: int) -> dict[str, Any]:
    series, _, year = name.partition("/")
    return {"series": series, "year": int(year), "last": last}


def release(store: Store) -> int:
    """Let the timers go that a restore held; how many."""
    with store.db.writing() as session:
        return session.run("UPDATE timers SET due = substr(due, :start) WHERE due >= :held", start=len(HELD) + 1, held=HELD)


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(file: Path, mark: Mark) -> None:
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.stem}-")
    with os.fdopen(handle, "wb") as out:
        out.write(msgspec.json.encode(mark))
        out.flush()
        os.fsync(out.fileno())
    Path(draft).replace(file)


class Keeper:
    """A thread that keeps the marks of some stores while this process serves them, and once more at its end."""

    def __init__(self, stores: Iterable[Store], settings: Settings) -> None:
        self._stores = list(stores)
        self._settings = settings
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="high-water", daemon=True)

    def start(self) -> None:
        """Begin; after a fork, never before."""
        self._thread.start()

    def stop(self) -> None:
        """Write the last marks and end."""
        self._ending.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._ending.wait(INTERVAL):
            self._keep()
        self._keep()

    def _keep(self) -> None:
        for store in self._stores:
            try:
                keep(store, self._settings)
            except Exception as error:  # the mark is a safeguard: what it cannot reach must not stop who serves
                log.warning("high-water-mark-not-kept", service=store.service.name, error=type(error).__name__)
