"""A recommendation: formal advice of the working group to those who can act on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from services.forum.domain.rules import act_of_another, happened, known_organisations, of_the_province, once
from services.forum.domain.terms import (
    Affair,
    Answer,
    Basis,
    BasisKind,
    Criteria,
    PlannedAction,
    Source,
    Status,
    hash_of,
)
from shared.decider import Decider, Ended, Given, Timer
from shared.errors import BrokenRule, UnknownReference, WrongState
from shared.facts import INTERAGENCY, PUBLIC, area_code, command, fact, numbered, several
from shared.facts import text as words

ANSWER_WITHIN, ACKNOWLEDGE_WITHIN = 14, 3  # working days
ACKNOWLEDGEMENT_DUE = "acknowledgement-due"
NOBODY = UUID(int=0)


@fact(visibility=INTERAGENCY)
class RecommendationDrafted:
    """A recommendation was drafted, or its draft written anew; addressees and affairs may still be open."""

    recommendation_id: UUID
    issue: str
    basis: tuple[Basis, ...]
    text: str
    addressees: tuple[UUID, ...]
    affairs: tuple[Affair, ...]
    area_codes: tuple[str, ...]


@fact(visibility=INTERAGENCY)
class RecommendationEndorsed:
    """The text was endorsed, by a decision or urgently with the steering team's consent, and is fixed from now on."""

    recommendation_id: UUID
    decision: str | None
    steering_consent: Source | None
    on: date


@fact(visibility=PUBLIC)
class RecommendationIssued:
    """A recommendation was issued to its addressees, who answer by the day it names."""

    recommendation_id: UUID
    number: str
    issue: str
    basis: tuple[Basis, ...]
    text: str
    addressees: tuple[UUID, ...]
    affairs: tuple[Affair, ...]
    area_codes: tuple[str, ...]
    criteria: Criteria
    on: date
    acknowledge_by: date
    response_due: date
    document_hash: str


@fact(visibility=PUBLIC)
class RecommendationAcknowledged:
    """An addressee confirmed that it holds the recommendation."""

    recommendation_id: UUID
    addressee: UUID
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=INTERAGENCY)
class AcknowledgementMissed:
    """The days for acknowledging a recommendation went by without a word from these addressees."""

    recommendation_id: UUID
    silent: tuple[UUID, ...]
    due: date


@fact(visibility=PUBLIC)
class RecommendationResponded:
    """An addressee said whether it follows the recommendation, why not, and what it will do by when."""

    recommendation_id: UUID
    addressee: UUID
    answer: Answer
    reasons: str | None
    actions: tuple[PlannedAction, ...]
    late: bool
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=PUBLIC)
class OutcomeReviewed:
    """The outcome of a recommendation was reviewed, months after it was carried out: whether it lasts, and what was learnt."""

    recommendation_id: UUID
    months: int
    sustained: bool
    change: str
    lesson: str
    on: date


@command
class DraftRecommendation:
    """Draft a recommendation; addressees and affairs may still be left open."""

    issue: str = words(5, 300)
    basis: tuple[Basis, ...] = several(1, 20)
    text: str = words(10, 20000, multiline=True)
    addressees: tuple[UUID, ...] = several(0, 50, default=())
    affairs: tuple[Affair, ...] = several(0, 5, default=())
    area_codes: tuple[str, ...] = area_code(default=())


@command
class ReviseRecommendation:
    """Write a draft anew and name what was left open."""

    issue: str = words(5, 300)
    basis: tuple[Basis, ...] = several(1, 20)
    text: str = words(10, 20000, multiline=True)
    addressees: tuple[UUID, ...] = several(0, 50, default=())
    affairs: tuple[Affair, ...] = several(0, 5, default=())
    area_codes: tuple[str, ...] = area_code(default=())


