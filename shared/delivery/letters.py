"""What a person does with letters: list, show, retry, drop. `pkp letters` and the page of letters call these."""

from __future__ import annotations

from dataclasses import replace

from shared.delivery.attempts import Hand, is_connection_error
from shared.delivery.held import advance, load
from shared.delivery.keeping import APPLIED, DROPPED, PARKED, QUEUED, Item, fold, read
from shared.delivery.postbox import ALARM, COLUMNS, FACT, REACTION, TIMER, Letter, close_letter, printable
from shared.delivery.reactions import Reactions
from shared.delivery.sibling import Sibling, siblings
from shared.envelope import Envelope, from_json
from shared.errors import NotFound
from shared.execute import Runtime
from shared.store import Session, Store


def listed(store: Store, *, closed: bool = False) -> list[Letter]:
    """The open letters, oldest first; with `closed` all of them."""
    only = "" if closed else " WHERE closed_at IS NULL"
    with store.db.reading() as session:
        return [Letter(*row) for row in session.rows(f"SELECT {COLUMNS} FROM letters{only} ORDER BY opened_at, id")]


def letter(store: Store, id: str) -> Letter:
    """One letter; raises NotFound."""
    with store.db.reading() as session:
        row = session.one(f"SELECT {COLUMNS} FROM letters WHERE id = :id", id=id)
    if row is None:
        raise NotFound("no-such-letter")
    return Letter(*row)


def waiting(store: Store, of: Letter) -> list[Envelope]:
    """The facts that wait behind a letter, the failed one first; none behind an alarm or a timer."""
    with store.db.reading() as session:
        if of.kind == FACT:
            return _facts(session, of)
        if of.kind == REACTION:
            return _outcomes(session, of)
    return []


def retry(runtime: Runtime, id: str) -> Letter:
    """Handle again what waits behind a letter, in order; the letter as it is then: closed, or open at the fact that failed.

    Facts get new `applied` numbers, so that reactions see them now. An alarm is closed as seen; a timer fires anew.
    """
    found = letter(runtime.store, id)
    if found.closed_at:
        return found
    if found.kind == FACT:
        _retry_facts(runtime, found)
    elif found.kind == REACTION:
        _retry_reaction(runtime, found)
    else:
        with runtime.store.db.writing() as session:
            close_letter(session, id, "seen" if found.kind == ALARM else "retried")
    return letter(runtime.store, id)


def drop(runtime: Runtime, id: str) -> Letter:
    """Give up the failed fact (or timer) of a letter, then go on with those behind it; the letter as it is then."""
    found = letter(runtime.store, id)
    if found.closed_at:
        return found
    where = {"source": found.source, "key": found.key}
    with runtime.store.db.writing() as session:
        if found.kind == FACT:
            session.run(
                f"UPDATE envelopes SET state = '{DROPPED}' WHERE source = :source AND subject = :key AND state = '{PARKED}'",
                **where,
            )
        elif found.kind == REACTION:
            session.run(
                f"UPDATE reaction_outcomes SET outcome = '{DROPPED}' WHERE source = :source AND subject = :key"
                f" AND reaction = :reaction AND outcome = '{PARKED}'",
                reaction=found.reaction,
                **where,
            )
        elif found.kind == TIMER:
            session.run("DELETE FROM timers WHERE stream = :key AND name = :name", key=found.key, name=found.reaction)
            close_letter(session, id, "dropped")
    return retry(runtime, id)


def _sibling(runtime: Runtime, source: str) -> Sibling:
    for one in siblings(runtime.service, runtime.store.province):
        if one.source == source:
            return one
    raise NotFound("no-such-source")


def _point_at(session: Session, of: Letter, one: Envelope, reason: str) -> None:
    """The letter is about this fact now."""
    session.run(
        "UPDATE letters SET incarnation = :incarnation, position = :position, type = :type, reason = :reason WHERE id = :id",
        incarnation=one.incarnation,
        position=one.position,
        type=one.type,
        reason=printable(reason),
        id=of.id,
    )


