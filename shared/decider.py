"""Deciders, and the one way a command becomes facts: load, fold, decide, append."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import ModuleType
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from shared.facts import is_command, is_fact

S = TypeVar("S")


@dataclass(frozen=True)
class Actor:
    """Who acts: an opaque account id, its roles, and the organisation it acts for. Stays inside the service.

    `office` is a delegated office that it holds today (`plh-chair`, `plt-secretary`); its role is among `roles`, then.
    `resting` is whether its organisation was suspended or has left: its people keep what is their own case, and no more.
    """

    account: str
    roles: frozenset[str] = frozenset()
    organisation: UUID | None = None
    office: str = ""
    resting: bool = False

    @property
    def signature(self) -> str:
        """How its acts are signed in the log: the account, and the office while one is delegated to it."""
        return f"{self.account}/{self.office}" if self.office else self.account


class Workdays(Protocol):
    """Working-day arithmetic of the province's calendar."""

    def after(self, day: date, working_days: int) -> date:
        """The date `working_days` working days after `day`; the day of the act is day 0."""
        ...

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`."""
        ...


@dataclass(frozen=True)
class Given:
    """Everything a decision may know besides the state: no clock, no database, no chance inside a decider.

    `now` is UTC, `today` the date in the province's zone, `new_id(n)` the n-th id derived from the command id,
    `known` holds the look-ups that the command's row in the table names.
    """

    now: datetime
    today: date
    province: str
    actor: Actor
    new_id: Callable[[int], UUID]
    workdays: Workdays
    known: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Timer:
    """A deadline that a fact starts: `name` is unique in its stream, `due` UTC, `command` is what it fires."""

    name: str
    due: datetime
    command: Any


@dataclass(frozen=True)
class Ended:
    """A deadline that a fact ends."""

    name: str


@dataclass(frozen=True)
class Waits:
    """Something waits for somebody: `who` is a role or a relation of the aggregate, `organisation` narrows it to one's people.

    `what` is the command class that ends the waiting, `due` the last day for it (None: no deadline).
    """

    who: str
    what: type
    due: date | None = None
    organisation: UUID | None = None


@dataclass(frozen=True)
class Decider(Generic[S]):
    """One aggregate as pure functions; its facts and commands are declared beside its state, beside `decide`, or in `phases`.

    `decide(state, command, given)` gives the facts, [] when the wish is already true, or raises a Refused.
    `evolve(state, fact)` gives the next state. `holds(state)` gives the keys that only one stream may hold at a
    time ("legal-name:bappeda"). `timers(state, fact, given)` gives the deadlines that start or end, with the state
    after the fact. `waiting(state)` tells what waits for whom; tasks, reminders and boards all come from it.
    `relations(state, actor)` names what the actor is to this aggregate ("lead", "party", "addressee"): policies are
    written in roles and these names. What it is to one part is told with that part's id, beside the plain name
    ("party", "party:<party_id>"): secret facts ask for that. `phases` are the modules over which a long life is told.
    """

    name: str
    initial: S
    decide: Callable[[S, Any, Given], Sequence[Any]]
    evolve: Callable[[S, Any], S]
    holds: Callable[[S], frozenset[str]] = lambda state: frozenset()
    timers: Callable[[S, Any, Given], Sequence[Timer | Ended]] | None = None
    waiting: Callable[[S], Sequence[Waits]] = lambda state: ()
    relations: Callable[[S, Actor], frozenset[str]] = lambda state, actor: frozenset()
    phases: tuple[ModuleType, ...] = ()

    @property
    def facts(self) -> list[type]:
        """The fact classes of this aggregate."""
        return self._declared(is_fact)

    @property
    def commands(self) -> list[type]:
        """The command classes of this aggregate."""
        return self._declared(is_command)

    def _declared(self, wanted: Callable[[object], bool]) -> list[type]:
        names = dict.fromkeys((type(self.initial).__module__, self.decide.__module__, *(one.__name__ for one in self.phases)))
        things = ((name, thing) for name in names for thing in vars(sys.modules[name]).values())
        return [thing for name, thing in things if wanted(thing) and thing.__module__ == name]

    def fold(self, facts: Iterable[Any], state: S | None = None) -> S:
        """The state after `facts`."""
        now: S = self.initial if state is None else state
        for one in facts:
            now = self.evolve(now, one)
        return now
