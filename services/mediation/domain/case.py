"""A case: parties in conflict over housing. What its rules remember; deciding.py tells who decides what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.agreement import AgreementDrafted
from services.mediation.domain.terms import SETTLED, Axis, Clock, LandAcquisition, PartyKind, Scope, SessionKind, Stage

NOBODY = UUID(int=0)


Kept = tuple[Clock, UUID | None]  # what a day is kept for


@dataclass(frozen=True)
class PartyState:
    """What rules need of a party."""

    kind: PartyKind
    organisation_id: UUID | None
    is_complainant: bool
    account: str | None = None
    consented: bool = False
    refused: bool = False
    summarised: bool = False
    absences: int = 0


@dataclass(frozen=True)
class Land:
    """The land acquisition that the case is about, and its days."""

    told: LandAcquisition
    consultation_due: date | None
    objection_due: date | None
    permit_until: date | None


@dataclass(frozen=True)
class Mediator:
    """Who mediates, and until when parties may object and sum up."""

    organisation: UUID
    account: str | None
    appointed_on: date
    objection_until: date
    summaries_due: date

    @property
    def key(self) -> str:
        """By what a mediator is known again: the account, or the organisation where no account was named."""
        return self.account or str(self.organisation)


@dataclass(frozen=True)
class Need:
    """What a party needs, as it was recorded."""

    party_id: UUID
    need: str


@dataclass(frozen=True)
class Session:
    """A session that was called; afterwards it was held or cancelled."""

    kind: SessionKind
    called: tuple[UUID, ...]
    day: date
    held: bool = False
    cancelled: bool = False


@dataclass(frozen=True)
class Proposal:
    """The present proposal and its answers."""

    number: int
    by: UUID | None
    answers: Mapping[UUID, tuple[bool, str | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Owed:
    """An obligation that binds."""

    debtor: UUID
    due: date
    performed: bool = False
    breached: bool = False


@dataclass(frozen=True)
class Case:
    """What the rules of a case need to remember."""

    id: UUID = NOBODY
    number: str = ""
    title: str = ""
    claim: str = ""
    stage: Stage | None = None
    axis: Axis = Axis.OTHER
    area_code: str = ""
    request_id: UUID | None = None
    registered_by: UUID | None = None
    registered_on: date = date.min
    screening_due: date = date.max
    accepted_on: date = date.min
    parties: Mapping[UUID, PartyState] = field(default_factory=dict)
    land: Land | None = None
    mediator: Mediator | None = None
    former_mediators: frozenset[str] = frozenset()
    mediation_due: date | None = None
    days_left: int | None = None
    extended: bool = False
    sessions: Mapping[UUID, Session] = field(default_factory=dict)
    interests: Mapping[UUID, Need] = field(default_factory=dict)
    proposal: Proposal | None = None
    rests_from: Stage | None = None
    resume_on: date | None = None
    draft: AgreementDrafted | None = None
    laid: AgreementDrafted | None = None
    signatures: tuple[tuple[UUID, date], ...] = ()
    scope: Scope | None = None
    settled_on: date | None = None
    owed: Mapping[UUID, Owed] = field(default_factory=dict)
    reopened: bool = False
    continues: bool = False
    reviews: frozenset[int] = frozenset()
    clocks: Mapping[Kept, date] = field(default_factory=dict)
    warned: frozenset[tuple[Kept, date, int]] = frozenset()
    missed: frozenset[tuple[Kept, date]] = frozenset()

    @property
    def signed(self) -> frozenset[UUID]:
        """The parties that have signed the present text."""
        return frozenset(party for party, _ in self.signatures)

    @property
    def organisations(self) -> frozenset[UUID]:
        """The organisations that are parties."""
        return frozenset(one.organisation_id for one in self.parties.values() if one.organisation_id)

    @property
    def refusing(self) -> tuple[UUID, ...]:
        """The parties that do not want to mediate."""
        return tuple(id for id, one in self.parties.items() if one.refused)

    @property
    def undecided(self) -> tuple[UUID, ...]:
        """The parties that have neither agreed to mediate nor refused it."""
        return tuple(id for id, one in self.parties.items() if not one.consented and not one.refused)

    @property
    def outstanding(self) -> tuple[UUID, ...]:
        """The obligations that have not been performed."""
        return tuple(id for id, one in self.owed.items() if not one.performed)

    @property
    def is_settled(self) -> bool:
        """Whether all signed and nothing has happened since."""
        return self.stage in SETTLED


def party_changed(state: Case, id: UUID, **changes: Any) -> Case:
    """The case with one of its parties changed."""
    return replace(state, parties={**state.parties, id: replace(state.parties[id], **changes)})


def ended(stage: Stage) -> Callable[[Case, Any], Case]:
    """What a fact changes that ends the mediation: its days are kept no longer."""
    return lambda state, fact: replace(state, stage=stage, mediation_due=None, days_left=None, resume_on=None)
