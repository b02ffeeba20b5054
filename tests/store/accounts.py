"""An account: the smallest aggregate that needs everything a store can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from shared.decider import Decider, Ended, Given, Timer
from shared.errors import BrokenRule, WrongState
from shared.facts import INTERAGENCY, PUBLIC, RESTRICTED, amount, command, fact, numbered, personal, text

REVIEWED_AFTER = timedelta(days=30)


@fact(visibility=PUBLIC)
class AccountOpened:
    """An account was opened."""

    number: str
    name: str = text(most=400)


@fact(visibility=INTERAGENCY)
class WelcomeSent:
    """A letter told the number of the account."""

    account_number: str
    letter_number: str


@fact(visibility=RESTRICTED)
class HolderNamed:
    """Somebody holds the account."""

    person: UUID
    contact: str = personal(of="person")
    deputy: str | None = personal(of="person", default=None)
    card: str | None = text(most=40, default=None)


@fact(visibility=PUBLIC, major=2, upcasts={1: lambda data: {"rupiah": data["cents"] // 100}})
class MoneyMoved:
    """Money came in (above zero) or went out (below)."""

    rupiah: int = amount(-(10**12), 10**12)


@fact(visibility=PUBLIC)
class AccountRenamed:
    """The account has another name."""

    name: str = text(most=400)


@fact(visibility=PUBLIC)
class AccountClosed:
    """The account is closed."""


@command
class OpenAccount:
    """Open an account under a name that no other open account has."""

    name: str = text(most=400)
    number_year: int = amount(2000, 2100, default=2025)


@command
class NameHolder:
    """Say who holds the account."""

    person: UUID
    contact: str = personal(of="person")
    deputy: str | None = personal(of="person", default=None)
    card: str | None = text(most=40, default=None)


@command
class PutIn:
    """Put money in."""

    rupiah: int = amount(1, 10**9)
    parts: int = amount(1, 50, default=1)


@command
class TakeOut:
    """Take money out, as far as there is any."""

    rupiah: int = amount(1, 10**9)


@command
class Rename:
    """Give the account another name."""

    name: str = text(most=400)


@command
class Review:
    """Look at an account that was not used for long."""

    reason: str = text(default="unused")


@command
class Close:
    """Close the account and let go of its name."""


@dataclass(frozen=True)
class State:
    """What the rules need."""

    name: str = ""
    balance: int = 0
    is_open: bool = False
    holder: str = ""
    card: str | None = None


def decide(state: State, wish: Any, given: Given) -> Sequence[Any]:
    """The facts that follow from a wish."""
    if isinstance(wish, OpenAccount):
        if state.is_open:
            raise WrongState("account-open")
        number = numbered("ACC", wish.number_year)
        return [
            AccountOpened(number=number, name=wish.name),
            WelcomeSent(account_number=number, letter_number=numbered("LET", wish.number_year)),
        ]
    if not state.is_open:
        raise WrongState("account-closed")
    return list(_on_open(state, wish))


def _on_open(state: State, wish: Any) -> Sequence[Any]:
    match wish:
        case NameHolder():
            return [HolderNamed(person=wish.person, contact=wish.contact, deputy=wish.deputy, card=wish.card)]
        case PutIn():
            return [MoneyMoved(rupiah=wish.rupiah)] * wish.parts
        case TakeOut():
            if wish.rupiah > state.balance:
                raise BrokenRule("not-enough", "/rupiah")
            return [MoneyMoved(rupiah=-wish.rupiah)]
        case Rename():
            return [] if wish.name == state.name else [AccountRenamed(name=wish.name)]
        case Close():
            return [AccountClosed()]
    return []


def evolve(state: State, one: Any) -> State:
    """The state after a fact."""
    match one:
        case AccountOpened():
            return replace(state, name=one.name, is_open=True)
        case AccountRenamed():
            return replace(state, name=one.name)
        case MoneyMoved():
            return replace(state, balance=state.balance + one.rupiah)
        case HolderNamed():
            return replace(state, holder=one.contact, card=one.card)
        case AccountClosed():
            return replace(state, is_open=False)
    return state


def holds(state: State) -> frozenset[str]:
    """The name and the card of its holder, while the account is open."""
    held = {f"account-name:{state.name.lower()}"} | ({f"card:{state.card}"} if state.card else set())
    return frozenset(held) if state.is_open else frozenset()


def timers(state: State, one: Any, given: Given) -> Sequence[Timer | Ended]:
    """A review comes when the account was not used for long."""
    if isinstance(one, (AccountOpened, MoneyMoved)):
        return [Timer("review", given.now + REVIEWED_AFTER, Review())]
    return [Ended("review")] if isinstance(one, AccountClosed) else []


account = Decider("account", State(), decide, evolve, holds, timers)
