"""What must hold between services after any run: of topics (O3), inboxes (O5), feeds (O6), reactions (O1), and of time."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec
from confluent_kafka import Consumer, TopicPartition

from shared.bus.feed import VIEWS
from shared.bus.kafka import topic_name
from shared.bus.lineage import from_json as lineage_from_json
from shared.bus.lineage import holds
from shared.delivery.held import load
from shared.delivery.keeping import APPLIED, ASIDE
from shared.delivery.reactions import DONE, WAITING
from shared.delivery.sibling import Sibling, siblings
from shared.envelope import LINEAGE_TYPE, Envelope, chained, from_headers, source_of, texts
from shared.execute import Caller, Runtime
from shared.facts import LEAVING
from shared.ops.commands.registers import foreign_check
from shared.store import Store
from tests.oracles import everything

ALL = 10**9
SETTLE = 60.0  # seconds after the last fault within which every lag is 0


def told_by(store: Store, view: str) -> list[Envelope]:
    """What the log says must be in a topic or feed of this view, in order and chained."""
    return chained(source_of(store.province, store.service.name), store.log(0, ALL, VIEWS[view]), 0)


# --- O3: topics ------------------------------------------------------------------------------------------------------


def read_topic(bootstrap: str, topic: str) -> list[tuple[int, bytes | None, dict[str, str], bytes | None]]:
    """Every record of a topic's only partition (offset, key, headers, value), by a plain client of our own."""
    reader = Consumer({"bootstrap.servers": bootstrap, "group.id": "oracle", "enable.auto.commit": False, "log_level": 2})
    try:
        low, high = reader.get_watermark_offsets(TopicPartition(topic, 0), timeout=20)
        reader.assign([TopicPartition(topic, 0, low)])
        found: list[Any] = []
        deadline = time.monotonic() + 60
        while (not found or found[-1].offset() < high - 1) and high > low:
            assert time.monotonic() < deadline, f"{topic} cannot be read to its end"
            found += [one for one in reader.consume(min(1000, high - low - len(found)), 0.5) if one.error() is None]
    finally:
        reader.close()
    return [(one.offset(), one.key(), texts(one.headers()), one.value()) for one in found]


def check_topic(store: Store, bootstrap: str, view: str) -> Counter[str]:
    """O3: per key first occurrences in version order, the set without repetitions is what the log publishes in this view.

    Named as in Jepsen's Kafka workload: poll skip, aborted read, non-monotonic first occurrences, lost write. Gives counts.
    """
    records = read_topic(bootstrap, topic_name(store.province, store.service.name, view))
    offsets = [offset for offset, _, _, _ in records]
    assert offsets == list(range(offsets[0], offsets[0] + len(offsets))) if offsets else True, "poll skip: offsets have holes"
    counts, first, announced = Counter(records=len(records)), dict[str, Envelope](), set[str]()
    lineage, due = store.lineage(), {one.id: one for one in told_by(store, view)}
    for offset, key, head, value in records:
        if head.get("ce_type") == LINEAGE_TYPE:
            announced |= {life.id for life in lineage_from_json(value or b"")}
            continue
        one = from_headers(head, value)
        assert one.incarnation in announced, f"a life without its marker before it, at {offset}"
        assert key == one.subject.encode(), f"the key of record {offset} is not its stream"
        if not holds(lineage, one.incarnation, one.position):
            counts["of left lives"] += 1
        elif one.id in first:
            counts["repeated"] += 1
            assert one == first[one.id], f"inconsistent: the fact at {one.position} was told in two ways"
        else:
            assert one.id in due, f"aborted read: a fact that the log does not publish, at {offset}: {one}"
            first[one.id] = one
    _check_order(list(first.values()))
    lost = [one.position for one in due.values() if one.id not in first]
    assert not lost, f"lost writes: {len(lost)} of {len(due)} never reached the topic: {lost[:10]}"
    for one in first.values():
        assert one == due[one.id], f"the fact at {one.position} is another one in the topic: {one} {due[one.id]}"
    return counts + Counter(facts=len(first))


