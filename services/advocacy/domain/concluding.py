"""How an advocacy ends, and what proves its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NoReturn

from services.advocacy.domain.advocacy import Advocacy, AdvocacyConcluded, AdvocacyReopened, AdvocacyWithdrawn, LeadVacated
from services.advocacy.domain.pursuing import since_raising
from services.advocacy.domain.rules import require
from services.advocacy.domain.terms import AT_WORK, Branch, Kind, Outcome, Status, Vacancy
from shared.decider import Given
from shared.errors import BrokenRule
from shared.facts import command, text

HIGH_TO_LOW = (Outcome.ACHIEVED, Outcome.PARTIALLY_ACHIEVED, Outcome.NOT_ACHIEVED)


@command
class ConcludeAdvocacy:
    """The chair concludes the advocacy with an outcome that can be proven."""

    outcome: Outcome
    lessons: str = text(10, 4000, multiline=True)
    on: date | None = None


@command
class ReopenAdvocacy:
    """The chair reopens a concluded advocacy."""

    reason: str = text(5, 2000, multiline=True)


@command
class WithdrawAdvocacy:
    """Give an advocacy up that was raised."""

    reason: str = text(5, 2000, multiline=True)


def conclude(advocacy: Advocacy, wish: ConcludeAdvocacy, given: Given) -> Sequence[object]:
    """The chair may say less than is proven, never more; the three principles are assessed at the end."""
    require(advocacy.status, "not-in-progress", Status.IN_PROGRESS)
    if not advocacy.assessed:
        raise BrokenRule("governance-not-assessed")
    on = since_raising(advocacy, wish.on, given)
    proven(advocacy, wish.outcome, given)
    return [AdvocacyConcluded(advocacy_id=advocacy.id, outcome=wish.outcome, lessons=wish.lessons, on=on)]


def proven(advocacy: Advocacy, outcome: Outcome, given: Given) -> None:
    """Raises BrokenRule unless the kind's proof carries the outcome; `given.known["policy"]` is the inventory's row."""
    if outcome is Outcome.NOT_ACHIEVED:
        return
    if advocacy.kind is Kind.BUDGET:
        raise BrokenRule("budget-figures-not-recorded", "/outcome")
    if advocacy.kind is Kind.AWARENESS:
        raise BrokenRule("campaign-not-recorded", "/outcome")
    row = given.known["policy"] if advocacy.policy_id else None
    if row is None or advocacy.branch is None:
        raise BrokenRule("policy-not-in-inventory", "/outcome")
    reached = supported(advocacy.branch, row, advocacy.raised_on)
    if HIGH_TO_LOW.index(outcome) < HIGH_TO_LOW.index(reached):
        unproven(advocacy.branch)


def supported(branch: Branch, row: Any, since: date) -> Outcome:
    """The best outcome that the inventory's row proves by what happened from the day `since` on."""

    def happened_by(day: date | None) -> bool:
        return day is not None and day >= since

    full, part = {
        Branch.CREATE: (happened_by(row.enacted_on), happened_by(row.text_on)),
        Branch.IMPROVE: (
            happened_by(row.amended_on) or (happened_by(row.text_on) and happened_by(row.enacted_on)),
            happened_by(row.text_on),
        ),
        Branch.ENFORCE: (
            happened_by(row.measure_on) and bool(row.effective) and happened_by(row.reassessed_on),
            happened_by(row.measure_on),
        ),
        Branch.REVOKE_REPLACE: (happened_by(row.revoked_on) and happened_by(row.replaced_on), happened_by(row.revoked_on)),
        Branch.NONE: (False, False),
    }[branch]
    return Outcome.ACHIEVED if full else Outcome.PARTIALLY_ACHIEVED if part else Outcome.NOT_ACHIEVED


def unproven(branch: Branch) -> NoReturn:
    """Says what the inventory lacks."""
    if branch is Branch.CREATE:
        raise BrokenRule("enactment-not-recorded", "/outcome")
    if branch is Branch.IMPROVE:
        raise BrokenRule("amendment-not-recorded", "/outcome")
    if branch is Branch.ENFORCE:
        raise BrokenRule("enforcement-not-proven", "/outcome")
    raise BrokenRule("revocation-and-replacement-not-recorded", "/outcome")


def withdraw(advocacy: Advocacy, wish: WithdrawAdvocacy, given: Given) -> Sequence[object]:
    """What was raised may be given up; its number stays used."""
    require(advocacy.status, "not-raised", *AT_WORK)
    return [AdvocacyWithdrawn(advocacy_id=advocacy.id, reason=wish.reason)]


def reopen(advocacy: Advocacy, wish: ReopenAdvocacy, given: Given) -> Sequence[object]:
    """It goes on under its number, with another final assessment to come; a lead that is gone meanwhile is missed.

    `given.known["lead"]` is the row of the member that led it.
    """
    require(advocacy.status, "not-concluded", Status.CONCLUDED)
    reopened = AdvocacyReopened(advocacy_id=advocacy.id, reason=wish.reason)
    lead = given.known["lead"]
    if advocacy.lead_id is None or advocacy.lead_vacant or lead is None or lead.active:
        return [reopened]
    return [reopened, LeadVacated(advocacy_id=advocacy.id, lead_id=advocacy.lead_id, reason=Vacancy(lead.vacancy))]