@command
class EndorseRecommendation:
    """The chair endorses the text on a decision of a meeting, or urgently with the steering team's consent."""

    decision: str | None = words(1, 120, default=None)
    steering_consent: Source | None = None
    on: date | None = None


@command
class IssueRecommendation:
    """The chair issues an endorsed recommendation."""

    criteria: Criteria


@command
class AcknowledgeRecommendation:
    """An addressee confirms that it holds the recommendation."""

    addressee: UUID
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class MarkAcknowledgementMissed:
    """The days for acknowledging have passed; only the clock says so."""


@dataclass(frozen=True)
class Recommendation:
    """What the rules of a recommendation need to remember; it stays issued when all have acknowledged."""

    id: UUID = NOBODY
    status: Status | None = None
    content: RecommendationDrafted | None = None
    addressees: tuple[UUID, ...] = ()
    acknowledged: frozenset[UUID] = frozenset()
    issued_on: date = date.min
    acknowledge_by: date = date.max
    missed: bool = False

    @property
    def silent(self) -> tuple[UUID, ...]:
        """The addressees that have not acknowledged."""
        return tuple(one for one in self.addressees if one not in self.acknowledged)


def decide(state: Recommendation, command: Any, given: Given) -> Sequence[Any]:
    """The facts that a wish about a recommendation makes."""
    match command:
        case DraftRecommendation():
            if state.status:
                raise WrongState("recommendation-already-drafted")
            require_content(command, given)
            return [RecommendationDrafted(recommendation_id=given.new_id(0), **vars(command))]
        case ReviseRecommendation():
            return revise(state, command, given)
        case EndorseRecommendation():
            return endorse(state, command, given)
        case IssueRecommendation():
            return issue(state, command, given)
        case AcknowledgeRecommendation():
            return acknowledge(state, command, given)
        case MarkAcknowledgementMissed():
            return mark_missed(state, given)
    raise TypeError(f"a recommendation knows no {type(command).__name__}")


def require_content(wish: DraftRecommendation | ReviseRecommendation, given: Given) -> None:
    """`given.known["basis"]` holds what was found of the advocacies and cases that it rests on."""
    once(wish.basis, "/basis")
    for n, basis in enumerate(wish.basis):
        if basis.kind in (BasisKind.ADVOCACY, BasisKind.CASE) and basis not in given.known["basis"]:
            raise UnknownReference("unknown-case" if basis.kind is BasisKind.CASE else "unknown-advocacy", f"/basis/{n}/ref")
    once(wish.addressees, "/addressees")
    known_organisations(wish.addressees, given, "/addressees")
    once(wish.affairs, "/affairs")
    once(wish.area_codes, "/area_codes")
    for n, code in enumerate(wish.area_codes):
        of_the_province(code, given, f"/area_codes/{n}")


def revise(state: Recommendation, wish: ReviseRecommendation, given: Given) -> Sequence[Any]:
    """A draft is open until it is endorsed; the same words again are nothing new."""
    if state.status is None:
        raise WrongState("recommendation-not-drafted")
    if state.status is not Status.DRAFTED:
        raise WrongState("text-already-endorsed")
    require_content(wish, given)
    revised = RecommendationDrafted(recommendation_id=state.id, **vars(wish))
    return [] if revised == state.content else [revised]


def endorse(state: Recommendation, wish: EndorseRecommendation, given: Given) -> Sequence[Any]:
    """What is endorsed is complete, and rests on exactly one ground."""
    if state.status is None or state.content is None:
        raise WrongState("recommendation-not-drafted")
    if state.status is not Status.DRAFTED:
        raise WrongState("text-already-endorsed")
    if (wish.decision is None) is (wish.steering_consent is None):
        raise BrokenRule("endorsement-needs-one-ground", "/decision")
    if not state.content.addressees:
        raise BrokenRule("addressees-missing")
    if not state.content.affairs:
        raise BrokenRule("affairs-missing")
    on, consent = happened(wish.on, given), wish.steering_consent
    if consent:
        happened(consent.date, given, "/steering_consent/date")
    return [RecommendationEndorsed(recommendation_id=state.id, decision=wish.decision, steering_consent=consent, on=on)]