# --- facts --------------------------------------------------------------------------------------------------------


def _facts(session: Session, of: Letter, limit: int = 1000) -> list[Envelope]:
    rows = session.rows(
        f"SELECT body FROM envelopes WHERE source = :source AND subject = :key AND state IN ('{PARKED}', '{QUEUED}')"
        " ORDER BY position LIMIT :limit",
        source=of.source,
        key=of.key,
        limit=limit,
    )
    return [from_json(row[0]) for row in rows]


def _retry_facts(runtime: Runtime, of: Letter) -> None:
    """One fact per transaction, the oldest first, until none waits or one fails; new ones queue behind meanwhile."""
    sibling = _sibling(runtime, of.source)
    while True:
        with runtime.store.db.writing() as session:
            load(session, of.source, lock=True)  # the inbox queues under this lock, too
            facts = _facts(session, of, 1)
            if not facts:
                close_letter(session, of.id, "retried")
                return
        item = read(sibling, facts[0])
        reason = item.reason or _apply(runtime, sibling, item)
        if reason:
            with runtime.store.db.writing() as session:
                _set_state(session, item.envelope, PARKED, None)
                _point_at(session, of, item.envelope, reason)
            return


def _apply(runtime: Runtime, sibling: Sibling, item: Item) -> str:
    """Apply one fact that waited; why it failed, or nothing."""
    try:
        with runtime.store.db.writing() as session:
            held = load(session, sibling.source, lock=True)
            number = held.applied + 1 if item.state == APPLIED else None
            if _set_state(session, item.envelope, item.state, number) and number:
                fold(session, sibling.registers, [item])
                advance(session, held, replace(held, applied=number))
    except Exception as error:
        if is_connection_error(error):
            raise
        return f"{type(error).__name__}: {error}"
    return ""


def _set_state(session: Session, one: Envelope, state: str, applied: int | None) -> bool:
    """Whether the envelope still waited."""
    changed = session.run(
        "UPDATE envelopes SET state = :state, applied = :applied WHERE source = :source AND incarnation = :incarnation"
        f" AND position = :position AND state IN ('{PARKED}', '{QUEUED}')",
        state=state,
        applied=applied,
        source=one.source,
        incarnation=one.incarnation,
        position=one.position,
    )
    return changed == 1


# --- reactions ----------------------------------------------------------------------------------------------------


def _outcomes(session: Session, of: Letter) -> list[Envelope]:
    rows = session.rows(
        "SELECT e.body FROM reaction_outcomes o JOIN envelopes e ON e.source = o.source AND e.incarnation = o.incarnation"
        " AND e.position = o.position WHERE o.source = :source AND o.subject = :key AND o.reaction = :reaction"
        f" AND o.outcome IN ('{PARKED}', '{QUEUED}') AND e.state = '{APPLIED}' ORDER BY e.applied",
        source=of.source,
        key=of.key,
        reaction=of.reaction,
    )
    return [from_json(row[0]) for row in rows]


def _retry_reaction(runtime: Runtime, of: Letter) -> None:
    """React again, the oldest fact first, until none waits or one fails."""
    sibling = _sibling(runtime, of.source)
    reacts = next((one for one in sibling.reacts if one.name == of.reaction), None)
    if reacts is None:
        raise NotFound("no-such-reaction")
    reactions = Reactions(runtime, [sibling], Hand())
    while True:
        with runtime.store.db.writing() as session:
            load(session, of.source, lock=True)  # reactions queue under this lock, too
            facts = _outcomes(session, of)
            if not facts:
                close_letter(session, of.id, "retried")
                return
        for one in facts:
            result = reactions.react(sibling, reacts, one)
            with runtime.store.db.writing() as session:
                reactions.record(session, sibling, reacts, [result], None)
                if result.reason:
                    _point_at(session, of, one, result.reason)
            if result.reason:
                return
