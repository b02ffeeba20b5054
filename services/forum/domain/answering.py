"""An issued recommendation and its addressees: they acknowledge it and answer it, each within its days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.forum.domain.recommendation import (
    AcknowledgementMissed,
    Recommendation,
    RecommendationAcknowledged,
    RecommendationIssued,
    RecommendationResponded,
    ResponseMissed,
)
from services.forum.domain.rules import speaks_for
from services.forum.domain.terms import FOLLOWED, Answer, Criteria, PlannedAction, Source, Status, hash_of
from shared.decider import Given
from shared.errors import BrokenRule, WrongState
from shared.facts import command, numbered, several
from shared.facts import text as words
from shared.rules import act_of_another, happened, of_the_province

ANSWER_WITHIN, ACKNOWLEDGE_WITHIN = 14, 3  # working days


@command
class IssueRecommendation:
    """The chair issues an endorsed recommendation."""

    criteria: Criteria
    on: date | None = None


@command
class AcknowledgeRecommendation:
    """An addressee confirms that it holds the recommendation."""

    addressee: UUID
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class MarkAcknowledgementMissed:
    """The days for acknowledging have passed; only the clock says so."""


@command
class RespondRecommendation:
    """An addressee accepts the recommendation with actions and dates, or gives its reasons against it."""

    addressee: UUID
    answer: Answer
    reasons: str | None = words(3, 4000, multiline=True, default=None)
    actions: tuple[PlannedAction, ...] = several(0, 50, default=())
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class MarkResponseMissed:
    """The days for answering have passed; only the clock says so."""


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