def issue(state: Recommendation, wish: IssueRecommendation, given: Given) -> Sequence[Any]:
    """It gets its number, its days of answer, and the hash of what stands in it."""
    if state.status is Status.ISSUED:
        raise WrongState("recommendation-already-issued")
    if state.status is not Status.ENDORSED or state.content is None:
        raise WrongState("recommendation-not-endorsed")
    of_the_province(wish.criteria.need.area_code, given, "/criteria/need/area_code")
    document = {**vars(state.content), "criteria": wish.criteria, "on": given.today}
    return [
        RecommendationIssued(
            number=numbered("REK", given.today.year),
            acknowledge_by=given.workdays.after(given.today, ACKNOWLEDGE_WITHIN),
            response_due=given.workdays.after(given.today, ANSWER_WITHIN),
            document_hash=hash_of(document),
            **document,
        )
    ]


def acknowledge(state: Recommendation, wish: AcknowledgeRecommendation, given: Given) -> Sequence[Any]:
    """Each addressee acknowledges once; late is better than never."""
    if state.status is not Status.ISSUED:
        raise WrongState("recommendation-not-issued")
    if wish.addressee in state.acknowledged:
        return []
    if not state.silent:
        raise WrongState("all-have-acknowledged")
    if wish.addressee not in state.addressees:
        raise BrokenRule("not-an-addressee", "/addressee")
    on = happened(wish.on, given)
    if on < state.issued_on:
        raise BrokenRule("acknowledged-before-issued", "/on")
    source = act_of_another(wish.on_behalf_of, given)
    return [RecommendationAcknowledged(recommendation_id=state.id, addressee=wish.addressee, on=on, on_behalf_of=source)]


def mark_missed(state: Recommendation, given: Given) -> Sequence[Any]:
    """Said once, and only when the day is over and somebody is still silent."""
    if state.status is not Status.ISSUED:
        raise WrongState("recommendation-not-issued")
    if state.missed or not state.silent:
        return []
    if given.today <= state.acknowledge_by:
        raise BrokenRule("acknowledgement-not-yet-due", due=state.acknowledge_by)
    return [AcknowledgementMissed(recommendation_id=state.id, silent=state.silent, due=state.acknowledge_by)]


def evolve(state: Recommendation, fact: Any) -> Recommendation:
    """The recommendation after a fact."""
    match fact:
        case RecommendationDrafted():
            return Recommendation(fact.recommendation_id, Status.DRAFTED, fact, fact.addressees)
        case RecommendationEndorsed():
            return replace(state, status=Status.ENDORSED)
        case RecommendationIssued():
            return replace(state, status=Status.ISSUED, issued_on=fact.on, acknowledge_by=fact.acknowledge_by)
        case RecommendationAcknowledged():
            return replace(state, acknowledged=state.acknowledged | {fact.addressee})
        case AcknowledgementMissed():
            return replace(state, missed=True)
    return state


def timers(state: Recommendation, fact: Any, given: Given) -> Sequence[Timer | Ended]:
    """Issuing starts the days for acknowledging; the last acknowledgement ends them."""
    match fact:
        case RecommendationIssued():
            # Midnight UTC is the next morning in all three zones of Indonesia: the day itself is over everywhere.
            due = datetime.combine(fact.acknowledge_by + timedelta(days=1), time(), UTC)
            return [Timer(ACKNOWLEDGEMENT_DUE, due, MarkAcknowledgementMissed())]
        case RecommendationAcknowledged() if not state.silent and not state.missed:
            return [Ended(ACKNOWLEDGEMENT_DUE)]
    return []


recommendation = Decider("recommendation", Recommendation(), decide, evolve, timers=timers)
