"""An invitation: the secretariat asks an organisation outside government to take part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.membership.domain.terms import AGENCIES, Answer, Component, Source, Subkind
from shared.decider import Decider, Ended, Given, Timer, Waits
from shared.errors import BrokenRule, WrongState
from shared.facts import INTERAGENCY, command, fact, text
from shared.rules import Entered, corrected, correction, end_of, happened, on_behalf

ANSWER_WITHIN = timedelta(days=30)
EXPIRES = "invitation-expires"
NOBODY = UUID(int=0)


class InvitationField(StrEnum):
    """What of an invitation may be corrected."""

    NAME = "name"
    REASON = "reason"


@fact(visibility=INTERAGENCY)
class StakeholderInvited:
    """An organisation outside government was invited to take a seat."""

    invitation_id: UUID
    name: str
    subkind: Subkind
    component: Component
    reason: str
    letter: Source
    on: date
    expires_on: date


@fact(visibility=INTERAGENCY)
class InvitationAccepted:
    """An invited organisation said that it wants a seat; its proposal follows."""

    invitation_id: UUID
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=INTERAGENCY)
class InvitationDeclined:
    """An invited organisation does not want a seat."""

    invitation_id: UUID
    reason: str
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=INTERAGENCY)
class InvitationExpired:
    """Nobody answered an invitation in time."""

    invitation_id: UUID
    expired_on: date


@fact(visibility=INTERAGENCY)
class InvitationCorrected:
    """What was entered about an invitation was corrected: what stood there, what stands there now, and why."""

    invitation_id: UUID
    field: InvitationField
    old: str
    new: str
    reason: str


@command
class InviteStakeholder:
    """The secretariat invites an organisation outside government by letter."""

    name: str = text(3, 200)
    subkind: Subkind
    component: Component
    reason: str = text(3, 2000, multiline=True)
    letter: Source


@command
class AcceptInvitation:
    """The secretariat enters that the organisation wants a seat."""

    on: date | None = None
    on_behalf_of: Source | None = None


@command
class DeclineInvitation:
    """The secretariat enters that the organisation does not want a seat."""

    reason: str = text(0, 2000, multiline=True, default="")
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class CorrectInvitation:
    """The secretariat corrects whom an invitation names, or why."""

    field: InvitationField
    value: str = text(1, 2000, multiline=True)
    reason: str = text(3, 2000, multiline=True)


@command
class MarkInvitationExpired:
    """The days for an answer are over; only the clock says so."""


@dataclass(frozen=True)
class Invitation:
    """What the rules need to know of an invitation."""

    id: UUID = NOBODY
    answer: Answer | None = None
    name: str = ""
    reason: str = ""
    invited_on: date = date.min
    answer_by: date = date.max


def decide(invitation: Invitation, command: Any, given: Given) -> Sequence[object]:
    """The facts that a wish makes in this state."""
    match command:
        case InviteStakeholder():
            return invite(invitation, command, given)
        case AcceptInvitation():
            on, source = answered(invitation, command, given)
            return [InvitationAccepted(invitation_id=invitation.id, on=on, on_behalf_of=source)]
        case DeclineInvitation():
            on, source = answered(invitation, command, given)
            return [InvitationDeclined(invitation_id=invitation.id, reason=command.reason, on=on, on_behalf_of=source)]
        case CorrectInvitation():
            return correct(invitation, command, given)
        case MarkInvitationExpired():
            return expire(invitation, given)
    raise TypeError(f"an invitation knows no {type(command).__name__}")


def invite(invitation: Invitation, wish: InviteStakeholder, given: Given) -> Sequence[object]:
    """Agencies are named by decree, others are invited; the letter's day is that of the invitation."""
    if invitation.answer:
        raise WrongState("already-invited")
    if wish.subkind in AGENCIES:
        raise BrokenRule("agencies-are-not-invited", "/subkind")
    on = happened(wish.letter.date, given, "/letter/date")
    return [StakeholderInvited(invitation_id=given.new_id(0), on=on, expires_on=on + ANSWER_WITHIN, **vars(wish))]


def require_open(invitation: Invitation) -> None:
    """Raises WrongState unless the invitation waits for an answer."""
    if invitation.answer is not Answer.OPEN:
        raise WrongState("invitation-is-not-open")


def answered(invitation: Invitation, wish: AcceptInvitation | DeclineInvitation, given: Given) -> tuple[date, Source | None]:
    """The day and the letter of an answer; the day on which it was given counts, not that of entry."""
    require_open(invitation)
    on = happened(wish.on, given)
    if on < invitation.invited_on:
        raise BrokenRule("answered-before-the-invitation", "/on", invited=invitation.invited_on)
    if on > invitation.answer_by:
        raise BrokenRule("answered-too-late", "/on", due=invitation.answer_by)
    return on, on_behalf(wish.on_behalf_of, given)


ENTERED: Entered = {InvitationField.NAME: (InviteStakeholder, "name"), InvitationField.REASON: (InviteStakeholder, "reason")}


def correct(invitation: Invitation, wish: CorrectInvitation, given: Given) -> Sequence[object]:
    """As long as it waits; what was answered is history."""
    require_open(invitation)
    return [InvitationCorrected(invitation_id=invitation.id, **correction(invitation, wish, ENTERED))]


def expire(invitation: Invitation, given: Given) -> Sequence[object]:
    """An invitation waits until its last day is over."""
    require_open(invitation)
    if given.today <= invitation.answer_by:
        raise BrokenRule("invitation-not-yet-expired", due=invitation.answer_by)
    return [InvitationExpired(invitation_id=invitation.id, expired_on=invitation.answer_by)]


def evolve(invitation: Invitation, fact: Any) -> Invitation:
    """The invitation after a fact."""
    match fact:
        case StakeholderInvited():
            return Invitation(fact.invitation_id, Answer.OPEN, fact.name, fact.reason, fact.on, fact.expires_on)
        case InvitationCorrected():
            return corrected(invitation, fact)
        case InvitationAccepted():
            return replace(invitation, answer=Answer.ACCEPTED)
        case InvitationDeclined():
            return replace(invitation, answer=Answer.DECLINED)
        case InvitationExpired():
            return replace(invitation, answer=Answer.EXPIRED)
    return invitation


def holds(invitation: Invitation) -> frozenset[str]:
    """An organisation is invited once at a time."""
    if invitation.answer is not Answer.OPEN:
        return frozenset()
    return frozenset({f"invited-name:{' '.join(invitation.name.split()).casefold()}"})


def timers(invitation: Invitation, fact: Any, given: Given) -> Sequence[Timer | Ended]:
    """An invitation expires unless it is answered."""
    match fact:
        case StakeholderInvited():
            return [Timer(EXPIRES, end_of(fact.expires_on), MarkInvitationExpired())]
        case InvitationAccepted() | InvitationDeclined():
            return [Ended(EXPIRES)]
    return []


def waiting(invitation: Invitation) -> Sequence[Waits]:
    """The secretariat follows an open invitation up until its last day."""
    return [Waits("secretariat", AcceptInvitation, invitation.answer_by)] if invitation.answer is Answer.OPEN else []


invitation = Decider("invitation", Invitation(), decide, evolve, holds, timers, waiting)
