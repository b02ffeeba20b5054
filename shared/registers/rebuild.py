"""Replay: registers folded anew from the log, beside the live ones, compared and flipped."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy.schema import CreateTable

from shared.registers.register import Register
from shared.registers.table import Kept, columns_of, fold_into, newest, row_of, save_rows, select, shape, table
from shared.store.recorded import Replayed
from shared.store.session import Session

if TYPE_CHECKING:
    from shared.store.log import Store

READ = 5000  # facts read at once
Rows = dict[str, Kept]


def facts_between(session: Session, after: int, upto: int) -> Iterator[Replayed]:
    """The facts behind position `after` up to `upto`, as this session sees them."""
    while after < upto:
        rows = session.rows(
            f"SELECT {', '.join(Replayed._fields)} FROM events"
            " WHERE position > :after AND position <= :upto ORDER BY position LIMIT :limit",
            after=after,
            upto=upto,
            limit=READ,
        )
        if not rows:
            return
        yield from map(Replayed._make, rows)
        after = rows[-1][0]


def fold_all(
    registers: Sequence[Register[Any]],
    recorded: Iterable[Replayed],
    decode: Callable[[str, str], Any],
    rows: dict[str, Rows] | None = None,
    progress: Callable[[int], None] = lambda position: None,
) -> dict[str, Rows]:
    """Fold facts into the registers' rows in memory, by register name. A province's registers fit: rows, not facts, are held."""
    folded: dict[str, Rows] = rows if rows is not None else {register.name: {} for register in registers}
    for one in recorded:
        fact = decode(one.type, one.data)
        about = None
        for register in registers:
            if type(fact) in register.folds:
                about = about or one.about
                fold_into(register, folded[register.name], fact, about)
        if one.position % READ == 0:
            progress(one.position)
    return {name: {key: kept for key, kept in found.items() if kept.row is not None} for name, found in folded.items()}


def rebuild(store: Store, register: Register[Any], progress: Callable[[int], None] = lambda position: None) -> None:
    """Fold the log, catch up under the lock, write a new table there, and let it take the live one's place.

    Writers go on while the log is folded, and wait while the rows are written: a register of many rows may tell some of them
    Busy. The register's fold code alone decides the rows; the log is read twice at the tail only.
    """
    decode = store.service.types.decode
    with store.db.snapshot() as session:
        upto = int((session.one("SELECT max(position) FROM events") or (0,))[0] or 0)
        folded = fold_all([register], facts_between(session, 0, upto), decode, progress=progress)
    with store.db.exclusive() as session:
        head = int((session.one("SELECT max(position) FROM events") or (0,))[0] or 0)
        folded = fold_all([register], list(facts_between(session, upto, head)), decode, rows=folded)
        _fill(session, register, folded[register.name])


def _fill(session: Session, register: Register[Any], rows: Rows) -> None:
    fresh = table(register, "__new")
    live = table(register).name
    session.run(f"DROP TABLE IF EXISTS {fresh.name}")
    session.run(str(CreateTable(fresh)))
    save_rows(session, register, rows, "__new")
    session.run(f"DROP TABLE IF EXISTS {live}")
    session.run(f"ALTER TABLE {fresh.name} RENAME TO {live}")
    session.run(newest(register))
    session.run(
        "UPDATE registers SET shape = :shape, built = built + 1 WHERE name = :name", shape=shape(register), name=register.name
    )


def digest(rows: Iterable[Kept]) -> str:
    """A hash over rows, whatever their order: equal digests mean equal registers."""
    lines = sorted(msgspec.json.encode(columns_of(kept), order="sorted") for kept in rows)
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


def live_rows(session: Session, register: Register[Any]) -> list[Kept]:
    """Every row of the live table."""
    return [row_of(register, values) for values in session.rows(select(register))]


def replay_check(store: Store) -> dict[str, tuple[str, str]]:
    """For each own register the digests of (live rows, rows replayed from zero), both of one moment."""
    registers = store.service.own_registers
    with store.db.snapshot() as session:
        head = int((session.one("SELECT max(position) FROM events") or (0,))[0] or 0)
        replayed = fold_all(registers, facts_between(session, 0, head), store.service.types.decode)
        return {
            register.name: (digest(live_rows(session, register)), digest(replayed[register.name].values()))
            for register in registers
        }
