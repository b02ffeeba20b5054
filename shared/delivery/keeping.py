"""Keeping envelopes and folding them into registers, inside one transaction of the inbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shared.delivery.postbox import ALARM, FACT, close_beyond, open_letter, waiting_keys
from shared.delivery.sibling import Sibling
from shared.delivery.tables import envelopes
from shared.envelope import Envelope, from_json, to_json
from shared.errors import Busy, Unreadable
from shared.ops import metrics
from shared.registers.register import About, Register
from shared.registers.table import Kept, fold_into, load_rows, reshaped, save_rows
from shared.store import Session
from shared.store.recorded import stored_time

APPLIED, SKIPPED, PARKED, QUEUED, DROPPED, ASIDE = "applied", "skipped", "parked", "queued", "dropped", "aside"
SUBJECTS = 200  # streams that are folded anew at a time


@dataclass(frozen=True, slots=True)
class Item:
    """One envelope with what is to become of it; `fact` and `about` stand when it is to be applied."""

    envelope: Envelope
    state: str
    fact: Any = None
    about: About | None = None
    reason: str = ""


def read(sibling: Sibling, one: Envelope) -> Item:
    """What an envelope says. A type that nobody here listens to is skipped, one that cannot be read is parked."""
    if not sibling.types.knows(one.type):
        if sibling.types.major_of_known(one.type):
            return Item(one, PARKED, reason=f"unknown major version: {one.type}")
        return Item(one, SKIPPED)
    try:
        return Item(one, APPLIED, sibling.types.decode(one.type, one.payload), one.about)
    except (Unreadable, ValueError) as error:
        return Item(one, PARKED, reason=f"cannot be read: {error}")


def keep(session: Session, service: str, sibling: Sibling, items: Sequence[Item], applied: int) -> int:
    """Keep envelopes, fold those that are read, park the others; returns the last `applied` number given out.

    Facts of a key that waits queue behind it. Raises what a fold raises.
    """
    blocked = waiting_keys(session, FACT, sibling.source, (item.envelope.subject for item in items))
    rows, folded = [], []
    for item in items:
        state, subject = item.state, item.envelope.subject
        if state != SKIPPED and subject in blocked:
            state = QUEUED
        elif state == PARKED:
            blocked.add(subject)
            park(session, service, item.envelope, item.reason)
        elif state == APPLIED:
            applied += 1
            folded.append(item)
        rows.append(_row(item.envelope, state, applied if state == APPLIED else None))
    session.insert(envelopes, rows)
    fold(session, sibling.registers, folded)
    return applied


def park(session: Session, service: str, one: Envelope, reason: str) -> None:
    """Open the letter of a fact that cannot be applied."""
    open_letter(
        session, service, FACT, one.source, one.subject, reason, incarnation=one.incarnation, position=one.position, type=one.type
    )


def _row(one: Envelope, state: str, applied: int | None) -> dict[str, Any]:
    return {
        "source": one.source,
        "incarnation": one.incarnation,
        "position": one.position,
        "id": one.id,
        "type": one.type,
        "subject": one.subject,
        "body": to_json(one),
        "state": state,
        "applied": applied,
        "kept_at": stored_time(datetime.now(UTC)),
    }


def fold(session: Session, registers: Sequence[Register[Any]], items: Sequence[Item]) -> None:
    """Fold facts into registers: the touched rows are read once, folded in memory, and written in one statement each.

    Raises Busy where a register was made anew for other code: rows that this process wrote would lack columns there.
    """
    if items and (other := reshaped(session, registers)):
        raise Busy(f"register {other[0].name} is another version's: this process is to be replaced")
    for register in registers:
        mine = [item for item in items if type(item.fact) in register.folds]
        if not mine:
            continue
        touched = (key for item in mine for key in register.touched(item.fact, item.about.id))  # type: ignore[union-attr]
        rows = load_rows(session, register, touched)
        changed: set[str] = set()
        for item in mine:
            changed.update(fold_into(register, rows, item.fact, item.about))  # type: ignore[arg-type]
        save_rows(session, register, {key: rows[key] for key in changed if key in rows})


# --- folding anew from what is kept -------------------------------------------------------------------------------


def refold(session: Session, service: str, sibling: Sibling, subjects: Sequence[str]) -> None:
    """Fold the kept facts of these streams anew, from nothing; rows that only facts set aside had made are gone then.

    Within a stream the order of positions is the order of application. A fact that today's fold refuses parks its key.
    """
    for at in range(0, len(subjects), SUBJECTS):
        chosen = list(subjects[at : at + SUBJECTS])
        found = session.rows(
            f"SELECT subject, state, body FROM envelopes WHERE source = :source AND {session.among('subject', 'subjects')}"
            f" AND state IN ('{APPLIED}', '{ASIDE}') ORDER BY position",
            source=sibling.source,
            subjects=chosen,
        )
        items = [(state, read(sibling, from_json(body))) for _, state, body in found]
        failed = _refold(session, sibling, items)
        for item, error in failed:
            _park_kept(session, service, item, f"folding anew: {type(error).__name__}: {error}")


def _refold(session: Session, sibling: Sibling, items: list[tuple[str, Item]]) -> list[tuple[Item, Exception]]:
    failed: dict[str, tuple[Item, Exception]] = {}
    rows: dict[str, dict[str, Kept]] = {register.name: {} for register in sibling.registers}
    gone: dict[str, set[str]] = {register.name: set() for register in sibling.registers}
    for state, item in items:
        if item.about is None:
            continue
        try:
            for register in sibling.registers:
                if type(item.fact) in register.folds:
                    gone[register.name].update(register.touched(item.fact, item.about.id))
            if state == APPLIED and item.envelope.subject not in failed:
                _fold_whole(sibling.registers, rows, item)
        except Exception as error:
            if state == APPLIED:
                failed.setdefault(item.envelope.subject, (item, error))
    for register in sibling.registers:
        deleted = {key: Kept(key, 0, 0, None) for key in gone[register.name]}
        save_rows(session, register, deleted | rows[register.name])
    return list(failed.values())


def _fold_whole(registers: Iterable[Register[Any]], rows: dict[str, dict[str, Kept]], item: Item) -> None:
    """Fold one fact into every register or, when one fold raises, into none."""
    assert item.about is not None
    drafts = {}
    for register in registers:
        if type(item.fact) in register.folds:
            touched = register.touched(item.fact, item.about.id)
            draft = {key: rows[register.name][key] for key in touched if key in rows[register.name]}
            fold_into(register, draft, item.fact, item.about)
            drafts[register.name] = draft
    for name, draft in drafts.items():
        rows[name].update(draft)


def _park_kept(session: Session, service: str, item: Item, reason: str) -> None:
    """A fact that was applied once and is refused by today's fold waits from now on, with what comes behind it."""
    one = item.envelope
    session.run(
        f"UPDATE envelopes SET state = CASE WHEN position = :position THEN '{PARKED}' ELSE '{QUEUED}' END, applied = NULL"
        f" WHERE source = :source AND subject = :subject AND position >= :position AND state = '{APPLIED}'",
        source=one.source,
        subject=one.subject,
        position=one.position,
    )
    park(session, service, one, reason)


def set_aside(session: Session, service: str, sibling: Sibling, fork: int, life: str) -> int:
    """Mark what is kept beyond the fork, fold its streams anew, open an alarm; returns the last position held then."""
    beyond = {"source": sibling.source, "fork": fork}
    subjects = session.rows(
        f"SELECT DISTINCT subject FROM envelopes WHERE source = :source AND position > :fork AND state = '{APPLIED}'", **beyond
    )
    count = session.run(
        f"UPDATE envelopes SET state = '{ASIDE}' WHERE source = :source AND position > :fork AND state <> '{ASIDE}'", **beyond
    )
    close_beyond(session, sibling.source, fork)
    refold(session, service, sibling, [row[0] for row in subjects])
    metrics.consumed.labels(service, sibling.name, ASIDE).inc(count)
    reason = f"the log of {sibling.source} began anew after {fork}; {count} facts that lay beyond are set aside"
    open_letter(session, service, ALARM, sibling.source, f"fork {life}", reason, incarnation=life, position=fork)
    row = session.one(f"SELECT max(position) FROM envelopes WHERE source = :source AND state <> '{ASIDE}'", source=sibling.source)
    return int(row[0] or 0) if row else 0
