"""Rules that more than one wish of forum must keep."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from services.forum.domain.terms import Source
from shared.decider import Given
from shared.errors import BrokenRule, UnknownReference
from shared.facts import same_day_or_before

SECRETARIAT = "secretariat"


def happened(on: date | None, given: Given, pointer: str = "/on") -> date:
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
    """Raises BrokenRule for an area of another province."""
    if area_code[:2] != given.province:
        raise BrokenRule("not-an-area-of-the-province", pointer, province=given.province)


def on_behalf(source: Source | None, given: Given) -> Source | None:
    """The source of what is entered for another; raises BrokenRule unless the secretariat enters it."""
    if source is None:
        return None
    if SECRETARIAT not in given.actor.roles:
        raise BrokenRule("only-secretariat-enters-for-others", "/on_behalf_of")
    happened(source.date, given, "/on_behalf_of/date")
    return source


def act_of_another(source: Source | None, given: Given) -> Source | None:
    """As `on_behalf`, for an act that can never be the secretariat's own: it must say from which paper it knows."""
    if source is None and SECRETARIAT in given.actor.roles:
        raise BrokenRule("source-missing", "/on_behalf_of")
    return on_behalf(source, given)


def speaks_for(organisation: UUID, given: Given, pointer: str) -> None:
    """Raises BrokenRule when somebody else than the secretariat speaks for an organisation that is not its own."""
    if SECRETARIAT not in given.actor.roles and given.actor.organisation != organisation:
        raise BrokenRule("not-your-organisation", pointer)


def known_organisations(ids: Sequence[UUID], given: Given, pointer: str) -> None:
    """Raises UnknownReference for one that is not known, BrokenRule for one that is no member any more.

    `given.known["organisations"]` maps those found to whether they are still members.
    """
    known: Mapping[UUID, bool] = given.known["organisations"]
    for n, id in enumerate(ids):
        if id not in known:
            raise UnknownReference("unknown-member", f"{pointer}/{n}")
        if not known[id]:
            raise BrokenRule("member-has-left", f"{pointer}/{n}")


def over_after(due: date, today: date) -> datetime:
    """When a day is over in every zone of Indonesia: midnight UTC is the next morning in all three.

    What is entered after its day was over gets the rest of the day on which it is entered, so that acts which took place
    in time can be entered, too, before anybody is said to have been silent.
    """
    return datetime.combine(max(due, today) + timedelta(days=1), time(), UTC)
