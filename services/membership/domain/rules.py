"""Rules that more than one wish of membership must keep."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from services.membership.domain.terms import Source, Status
from shared.decider import Given
from shared.errors import BrokenRule, NotAllowed, UnknownReference
from shared.facts import same_day_or_before

ONE_DAY = timedelta(days=1)


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


def speaks_for(member_id: UUID, given: Given) -> None:
    """An organisation speaks for itself, or the secretariat enters what it said; raises NotAllowed for anybody else."""
    if "secretariat" not in given.actor.roles and given.actor.organisation != member_id:
        raise NotAllowed("not-your-organisation")


def active_member(row: Any, pointer: str) -> None:
    """`row` is the directory's; raises UnknownReference or BrokenRule unless it is that of an active member."""
    if row is None:
        raise UnknownReference("unknown-member", pointer)
    if row.status is not Status.ACTIVE:
        raise BrokenRule("member-not-active", pointer, name=row.name)


def morning_of(day: date) -> datetime:
    """The moment from which `day` counts for timers: midnight UTC is its morning in all three zones of Indonesia."""
    return datetime.combine(day, time(), UTC)


def after(day: date) -> datetime:
    """The moment from which `day` is over everywhere in Indonesia."""
    return morning_of(day + ONE_DAY)
