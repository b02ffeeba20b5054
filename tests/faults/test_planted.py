"""Every oracle fails on a planted mistake, and passes on the true code in the same course of events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.delivery import hearer
from tests.faults import planted
from tests.faults.courses import (
    Lane,
    broker_and_relay_die,
    broker_dies,
    commands,
    facts_are_heard,
    facts_come_again,
    feed_is_followed,
    inbox_dies,
    many_facts_are_published,
    reactions_die,
    sibling_is_late,
    store_is_restored,
)
from tests.faults.tally import Tally

pytestmark = pytest.mark.platform

CAUGHT = [
    ("O1", planted.acknowledged_before_commit, commands, "acknowledged"),
    ("O1", planted.retry_is_a_new_command, commands, "record is lost|nobody asked for|answered twice"),
    ("O1", planted.reaction_under_a_fresh_key, reactions_die, "doubled"),
    ("O2", planted.positions_burnt_on_rollback, commands, "holes"),
    ("O3", planted.checkpoint_before_the_ack, broker_and_relay_die, "lost writes"),
    ("O3", planted.failed_record_is_skipped, broker_dies, "lost writes"),
    ("O3", planted.relays_share_the_outbox, many_facts_are_published, "inversion|non-monotonic"),
    ("O4", planted.registers_written_later, commands, "differs from a replay"),
    ("O4", planted.rows_in_another_transaction, facts_are_heard, "differs from a replay"),
    ("O5", planted.position_in_another_transaction, facts_are_heard, "not of one transaction"),
    ("O5", planted.position_in_another_transaction, inbox_dies, "are lost"),
    ("O5", planted.duplicates_known_for_a_while, facts_come_again, "not of one transaction|moved back|differs from a replay"),
    ("O5", planted.lives_are_not_told_apart, store_is_restored, "does not tell|are lost|doubled"),
    ("O6", planted.feed_pages_by_time, feed_is_followed, "never saw"),
    ("O6", planted.feed_drops_previous, feed_is_followed, "chain is broken"),
    ("liveness", planted.loop_gives_up, sibling_is_late, "not healed"),
]
COURSES = list(dict.fromkeys(course for _, _, course, _ in CAUGHT))
ON_KAFKA = {broker_dies, broker_and_relay_die, many_facts_are_published}


def _marks(course: Any) -> Any:
    return [pytest.mark.server] if course in ON_KAFKA else []


@pytest.fixture
def lane(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[], Lane]]:
    """Makes the lane, when whatever is planted is planted."""
    made: list[Lane] = []

    def make() -> Lane:
        made.append(Lane(tmp_path, request))
        return made[-1]

    hearer.FAULTS.clear()
    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize(
    ("oracle", "mistake", "course", "because"),
    [pytest.param(*row, marks=_marks(row[2]), id=f"{row[0]}-{row[1].__name__}-{row[2].__name__}") for row in CAUGHT],
)
def test_a_planted_mistake_is_caught(
    lane: Any, monkeypatch: pytest.MonkeyPatch, tally: Tally, tmp_path: Path, oracle: str, mistake: Any, course: Any, because: str
) -> None:
    planted.FOLDER[:] = [tmp_path]
    mistake(monkeypatch)
    with pytest.raises(AssertionError, match=because) as caught:
        course(lane())
    tally.say(f"planted {mistake.__name__}", caught_by=oracle, saying=str(caught.value).splitlines()[0][:100])


@pytest.mark.parametrize(
    "course", [pytest.param(course, marks=_marks(course)) for course in COURSES], ids=lambda one: one.__name__
)
def test_the_true_code_holds_in_the_same_course(lane: Any, course: Any) -> None:
    course(lane())
