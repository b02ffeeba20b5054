"""What becomes of the promises: reported, reviewed months later, taken over by a successor, or superseded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.forum.domain.answering import act_of_addressee, require_out
from services.forum.domain.recommendation import (
    AddresseeReplaced,
    ImplementationReported,
    OutcomeReviewed,
    Recommendation,
    RecommendationSuperseded,
    ReviewDue,
)
from services.forum.domain.rules import known_organisations
from services.forum.domain.terms import CONCLUDED, FOLLOWED, REVIEWS, Progress, Source, months_after
from shared.decider import Given
from shared.errors import BrokenRule, UnknownReference, WrongState
from shared.facts import amount, command
from shared.facts import text as words
from shared.rules import act_of_another, happened


@command
class ReportImplementation:
    """An addressee reports how far it has come with what it promised."""

    addressee: UUID
    progress: Progress
    report: str = words(3, 4000, multiline=True)
    evidence: Source | None = None
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class MarkReviewDue:
    """The day of a review has come; only the clock says so."""

    months: int = amount(1, 60)


@command
class ReviewOutcome:
    """The secretariat reviews the outcome, 6 and 12 months after it was carried out."""

    months: int = amount(1, 60)
    sustained: bool
    change: str = words(3, 2000, multiline=True)
    lesson: str = words(3, 2000, multiline=True)
    on: date | None = None


@command
class ReplaceAddressee:
    """Let the successor of an addressee that is no member any more answer in its place, or nobody."""

    addressee: UUID
    successor: UUID | None = None
    on: date | None = None


@command
class SupersedeRecommendation:
    """Let another issued recommendation take the place of this one."""

    by: UUID
    reason: str = words(3, 2000, multiline=True)
    on: date | None = None


def report(state: Recommendation, wish: ReportImplementation, given: Given) -> Sequence[Any]:
    """Whoever promised to act reports until it is done or given up; what is done is shown."""
    require_out(state)
    if not state.following:
        raise WrongState("nothing-to-implement")
    on = act_of_addressee(state, wish.addressee, wish.on, given)
    said = state.responses.get(wish.addressee)
    if said is None or said.answer not in FOLLOWED:
        raise BrokenRule("addressee-promised-nothing", "/addressee")
    if wish.addressee not in state.following:
        raise BrokenRule("implementation-already-concluded", "/addressee")
    before = state.reports.get(wish.addressee, said)
    if on < before.on:
        raise BrokenRule("reported-before-answered", "/on")
    if wish.progress is Progress.DONE and wish.evidence is None:
        raise BrokenRule("evidence-missing", "/evidence")
    if wish.evidence:
        happened(wish.evidence.date, given, "/evidence/date")
    told = {**vars(wish), "on": on, "on_behalf_of": act_of_another(wish.on_behalf_of, given)}
    return [ImplementationReported(recommendation_id=state.id, **told)]


def require_review(state: Recommendation, months: int) -> date:
    """The day of a review, which is counted from the day on which all that was promised was done or given up."""
    require_out(state)
    if state.concluded_on is None:
        raise WrongState("implementation-not-concluded")
    if set(REVIEWS) <= set(state.reviews):
        raise WrongState("outcome-already-reviewed")
    if months not in REVIEWS:
        raise BrokenRule("not-a-month-of-review", "/months")
    return months_after(state.concluded_on, months)


def mark_review(state: Recommendation, wish: MarkReviewDue, given: Given) -> Sequence[Any]:
    """Said once, and not when the review has been made before."""
    due = require_review(state, wish.months)
    if wish.months in state.reviews_marked or wish.months in state.reviews:
        return []
    if given.today < due:
        raise BrokenRule("review-not-yet-due", due=due)
    return [ReviewDue(recommendation_id=state.id, months=wish.months, due=due)]


def review(state: Recommendation, wish: ReviewOutcome, given: Given) -> Sequence[Any]:
    """An outcome is reviewed when it has had the time to last or not."""
    due, on = require_review(state, wish.months), happened(wish.on, given)
    if wish.months in state.reviews:
        raise BrokenRule("already-reviewed", "/months")
    if on < due:
        raise BrokenRule("review-not-yet-due", "/on", due=due)
    return [OutcomeReviewed(recommendation_id=state.id, **{**vars(wish), "on": on})]


def replace_addressee(state: Recommendation, wish: ReplaceAddressee, given: Given) -> Sequence[Any]:
    """What an addressee owes moves on to its successor, as long as it owes anything."""
    require_out(state)
    if wish.addressee not in state.addressees:
        return []
    said = state.reports.get(wish.addressee)
    if said and said.progress in CONCLUDED:
        return []
    if wish.successor == wish.addressee:
        raise BrokenRule("succeeds-itself", "/successor")
    if wish.successor:
        known_organisations((wish.successor,), given, "/successor")
    on = happened(wish.on, given)
    if on < state.issued_on:
        raise BrokenRule("answered-before-issued", "/on")
    return [AddresseeReplaced(recommendation_id=state.id, addressee=wish.addressee, successor=wish.successor, on=on)]


def supersede(state: Recommendation, wish: SupersedeRecommendation, given: Given) -> Sequence[Any]:
    """Another one must be out; `given.known["successor"]` is its number, "" before its issue, None when it is not known."""
    require_out(state)
    if wish.by == state.id:
        raise BrokenRule("supersedes-itself", "/by")
    number = given.known["successor"]
    if number is None:
        raise UnknownReference("unknown-recommendation", "/by")
    if not number:
        raise BrokenRule("successor-not-issued", "/by")
    on = happened(wish.on, given)
    if on < state.issued_on:
        raise BrokenRule("answered-before-issued", "/on")
    return [RecommendationSuperseded(recommendation_id=state.id, by=wish.by, by_number=number, reason=wish.reason, on=on)]
