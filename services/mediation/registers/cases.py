"""The case file's first page: every case with its stage, its days and the text that lies before the parties; restricted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.agreeing import AgreementSigned
from services.mediation.domain.agreement import AgreementDrafted
from services.mediation.domain.appointing import MediatorAppointed, MediatorObjected, MediatorRecused
from services.mediation.domain.closing import CaseClosed, MediationReopened
from services.mediation.domain.correcting import CaseCorrected
from services.mediation.domain.failing import MediationFailed
from services.mediation.domain.joining import CasesMerged, MergeCases, PartyAdded, PartyRemoved
from services.mediation.domain.land import LandAcquisitionLinked
from services.mediation.domain.mediating import SessionHeld
from services.mediation.domain.mediation_request import RequestStage, TurnIntoCase
from services.mediation.domain.registering import ConflictRegistered, RegisterCase
from services.mediation.domain.resting import CaseResumed, CaseSuspended, MediationExtended
from services.mediation.domain.rules import CaseListed
from services.mediation.domain.screening import CaseReferredOut
from services.mediation.domain.terms import (
    MEDIATED,
    SETTLED,
    Axis,
    Clause,
    ImpasseReason,
    Interest,
    LandAcquisition,
    RootCause,
    Scope,
    Stage,
    Venue,
)
from services.mediation.registers.requests import requests
from shared.registers.register import About, Register, corrected


@dataclass(frozen=True)
class CaseLine:
    """A case; `text_hash` is that of the text to be signed, `signatures` how many of `parties` have signed it."""

    number: str
    title: str
    stage: Stage
    axis: Axis
    area_code: str
    claim: str
    registered_on: date
    tracking_code: str
    parties: int
    request_id: UUID | None = None
    screening_due: date | None = None
    mediator: UUID | None = None
    mediation_due: date | None = None
    sessions: int = 0
    land: LandAcquisition | None = None
    rests_from: Stage | None = None
    resume_on: date | None = None
    signatures: int = 0
    scope: Scope | None = None
    drafted_on: date | None = None
    settled_on: date | None = None
    text_hash: str = ""
    clauses: tuple[Clause, ...] = ()
    interests: tuple[Interest, ...] = ()
    root_causes: tuple[RootCause, ...] = ()
    advised: tuple[UUID, ...] = ()
    impasse: ImpasseReason | None = None
    venue: Venue | None = None
    merged_into: str = ""
    closed_on: date | None = None


def registered(line: CaseLine | None, fact: ConflictRegistered, about: About) -> CaseLine:
    """A line opens with the registration."""
    return CaseLine(
        number=fact.number,
        title=fact.title,
        stage=Stage.REGISTERED,
        axis=fact.axis,
        area_code=fact.area_code,
        claim=fact.claim,
        registered_on=fact.on,
        tracking_code=fact.tracking_code,
        parties=len(fact.parties),
        request_id=fact.request_id,
        screening_due=fact.screening_due,
    )


def listed(line: Any, fact: CaseListed, about: About) -> CaseLine:
    """The stage is the one that the public sees, too; where a text lies before the parties, this line says so."""
    stage = fact.stage
    if stage is Stage.IN_MEDIATION and line.rests_from is Stage.AGREEMENT_DRAFTED:
        stage = Stage.AGREEMENT_DRAFTED
    rests_from = line.rests_from if stage is Stage.SUSPENDED else None
    settled_on = fact.on if stage in SETTLED and line.settled_on is None else line.settled_on
    due = line.mediation_due if stage in MEDIATED else None
    return replace(line, stage=stage, axis=fact.axis, rests_from=rests_from, settled_on=settled_on, mediation_due=due)


def added(line: Any, fact: PartyAdded, about: About) -> CaseLine:
    """One party more."""
    return replace(line, parties=line.parties + 1)


def removed(line: Any, fact: PartyRemoved, about: About) -> CaseLine:
    """One party less."""
    return replace(line, parties=line.parties - 1)


def linked(line: Any, fact: LandAcquisitionLinked, about: About) -> CaseLine:
    """The latest word on the land counts."""
    return replace(line, land=fact.land)


def appointed(line: Any, fact: MediatorAppointed, about: About) -> CaseLine:
    """It has a mediator and its days."""
    return replace(line, mediator=fact.organisation, mediation_due=fact.mediation_due)


def without_mediator(line: Any, fact: MediatorObjected | MediatorRecused, about: About) -> CaseLine:
    """The text of the former mediator falls with him."""
    rests_from = Stage.ACCEPTED if line.rests_from else None
    return replace(_without_text(line), mediator=None, mediation_due=None, rests_from=rests_from)


def _without_text(line: CaseLine) -> CaseLine:
    return replace(line, signatures=0, scope=None, drafted_on=None, text_hash="", clauses=(), interests=())


def held(line: Any, fact: SessionHeld, about: About) -> CaseLine:
    """One session more."""
    return replace(line, sessions=line.sessions + 1)


def extended(line: Any, fact: MediationExtended, about: About) -> CaseLine:
    """More days."""
    return replace(line, mediation_due=fact.mediation_due)


def suspended(line: Any, fact: CaseSuspended, about: About) -> CaseLine:
    """It rests until a day."""
    return replace(line, rests_from=line.stage, resume_on=fact.resume_on, mediation_due=None)


def resumed(line: Any, fact: CaseResumed, about: About) -> CaseLine:
    """It goes on."""
    return replace(line, resume_on=None, mediation_due=fact.mediation_due)


def drafted(line: Any, fact: AgreementDrafted, about: About) -> CaseLine:
    """A new text takes the place of the former, whose signatures are void."""
    return replace(
        line,
        stage=Stage.AGREEMENT_DRAFTED,
        signatures=0,
        scope=fact.scope,
        drafted_on=fact.on,
        text_hash=fact.text_hash,
        clauses=fact.clauses,
        interests=fact.interests,
        root_causes=fact.root_causes,
        advised=fact.advised,
    )


def signed(line: Any, fact: AgreementSigned, about: About) -> CaseLine:
    """One party more has signed."""
    return replace(line, signatures=line.signatures + 1)


def failed(line: Any, fact: MediationFailed, about: About) -> CaseLine:
    """No agreement."""
    return replace(line, impasse=fact.reason, root_causes=fact.root_causes, advised=fact.advised, venue=fact.next_venue)


def referred(line: Any, fact: CaseReferredOut, about: About) -> CaseLine:
    """It goes on elsewhere."""
    return replace(line, venue=fact.venue)


def merged(line: Any, fact: CasesMerged, about: About) -> CaseLine:
    """It goes on in another case."""
    return replace(line, merged_into=fact.into_number)


def reopened(line: Any, fact: MediationReopened, about: About) -> CaseLine:
    """What was not done is agreed anew."""
    return replace(_without_text(line), settled_on=None, mediation_due=fact.mediation_due)


def closed(line: Any, fact: CaseClosed, about: About) -> CaseLine:
    """Its root causes are those of the close."""
    return replace(line, root_causes=fact.root_causes, closed_on=fact.on)


cases = Register(
    name="cases",
    row=CaseLine,
    folds={
        ConflictRegistered: registered,
        CaseCorrected: corrected,
        CaseListed: listed,
        PartyAdded: added,
        PartyRemoved: removed,
        LandAcquisitionLinked: linked,
        MediatorAppointed: appointed,
        MediatorObjected: without_mediator,
        MediatorRecused: without_mediator,
        SessionHeld: held,
        MediationExtended: extended,
        CaseSuspended: suspended,
        CaseResumed: resumed,
        AgreementDrafted: drafted,
        AgreementSigned: signed,
        MediationFailed: failed,
        CaseReferredOut: referred,
        CasesMerged: merged,
        MediationReopened: reopened,
        CaseClosed: closed,
    },
    shown=("number", "title", "stage", "axis", "area_code", "registered_on", "mediation_due"),
    searched=("number", "title", "tracking_code"),
)


def target(registers: Any, command: MergeCases, id: str) -> tuple[str, Stage] | None:
    """Number and stage of the case that another is to be treated in; None when it is not known."""
    line = registers.row(cases, str(command.into))
    return (line.number, line.stage) if line else None


def case_of_request(registers: Any, command: TurnIntoCase, id: str) -> tuple[str, UUID | None] | None:
    """Number and request of the case that a request has become; None when it is not known."""
    line = registers.row(cases, str(command.case_id))
    return (line.number, line.request_id) if line else None


def request_of_case(registers: Any, command: RegisterCase, id: str) -> tuple[str, bool] | None:
    """The tracking code of the request that a case comes from, and whether it still waits; None when it is not known."""
    line = registers.row(requests, str(command.request_id)) if command.request_id else None
    return (line.tracking_code, line.request_stage is RequestStage.RECEIVED) if line else None
