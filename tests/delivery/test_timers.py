"""Timers: what is due sends its command, once."""

from __future__ import annotations

from datetime import timedelta

from shared.delivery import attempts, letters
from shared.delivery.timers import Timers
from tests.delivery import hearer
from tests.delivery.conftest import Pair


def answered(pair: Pair) -> None:
    from uuid import uuid4

    from shared.decider import Actor
    from shared.execute import Caller

    caller = Caller("caller", "tester", str(uuid4()), Actor("tester", frozenset({"secretariat"})))
    pair.hearer.execute(hearer.AnswerLine(line="who?"), "answer", None, caller)


def fire(pair: Pair) -> None:
    timers = Timers(pair.hearer, pair.hand)
    while timers.step():
        pass


def reminded(pair: Pair) -> list[int]:
    return [row.reminded for _, row in pair.hearer.store.registers().rows(hearer.answers)]


def test_a_timer_fires_when_it_is_due_and_not_before(pair):
    answered(pair)
    fire(pair)
    assert reminded(pair) == [0]
    pair.clock.ahead = timedelta(minutes=59)
    fire(pair)
    assert reminded(pair) == [0]
    pair.clock.ahead = timedelta(hours=1)
    fire(pair)
    fire(pair)
    assert reminded(pair) == [1]
    made = pair.hearer.store.log(0)
    assert (made[1].actor, made[1].causation_id, made[1].correlation_id) == ("timer", made[0].id, made[0].correlation_id)


def test_a_timer_that_its_own_command_starts_anew_fires_again_and_a_refusal_ends_it(pair):
    answered(pair)
    for hours in (1, 2, 3, 4):
        pair.clock.ahead = timedelta(hours=hours, minutes=hours)
        fire(pair)
    assert reminded(pair) == [2]
    assert pair.rows("SELECT count(*) FROM timers") == [(0,)]
    assert letters.listed(pair.hearer.store) == []


def test_a_timer_repeated_after_a_death_does_nothing(pair):
    answered(pair)
    before = pair.rows("SELECT stream, name, due, command, data, causation_id, correlation_id FROM timers")
    pair.clock.ahead = timedelta(hours=1)
    fire(pair)
    with pair.hearer.store.db.writing() as session:  # as if the process had died before it ended the timer
        session.run("DELETE FROM timers")
        session.run(
            "INSERT INTO timers (stream, name, due, command, data, causation_id, correlation_id)"
            " VALUES (:a, :b, :c, :d, :e, :f, :g)",
            **dict(zip("abcdefg", before[0], strict=True)),
        )
    fire(pair)
    assert reminded(pair) == [1]


def test_a_timer_that_raises_waits_behind_a_letter(pair):
    answered(pair)
    hearer.FAULTS.add("timer")
    pair.clock.ahead = timedelta(hours=1)
    fire(pair)
    (letter,) = letters.listed(pair.hearer.store)
    assert letter.kind == "timer"
    fire(pair)
    assert len(letters.listed(pair.hearer.store)) == 1
    hearer.FAULTS.clear()
    letters.retry(pair.hearer, letter.id)
    fire(pair)
    assert reminded(pair) == [1]


def test_a_timer_can_be_given_up(pair):
    answered(pair)
    hearer.FAULTS.add("timer")
    pair.clock.ahead = timedelta(hours=1)
    fire(pair)
    (letter,) = letters.listed(pair.hearer.store)
    assert letters.drop(pair.hearer, letter.id).closed_as == "dropped"
    hearer.FAULTS.clear()
    fire(pair)
    assert reminded(pair) == [0]


def test_a_timer_that_ended_the_process_too_often_is_parked(pair):
    answered(pair)
    ((stream, cause),) = pair.rows("SELECT stream, causation_id FROM timers")
    for _ in range(attempts.LIMIT):
        attempts.begin(pair.hearer.store.db, f"timer {stream} remind {cause}")
    pair.clock.ahead = timedelta(hours=1)
    fire(pair)
    assert [letter.kind for letter in letters.listed(pair.hearer.store)] == ["timer"]
    assert reminded(pair) == [0]
