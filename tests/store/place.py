"""Where a test's store lies, and how any process opens it: picklable, so that spawned processes open the same one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from shared.decider import Actor
from shared.execute import Caller, Done, Runtime
from shared.privacy import KeyStore
from shared.service import Service
from shared.store import Store, open_database, open_store
from shared.workdays import Calendar
from tests.store.accounts import OpenAccount
from tests.store.service import service

MASTER = bytes(range(32))
SECRET = b"a secret of these tests, long enough"
TELLER = Actor("teller-1", frozenset({"teller"}))


@dataclass
class SetClock:
    """A clock that tests set; without a time set it is the machine's."""

    at: datetime | None = None

    def now(self) -> datetime:
        return self.at or datetime.now(UTC)

    def today(self) -> date:
        return self.now().date()

    def close(self) -> None:
        """Nothing to close."""


@dataclass(frozen=True)
class Place:
    """Two databases: of the store and of the keys. `kind` is sqlite or postgresql."""

    kind: str
    url: str
    keys_url: str

    def runtime(self, of: Service = service, clock: SetClock | None = None, master: bytes = MASTER) -> Runtime:
        """The service at work, on connections of its own."""
        keys = KeyStore(open_database(self.keys_url), {"m1": master}, "m1")
        store = open_store(self.url, of, "32")
        return Runtime(of, store, keys, clock or SetClock(), Calendar(()), SECRET)


@dataclass
class Bank:
    """A runtime with short words for what tests do."""

    runtime: Runtime
    who: str = "teller-1"

    @property
    def store(self) -> Store:
        return self.runtime.store

    def do(self, wish: Any, id: UUID | None = None, key: str | None = None, expected: int | None = None) -> Done:
        key = key or str(uuid4())
        return self.runtime.execute(wish, "account", id, Caller("caller", self.who, key, TELLER, correlation=key), expected)

    def open(self, name: str = "", **rest: Any) -> UUID:
        return self.do(OpenAccount(name=name or f"name {uuid4()}", **rest)).id

    def close(self) -> None:
        self.runtime.close()


@contextmanager
def bank_at(place: Place, clock: SetClock | None = None) -> Iterator[Bank]:
    """A bank whose connections are closed at the end."""
    bank = Bank(place.runtime(clock=clock))
    try:
        yield bank
    finally:
        bank.close()
