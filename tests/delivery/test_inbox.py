"""The inbox: every fact once and in order, whatever comes twice, late, broken or not at all."""

from __future__ import annotations

import random
import threading
from dataclasses import replace

import pytest

from shared.bus.feed import batch
from shared.bus.lineage import from_json
from shared.delivery import attempts
from shared.delivery.held import Mark, Moved
from shared.delivery.inbox import BATCH, Gap, UnknownLife
from shared.delivery.keeping import read
from shared.envelope import Envelope
from shared.errors import Busy
from shared.registers.rebuild import digest, live_rows
from shared.registers.table import Kept, fold_into
from tests.delivery import hearer, teller
from tests.delivery.conftest import Pair


def everything(pair: Pair, limit: int = 10_000) -> list[Envelope]:
    return batch(pair.teller.store, "interagency", 0, limit).envelopes


def ready(pair: Pair):  # type: ignore[no-untyped-def]
    """An inbox that knows the teller's lineage."""
    inbox = pair.inbox()
    inbox.adopt(tuple(pair.teller.store.lineage()))
    return inbox


def replayed(pair: Pair) -> dict[str, str]:
    """The digests of the hearer's registers folded from the teller's log alone."""
    rows: dict[str, dict[str, Kept]] = {register.name: {} for register in pair.sibling.registers}
    for one in everything(pair):
        item = read(pair.sibling, one)
        for register in pair.sibling.registers if item.about else ():
            fold_into(register, rows[register.name], item.fact, item.about)  # type: ignore[arg-type]
    return {name: digest(found.values()) for name, found in rows.items()}


def live(pair: Pair) -> dict[str, str]:
    with pair.hearer.store.db.reading() as session:
        return {register.name: digest(live_rows(session, register)) for register in pair.sibling.registers}


def test_every_fact_is_taken_once_and_in_order(pair):
    id = pair.note("first", "a", "b")
    pair.add(id, "hidden", hidden=True)
    pair.add(id, "c")
    inbox = ready(pair)
    inbox.take(everything(pair))
    assert pair.lines(id) == ["a", "b", "c"]
    assert pair.states() == ["applied"] * 4
    assert inbox.held.position == pair.teller.store.head()
    assert live(pair) == replayed(pair)


def test_duplicates_and_rewinds_change_nothing_for_ever(pair):
    ids = [pair.note(f"note {n}", *(f"{n}.{m}" for m in range(20))) for n in range(5)]
    facts = everything(pair)
    inbox = ready(pair)
    chance = random.Random(5)
    position = 0
    while inbox.held.position < facts[-1].position:
        start = chance.randint(max(0, position - 30), position)
        inbox.take([one for one in facts[start : position + 7] for _ in range(chance.randint(1, 3))])
        position = sum(one.position <= inbox.held.position for one in facts)
    inbox.take(facts)
    fresh = pair.inbox()  # another process, long after
    fresh.take(facts)
    for n, id in enumerate(ids):
        assert pair.lines(id) == [f"{n}.{m}" for m in range(20)]
    assert live(pair) == replayed(pair)
    assert pair.rows("SELECT count(*), max(applied) FROM envelopes") == [(len(facts), len(facts))]
    assert pair.alarms() == []


def test_a_missing_fact_is_noticed_and_nothing_behind_it_is_taken(pair):
    id = pair.note("first", "a", "b", "c")
    facts = everything(pair)
    inbox = ready(pair)
    with pytest.raises(Gap) as gap:
        inbox.take([facts[0], facts[1], facts[3]], Mark("topic", 3))
    assert gap.value.upto == facts[2].position
    assert pair.lines(id) == ["a"]
    assert pair.inbox().held.mark == Mark("", 0)  # the record behind the gap is still to be read
    inbox.take(facts[2:])
    assert pair.lines(id) == ["a", "b", "c"]


def test_restricted_facts_are_no_gap(pair):
    id = pair.note("first")
    for n in range(10):
        pair.add(id, f"hidden {n}", hidden=True)
    pair.add(id, "shown")
    inbox = ready(pair)
    inbox.take(everything(pair))
    assert pair.lines(id) == ["shown"]
    assert inbox.held.position == 12


def test_nothing_is_taken_into_a_register_of_another_version(pair):
    """Whose worker takes this one's place in an upgrade; until then the facts wait where they are."""
    id = pair.note("first", "a", "b")
    inbox, facts = ready(pair), everything(pair)
    inbox.take(facts[:1])
    (shape,) = pair.rows("SELECT shape FROM registers WHERE name = 'lines'")
    change = "UPDATE registers SET shape = :shape WHERE name = 'lines'"
    with pair.hearer.store.db.writing() as session:
        session.run(change, shape="of a newer version")
    with pytest.raises(Busy, match="register lines is another version's"):
        inbox.take(facts[1:])
    assert pair.states() == ["applied"]
    with pair.hearer.store.db.writing() as session:
        session.run(change, shape=shape[0])
    inbox.take(facts[1:])
    assert pair.lines(id) == ["a", "b"]


