"""Where races are run: a place, processes that write into it, and what they were told."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.oracles import check_commands, check_store
from tests.races.planted import Plant
from tests.store.accounts import NameHolder, OpenAccount, PutIn, Rename, TakeOut
from tests.store.place import Bank, Place
from tests.workload import History, Load, attempt, read_history, resolve, work

SPAWN = multiprocessing.get_context("spawn")


@dataclass
class Arena:
    """A place with its crew. `planted` is the fault that every writer gets, None the true append."""

    place: Place
    crew: ProcessPoolExecutor
    folder: Path
    new_place: Callable[[], Place]
    planted: Plant | None = None
    open_banks: list[Bank] = field(default_factory=list)

    def bank(self, **rest: Any) -> Bank:
        """A bank in this process, with the planted fault."""
        bank = Bank(self.place.runtime(**rest))
        if self.planted:
            self.planted(bank.runtime, self.folder)
        self.open_banks.append(bank)
        return bank

    def accounts(self, bank: Bank, count: int) -> tuple[UUID, ...]:
        """The ids of so many new accounts, noted in the history."""
        history = History(self.folder / "accounts.jsonl")
        names = [f"account {n}" for n in range(count)]
        made = [attempt(bank.runtime, history, OpenAccount(name=name), "account", None, name) for name in names]
        return tuple(id for id in made if id)

    def load(self, name: str, wishes: Callable[..., Any], **rest: Any) -> Load:
        """What one writer process shall do."""
        return Load(self.place, str(self.folder), name, wishes, planted=self.planted, **rest)

    def start(self, load: Load) -> Future[None]:
        """Let one of the crew write."""
        return self.crew.submit(work, load)

    def process(self, load: Load) -> Any:
        """A process of its own, which may be killed; to be started."""
        return SPAWN.Process(target=work, args=(load,), daemon=True)

    def settle(self, bank: Bank) -> int:
        """Ask again for every unknown outcome, then check commands and store; how many were acknowledged."""
        resolve(bank.runtime, self.folder)
        seen = read_history(self.folder)
        check_commands(bank.runtime, seen)
        unknown = [one.key for one in seen.values() if one.word == "info"]
        assert not unknown, f"asking again told nothing: {unknown}"
        check_store(bank.runtime)
        return sum(one.word == "ok" for one in seen.values())


@contextmanager
def closing(arena: Arena) -> Iterator[Arena]:
    """Close the banks of this process at the end."""
    try:
        yield arena
    finally:
        for bank in arena.open_banks:
            bank.close()


# --- what writers wish -------------------------------------------------------------------------------------------------


def own_accounts(chance: random.Random, ids: list[UUID]) -> tuple[Any, str, UUID | None]:
    """A few accounts of one's own, several facts at a time."""
    if len(ids) < 2 or chance.random() < 0.1:
        return OpenAccount(name=f"{chance.getrandbits(80):x}"), "account", None
    return PutIn(rupiah=chance.randint(1, 99), parts=chance.randint(1, 3)), "account", chance.choice(ids)


def shared_accounts(chance: random.Random, ids: list[UUID]) -> tuple[Any, str, UUID | None]:
    """Reads and writes on few accounts of all, new ones under names that clash, people."""
    id = chance.choice(ids[:3])
    dice = chance.random()
    if dice < 0.15:
        return OpenAccount(name=f"name {chance.randint(1, 60)}"), "account", None
    if dice < 0.25:
        return Rename(name=f"name {chance.randint(1, 60)}"), "account", id
    if dice < 0.3:
        return NameHolder(person=id, contact=f"contact {chance.random()}"), "account", id
    if dice < 0.45:
        return TakeOut(rupiah=chance.randint(1, 300)), "account", id
    return PutIn(rupiah=chance.randint(1, 99), parts=chance.randint(1, 2)), "account", id


def one_account(chance: random.Random, ids: list[UUID]) -> tuple[Any, str, UUID | None]:
    """Money into one and the same account."""
    return PutIn(rupiah=chance.randint(1, 9)), "account", ids[0]
