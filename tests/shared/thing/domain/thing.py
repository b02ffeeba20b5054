"""A thing: it is made, counted while it is open, and closed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.decider import Decider, Given, Waits
from shared.errors import BrokenRule, WrongState
from shared.facts import (
    INTERAGENCY,
    PUBLIC,
    RESTRICTED,
    amount,
    command,
    fact,
    numbered,
    personal,
    same_day_or_before,
    several,
    text,
)


class Colour(StrEnum):
    """What colour a thing has."""

    RED = "red"
    GREEN = "green"


@fact(visibility=PUBLIC)
class ThingMade:
    """A thing was made."""

    thing_id: UUID
    number: str
    name: str
    colour: Colour
    made_on: date
    tags: tuple[str, ...] = ()


@fact(visibility=PUBLIC)
class ThingCounted:
    """A thing was counted."""

    thing_id: UUID
    by: int


@fact(visibility=RESTRICTED)
class ThingNoted:
    """Somebody said something about a thing in confidence."""

    thing_id: UUID
    person_id: UUID
    note: str = personal(of="person_id")


@fact(visibility=INTERAGENCY)
class ThingClosed:
    """A thing was closed."""

    thing_id: UUID
    reason: str


@command
class MakeThing:
    """The secretariat makes a thing."""

    name: str = text(3, 80)
    colour: Colour
    on: date
    tags: tuple[str, ...] = several(0, 5, default=())


@command
class CountThing:
    """A member counts a thing."""

    by: int = amount(1, 100)


@command
class NoteThing:
    """The mediator notes what somebody said."""

    person_id: UUID
    note: str = text(1, 200)


@command
class CloseThing:
    """The chair closes a thing."""

    reason: str = text(3, 200)


@dataclass(frozen=True)
class Thing:
    """What the rules need to know."""

    id: UUID | None = None
    name: str = ""
    closed: bool = False
    count: int = 0


def decide(thing: Thing, command: Any, given: Given) -> Sequence[Any]:
    """What follows from a wish."""
    match command:
        case MakeThing():
            if not same_day_or_before(command.on, given.today):
                raise BrokenRule("happens-in-the-future", "/on")
            number = numbered("THG", given.today.year)
            values = {"name": command.name, "colour": command.colour, "made_on": command.on, "tags": command.tags}
            return [ThingMade(thing_id=given.new_id(0), number=number, **values)]
        case _ if thing.closed:
            raise WrongState("thing-closed", name=thing.name)
        case CountThing():
            if thing.count + command.by > 150:
                raise BrokenRule("count-too-high", "/by", most=150)
            return [ThingCounted(thing_id=thing.id, by=command.by)]
        case NoteThing():
            return [ThingNoted(thing_id=thing.id, person_id=command.person_id, note=command.note)]
        case CloseThing():
            return [ThingClosed(thing_id=thing.id, reason=command.reason)]
    raise TypeError(f"{type(command).__name__} is no command of a thing")


def evolve(thing: Thing, fact: Any) -> Thing:
    """The thing after a fact."""
    match fact:
        case ThingMade():
            return Thing(fact.thing_id, fact.name)
        case ThingCounted():
            return replace(thing, count=thing.count + fact.by)
        case ThingClosed():
            return replace(thing, closed=True)
    return thing


def holds(thing: Thing) -> frozenset[str]:
    """One open thing of a name."""
    return frozenset({f"thing-name:{thing.name.casefold()}"} if thing.name and not thing.closed else ())


def waiting(thing: Thing) -> Sequence[Waits]:
    """What is open waits for the chair to close it."""
    return [] if thing.closed or thing.id is None else [Waits("chair", CloseThing)]


thing = Decider("thing", Thing(), decide, evolve, holds, waiting=waiting)