def test_types_that_nobody_listens_to_are_kept_and_skipped(pair):
    id = pair.note("first", "a")
    pair.tell(teller.CountNote(), id)
    pair.add(id, "b")
    ready(pair).take(everything(pair))
    assert pair.states() == ["applied", "applied", "skipped", "applied"]
    assert pair.lines(id) == ["a", "b"]


def test_another_major_of_a_known_type_parks_its_key_and_others_flow(pair):
    id, other = pair.note("first", "a"), pair.note("other")
    pair.tell(teller.StampNote(stamp="x"), id)
    pair.add(id, "b")
    pair.add(other, "c")
    ready(pair).take(everything(pair))
    assert pair.lines(id) == ["a"]
    assert pair.lines(other) == ["c"]
    assert pair.states() == ["applied", "applied", "applied", "parked", "queued", "applied"]
    assert [row[:2] for row in pair.rows("SELECT kind, key FROM letters")] == [("fact", f"32/note/{id}")]


def test_a_fold_that_raises_parks_its_key_and_the_rest_of_the_batch_is_taken(pair):
    hearer.FAULTS.add("poison")
    ids = [pair.note(f"note {n}", "a", "poison" if n in (3, 17) else "fine", "z") for n in range(20)]
    ready(pair).take(everything(pair))
    for n, id in enumerate(ids):
        assert pair.lines(id) == (["a"] if n in (3, 17) else ["a", "fine", "z"])
    assert pair.rows("SELECT count(*) FROM letters WHERE closed_at IS NULL") == [(2,)]
    assert pair.rows("SELECT count(*) FROM attempts") == [(0,)]


@pytest.mark.parametrize("value", [b"", b"\xff\xfe", b"{", b"[" * 10_000, b'"text"', b'{"line": 5}', b'{"line": "x'])
def test_data_that_cannot_be_read_parks_its_key(pair, value):
    import base64

    import msgspec

    id = pair.note("first", "a", "b")
    facts = everything(pair)
    try:
        spoilt = msgspec.structs.replace(facts[1], data=msgspec.json.decode(value, type=msgspec.Raw))
    except (msgspec.DecodeError, RecursionError):
        spoilt = msgspec.structs.replace(facts[1], data=msgspec.UNSET, data_base64=base64.b64encode(value).decode())
    ready(pair).take([facts[0], spoilt, facts[2]])
    assert pair.states() == ["applied", "parked", "queued"]
    assert pair.lines(id) == []


def test_two_processes_that_take_at_once_take_each_fact_once(pair):
    ids = [pair.note(f"note {n}", *(f"{n}.{m}" for m in range(30))) for n in range(10)]
    facts = everything(pair)
    first = ready(pair)
    second = pair.inbox()

    errors: list[Exception] = []

    def run(inbox, size):  # type: ignore[no-untyped-def]
        while inbox.held.position < facts[-1].position and not errors:
            after = [one for one in facts if one.position > inbox.held.position]
            try:
                inbox.take(after[:size])
            except Moved:
                inbox.reload()
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=run, args=(inbox, size)) for inbox, size in ((first, 7), (second, 11))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert [pair.lines(id) for id in ids] == [[f"{n}.{m}" for m in range(30)] for n in range(10)]
    assert pair.rows("SELECT count(*), count(DISTINCT applied) FROM envelopes") == [(len(facts), len(facts))]


def test_the_same_position_with_another_id_is_an_alarm(pair):
    import msgspec

    id = pair.note("first", "a")
    facts = everything(pair)
    inbox = ready(pair)
    inbox.take(facts)
    inbox.take([msgspec.structs.replace(facts[1], id="another")])
    inbox.take([msgspec.structs.replace(facts[1], id="another")])
    assert pair.alarms() == ["position 2"]
    assert pair.lines(id) == ["a"]


def test_facts_of_a_life_that_nobody_told_of_are_not_taken(pair):
    import msgspec

    pair.note("first", "a")
    facts = everything(pair)
    inbox = ready(pair)
    with pytest.raises(UnknownLife):
        inbox.take([facts[0], msgspec.structs.replace(facts[1], incarnation="elsewhere")])
    assert inbox.held.position == 1
    inbox.leave("elsewhere")
    inbox.take([msgspec.structs.replace(facts[1], incarnation="elsewhere"), facts[1]])
    assert inbox.held.position == 2


def test_after_a_death_facts_are_taken_alone_until_past_what_was_in_hand(pair):
    """An inbox that was opened and never closed is the trace of a death."""
    id = pair.note("first", *(f"{n}" for n in range(BATCH + 20)))
    first = ready(pair)
    first.close()
    assert pair.inbox().open() is True
    inbox = pair.inbox(opened=False)
    assert inbox.open() is True
    inbox.take(everything(pair))
    assert pair.lines(id) == [f"{n}" for n in range(BATCH + 20)]
    assert pair.rows("SELECT count(*) FROM attempts") == [(0,)]
    inbox.close()
    assert pair.inbox(opened=False).open() is False


