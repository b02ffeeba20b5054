"""The manifest that every service's front door fills in: one flat list of what it does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from shared.decider import Decider
from shared.facts import LEAVING, FactTypes, Visibility, info, kebab
from shared.registers.register import Register

LookUp = Callable[[Any, Any, str], Any]
"""`look_up(registers, command, id) -> value`: reads this service's registers (shared.registers.reading.Registers)."""


@dataclass(frozen=True)
class Does:
    """One row of the command table: the command, its path, who may, what it must know.

    `path` None creates a new aggregate (`POST /<aggregates>`); otherwise `POST /<aggregates>/{id}/<path>`.
    Whoever has one of the `roles`, or is one of the `relations` to the aggregate, may send it; nobody else.
    `known` maps names in `given.known` to look-ups. An `inner` command is given by timers and reactions only: nobody may
    send it, so it has no route, no form and no place in the contract. One that `corrects` what was entered wrongly leads nowhere:
    it is offered behind the steps that do, and its form shows what stands there.
    """

    command: type
    path: str | None = None
    roles: tuple[str, ...] = ()
    known: Mapping[str, LookUp] = field(default_factory=dict)
    relations: tuple[str, ...] = ()
    inner: bool = False
    corrects: bool = False

    def __post_init__(self) -> None:
        told = (self.path, *self.roles, *self.relations) != (None,)
        if self.inner and told:
            raise TypeError(f"{self.command.__name__} is given by timers and reactions only: it has no path and no sender")
        if not self.inner and not (self.roles or self.relations):
            raise TypeError(f"nobody may send {self.command.__name__}: name who may, or say that it is an inner command")

    @property
    def creates(self) -> bool:
        """Whether the command starts a new aggregate."""
        return self.path is None and not self.inner


@dataclass(frozen=True)
class Reads:
    """Who reads facts of one visibility: these roles, whoever is one of these relations to the aggregate, and whoever is one of
    the `own` relations to the very part that the fact names (`own={"party": "party_id"}`: the party of its field `party_id`)."""

    roles: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    own: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Follows:
    """What follows in the same service: after these facts of one aggregate, another one is given an inner command.

    It is given by the timers, at once and for certain, but not in the same transaction; while it waits, it is given once. `of`
    finds the id of that other one in the registers, None while there is none. What it must know it looks up itself.
    """

    facts: tuple[type, ...]
    command: Any
    aggregate: str
    of: Callable[[Any], UUID | None]

    @property
    def name(self) -> str:
        """The name of its timer, unique in the stream of that other one."""
        return kebab(type(self.command).__name__)


@dataclass(frozen=True)
class Aggregate:
    """One aggregate behind the door: its decider, its path and label, its commands, and the register that lists it.

    `reads` says who reads facts of a visibility, or one fact, where that differs from the rule of the house. `own_house` names
    the relation that takes the aggregate from the secretariat's people when the organisation that hosts them is it ("party").
    `follows` says what its facts set going elsewhere in this service.
    """

    decider: Decider[Any]
    path: str
    register: Register[Any]
    commands: tuple[Does, ...]
    reads: Mapping[Visibility | type, Reads] = field(default_factory=dict)
    own_house: str = ""
    follows: tuple[Follows, ...] = ()

    @property
    def name(self) -> str:
        """The aggregate's name, as in its stream ids."""
        return self.decider.name

    @property
    def missing(self) -> str:
        """The slug of the answer that there is no such thing."""
        return f"no-such-{self.name.replace('_', '-')}"


@dataclass(frozen=True)
class Listens:
    """What this service reads of one sibling: the facts as it redeclares them, and the registers that they fold into."""

    source: str
    facts: tuple[type, ...]
    registers: tuple[Register[Any], ...] = ()

    @cached_property
    def types(self) -> FactTypes:
        """The sibling's types that this service can read."""
        return FactTypes(self.source, self.facts)


@dataclass(frozen=True)
class Wish:
    """What a reaction wants done: a command of this service, for one aggregate (None: a new one)."""

    command: Any
    aggregate: str
    id: Any = None


