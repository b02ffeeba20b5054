"""A request for mediation: somebody says what happened, and within five working days it becomes a case or is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.mediation.domain.terms import Source, Venue
from services.mediation.domain.tracking import tracking_code
from shared.decider import Actor, Decider, Ended, Given, Timer, Waits
from shared.errors import BrokenRule, UnknownReference, WrongState
from shared.facts import RESTRICTED, area_code, command, fact, personal, text
from shared.rules import Entered, corrected, correction, happened, of_the_province, on_behalf, over_after


class RequestStage(StrEnum):
    """How far a request for mediation is."""

    RECEIVED = "received"
    TURNED_INTO_CASE = "turned_into_case"
    ANSWERED = "answered"


class RequestOrigin(StrEnum):
    """From where a request came."""

    PUBLIC = "public"
    ASPIRATION = "aspiration"
    PEER_PROVINCE = "peer_province"


class RequestField(StrEnum):
    """What of a request may be corrected; what its sender said is the sender's own."""

    AREA_CODE = "area_code"


ANSWER_WITHIN = 5  # working days
ANSWER_DUE = "answer-due"
NOBODY = UUID(int=0)


@fact(visibility=RESTRICTED)
class MediationRequested:
    """Somebody asked for mediation; what is said and by whom is encrypted, the requester goes on by the tracking code."""

    request_id: UUID
    tracking_code: str
    what_happened: str = personal(of="request_id", least=10, most=4000)
    against: str = personal(of="request_id", least=2, most=500)
    contact: str = personal(of="request_id", least=3)
    area_code: str = area_code()
    origin: RequestOrigin
    origin_ref: str | None
    answer_by: date
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class RequestTurnedIntoCase:
    """The request became a case."""

    request_id: UUID
    case_id: UUID
    case_number: str
    on: date


@fact(visibility=RESTRICTED)
class RequestAnswered:
    """The request was answered without a case, with a word on where else to go."""

    request_id: UUID
    answer: str
    venue: Venue | None
    on: date


@fact(visibility=RESTRICTED)
class RequestOverdue:
    """The days for answering a request went by."""

    request_id: UUID
    due: date


@fact(visibility=RESTRICTED)
class RequestCorrected:
    """Where a request is from was corrected: what stood there, what stands there now, and why."""

    request_id: UUID
    field: RequestField
    old: str
    new: str
    reason: str


@command
class RequestMediation:
    """Ask for mediation: what happened, where, against whom, and how you can be reached."""

    what_happened: str = text(10, 4000, multiline=True)
    against: str = text(2, 500)
    contact: str = text(3, 200)
    area_code: str = area_code()
    origin: RequestOrigin = RequestOrigin.PUBLIC
    origin_ref: str | None = text(1, 120, default=None)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class TurnIntoCase:
    """Say which case the request has become."""

    case_id: UUID
    on: date | None = None


@command
class AnswerRequest:
    """Answer the request without a case, and say where else to go."""

    answer: str = text(10, 4000, multiline=True)
    venue: Venue | None = None
    on: date | None = None


@command
class CorrectRequest:
    """The secretariat corrects the area that a request is from."""

    field: RequestField
    value: str = text(1, 20)
    reason: str = text(3, 2000, multiline=True)


@command
class MarkRequestOverdue:
    """The days for answering have passed; only the clock says so."""


@dataclass(frozen=True)
class Request:
    """What the rules of a request need to remember."""

    id: UUID = NOBODY
    stage: RequestStage | None = None
    requested_on: date = date.min
    answer_by: date = date.max
    overdue: bool = False
    area_code: str = ""


def decide(state: Request, command: Any, given: Given) -> Sequence[Any]:
    """The facts that a wish about a request makes."""
    match command:
        case RequestMediation():
            return receive(state, command, given)
        case TurnIntoCase():
            return turn(state, command, given)
        case AnswerRequest():
            require_waiting(state)
            on = day_of(state, command.on, given)
            return [RequestAnswered(request_id=state.id, answer=command.answer, venue=command.venue, on=on)]
        case CorrectRequest():
            return correct(state, command, given)
        case MarkRequestOverdue():
            return mark_overdue(state, given)
    raise TypeError(f"a request knows no {type(command).__name__}")