def test_a_fact_that_ended_the_process_too_often_is_parked_without_being_touched(pair):
    id = pair.note("first", "a")
    hearer.FAULTS.add("deadly")
    pair.add(id, "deadly")
    pair.add(id, "b")
    other = pair.note("other", "c")
    facts = everything(pair)
    ready(pair)
    task = f"fact {facts[2].source} {facts[2].incarnation} {facts[2].position}"
    for _ in range(attempts.LIMIT):
        attempts.begin(pair.hearer.store.db, task)
    pair.inbox().take(facts)
    assert pair.lines(id) == ["a"]
    assert pair.lines(other) == ["c"]
    assert pair.states() == ["applied", "applied", "parked", "queued", "applied", "applied"]


# --- lineage ------------------------------------------------------------------------------------------------------


def life(pair: Pair, name: str, fork: int):  # type: ignore[no-untyped-def]
    """The teller's lineage with one more life."""
    held = tuple(pair.teller.store.lineage())
    more = [{"id": name, "parent": held[-1].id, "forked_at": fork, "started_at": held[-1].started_at}]
    import json

    return (*held, *from_json(json.dumps(more)))


def lived(one: Envelope, name: str, position: int, previous: int, id: str | None = None) -> Envelope:
    import msgspec

    return msgspec.structs.replace(one, incarnation=name, position=position, previous=previous, id=id or f"{name}-{position}")


def test_a_new_life_sets_aside_what_lies_beyond_the_fork_and_folds_anew(pair):
    first = pair.note("first", "a", "b")  # 1 2 3
    lost = pair.note("lost", "c", "d")  # 4 5 6
    pair.add(first, "e")  # 7
    facts = everything(pair)
    inbox = ready(pair)
    inbox.take(facts)
    assert pair.lines(first) == ["a", "b", "e"]

    told = life(pair, "second", 3)
    inbox.adopt(told)
    assert inbox.held.position == 3
    assert pair.lines(first) == ["a", "b"]
    assert pair.heard(lost) is None
    assert pair.rows("SELECT count(*) FROM envelopes WHERE state = 'aside'") == [(4,)]
    assert pair.rows("SELECT id FROM reg_lines WHERE line IN ('c', 'd', 'e')") == []
    assert pair.alarms() == ["fork second"]

    inbox.take([facts[3], lived(facts[6], "second", 4, 3)])  # a fact of the dead branch, then one of the new life
    assert pair.lines(first) == ["a", "b", "e"]
    assert pair.heard(lost) is None
    assert inbox.held.position == 4


def test_a_telling_of_an_older_life_changes_nothing(pair):
    first = pair.note("first", "a", "b")
    inbox = ready(pair)
    inbox.take(everything(pair))
    old = inbox.held.lineage
    inbox.adopt(life(pair, "second", 2))
    assert pair.lines(first) == ["a"]
    assert inbox.adopt(old).value == "older"
    assert pair.inbox().adopt(old).value == "older"
    assert pair.lines(first) == ["a"]


def test_lives_that_part_share_the_facts_up_to_the_smaller_fork(pair):
    """The teller was put back twice; the hearer lived through the first time and missed the second."""
    first = pair.note("first", *"abcdef")  # 1..7
    facts = everything(pair)
    inbox = ready(pair)
    inbox.adopt(life(pair, "second", 5))
    inbox.take([*facts[:5], lived(facts[5], "second", 6, 5)])
    assert pair.lines(first) == ["a", "b", "c", "d", "e"]
    inbox.adopt(life(pair, "third", 3))
    assert inbox.held.position == 3
    assert pair.lines(first) == ["a", "b"]
    inbox.take([lived(facts[5], "second", 6, 5), lived(facts[6], "third", 4, 3)])
    assert pair.lines(first) == ["a", "b", "f"]
    assert inbox.adopt(life(pair, "second", 5)).value == "older"  # a life that was left does not come back


def test_a_letter_of_a_fact_that_is_set_aside_is_closed(pair):
    hearer.FAULTS.add("poison")
    id = pair.note("first", "a", "poison", "b")
    inbox = ready(pair)
    inbox.take(everything(pair))
    inbox.adopt(life(pair, "second", 2))
    assert pair.rows("SELECT closed_as FROM letters WHERE kind = 'fact'") == [("aside",)]
    facts = everything(pair)
    inbox.take([lived(facts[3], "second", 3, 2)])
    assert pair.lines(id) == ["a", "b"]


def test_position_never_moves_back_within_a_life(pair):
    pair.note("first", *"abcdef")
    inbox = ready(pair)
    inbox.take(everything(pair))
    held = inbox.held
    with pytest.raises(Exception), pair.hearer.store.db.writing() as session:  # noqa: B017, PT012
        from shared.delivery.held import advance

        advance(session, replace(held, position=2), replace(held, position=3))
    assert pair.inbox().held.position == held.position