def _check_order(first: Sequence[Envelope]) -> None:
    versions: dict[str, str] = defaultdict(str)
    for one in first:
        assert one.sequence > versions[one.subject], f"inversion: {one.subject} {one.sequence} came after {versions[one.subject]}"
        versions[one.subject] = one.sequence
    positions = [one.position for one in first]
    assert positions == sorted(positions), "non-monotonic: first occurrences are not in the log's order"


# --- O5: inboxes -----------------------------------------------------------------------------------------------------


def check_moment(session: Any, source: str) -> tuple[str, int, int]:
    """O5: in one moment's view the position says what is kept, and `applied` what was applied: (life, position, applied)."""
    held = load(session, source)
    row = session.one(
        f"SELECT max(position), max(applied), count(applied), sum(CASE WHEN state = '{APPLIED}' THEN 1 ELSE 0 END)"
        f" FROM envelopes WHERE source = :source AND state <> '{ASIDE}'",
        source=source,
    )
    position, last, numbers, applied = (int(value or 0) for value in row)
    assert held.position == position, (
        f"position {held.position} of {source} beside facts up to {position}: not of one transaction"
    )
    assert numbers == applied, f"{numbers} numbers and {applied} applied facts of {source}"
    assert last <= held.applied, f"{last} was applied of {source}, the row says {held.applied}"
    return held.incarnation, held.position, held.applied


def check_inbox(runtime: Runtime) -> None:
    """O5 and O4 between services: position and rows are of one transaction, and registers are what kept facts fold into."""
    for sibling in siblings(runtime.service, runtime.store.province):
        with runtime.store.db.snapshot() as session:
            check_moment(session, sibling.source)
    for name, (live, replayed) in foreign_check(runtime.store).items():
        assert live == replayed, f"register {name} of {runtime.service.name} differs from a replay of what is kept"


def check_held(runtime: Runtime, producers: Mapping[str, Store]) -> int:
    """What each inbox holds is what its sibling's log tells, each fact once and in order, none waiting; how many."""
    count = 0
    for sibling in siblings(runtime.service, runtime.store.province):
        due = [(one.position, one.id) for one in told_by(producers[sibling.name], "interagency")]
        sql = f"SELECT position, id, state FROM envelopes WHERE source = :source AND state <> '{ASIDE}' ORDER BY position"
        with runtime.store.db.snapshot() as session:
            rows = session.rows(sql, source=sibling.source)
            letters = session.rows("SELECT kind, key, reason FROM letters WHERE closed_at IS NULL")
        held = [(position, id) for position, id, _ in rows]
        lost, more = set(due) - set(held), set(held) - set(due)
        name = f"{runtime.service.name} of {sibling.name}"
        assert not lost, f"{name}: {len(lost)} facts are lost, first {min(lost)}"
        assert not more, f"{name}: {len(more)} facts that the log does not tell, first {min(more)}"
        assert held == due, f"{name}: doubled or in another order"
        waiting = [row for row in rows if row[2] not in (APPLIED, "skipped")]
        assert not waiting, f"{name}: {len(waiting)} facts are not applied: {waiting[:3]}"
        assert not letters, f"{runtime.service.name} has open letters: {letters}"
        count += len(rows)
    return count


# --- O1: reactions ---------------------------------------------------------------------------------------------------


def check_reactions(runtime: Runtime) -> int:
    """O1 of reactions: each applied fact has one outcome, and what it caused carries the ids derived from it; how many acted."""
    caused: dict[str, set[str]] = defaultdict(set)
    for one in everything(runtime.store):
        if one.causation_id:
            caused[one.causation_id].add(one.command_id)
    acted = 0
    for sibling in siblings(runtime.service, runtime.store.province):
        for reacts in sibling.reacts:
            for id, outcome in _outcomes(runtime, sibling, reacts):
                assert outcome, f"{reacts.name} never looked at {id}"
                acted += outcome == DONE
        names = [reacts.name for reacts in sibling.reacts]
        with runtime.store.db.reading() as session:
            ids = [row[0] for row in session.rows("SELECT id FROM envelopes WHERE source = :source", source=sibling.source)]
        for id in ids:
            unknown = caused.get(id, set()) - _derived(runtime, names, sibling.source, id)
            assert not unknown, f"{len(unknown)} effects of {id} under ids that nothing derives: doubled"
    return acted


