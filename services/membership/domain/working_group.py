"""A working group: the seats of one province for one term, established by decree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.membership.domain.rules import happened
from services.membership.domain.terms import Decree
from shared.decider import Decider, Given
from shared.errors import BrokenRule, WrongState
from shared.facts import PUBLIC, command, fact


@fact(visibility=PUBLIC)
class WorkingGroupEstablished:
    """A decree established the province's working group for a term."""

    working_group_id: UUID
    decree: Decree
    term_start: date
    term_end: date


@command
class EstablishWorkingGroup:
    """The secretariat enters the decree that establishes the working group."""

    decree: Decree
    term_start: date
    term_end: date


@dataclass(frozen=True)
class WorkingGroup:
    """What the rules need to know of a working group."""

    established: bool = False


def decide(group: WorkingGroup, command: EstablishWorkingGroup, given: Given) -> list[object]:
    """The facts that the wish makes; PP 14/2016 art. 54 asks for one working group per province."""
    if group.established:
        raise WrongState("already-established")
    happened(command.decree.date, given, "/decree/date")
    if command.term_end <= command.term_start:
        raise BrokenRule("term-ends-before-it-starts", "/term_end")
    return [
        WorkingGroupEstablished(
            working_group_id=given.new_id(0),
            decree=command.decree,
            term_start=command.term_start,
            term_end=command.term_end,
        )
    ]


def evolve(group: WorkingGroup, fact: WorkingGroupEstablished) -> WorkingGroup:
    """The working group after the fact."""
    return WorkingGroup(established=True)


def holds(group: WorkingGroup) -> frozenset[str]:
    """There is one established working group at a time."""
    return frozenset({"working-group"}) if group.established else frozenset()


working_group = Decider("working-group", WorkingGroup(), decide, evolve, holds)
