"""A small service that hears what the teller tells, answers it by reaction, and reminds itself by timer."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from shared.decider import Decider, Given, Timer
from shared.errors import BrokenRule, UnknownReference
from shared.facts import INTERAGENCY, PUBLIC, command, fact, text
from shared.identity.roles import SECRETARIAT
from shared.registers.register import About, Register
from shared.service import Aggregate, Does, Listens, Reacts, Service, Wish

FAULTS: set[str] = set()
"""What is broken now: "poison" (the fold of such a line raises), "boom" (the reaction to such a line raises)."""


class Foreign:
    """The teller's facts as this service reads them."""

    @fact(visibility=PUBLIC)
    class NoteWritten:
        """A note was begun."""

        title: str

    @fact(visibility=INTERAGENCY)
    class LineAdded:
        """A line was added."""

        line: str

    @fact(visibility=PUBLIC)
    class NoteStamped:
        """A stamp, in a major version that the teller has left."""

        stamp: str


@fact(visibility=PUBLIC)
class LineAnswered:
    """A line got its answer."""

    line: str


@fact(visibility=PUBLIC)
class Reminded:
    """Somebody was reminded of an answer."""

    times: int


@command
class AnswerLine:
    """Answer a line."""

    line: str = text()


@command
class Remind:
    """Remind of an answer."""


@dataclass(frozen=True)
class Answer:
    """What the rules need."""

    times: int = 0


def decide(answer: Answer, wish: Any, given: Given) -> Sequence[Any]:
    """The facts that follow."""
    if isinstance(wish, AnswerLine):
        if wish.line.startswith("refused"):
            raise BrokenRule("line-is-refused")
        return [LineAnswered(line=wish.line)]
    if "timer" in FAULTS:
        raise RuntimeError("broken timer")
    if answer.times >= 2:
        raise BrokenRule("reminded-enough")
    return [Reminded(times=answer.times + 1)]


def evolve(answer: Answer, fact: Any) -> Answer:
    """The next state."""
    return replace(answer, times=fact.times) if isinstance(fact, Reminded) else answer


def timers(answer: Answer, fact: Any, given: Given) -> Sequence[Timer]:
    """A reminder one hour after the answer and one after each reminder."""
    return [Timer("remind", given.now + timedelta(hours=1), Remind())]


answer = Decider("answer", Answer(), decide, evolve, timers=timers)


@dataclass(frozen=True)
class AnswerRow:
    """An answer in the register."""

    line: str
    reminded: int = 0


def _answered(row: AnswerRow | None, fact: LineAnswered, about: About) -> AnswerRow:
    return AnswerRow(fact.line)


def _reminded(row: AnswerRow | None, fact: Reminded, about: About) -> AnswerRow | None:
    return row and replace(row, reminded=fact.times)


answers = Register("answers", AnswerRow, {LineAnswered: _answered, Reminded: _reminded})


@dataclass(frozen=True)
class Heard:
    """A note of the teller as it was heard, its lines in the order of their coming."""

    title: str
    lines: tuple[str, ...] = ()


def _begun(row: Heard | None, fact: Foreign.NoteWritten, about: About) -> Heard:
    return Heard(fact.title)


def _added(row: Heard | None, fact: Foreign.LineAdded, about: About) -> Heard:
    if fact.line.startswith("poison") and "poison" in FAULTS:
        raise ValueError("this line cannot be taken")
    if fact.line.startswith("deadly") and "deadly" in FAULTS:
        os._exit(9)
    return replace(row or Heard(""), lines=(*(row.lines if row else ()), fact.line))


heard = Register("heard", Heard, {Foreign.NoteWritten: _begun, Foreign.LineAdded: _added}, source="teller")


@dataclass(frozen=True)
class Line:
    """One line: a register with several rows per note."""

    line: str


def _line(row: Line | None, fact: Foreign.LineAdded, about: About) -> Line:
    return Line(fact.line)


lines = Register(
    "lines",
    Line,
    {Foreign.LineAdded: _line},
    source="teller",
    keys={Foreign.LineAdded: lambda fact, id: (f"{id}/{fact.line}",)},
)


def answer_line_when_asked(fact: Foreign.LineAdded, about: About, registers: Any) -> Sequence[Wish]:
    """Lines that ask get an answer."""
    if fact.line.startswith("boom") and "boom" in FAULTS:
        raise RuntimeError("broken reaction")
    if fact.line.startswith("about "):
        title = fact.line.removeprefix("about ")
        if not registers.rows(heard, title=title):
            raise UnknownReference("no-such-note")
    if not fact.line.endswith("?"):
        return []
    return [Wish(AnswerLine(line=fact.line), "answer")]


service = Service(
    name="hearer",
    aggregates=(
        Aggregate(
            answer,
            "answers",
            answers,
            (Does(AnswerLine, None, (SECRETARIAT,)), Does(Remind, inner=True)),
        ),
    ),
    listens=(Listens("teller", (Foreign.NoteWritten, Foreign.LineAdded, Foreign.NoteStamped), (heard, lines)),),
    reacts=(Reacts("teller", Foreign.LineAdded, answer_line_when_asked),),
)
