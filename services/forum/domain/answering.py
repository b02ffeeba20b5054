"""What becomes of an issued recommendation: acknowledged, answered, carried out, reviewed, or superseded by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.forum.domain.recommendation import (
    AcknowledgementMissed,
    AcknowledgeRecommendation,
    AddresseeReplaced,
    ImplementationReported,
    IssueRecommendation,
    MarkAcknowledgementMissed,
    MarkResponseMissed,
    MarkReviewDue,
    OutcomeReviewed,
    Recommendation,
    RecommendationAcknowledged,
    RecommendationIssued,
    RecommendationResponded,
    RecommendationSuperseded,
    ReplaceAddressee,
    ReportImplementation,
    RespondRecommendation,
    ResponseMissed,
    ReviewDue,
    ReviewOutcome,
    SupersedeRecommendation,
)
from services.forum.domain.rules import act_of_another, happened, known_organisations, of_the_province, speaks_for
from services.forum.domain.terms import CONCLUDED, FOLLOWED, REVIEWS, Answer, Progress, Status, hash_of, months_after
from shared.decider import Given
from shared.errors import BrokenRule, UnknownReference, WrongState
from shared.facts import numbered

ANSWER_WITHIN, ACKNOWLEDGE_WITHIN = 14, 3  # working days


def issue(state: Recommendation, wish: IssueRecommendation, given: Given) -> Sequence[Any]:
    """It gets its number, its days of answer, and the hash of what stands in it."""
    if state.is_out or state.status is Status.SUPERSEDED:
        raise WrongState("recommendation-already-issued")
    if state.status is not Status.ENDORSED or state.content is None:
        raise WrongState("recommendation-not-endorsed")
    on = happened(wish.on, given)
    if on < state.endorsed_on:
        raise BrokenRule("issued-before-endorsed", "/on")
    of_the_province(wish.criteria.need.area_code, given, "/criteria/need/area_code")
    said = {name: value for name, value in vars(state.content).items() if name != "drafted_by"}
    document = {**said, "criteria": wish.criteria, "on": on}
    return [
        RecommendationIssued(
            number=numbered("REK", given.today.year),
            acknowledge_by=given.workdays.after(on, ACKNOWLEDGE_WITHIN),
            response_due=given.workdays.after(on, ANSWER_WITHIN),
            document_hash=hash_of(document),
            **document,
        )
    ]


def require_out(state: Recommendation) -> None:
    """Only what is issued and in force is answered."""
    if state.status is Status.SUPERSEDED:
        raise WrongState("recommendation-superseded")
    if not state.is_out:
        raise WrongState("recommendation-not-issued")


def acknowledge(state: Recommendation, wish: AcknowledgeRecommendation, given: Given) -> Sequence[Any]:
    """Each addressee acknowledges once; late is better than never."""
    require_out(state)
    if wish.addressee in state.acknowledged:
        return []
    if not state.silent:
        raise WrongState("all-have-acknowledged")
    on = act_of_addressee(state, wish.addressee, wish.on, given)
    source = act_of_another(wish.on_behalf_of, given)
    return [RecommendationAcknowledged(recommendation_id=state.id, addressee=wish.addressee, on=on, on_behalf_of=source)]


def act_of_addressee(state: Recommendation, addressee: UUID, on: date | None, given: Given) -> date:
    """The day of an addressee's act, which is its own or the secretariat's for it, and not before the issue."""
    if addressee not in state.addressees:
        raise BrokenRule("not-an-addressee", "/addressee")
    speaks_for(addressee, given, "/addressee")
    day = happened(on, given)
    if day < state.issued_on:
        raise BrokenRule("answered-before-issued", "/on")
    return day


def mark_missed(state: Recommendation, wish: MarkAcknowledgementMissed, given: Given) -> Sequence[Any]:
    """Said once, and only when the day is over and somebody is still silent."""
    require_out(state)
    if state.missed or not state.silent:
        return []
    if given.today <= state.acknowledge_by:
        raise BrokenRule("acknowledgement-not-yet-due", due=state.acknowledge_by)
    return [AcknowledgementMissed(recommendation_id=state.id, silent=state.silent, due=state.acknowledge_by)]


def respond(state: Recommendation, wish: RespondRecommendation, given: Given) -> Sequence[Any]:
    """Whoever accepts says what it will do by when, whoever does not says why; an answer acknowledges, too."""
    require_out(state)
    said = state.responses.get(wish.addressee)
    if said and (said.answer, said.reasons, said.actions) == (wish.answer, wish.reasons, wish.actions):
        return []
    if not state.unanswered:
        raise WrongState("all-have-responded")
    on = act_of_addressee(state, wish.addressee, wish.on, given)
    if said:
        raise BrokenRule("already-responded", "/addressee")
    require_answer(wish, on)
    common: dict[str, Any] = {"recommendation_id": state.id, "addressee": wish.addressee, "on": on}
    common["on_behalf_of"] = act_of_another(wish.on_behalf_of, given)
    held = [] if wish.addressee in state.acknowledged else [RecommendationAcknowledged(**common)]
    late = on > state.response_due
    answer = RecommendationResponded(answer=wish.answer, reasons=wish.reasons, actions=wish.actions, late=late, **common)
    return [*held, answer]


def require_answer(wish: RespondRecommendation, on: date) -> None:
    """Reasons for what is not followed, actions with dates for what is."""
    if wish.answer is not Answer.ACCEPTED and not wish.reasons:
        raise BrokenRule("reasons-missing", "/reasons")
    if wish.answer in FOLLOWED and not wish.actions:
        raise BrokenRule("actions-missing", "/actions")
    if wish.answer is Answer.REJECTED and wish.actions:
        raise BrokenRule("rejected-with-actions", "/actions")
    for n, action in enumerate(wish.actions):
        if action.due < on:
            raise BrokenRule("action-due-before-answer", f"/actions/{n}/due")


def mark_unanswered(state: Recommendation, wish: MarkResponseMissed, given: Given) -> Sequence[Any]:
    """Said once, and only when the day is over and an answer is missing."""
    require_out(state)
    if state.response_missed or not state.unanswered:
        return []
    if given.today <= state.response_due:
        raise BrokenRule("response-not-yet-due", due=state.response_due)
    return [ResponseMissed(recommendation_id=state.id, silent=state.unanswered, due=state.response_due)]


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
