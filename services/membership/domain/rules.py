"""Rules that more than one wish of membership must keep."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date

from services.membership.domain.terms import Source
from shared.decider import Given
from shared.errors import BrokenRule
from shared.facts import same_day_or_before


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


def on_behalf(source: Source | None, given: Given) -> Source | None:
    """The source of what is entered for another; raises BrokenRule unless the secretariat enters it."""
    if source is None:
        return None
    if "secretariat" not in given.actor.roles:
        raise BrokenRule("only-secretariat-enters-for-others", "/on_behalf_of")
    happened(source.date, given, "/on_behalf_of/date")
    return source