def _outcomes(runtime: Runtime, sibling: Sibling, reacts: Any) -> list[tuple[str, str]]:
    types = [name for name, reading in sibling.types.readings.items() if reading.cls is reacts.fact]
    with runtime.store.db.reading() as session:
        found: list[tuple[str, str]] = session.rows(
            "SELECT e.id, o.outcome FROM envelopes e LEFT JOIN reaction_outcomes o ON o.source = e.source"
            " AND o.position = e.position AND o.incarnation = e.incarnation AND o.reaction = :name"
            f" WHERE e.source = :source AND e.state = '{APPLIED}'"
            f" AND {session.among('e.type', 'types')}",
            name=reacts.name,
            source=sibling.source,
            types=types,
        )  # type: ignore[assignment]
    return found


def _derived(runtime: Runtime, names: Sequence[str], source: str, id: str) -> set[str]:
    callers = (Caller("reaction", name, f"{source} {id} {n}", None) for name in names for n in range(20))  # type: ignore[arg-type]
    return {runtime.command_id(one) for one in callers}


# --- O6: feeds -------------------------------------------------------------------------------------------------------


def check_seen(seen: Sequence[Mapping[str, Any]], store: Store, view: str = "interagency") -> None:
    """O6: what a reader saw is exactly what the log tells in this view, in its order, every fact naming the one before it."""
    due = told_by(store, view)
    missed = sorted({one.position for one in due} - {one["position"] for one in seen})
    assert not missed, f"the reader never saw {len(missed)} of {len(due)} facts: {missed[:10]}"
    assert [one["id"] for one in seen] == [one.id for one in due], "the reader saw facts twice or in another order"
    previous = 0
    for one, true in zip(seen, due, strict=True):
        assert one["previous"] == previous, f"the chain is broken before {one['position']}"
        assert one == msgspec.json.decode(msgspec.json.encode(true)), f"the fact at {true.position} is another one in the feed"
        previous = one["position"]


# --- time ------------------------------------------------------------------------------------------------------------


def lag(runtimes: Mapping[str, Runtime], kafka: bool = False) -> list[str]:
    """What has not yet arrived where it belongs."""
    behind = []
    for name, runtime in runtimes.items():
        behind += _behind_topics(runtime) if kafka else []
        for sibling in siblings(runtime.service, runtime.store.province):
            head = runtimes[sibling.name].store.previous(2**62, LEAVING)
            life = runtimes[sibling.name].store.lineage()[-1].id
            with runtime.store.db.reading() as session:
                held = load(session, sibling.source)
            if (held.position, held.incarnation) != (head, life):
                behind.append(f"{name} holds {held.position} of {sibling.name}'s {head}")
            for reacts in sibling.reacts:
                waits = [id for id, outcome in _outcomes(runtime, sibling, reacts) if (outcome or WAITING).startswith(WAITING)]
                behind += [f"{reacts.name} has {len(waits)} facts before it"] if waits else []
    return behind


def _behind_topics(runtime: Runtime) -> list[str]:
    store, behind = runtime.store, []
    for view, visibilities in VIEWS.items():
        with store.db.reading() as session:
            sql = "SELECT position, republish FROM checkpoints WHERE topic = :topic"
            row = session.one(sql, topic=topic_name(store.province, store.service.name, view))
        head = store.previous(2**62, visibilities)
        if row is None or (row[0], bool(row[1])) != (head, False):
            behind.append(f"the {view} topic of {store.service.name} is at {row and row[0]} of {head}")
    return behind


def settled(behind: Callable[[], list[str]], seconds: float = SETTLE) -> float:
    """Wait until nothing is behind any more; how many seconds it took. Fails after `seconds`: a platform must heal by itself."""
    began, left = time.monotonic(), ["not looked yet"]
    while left:
        assert time.monotonic() - began < seconds, f"not healed within {seconds:.0f} s: {left}"
        with suppress(ConnectionError):
            left = behind()
        time.sleep(0.05 if left else 0)
    return time.monotonic() - began