@dataclass(frozen=True)
class Reacts:
    """A sibling's fact becomes commands of this service.

    `react(fact, about, registers)` gives the wishes; it may raise UnknownReference to wait for news. The command ids derive
    from the fact and from the reaction's name, so repeating it does nothing.
    """

    source: str
    fact: type
    react: Callable[[Any, Any, Any], Sequence[Wish]]

    @property
    def name(self) -> str:
        """The reaction's name, kept with its outcomes: renaming one makes a new reaction."""
        return kebab(self.react.__name__.replace("_", "-"))


@dataclass(frozen=True)
class Directory:
    """What this service's own registers say of organisations and offices: rights follow it, without asking any sibling.

    `active(registers, organisation)` is whether it is a member in good standing (True, too, for one that is not known here),
    `host(registers)` the organisation that the secretariat belongs to, `offices(registers, account, today)` the offices that are
    delegated to an account today, as (kind, office): ("plh", "chair").
    """

    active: Callable[[Any, UUID], bool]
    host: Callable[[Any], UUID | None] = lambda registers: None
    offices: Callable[[Any, str, date], Sequence[tuple[str, str]]] = lambda registers, account, today: ()


@dataclass(frozen=True)
class Service:
    """One service, whole: what it does, publishes, listens to, and how it reacts.

    `closed(registers)` gives the years whose closed days the secretariat has published, with those days.
    """

    name: str
    aggregates: tuple[Aggregate, ...]
    listens: tuple[Listens, ...] = ()
    reacts: tuple[Reacts, ...] = ()
    registers: tuple[Register[Any], ...] = ()
    blueprint: Any = None
    directory: Directory | None = None
    closed: Callable[[Any], Mapping[int, Collection[date]]] = lambda registers: {}

    @cached_property
    def types(self) -> FactTypes:
        """Every fact that this service writes."""
        return FactTypes(self.name, (cls for aggregate in self.aggregates for cls in aggregate.decider.facts))

    @cached_property
    def publishes(self) -> tuple[type, ...]:
        """The facts that leave this service."""
        return tuple(cls for cls in self.types.names if info(cls).visibility in LEAVING)

    @cached_property
    def own_registers(self) -> tuple[Register[Any], ...]:
        """The registers that fold this service's own facts, each once."""
        listed = [aggregate.register for aggregate in self.aggregates] + [r for r in self.registers if r.source == "own"]
        return tuple({r.name: r for r in listed}.values())

    @cached_property
    def foreign_registers(self) -> tuple[Register[Any], ...]:
        """The registers that fold siblings' facts."""
        return tuple(r for listening in self.listens for r in listening.registers)

    @property
    def does(self) -> Iterator[tuple[Aggregate, Does]]:
        """Every row of the command table with its aggregate."""
        return ((aggregate, row) for aggregate in self.aggregates for row in aggregate.commands)

    @property
    def sent(self) -> Iterator[tuple[Aggregate, Does]]:
        """The rows of the commands that people and programs send: all but the inner ones."""
        return ((aggregate, row) for aggregate, row in self.does if not row.inner)

    @cached_property
    def _by_name(self) -> Mapping[str, Aggregate]:
        return {one.name: one for one in self.aggregates}

    @cached_property
    def _by_command(self) -> Mapping[type, tuple[Aggregate, Does]]:
        return {row.command: (aggregate, row) for aggregate, row in self.does}

    @cached_property
    def aggregate_of(self) -> Mapping[type, Aggregate]:
        """The aggregate that each fact belongs to."""
        return {cls: aggregate for aggregate in self.aggregates for cls in aggregate.decider.facts}

    @cached_property
    def following(self) -> frozenset[str]:
        """The names of the commands that own facts set going: no deadline gives them."""
        return frozenset(type(one.command).__name__ for aggregate in self.aggregates for one in aggregate.follows)

    def aggregate(self, name: str) -> Aggregate:
        """The aggregate of that name; raises KeyError."""
        return self._by_name[name]

    def row(self, command: type) -> tuple[Aggregate, Does]:
        """The row of the command table for a command class; raises KeyError."""
        return self._by_command[command]
