"""How a policy decides: the branch that follows from four questions, and the acts of government that are recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from services.advocacy.domain.policy import (
    AssessPolicy,
    BranchChanged,
    EffectivenessReassessed,
    EnforcementMeasureRecorded,
    OverrideBranch,
    Policy,
    PolicyAmended,
    PolicyAssessed,
    PolicyCorrected,
    PolicyEnacted,
    PolicyRegistered,
    PolicyReplaced,
    PolicyRevoked,
    PolicyTextProposed,
    ProposePolicyText,
    ReassessEffectiveness,
    RecordAmendment,
    RecordEnactment,
    RecordEnforcementMeasure,
    RecordReplacement,
    RecordRevocation,
    RegisterPolicy,
    evolve,
)
from services.advocacy.domain.rules import branch_of, require
from services.advocacy.domain.terms import Branch, BranchCause, Level, PolicyField, PolicyStatus
from shared.decider import Actor, Decider, Given, Waits
from shared.errors import BrokenRule, UnknownReference, WrongState
from shared.facts import command, text
from shared.rules import Entered, correction, happened, of_the_province

REVIEW_AFTER = timedelta(days=365)  # an adequate policy is looked at again
NUMBERED = (PolicyStatus.IN_FORCE, PolicyStatus.REVOKED)

ENTERED: Entered = {
    PolicyField.TITLE: (RegisterPolicy, "title"),
    PolicyField.NUMBER: (RegisterPolicy, "number"),
    PolicyField.TOPIC: (RegisterPolicy, "topic"),
}


@command
class CorrectPolicy:
    """The secretariat corrects a text of a policy that was entered wrongly; the policy itself stays what it is."""

    field: PolicyField
    value: str = text(1, 500)
    reason: str = text(3, 2000, multiline=True)


def decide(policy: Policy, command: Any, given: Given) -> Sequence[object]:
    """The facts that a wish makes in this state."""
    wish = WISHES.get(type(command))
    if wish is None:
        raise TypeError(f"a policy knows no {type(command).__name__}")
    facts: Sequence[object] = wish(policy, command, given)
    return facts


def register(policy: Policy, wish: RegisterPolicy, given: Given) -> Sequence[object]:
    """`given.known["owner"]` is the row of the agency that answers for the policy."""
    if policy.status:
        raise WrongState("already-registered")
    if wish.status in NUMBERED and not wish.number.strip():
        raise BrokenRule("policy-without-number", "/number")
    if wish.area_code:
        of_the_province(wish.area_code, given, "/area_code")
    elif wish.level is Level.REGENCY_CITY:
        raise BrokenRule("area-of-the-policy-missing", "/area_code")
    if wish.owner_id and given.known["owner"] is None:
        raise UnknownReference("unknown-member", "/owner_id")
    return [PolicyRegistered(policy_id=given.new_id(0), **vars(wish))]


def registered(policy: Policy) -> PolicyStatus:
    """Where the policy stands; raises WrongState when it is not in the inventory."""
    if policy.status is None:
        raise WrongState("not-registered")
    return policy.status


def assess(policy: Policy, wish: AssessPolicy, given: Given) -> Sequence[object]:
    """The first line of the table that matches gives the branch; a policy that is adequate is looked at again later."""
    status, on = registered(policy), happened(wish.on, given)
    branch = branch_of(replace(policy, **answers_of(wish)))
    review_on = review_day(wish.review_on, on, branch)
    assessed = PolicyAssessed(
        policy_id=policy.id,
        assessment_id=given.new_id(1),
        status=status,
        **answers_of(wish),
        reasons=wish.reasons,
        branch=branch,
        review_on=review_on,
        on=on,
    )
    if policy.branch in (None, branch):
        return [assessed]
    return [assessed, changed(policy, branch, BranchCause.ASSESSMENT, wish.reasons, on, review_on)]


def answers_of(wish: AssessPolicy) -> dict[str, Any]:
    """The answers to three of the four questions; where the policy stands is known."""
    return {
        "contrary_to_public_interest": wish.contrary_to_public_interest,
        "pro_public": wish.pro_public,
        "effective": wish.effective,
    }


def review_day(wanted: date | None, on: date, branch: Branch) -> date | None:
    """When the policy is looked at again: as wished, and within a year when it is adequate."""
    if wanted and wanted <= on:
        raise BrokenRule("review-too-early", "/review_on", on=on)
    return wanted or (on + REVIEW_AFTER if branch is Branch.NONE else None)


def changed(policy: Policy, after: Branch, cause: BranchCause, reason: str, on: date, review_on: date | None) -> BranchChanged:
    """The branch before, the one after, and why."""
    before = policy.branch or Branch.NONE
    return BranchChanged(policy_id=policy.id, before=before, after=after, cause=cause, reason=reason, review_on=review_on, on=on)


def override(policy: Policy, wish: OverrideBranch, given: Given) -> Sequence[object]:
    """What follows from the answers is set aside by the chair, with a reason; the next assessment derives it anew."""
    registered(policy)
    require_assessed(policy)
    on = happened(wish.on, given)
    if wish.branch is policy.branch:
        return []
    review_on = review_day(None, on, wish.branch)
    return [changed(policy, wish.branch, BranchCause.OVERRIDE, wish.reason, on, review_on)]


def require_assessed(policy: Policy) -> None:
    """Raises BrokenRule before the first assessment."""
    if policy.branch is None:
        raise BrokenRule("policy-not-assessed")


def propose_text(policy: Policy, wish: ProposePolicyText, given: Given) -> Sequence[object]:
    """Wordings are counted; government's own draft makes the policy a draft when there is none in force."""
    status = registered(policy)
    happened(wish.document.date, given, "/document/date")
    if wish.is_draft and status is PolicyStatus.IN_FORCE:
        raise BrokenRule("amendment-is-no-draft", "/is_draft")
    if wish.is_draft and status is PolicyStatus.REVOKED:
        raise BrokenRule("revoked-is-no-draft", "/is_draft")
    return [
        PolicyTextProposed(
            policy_id=policy.id,
            text_version=policy.text_version + 1,
            document=wish.document,
            summary=wish.summary,
            is_draft=wish.is_draft,
            on=happened(wish.on, given),
        )
    ]


