"""The policy inventory: every policy with its assessment, its branch, and what government did with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.advocacy.domain.policy import (
    BranchChanged,
    EffectivenessReassessed,
    EnforcementMeasureRecorded,
    PolicyAmended,
    PolicyAssessed,
    PolicyCorrected,
    PolicyEnacted,
    PolicyRegistered,
    PolicyReplaced,
    PolicyRevoked,
    PolicyTextProposed,
)
from services.advocacy.domain.terms import Branch, BranchStep, Instrument, Level, PolicyStatus
from shared.registers.register import About, Register, corrected


@dataclass(frozen=True)
class PolicyLine:
    """A policy; answers and branch are None until it is assessed, each day is that of the last such act."""

    title: str
    instrument: Instrument
    level: Level
    area: str
    number: str
    status: PolicyStatus
    topic: str
    owner_id: UUID | None
    contrary_to_public_interest: bool | None = None
    pro_public: bool | None = None
    effective: bool | None = None
    branch: Branch | None = None
    branches: tuple[BranchStep, ...] = ()
    assessed_on: date | None = None
    review_on: date | None = None
    texts: int = 0
    measures: int = 0
    text_on: date | None = None
    enacted_on: date | None = None
    amended_on: date | None = None
    measure_on: date | None = None
    reassessed_on: date | None = None
    revoked_on: date | None = None
    replaced_on: date | None = None
    replaced_by: UUID | None = None


def registered(line: PolicyLine | None, fact: PolicyRegistered, about: About) -> PolicyLine:
    """A line opens."""
    told = (fact.title, fact.instrument, fact.level, fact.area_code or "", fact.number, fact.status, fact.topic, fact.owner_id)
    return PolicyLine(*told)


def assessed(line: Any, fact: PolicyAssessed, about: About) -> PolicyLine:
    """The answers, and the branch that follows from them; a first branch opens the history."""
    history = line.branches or (BranchStep(branch=fact.branch, since=fact.on),)
    return replace(
        line,
        contrary_to_public_interest=fact.contrary_to_public_interest,
        pro_public=fact.pro_public,
        effective=fact.effective,
        branch=fact.branch,
        branches=history,
        assessed_on=fact.on,
        review_on=fact.review_on,
    )


def changed(line: Any, fact: BranchChanged, about: About) -> PolicyLine:
    """The history goes on."""
    history = (*line.branches, BranchStep(branch=fact.after, since=fact.on))
    return replace(line, branch=fact.after, branches=history, review_on=fact.review_on)


def text_proposed(line: Any, fact: PolicyTextProposed, about: About) -> PolicyLine:
    """One more wording; a draft when government has taken it up."""
    status = PolicyStatus.DRAFT if fact.is_draft else line.status
    return replace(line, texts=fact.text_version, text_on=fact.on, status=status)


def enacted(line: Any, fact: PolicyEnacted, about: About) -> PolicyLine:
    """It is in force under its official number."""
    return replace(line, status=PolicyStatus.IN_FORCE, number=fact.number, enacted_on=fact.on)


def amended(line: Any, fact: PolicyAmended, about: About) -> PolicyLine:
    """It is in force in other words."""
    return replace(line, amended_on=fact.on)


def measured(line: Any, fact: EnforcementMeasureRecorded, about: About) -> PolicyLine:
    """One more measure."""
    return replace(line, measures=line.measures + 1, measure_on=fact.on)


def reassessed(line: Any, fact: EffectivenessReassessed, about: About) -> PolicyLine:
    """Whether it works was judged again."""
    return replace(line, effective=fact.effective, reassessed_on=fact.on)


def revoked(line: Any, fact: PolicyRevoked, about: About) -> PolicyLine:
    """It is in force no longer, or a draft no longer."""
    return replace(line, status=PolicyStatus.REVOKED, revoked_on=fact.on)


def replaced(line: Any, fact: PolicyReplaced, about: About) -> PolicyLine:
    """Another policy stands in its place."""
    return replace(line, replaced_by=fact.replaced_by, replaced_on=fact.on)


policies = Register(
    name="policies",
    row=PolicyLine,
    folds={
        PolicyRegistered: registered,
        PolicyAssessed: assessed,
        BranchChanged: changed,
        PolicyTextProposed: text_proposed,
        PolicyEnacted: enacted,
        PolicyAmended: amended,
        EnforcementMeasureRecorded: measured,
        EffectivenessReassessed: reassessed,
        PolicyRevoked: revoked,
        PolicyReplaced: replaced,
        PolicyCorrected: corrected,
    },
    shown=("title", "instrument", "number", "status", "branch", "assessed_on", "review_on"),
    searched=("title", "number", "topic"),
    public=True,
)
