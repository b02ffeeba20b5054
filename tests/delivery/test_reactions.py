"""Reactions: a sibling's fact becomes a command once, whatever happens in between."""

from __future__ import annotations

import pytest

from shared.delivery import attempts, letters
from shared.delivery.reactions import PAGE
from tests.delivery import hearer
from tests.delivery.conftest import Pair


def outcomes(pair: Pair) -> list[str]:
    return [row[0] for row in pair.rows("SELECT outcome FROM reaction_outcomes ORDER BY position")]


def settle(pair: Pair) -> None:
    reactions = pair.reactions()
    while reactions.step():
        pass


def test_a_fact_becomes_a_command_with_its_causes(feed):
    feed.note("first", "who?", "nothing")
    feed.pull()
    settle(feed)
    assert feed.answers() == ["who?"]
    assert outcomes(feed) == ["done", "nothing"]
    told = feed.teller.store.log(0)[1]
    made = feed.hearer.store.log(0)[0]
    assert made.causation_id == told.id
    assert made.correlation_id == told.correlation_id
    assert made.actor == "reaction:answer-line-when-asked"


def test_a_reaction_repeated_after_a_death_does_nothing(feed):
    feed.note("first", *(f"{n}?" for n in range(30)))
    feed.pull()
    settle(feed)
    with feed.hearer.store.db.writing() as session:  # as if the process had died before it kept its outcomes
        session.run("DELETE FROM reaction_cursors")
        session.run("DELETE FROM reaction_outcomes")
    settle(feed)
    assert feed.answers() == sorted(f"{n}?" for n in range(30))
    assert feed.hearer.store.head() == 30
    assert outcomes(feed) == ["done"] * 30


def test_reactions_follow_the_order_of_application_over_many_pages(feed):
    feed.note("first", *(f"{n:04d}?" for n in range(2 * PAGE + 7)))
    feed.pull()
    settle(feed)
    made = [feed.hearer.service.types.decode(one.type, one.data).line for one in feed.hearer.store.log(0, 1000)]
    assert made == [f"{n:04d}?" for n in range(2 * PAGE + 7)]


def test_a_refusal_by_the_rules_is_an_answer(feed):
    feed.note("first", "refused?", "fine?")
    feed.pull()
    settle(feed)
    assert outcomes(feed) == ["declined: line-is-refused", "done"]
    assert letters.listed(feed.hearer.store) == []


def test_an_unknown_reference_waits_for_news_while_others_go_on(feed):
    id = feed.note("first", "about later?", "fine?")
    feed.pull()
    reactions = feed.reactions()
    while reactions.step():
        pass
    assert outcomes(feed) == ["waiting: no-such-note", "done"]
    feed.add(id, "no news of that")
    feed.pull()
    while reactions.step():
        pass
    assert outcomes(feed)[0] == "waiting: no-such-note"
    feed.note("later?")
    feed.pull()
    while reactions.step():
        pass
    assert outcomes(feed) == ["done", "done", "nothing"]
    assert feed.answers() == ["about later?", "fine?"]


def test_a_reaction_that_raises_parks_its_key_in_order_and_others_flow(feed):
    hearer.FAULTS.add("boom")
    feed.note("first", "a?", "boom?", "b?")
    feed.note("other", "c?")
    feed.pull()
    settle(feed)
    assert outcomes(feed) == ["done", "parked", "queued", "done"]
    assert feed.answers() == ["a?", "c?"]
    (letter,) = letters.listed(feed.hearer.store)
    assert (letter.kind, letter.position) == ("reaction", 3)
    assert [one.position for one in letters.waiting(feed.hearer.store, letter)] == [3, 4]

    assert letters.retry(feed.hearer, letter.id).closed_at is None  # still broken
    assert outcomes(feed) == ["done", "parked", "queued", "done"]
    hearer.FAULTS.clear()
    assert letters.retry(feed.hearer, letter.id).closed_as == "retried"
    assert outcomes(feed) == ["done"] * 4
    assert feed.answers() == ["a?", "b?", "boom?", "c?"]


def test_dropping_a_reaction_goes_on_with_what_waits_behind(feed):
    hearer.FAULTS.add("boom")
    feed.note("first", "boom?", "a?")
    feed.pull()
    settle(feed)
    (letter,) = letters.listed(feed.hearer.store)
    letters.drop(feed.hearer, letter.id)
    assert outcomes(feed) == ["dropped", "done"]
    assert feed.answers() == ["a?"]
    assert letters.listed(feed.hearer.store) == []


def test_a_reaction_that_ended_the_process_too_often_is_parked_without_being_run(feed):
    feed.note("first", "a?", "b?")
    feed.pull()
    told = feed.teller.store.log(0)[1]
    task = f"reaction answer-line-when-asked /provinces/32/teller {told.incarnation} {told.position}"
    for _ in range(attempts.LIMIT):
        attempts.begin(feed.hearer.store.db, task)
    reactions = feed.reactions()
    reactions.careful = PAGE
    while reactions.step():
        pass
    assert outcomes(feed) == ["parked", "queued"]
    assert feed.rows("SELECT count(*) FROM attempts") == [(0,)]


def test_facts_that_are_set_aside_are_not_reacted_to(feed):
    from tests.delivery.test_inbox import life

    feed.note("first", "a?", "b?", "c?")
    intake = feed.pull()
    intake.inbox.adopt(life(feed, "second", 2))
    settle(feed)
    assert feed.answers() == ["a?"]


@pytest.mark.parametrize("times", [1, 3])
def test_a_fact_applied_later_from_a_letter_is_reacted_to_later(feed, times):
    hearer.FAULTS.add("poison")
    id = feed.note("first", "a?", "poison?", "b?")
    feed.pull()
    settle(feed)
    assert feed.answers() == ["a?"]
    feed.note("other", "c?")
    feed.pull()
    settle(feed)
    hearer.FAULTS.clear()
    (letter,) = letters.listed(feed.hearer.store)
    for _ in range(times):
        letters.retry(feed.hearer, letter.id)
    settle(feed)
    assert feed.lines(id) == ["a?", "poison?", "b?"]
    assert feed.answers() == ["a?", "b?", "c?", "poison?"]
    assert feed.rows("SELECT count(*), max(applied), count(DISTINCT applied) FROM envelopes") == [(6, 6, 6)]
