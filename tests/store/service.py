"""The service of these tests: accounts, a register whose rows depend on the order of facts, one of several rows each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from shared.registers.register import About, Register
from shared.service import Aggregate, Does, Service
from tests.store.accounts import (
    AccountClosed,
    AccountOpened,
    AccountRenamed,
    Close,
    HolderNamed,
    MoneyMoved,
    NameHolder,
    OpenAccount,
    PutIn,
    Rename,
    Review,
    TakeOut,
    account,
)

SLOTS = 3
POISON = "a name that no fold can take"


@dataclass(frozen=True)
class AccountRow:
    """One account. `trail` hashes all that happened, in its order."""

    name: str
    number: str
    balance: int = 0
    moves: int = 0
    trail: str = ""
    contact: str | None = None
    is_open: bool = True
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class SlotRow:
    """What moved in sums of one remainder."""

    total: int
    moves: int


def _trail(row: AccountRow, what: Any) -> str:
    return hashlib.sha256(f"{row.trail}/{what}".encode()).hexdigest()[:16]


def _opened(row: AccountRow | None, one: AccountOpened, about: About) -> AccountRow:
    if one.name == POISON:
        raise ValueError("poison")
    return AccountRow(one.name, one.number, names=(one.name,))


def _moved(row: AccountRow, one: MoneyMoved, about: About) -> AccountRow:
    return replace(row, balance=row.balance + one.rupiah, moves=row.moves + 1, trail=_trail(row, one.rupiah))


def _renamed(row: AccountRow, one: AccountRenamed, about: About) -> AccountRow:
    return replace(row, name=one.name, names=(*row.names, one.name), trail=_trail(row, one.name))


def _named(row: AccountRow, one: HolderNamed, about: About) -> AccountRow:
    return replace(row, contact=one.contact)


def _closed(row: AccountRow, one: AccountClosed, about: About) -> AccountRow:
    return replace(row, is_open=False)


accounts = Register(
    "accounts",
    AccountRow,
    {
        AccountOpened: _opened,
        MoneyMoved: _moved,
        AccountRenamed: _renamed,
        HolderNamed: _named,
        AccountClosed: _closed,
    },
)


def _slot(row: SlotRow | None, one: MoneyMoved, about: About) -> SlotRow:
    row = row or SlotRow(0, 0)
    return SlotRow(row.total + one.rupiah, row.moves + 1)


def _slot_of(one: MoneyMoved, id: UUID) -> tuple[str, ...]:
    return (f"{id}/{abs(one.rupiah) % SLOTS}",)


def _slots_of(one: AccountClosed, id: UUID) -> tuple[str, ...]:
    return tuple(f"{id}/{slot}" for slot in range(SLOTS))


slots = Register(
    "slots",
    SlotRow,
    {MoneyMoved: _slot, AccountClosed: lambda row, one, about: None},
    keys={MoneyMoved: _slot_of, AccountClosed: _slots_of},
)

ROLES = ("teller",)
service = Service(
    "bank",
    (
        Aggregate(
            account,
            "accounts",
            accounts,
            (
                Does(OpenAccount, None, ROLES),
                Does(NameHolder, "name-holder", ROLES),
                Does(PutIn, "put-in", ROLES),
                Does(TakeOut, "take-out", ROLES),
                Does(Rename, "rename", ROLES),
                Does(Review, "review", ROLES),
                Does(Close, "close", ("manager",)),
            ),
        ),
    ),
    registers=(slots,),
)