def enact(policy: Policy, wish: RecordEnactment, given: Given) -> Sequence[object]:
    """What is not in force yet comes into force; what was revoked comes back as another policy only."""
    require(policy.status, "not-to-be-enacted", PolicyStatus.NONE, PolicyStatus.DRAFT)
    on = happened(wish.on, given)
    return [PolicyEnacted(policy_id=policy.id, number=wish.number, document=wish.document, on=on)]


def in_force(policy: Policy, on: date | None, given: Given) -> date:
    """The day of an act on a policy in force, which is not before it was enacted."""
    require(policy.status, "not-in-force", PolicyStatus.IN_FORCE)
    return since(policy.enacted_on, on, given)


def since(start: date, on: date | None, given: Given) -> date:
    """The day of an act, which cannot lie before the one that it follows."""
    day = happened(on, given)
    if day < start:
        raise BrokenRule("before-the-act-it-follows", "/on", start=start)
    return day


def amend(policy: Policy, wish: RecordAmendment, given: Given) -> Sequence[object]:
    """What is in force may be amended."""
    on = in_force(policy, wish.on, given)
    told: dict[str, Any] = {"number": wish.number, "summary": wish.summary, "document": wish.document}
    return [PolicyAmended(policy_id=policy.id, on=on, **told)]


def revoke(policy: Policy, wish: RecordRevocation, given: Given) -> Sequence[object]:
    """What is in force is revoked, a draft is withdrawn."""
    require(policy.status, "nothing-to-revoke", PolicyStatus.IN_FORCE, PolicyStatus.DRAFT)
    on = since(policy.enacted_on, wish.on, given)
    return [PolicyRevoked(policy_id=policy.id, number=wish.number, reason=wish.reason, on=on)]


def put_in_place(policy: Policy, wish: RecordReplacement, given: Given) -> Sequence[object]:
    """`given.known["replacement"]` is the inventory's row of the policy that replaces it; it is in force."""
    require(policy.status, "not-revoked", PolicyStatus.REVOKED)
    if policy.replaced_by == wish.replaced_by:
        return []
    row = given.known["replacement"]
    if wish.replaced_by == policy.id:
        raise BrokenRule("replaces-itself", "/replaced_by")
    if row is None:
        raise UnknownReference("unknown-policy", "/replaced_by")
    if row.status is not PolicyStatus.IN_FORCE:
        raise BrokenRule("replacement-not-in-force", "/replaced_by")
    on = since(policy.revoked_on, wish.on, given)
    return [PolicyReplaced(policy_id=policy.id, replaced_by=wish.replaced_by, on=on)]


def measure(policy: Policy, wish: RecordEnforcementMeasure, given: Given) -> Sequence[object]:
    """Only what is in force can be enforced."""
    on = in_force(policy, wish.on, given)
    told: dict[str, Any] = {"kind": wish.kind, "description": wish.description, "document": wish.document}
    return [EnforcementMeasureRecorded(policy_id=policy.id, measure_id=given.new_id(1), on=on, **told)]


def reassess(policy: Policy, wish: ReassessEffectiveness, given: Given) -> Sequence[object]:
    """The other answers stay as they were; another effect may lead to another branch."""
    on = in_force(policy, wish.on, given)
    require_assessed(policy)
    again = EffectivenessReassessed(policy_id=policy.id, effective=wish.effective, reasons=wish.reasons, on=on)
    branch = branch_of(replace(policy, effective=wish.effective))
    if branch is policy.branch:
        return [again]
    return [again, changed(policy, branch, BranchCause.REASSESSMENT, wish.reasons, on, review_day(None, on, branch))]


def correct(policy: Policy, wish: CorrectPolicy, given: Given) -> Sequence[object]:
    """A policy is the act of another, and its entry can be wrong at any time."""
    registered(policy)
    return [PolicyCorrected(policy_id=policy.id, **correction(policy, wish, ENTERED))]


WISHES: dict[type, Any] = {
    RegisterPolicy: register,
    AssessPolicy: assess,
    OverrideBranch: override,
    ProposePolicyText: propose_text,
    RecordEnactment: enact,
    RecordAmendment: amend,
    RecordRevocation: revoke,
    RecordReplacement: put_in_place,
    RecordEnforcementMeasure: measure,
    ReassessEffectiveness: reassess,
    CorrectPolicy: correct,
}


def holds(policy: Policy) -> frozenset[str]:
    """A policy is in the inventory once, by its form and official number."""
    number = " ".join(policy.number.split()).casefold()
    return frozenset({f"policy-number:{policy.instrument}:{number}"}) if number else frozenset()


def waiting(policy: Policy) -> Sequence[Waits]:
    """An assessment, when there is none, when government has acted since, or when an adequate policy is to be reviewed."""
    if policy.status is None:
        return []
    if policy.branch is None or policy.outdated:
        return [Waits("secretariat", AssessPolicy)]
    return [Waits("secretariat", AssessPolicy, policy.review_on)] if policy.review_on else []


def relations(policy: Policy, actor: Actor) -> frozenset[str]:
    """`owner`: of the agency that answers for the policy."""
    return frozenset({"owner"} if policy.owner_id is not None and actor.organisation == policy.owner_id else ())


policy = Decider("policy", Policy(), decide, evolve, holds, waiting=waiting, relations=relations)
