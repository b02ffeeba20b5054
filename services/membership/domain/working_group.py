"""A working group: the seats of one province, established by decree, term after term until it is dissolved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.membership.domain.composing import CompositionGapCleared, CompositionGapFlagged, after
from services.membership.domain.terms import NO_GAPS, Decree, Gaps, GroupStatus, Holiday, Span
from shared.facts import INTERAGENCY, PUBLIC, amount, command, fact, several, text
from shared.rules import corrected

NOBODY = UUID(int=0)


class WorkingGroupField(StrEnum):
    """What of a working group may be corrected: how its present decree is cited, and what its secretariat is called."""

    DECREE_NUMBER = "decree_number"
    ISSUER = "issuer"
    LEGAL_BASIS = "legal_basis"
    SECRETARIAT = "secretariat"


@fact(visibility=PUBLIC)
class WorkingGroupEstablished:
    """A decree established the province's working group for a term."""

    working_group_id: UUID
    decree: Decree
    term_start: date
    term_end: date


@fact(visibility=PUBLIC)
class DecreeAmended:
    """Another decree changed something in the one that established the working group."""

    working_group_id: UUID
    decree: Decree
    subject: str


@fact(visibility=PUBLIC)
class TermRenewed:
    """A decree gave the working group another term."""

    working_group_id: UUID
    decree: Decree
    term_start: date
    term_end: date


@fact(visibility=INTERAGENCY)
class TermExpiring:
    """The working group's term ends within the days told, and no other term follows it yet."""

    working_group_id: UUID
    term_end: date
    days: int


@fact(visibility=PUBLIC)
class TermEnded:
    """The working group's term ended; nobody joins until it is renewed."""

    working_group_id: UUID
    term_end: date


@fact(visibility=PUBLIC)
class WorkingGroupDissolved:
    """A decree dissolved the working group."""

    working_group_id: UUID
    decree: Decree
    reason: str


@fact(visibility=PUBLIC)
class SecretariatDesignated:
    """A unit of a member became the secretariat; that member coordinates from now on."""

    working_group_id: UUID
    unit: str
    member_id: UUID
    on: date


@fact(visibility=PUBLIC)
class TaskForceDefined:
    """A task force was set up under the lead of a member."""

    working_group_id: UUID
    task_force_id: UUID
    name: str
    lead_id: UUID
    mandate: str


@fact(visibility=PUBLIC)
class TaskForceDissolved:
    """A task force ended its work."""

    working_group_id: UUID
    task_force_id: UUID
    reason: str


@fact(visibility=PUBLIC)
class WorkCalendarPublished:
    """The days of a year on which the offices of the province are closed were fixed, or fixed anew."""

    working_group_id: UUID
    year: int
    holidays: tuple[Holiday, ...]
    source: str


@fact(visibility=PUBLIC)
class WorkingGroupCorrected:
    """What is known of the working group was corrected: what stood there, what stands there now, and why."""

    working_group_id: UUID
    field: WorkingGroupField
    old: str
    new: str
    reason: str


@command
class EstablishWorkingGroup:
    """The secretariat enters the decree that establishes the working group."""

    decree: Decree
    term_start: date
    term_end: date


@command
class AmendDecree:
    """The secretariat enters a decree that changes the one before."""

    decree: Decree
    subject: str = text(3, 2000, multiline=True)


@command
class RenewTerm:
    """The secretariat enters the decree that gives the working group its next term."""

    decree: Decree
    term_start: date
    term_end: date


@command
class DissolveWorkingGroup:
    """The secretariat enters the decree that dissolves the working group."""

    decree: Decree
    reason: str = text(3, 2000, multiline=True)


@command
class DesignateSecretariat:
    """The chair names the unit that does the daily work, and the member it belongs to."""

    unit: str = text(3, 200)
    member_id: UUID
    on: date | None = None


@command
class DefineTaskForce:
    """The secretariat sets up a task force as the decree says."""

    name: str = text(3, 200)
    lead_id: UUID
    mandate: str = text(3, 2000, multiline=True)


