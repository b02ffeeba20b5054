"""The rules that the domains of all services keep alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from shared import rules
from shared.decider import Actor
from shared.errors import BrokenRule, NotAllowed, Refused
from shared.testing import given_at

TODAY, TOMORROW = date(2025, 6, 10), date(2025, 6, 11)
OURS, THEIRS = UUID(int=1), UUID(int=2)
STAFF = given_at()
MEMBER = given_at(actor=Actor("member-1", frozenset({"member"}), OURS))


@dataclass(frozen=True)
class Paper:
    """A letter."""

    date: date


def told(refused: pytest.ExceptionInfo[Refused]) -> tuple[str, str | None]:
    return refused.value.slug, getattr(refused.value, "pointer", None)


def test_an_act_happened_today_or_on_the_day_that_is_named() -> None:
    assert rules.happened(None, STAFF) == TODAY
    assert rules.happened(date(2025, 1, 2), STAFF) == date(2025, 1, 2)
    with pytest.raises(BrokenRule) as refused:
        rules.happened(TOMORROW, STAFF, "/held_on")
    assert told(refused) == ("happens-in-the-future", "/held_on")


def test_what_is_listed_is_listed_once() -> None:
    rules.once([OURS, THEIRS], "/addressees")
    with pytest.raises(BrokenRule) as refused:
        rules.once([OURS, OURS], "/addressees")
    assert told(refused) == ("named-twice", "/addressees")


def test_an_area_is_the_province_or_lies_in_it() -> None:
    for code in ("32", "32.04", "32.04.05.2001"):
        rules.of_the_province(code, STAFF, "/area_code")
    with pytest.raises(BrokenRule) as refused:
        rules.of_the_province("33.04", STAFF, "/area_code")
    assert told(refused) == ("not-an-area-of-the-province", "/area_code")


def test_the_secretariat_alone_enters_for_others_and_from_a_letter_that_was_written() -> None:
    letter = Paper(TODAY)
    assert rules.on_behalf(letter, STAFF) is letter
    assert rules.on_behalf(None, MEMBER) is None
    with pytest.raises(BrokenRule) as refused:
        rules.on_behalf(letter, MEMBER)
    assert told(refused) == ("only-secretariat-enters-for-others", "/on_behalf_of")
    with pytest.raises(BrokenRule) as early:
        rules.on_behalf(Paper(TOMORROW), STAFF)
    assert told(early) == ("happens-in-the-future", "/on_behalf_of/date")


def test_the_secretariat_enters_the_act_of_another_only_from_a_paper() -> None:
    assert rules.act_of_another(None, MEMBER) is None
    with pytest.raises(BrokenRule) as refused:
        rules.act_of_another(None, STAFF)
    assert told(refused) == ("source-missing", "/on_behalf_of")


def test_an_organisation_speaks_for_itself() -> None:
    rules.its_own_organisation(OURS, MEMBER)
    rules.its_own_organisation(THEIRS, STAFF)
    with pytest.raises(NotAllowed, match="not-your-organisation"):
        rules.its_own_organisation(THEIRS, MEMBER)


def test_a_day_is_over_when_it_is_over_in_every_zone() -> None:
    assert rules.morning_of(TODAY) == datetime(2025, 6, 10, tzinfo=UTC)
    assert rules.end_of(TODAY) == datetime(2025, 6, 11, tzinfo=UTC)
    assert rules.over_after(date(2025, 6, 20), TODAY) == datetime(2025, 6, 21, tzinfo=UTC)
    assert rules.over_after(date(2025, 6, 1), TODAY) == datetime(2025, 6, 11, tzinfo=UTC), "entered late: the rest of today"
