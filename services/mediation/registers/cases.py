"""The case file's first page: every case with its stage and the text that lies before the parties; restricted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.case import AgreementDrafted, AgreementSigned, CaseListed, ConflictRegistered
from services.mediation.domain.terms import SETTLED, Axis, Clause, Interest, RootCause, Scope, Stage
from shared.registers.register import About, Register


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
    signatures: int = 0
    scope: Scope | None = None
    drafted_on: date | None = None
    settled_on: date | None = None
    text_hash: str = ""
    clauses: tuple[Clause, ...] = ()
    interests: tuple[Interest, ...] = ()
    root_causes: tuple[RootCause, ...] = ()
    advised: tuple[UUID, ...] = ()


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
    )


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


def listed(line: Any, fact: CaseListed, about: About) -> CaseLine:
    """The stage is the one that the public sees, too."""
    settled = fact.stage in SETTLED
    return replace(line, stage=fact.stage, settled_on=fact.on if settled else None)


cases = Register(
    name="cases",
    row=CaseLine,
    folds={ConflictRegistered: registered, AgreementDrafted: drafted, AgreementSigned: signed, CaseListed: listed},
    shown=("number", "title", "stage", "axis", "area_code", "registered_on", "signatures", "parties"),
    searched=("number", "title", "tracking_code"),
)