@command
class DissolveTaskForce:
    """The secretariat enters that a task force has ended."""

    task_force_id: UUID
    reason: str = text(3, 2000, multiline=True)


@command
class PublishWorkCalendar:
    """The secretariat publishes the holidays and collective leave of a year."""

    year: int = amount(2000, 2100)
    holidays: tuple[Holiday, ...] = several(0, 100)
    source: str = text(3, 200)


@command
class CorrectWorkingGroup:
    """The secretariat corrects how the decree is cited, or what the secretariat is called."""

    field: WorkingGroupField
    value: str = text(1, 500)
    reason: str = text(3, 2000, multiline=True)


@command
class MarkTermExpiring:
    """The end of the term has come near; only the clock says so."""

    days: int = amount(1, 366)


@command
class MarkTermEnded:
    """The term is over; only the clock says so."""


@dataclass(frozen=True)
class TaskForce:
    """A task force at work."""

    id: UUID
    name: str
    lead_id: UUID


@dataclass(frozen=True)
class WorkingGroup:
    """What the rules need to know of a working group; `terms` in order, the last one is that which ends next."""

    id: UUID = NOBODY
    status: GroupStatus | None = None
    decrees: frozenset[str] = frozenset()
    decree_number: str = ""
    issuer: str = ""
    legal_basis: str = ""
    terms: tuple[Span, ...] = ()
    warned: frozenset[int] = frozenset()
    secretariat: str = ""
    host: UUID | None = None
    task_forces: tuple[TaskForce, ...] = ()
    calendars: dict[int, WorkCalendarPublished] = field(default_factory=dict)
    gaps: Gaps = NO_GAPS

    @property
    def term_end(self) -> date:
        """The last day of the last term."""
        return self.terms[-1].end


ENDS_AS: dict[type, GroupStatus] = {TermEnded: GroupStatus.EXPIRED, WorkingGroupDissolved: GroupStatus.DISSOLVED}


def evolve(group: WorkingGroup, fact: Any) -> WorkingGroup:
    """The working group after a fact."""
    match fact:
        case WorkingGroupEstablished() | TermRenewed():
            terms = (*group.terms, Span(start=fact.term_start, end=fact.term_end))
            group = replace(cited(group, fact.decree), id=fact.working_group_id, status=GroupStatus.ESTABLISHED, terms=terms)
        case TermExpiring():
            group = replace(group, warned=group.warned | {fact.days})
        case TermEnded() | WorkingGroupDissolved():
            group = replace(group, status=ENDS_AS[type(fact)])
        case SecretariatDesignated():
            group = replace(group, secretariat=fact.unit, host=fact.member_id)
        case TaskForceDefined():
            group = replace(group, task_forces=(*group.task_forces, TaskForce(fact.task_force_id, fact.name, fact.lead_id)))
        case TaskForceDissolved():
            left = tuple(one for one in group.task_forces if one.id != fact.task_force_id)
            group = replace(group, task_forces=left)
        case WorkCalendarPublished():
            group = replace(group, calendars={**group.calendars, fact.year: fact})
        case CompositionGapFlagged() | CompositionGapCleared():
            group = replace(group, gaps=after(group.gaps, fact))
        case WorkingGroupCorrected():
            return corrected_decree(corrected(group, fact), fact)
    decree = getattr(fact, "decree", None)
    return replace(group, decrees=group.decrees | {decree.number.casefold()}) if decree else group


def cited(group: WorkingGroup, decree: Decree) -> WorkingGroup:
    """The working group under another decree, which opens a term of its own."""
    group = replace(group, decree_number=decree.number, issuer=decree.issuer, legal_basis=decree.legal_basis)
    return replace(group, warned=frozenset())


def corrected_decree(group: WorkingGroup, fact: WorkingGroupCorrected) -> WorkingGroup:
    """A decree whose number was wrong is known by the right one only."""
    if fact.field is not WorkingGroupField.DECREE_NUMBER:
        return group
    return replace(group, decrees=group.decrees - {fact.old.casefold()} | {fact.new.casefold()})
