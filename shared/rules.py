"""Rules that the domains of all services keep alike: the day of an act, who enters it for whom, when a day is over, what is
corrected."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from enum import StrEnum
from typing import Any, Protocol, TypeVar
from uuid import UUID

from shared.decider import Given
from shared.errors import BrokenRule, NotAllowed
from shared.facts import same_day_or_before
from shared.walk import TEXT, fields_of
from shared.wording import Miswritten, worded

SECRETARIAT = "secretariat"


class Letter(Protocol):
    """A paper from which somebody else's act is known."""

    @property
    def date(self) -> datetime.date:
        """Its date."""
        ...


L = TypeVar("L", bound=Letter)
T = TypeVar("T")


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


# --- corrections --------------------------------------------------------------------------------------------------


class Correcting(Protocol):
    """The wish to correct a text that was entered wrongly."""

    @property
    def field(self) -> StrEnum:
        """Which text: its name in the state, and in the lines of registers."""
        ...

    @property
    def value(self) -> str:
        """What should stand there."""
        ...

    @property
    def reason(self) -> str:
        """Why it is not what stands there."""
        ...


Entered = Mapping[StrEnum, tuple[type, str]]
"""The texts that may be corrected, each with the command or part that enters it and its name there: that field's rule holds."""


def correction(thing: Any, wish: Correcting, entered: Entered) -> dict[str, Any]:
    """What the fact of a correction tells: the field, the text that stands in `thing`, the new one, and why.

    Raises BrokenRule where nothing stands there yet, for a text that its field would not have taken, and for the same one again.
    """
    old = getattr(thing, wish.field)
    if not old:
        raise BrokenRule("nothing-to-correct", "/field")
    new = _as_entered(wish.value, *entered[wish.field])
    if new == old:
        raise BrokenRule("corrected-to-the-same", "/value")
    return {"field": wish.field, "old": old, "new": new, "reason": wish.reason}


def _as_entered(value: str, owner: type, name: str) -> str:
    (field,) = (one for one in fields_of(owner, at_door=True) if one.name == name)
    form: dict[str, Any] = {"multiline": field.multiline, "pattern": field.pattern, "example": field.example}
    try:
        return worded(value, field.least or 0, TEXT[1] if field.most is None else field.most, **form)
    except Miswritten as wrong:
        raise BrokenRule(wrong.slug, "/value", **wrong.about) from None


def corrected(thing: T, fact: Any) -> T:
    """A state or a line of a register after a correction; it stays as it is where it does not hold that text."""
    return replace(thing, **{str(fact.field): fact.new}) if hasattr(thing, fact.field) else thing  # type: ignore[type-var]
