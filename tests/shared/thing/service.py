"""The front door of things."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from shared.facts import personal
from shared.identity.roles import CHAIR, MEDIATOR, MEMBER, SECRETARIAT
from shared.registers.register import About, Register
from shared.service import Aggregate, Does, Service
from tests.shared.thing.domain.thing import (
    CloseThing,
    Colour,
    CountThing,
    MakeThing,
    NoteThing,
    ThingClosed,
    ThingCounted,
    ThingMade,
    ThingNoted,
    thing,
)


@dataclass(frozen=True)
class Line:
    """A thing in the list."""

    name: str
    number: str
    colour: Colour
    made_on: date
    count: int = 0
    closed: bool = False
    tags: tuple[str, ...] = ()


def made(line: Line | None, fact: ThingMade, about: About) -> Line:
    return Line(fact.name, fact.number, fact.colour, fact.made_on, tags=fact.tags)


def counted(line: Any, fact: ThingCounted, about: About) -> Line:
    return replace(line, count=line.count + fact.by)


def closed(line: Any, fact: ThingClosed, about: About) -> Line:
    return replace(line, closed=True)


@dataclass(frozen=True)
class Note:
    """The last note on a thing."""

    note: str = personal(of="person_id")


def noted(line: Note | None, fact: ThingNoted, about: About) -> Note:
    return Note(note=fact.note)


things = Register(
    name="things",
    row=Line,
    folds={ThingMade: made, ThingCounted: counted, ThingClosed: closed},
    shown=("name", "number", "colour", "made_on", "count"),
    searched=("name", "number"),
)
catalogue = Register(name="open_catalogue", row=Line, folds={ThingMade: made, ThingCounted: counted}, public=True)
notes = Register(name="notes", row=Note, folds={ThingNoted: noted})

service = Service(
    name="thing",
    aggregates=(
        Aggregate(
            decider=thing,
            path="things",
            register=things,
            commands=(
                Does(MakeThing, None, (SECRETARIAT,)),
                Does(CountThing, "count", (SECRETARIAT, MEMBER)),
                Does(NoteThing, "note", (MEDIATOR,)),
                Does(CloseThing, "close", (CHAIR,)),
            ),
        ),
    ),
    registers=(catalogue, notes),
)
