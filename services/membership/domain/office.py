"""A delegated office: somebody else does the acts of the chair or another officer for a while, as Plh. or Plt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.membership.domain.terms import DelegationEnd, DelegationKind, OfficeName, Source
from shared.decider import Actor, Decider, Ended, Given, Timer
from shared.errors import BrokenRule, NotAllowed, WrongState
from shared.facts import INTERAGENCY, command, fact, matching
from shared.rules import end_of, happened

EXPIRES = "delegation-expires"
NOBODY = UUID(int=0)


@fact(visibility=INTERAGENCY)
class OfficeDelegated:
    """Another account may do the acts of an office from one day until another, both included."""

    delegation_id: UUID
    office: OfficeName
    account: str
    kind: DelegationKind
    valid_from: date
    valid_until: date
    letter: Source


@fact(visibility=INTERAGENCY)
class DelegationEnded:
    """A delegation ran out, or was ended before; its last day is told."""

    delegation_id: UUID
    office: OfficeName
    account: str
    end: DelegationEnd
    on: date


@command
class DelegateOffice:
    """The holder of an office, or the secretariat for him, lets another account do its acts."""

    office: OfficeName
    account: str = matching(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$", "acc-7f6f2a")
    kind: DelegationKind
    valid_from: date
    valid_until: date
    letter: Source


@command
class EndDelegation:
    """The holder is back, or the delegation is ended for another reason."""

    on: date | None = None


@command
class MarkDelegationExpired:
    """The last day of the delegation is over; only the clock says so."""


@dataclass(frozen=True)
class Delegation:
    """What the rules need to know of a delegation."""

    id: UUID = NOBODY
    office: OfficeName = OfficeName.CHAIR
    account: str = ""
    valid_from: date = date.min
    valid_until: date = date.max
    ended: bool = False

    @property
    def open(self) -> bool:
        """Whether it was made and has not ended."""
        return self.id != NOBODY and not self.ended


def decide(delegation: Delegation, command: Any, given: Given) -> Sequence[object]:
    """The facts that a wish makes in this state."""
    match command:
        case DelegateOffice():
            return delegate(delegation, command, given)
        case EndDelegation():
            return end(delegation, command, given)
        case MarkDelegationExpired():
            return expire(delegation, given)
    raise TypeError(f"an office knows no {type(command).__name__}")


def delegate(delegation: Delegation, wish: DelegateOffice, given: Given) -> Sequence[object]:
    """A letter says who acts from when until when; it may lie ahead, but is never over already."""
    if delegation.id != NOBODY:
        raise WrongState("already-delegated")
    of_own_office(wish.office, given)
    happened(wish.letter.date, given, "/letter/date")
    if wish.account == given.actor.account:
        raise BrokenRule("delegated-to-oneself", "/account")
    if wish.valid_until < wish.valid_from:
        raise BrokenRule("ends-before-it-starts", "/valid_until")
    if wish.valid_until < given.today:
        raise BrokenRule("delegation-is-over", "/valid_until")
    return [OfficeDelegated(delegation_id=given.new_id(0), **vars(wish))]


def of_own_office(office: OfficeName, given: Given) -> None:
    """The secretariat enters delegations of every office, chair and steering team their own; raises NotAllowed for others."""
    if not {"secretariat", str(office)} & given.actor.roles:
        raise NotAllowed("not-your-office")


def end(delegation: Delegation, wish: EndDelegation, given: Given) -> Sequence[object]:
    """It ends on a day within its time; one that has not begun is taken back on the day of entry."""
    if not delegation.open:
        raise WrongState("delegation-has-ended")
    of_own_office(delegation.office, given)
    on = happened(wish.on, given)
    if on > delegation.valid_until:
        raise BrokenRule("ends-after-its-last-day", "/on", until=delegation.valid_until)
    if on < delegation.valid_from <= given.today:
        raise BrokenRule("ends-before-it-started", "/on", start=delegation.valid_from)
    return [ended(delegation, DelegationEnd.ENDED_EARLY, on)]


def expire(delegation: Delegation, given: Given) -> Sequence[object]:
    """The last day belongs to the delegation."""
    if not delegation.open:
        raise WrongState("delegation-has-ended")
    if given.today <= delegation.valid_until:
        raise BrokenRule("delegation-not-over", until=delegation.valid_until)
    return [ended(delegation, DelegationEnd.EXPIRED, delegation.valid_until)]


def ended(delegation: Delegation, how: DelegationEnd, on: date) -> DelegationEnded:
    """The account does the acts of the office no longer."""
    return DelegationEnded(delegation_id=delegation.id, office=delegation.office, account=delegation.account, end=how, on=on)


def evolve(delegation: Delegation, fact: Any) -> Delegation:
    """The delegation after a fact."""
    match fact:
        case OfficeDelegated():
            return Delegation(fact.delegation_id, fact.office, fact.account, fact.valid_from, fact.valid_until)
        case DelegationEnded():
            return replace(delegation, ended=True)
    return delegation


def holds(delegation: Delegation) -> frozenset[str]:
    """An office is delegated to one account at a time."""
    return frozenset({f"delegated-office:{delegation.office}"}) if delegation.open else frozenset()


def timers(delegation: Delegation, fact: Any, given: Given) -> Sequence[Timer | Ended]:
    """A delegation runs out by itself."""
    match fact:
        case OfficeDelegated():
            return [Timer(EXPIRES, end_of(fact.valid_until), MarkDelegationExpired())]
        case DelegationEnded():
            return [Ended(EXPIRES)]
    return []


def relations(delegation: Delegation, actor: Actor) -> frozenset[str]:
    """`deputy`: the account that does the acts of the office."""
    return frozenset({"deputy"} if delegation.open and actor.account == delegation.account else ())


office = Decider("office", Delegation(), decide, evolve, holds, timers, relations=relations)
