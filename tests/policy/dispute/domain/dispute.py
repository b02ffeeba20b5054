"""A dispute: it is opened between parties, gets a mediator, hears secrets, and is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from shared.decider import Actor, Decider, Given
from shared.errors import WrongState
from shared.facts import INTERAGENCY, PUBLIC, RESTRICTED, SECRET, command, fact, part, text


@part
class Party:
    """One side."""

    party_id: UUID
    organisation_id: UUID | None = None


@fact(visibility=RESTRICTED)
class DisputeOpened:
    """A dispute was opened between parties."""

    dispute_id: UUID
    title: str
    parties: tuple[Party, ...]


@fact(visibility=PUBLIC)
class DisputeListed:
    """The public knows that there is one."""

    dispute_id: UUID
    stage: str


@fact(visibility=RESTRICTED)
class MediatorChosen:
    """Somebody leads the talks."""

    dispute_id: UUID
    account: str


@fact(visibility=SECRET)
class SecretTold:
    """A party told the mediator something that nobody else may hear."""

    dispute_id: UUID
    party_id: UUID
    what: str


@fact(visibility=INTERAGENCY)
class DisputeClosed:
    """The dispute is over."""

    dispute_id: UUID


@command
class OpenDispute:
    """Open a dispute."""

    title: str = text(3, 80)


@command
class ChooseMediator:
    """The chair chooses who leads the talks."""

    account: str = text(1, 80)


@command
class TellSecret:
    """A party tells the mediator something."""

    party_id: UUID
    what: str = text(1, 80)


@command
class CloseDispute:
    """The secretariat or the mediator closes it."""


@dataclass(frozen=True)
class Dispute:
    """What the rules need to know."""

    id: UUID | None = None
    parties: tuple[Party, ...] = ()
    mediator: str = ""
    closed: bool = False


def decide(dispute: Dispute, command: Any, given: Given) -> Sequence[Any]:
    """What follows from a wish."""
    if dispute.closed:
        raise WrongState("dispute-closed")
    match command:
        case OpenDispute():
            id = given.new_id(0)
            return [DisputeOpened(dispute_id=id, title=command.title, parties=()), DisputeListed(dispute_id=id, stage="open")]
        case ChooseMediator():
            return [MediatorChosen(dispute_id=dispute.id, account=command.account)]
        case TellSecret():
            return [SecretTold(dispute_id=dispute.id, party_id=command.party_id, what=command.what)]
        case CloseDispute():
            return [DisputeClosed(dispute_id=dispute.id), DisputeListed(dispute_id=dispute.id, stage="closed")]
    raise TypeError(f"{type(command).__name__} is no command of a dispute")


def evolve(dispute: Dispute, fact: Any) -> Dispute:
    """The dispute after a fact."""
    match fact:
        case DisputeOpened():
            return Dispute(fact.dispute_id, fact.parties)
        case MediatorChosen():
            return replace(dispute, mediator=fact.account)
        case DisputeClosed():
            return replace(dispute, closed=True)
    return dispute


def relations(dispute: Dispute, actor: Actor) -> frozenset[str]:
    """`party` and `party:<id>` of people of a party, `mediator` of the one who was chosen."""
    own = [one for one in dispute.parties if actor.organisation and actor.organisation in (one.organisation_id, one.party_id)]
    names = {"party", *(f"party:{one.party_id}" for one in own)} if own else set()
    return frozenset(names | ({"mediator"} if dispute.mediator and actor.account == dispute.mediator else set()))


dispute = Decider("dispute", Dispute(), decide, evolve, relations=relations)