def receive(state: Request, wish: RequestMediation, given: Given) -> Sequence[Any]:
    """Everybody may ask; who hands it on says from where it comes."""
    if state.stage:
        raise WrongState("request-already-received")
    on = day_of(state, wish.on, given)
    of_the_province(wish.area_code, given, "/area_code")
    if wish.origin is not RequestOrigin.PUBLIC and not wish.origin_ref:
        raise BrokenRule("origin-without-reference", "/origin_ref")
    on_behalf(wish.on_behalf_of, given)
    code, due = tracking_code(given.new_id(1)), given.workdays.after(on, ANSWER_WITHIN)
    told = {**vars(wish), "on": on}
    return [MediationRequested(request_id=given.new_id(0), tracking_code=code, answer_by=due, **told)]


def day_of(state: Request, on: date | None, given: Given) -> date:
    """The day of an act: today when nothing else is said, not to come, and not before the request."""
    day = happened(on, given)
    if day < state.requested_on:
        raise BrokenRule("before-the-request", "/on")
    return day


def require_waiting(state: Request) -> None:
    """A request is answered once."""
    if state.stage is None:
        raise WrongState("request-not-received")
    if state.stage is not RequestStage.RECEIVED:
        raise WrongState("request-already-answered")


def turn(state: Request, wish: TurnIntoCase, given: Given) -> Sequence[Any]:
    """The case was registered for this request: `given.known["case"]` is (number, its request) or None."""
    require_waiting(state)
    found: tuple[str, UUID | None] | None = given.known["case"]
    if found is None:
        raise UnknownReference("unknown-case", "/case_id")
    number, request_id = found
    if request_id != state.id:
        raise BrokenRule("case-of-another-request", "/case_id")
    on = day_of(state, wish.on, given)
    return [RequestTurnedIntoCase(request_id=state.id, case_id=wish.case_id, case_number=number, on=on)]


ENTERED: Entered = {RequestField.AREA_CODE: (RequestMediation, "area_code")}


def correct(state: Request, wish: CorrectRequest, given: Given) -> Sequence[Any]:
    """As long as it waits; it comes from the province, wherever in it."""
    require_waiting(state)
    told = correction(state, wish, ENTERED)
    of_the_province(told["new"], given, "/value")
    return [RequestCorrected(request_id=state.id, **told)]


def mark_overdue(state: Request, given: Given) -> Sequence[Any]:
    """Said once, when the day is over and nobody has answered."""
    require_waiting(state)
    if state.overdue:
        return []
    if given.today <= state.answer_by:
        raise BrokenRule("answer-not-yet-due", due=state.answer_by)
    return [RequestOverdue(request_id=state.id, due=state.answer_by)]


def evolve(state: Request, fact: Any) -> Request:
    """The request after a fact."""
    match fact:
        case MediationRequested():
            return Request(fact.request_id, RequestStage.RECEIVED, fact.on, fact.answer_by, area_code=fact.area_code)
        case RequestCorrected():
            return corrected(state, fact)
        case RequestTurnedIntoCase():
            return replace(state, stage=RequestStage.TURNED_INTO_CASE)
        case RequestAnswered():
            return replace(state, stage=RequestStage.ANSWERED)
        case RequestOverdue():
            return replace(state, overdue=True)
    return state


def timers(state: Request, fact: Any, given: Given) -> Sequence[Timer | Ended]:
    """A request starts its days, whatever answers it ends them."""
    match fact:
        case MediationRequested():
            return [Timer(ANSWER_DUE, over_after(fact.answer_by, given.today), MarkRequestOverdue())]
        case RequestTurnedIntoCase() | RequestAnswered():
            return [Ended(ANSWER_DUE)]
    return []


def waiting(state: Request) -> Sequence[Waits]:
    """A request waits for the secretariat."""
    return [Waits("secretariat", AnswerRequest, state.answer_by)] if state.stage is RequestStage.RECEIVED else []


def relations(state: Request, actor: Actor) -> frozenset[str]:
    """Nobody's account is tied to a request: whoever asked goes on by the tracking code."""
    return frozenset()


mediation_request = Decider("mediation_request", Request(), decide, evolve, timers=timers, waiting=waiting, relations=relations)
