"""A small service that tells: notes of lines, some for everyone, some for agencies, some for nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.decider import Decider, Given
from shared.errors import WrongState
from shared.facts import INTERAGENCY, PUBLIC, RESTRICTED, command, fact, several, text
from shared.identity.roles import SECRETARIAT
from shared.registers.register import About, Register
from shared.service import Aggregate, Does, Service


@fact(visibility=PUBLIC)
class NoteWritten:
    """A note was begun."""

    title: str


@fact(visibility=INTERAGENCY)
class LineAdded:
    """A line was added to a note."""

    line: str
    comment: str = ""


@fact(visibility=RESTRICTED)
class LineHidden:
    """A line was added that nobody outside may read."""

    line: str


@fact(visibility=PUBLIC, major=2)
class NoteStamped:
    """A note got a stamp."""

    stamp: str


@fact(visibility=PUBLIC)
class NoteCounted:
    """Somebody counted a note: nobody listens to this."""

    count: int


@command
class WriteNote:
    """Begin a note."""

    title: str = text()


@command
class AddLines:
    """Add lines to a note, each its own fact."""

    lines: tuple[str, ...] = several(most=5000)
    hidden: bool = False


@command
class StampNote:
    """Put a stamp on a note."""

    stamp: str = text()


@command
class CountNote:
    """Count a note."""


@dataclass(frozen=True)
class Note:
    """What the rules need."""

    count: int = -1


def decide(note: Note, wish: Any, given: Given) -> Sequence[Any]:
    """The facts that follow."""
    if isinstance(wish, WriteNote):
        return [NoteWritten(title=wish.title)]
    if note.count < 0:
        raise WrongState("no-note")
    match wish:
        case AddLines():
            return [LineHidden(line=line) if wish.hidden else LineAdded(line=line) for line in wish.lines]
        case StampNote():
            return [NoteStamped(stamp=wish.stamp)]
        case CountNote():
            return [NoteCounted(count=note.count)]
    raise TypeError(wish)


def evolve(note: Note, fact: Any) -> Note:
    """The next state."""
    return replace(note, count=note.count + 1)


note = Decider("note", Note(), decide, evolve)


@dataclass(frozen=True)
class Row:
    """A note in the register."""

    title: str


def _written(row: Row | None, fact: NoteWritten, about: About) -> Row:
    return Row(fact.title)


notes = Register("notes", Row, {NoteWritten: _written})
MAY = (SECRETARIAT,)
service = Service(
    name="teller",
    aggregates=(
        Aggregate(
            note,
            "notes",
            notes,
            (
                Does(WriteNote, None, MAY),
                Does(AddLines, "add-lines", MAY),
                Does(StampNote, "stamp", MAY),
                Does(CountNote, "count", MAY),
            ),
        ),
    ),
)
