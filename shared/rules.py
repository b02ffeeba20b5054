"""Rules that the domains of all services keep alike: the day of an act, who enters it for whom, when a day is over."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Sequence
from datetime import UTC, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from shared.decider import Given
from shared.errors import BrokenRule, NotAllowed
from shared.facts import same_day_or_before

SECRETARIAT = "secretariat"


class Letter(Protocol):
    """A paper from which somebody else's act is known."""

    @property
    def date(self) -> datetime.date:
        """Its date."""
        ...


L = TypeVar("L", bound=Letter)


def happened(on: datetime.date | None, given: Given, pointer: str = "/on") -> datetime.date:
    """The day of an act: today when nothing else is said; raises BrokenRule for a day to come."""
    day = on or given.today
    if not same_day_or_before(day, given.today):
        raise BrokenRule("happens-in-the-future", pointer)
    return day


def once(entries: Sequence[Hashable], pointer: str) -> None:
    """Raises BrokenRule when an entry stands in the list twice."""
    if len(set(entries)) < len(entries):
        raise BrokenRule("named-twice", pointer)


def of_the_province(area_code: str, given: Given, pointer: str) -> None:
    """Raises BrokenRule unless the area is the province or lies inside it (Kemendagri codes)."""
    if area_code[:2] != given.province:
        raise BrokenRule("not-an-area-of-the-province", pointer, province=given.province)


def on_behalf(source: L | None, given: Given) -> L | None:
    """The source of what is entered for another; raises BrokenRule unless the secretariat enters it."""
    if source is None:
        return None
    if SECRETARIAT not in given.actor.roles:
        raise BrokenRule("only-secretariat-enters-for-others", "/on_behalf_of")
    happened(source.date, given, "/on_behalf_of/date")
    return source


def act_of_another(source: L | None, given: Given) -> L | None:
    """As `on_behalf`, for an act that can never be the secretariat's own: it must say from which paper it knows."""
    if source is None and SECRETARIAT in given.actor.roles:
        raise BrokenRule("source-missing", "/on_behalf_of")
    return on_behalf(source, given)


def its_own_organisation(member_id: UUID, given: Given) -> None:
    """An organisation speaks for itself, or the secretariat enters what it said; raises NotAllowed for anybody else."""
    if SECRETARIAT not in given.actor.roles and given.actor.organisation != member_id:
        raise NotAllowed("not-your-organisation")


def morning_of(day: datetime.date) -> datetime.datetime:
    """The moment from which a day counts for timers: midnight UTC is its morning in all three zones of Indonesia."""
    return datetime.datetime.combine(day, datetime.time(), UTC)


def end_of(day: datetime.date) -> datetime.datetime:
    """The moment from which a day is over in every zone of Indonesia."""
    return morning_of(day + timedelta(days=1))


def over_after(due: datetime.date, today: datetime.date) -> datetime.datetime:
    """When a day is over on which something was due.

    What is entered after its day was over gets the rest of the day on which it is entered, so that acts which took place
    in time can be entered, too, before anybody is said to have been silent.
    """
    return end_of(max(due, today))
