"""A fresh pair of databases on SQLite and on PostgreSQL, and a bank in it: one suite for both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import migrated
from tests.realparts.postgres import Server
from tests.store.place import Bank, Place, SetClock, bank_at

BOTH = [pytest.param("sqlite", id="sqlite"), pytest.param("postgresql", id="postgresql", marks=pytest.mark.server)]


@pytest.fixture(params=BOTH)
def kind(request: pytest.FixtureRequest) -> str:
    """Which database."""
    return str(request.param)


@pytest.fixture(scope="session")
def used_places() -> list[Place]:
    """PostgreSQL databases with tables and without rows: making one takes a hundred times as long as emptying one."""
    return []


@pytest.fixture
def new_place(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, used_places: list[Place]
) -> Iterator[Callable[..., Place]]:
    """Makes places: `new_place()` with tables, `new_place(migrated=False)` without."""
    server: Server | None = request.getfixturevalue("postgres_server") if kind == "postgresql" else None
    bare: list[Place] = []
    migrated_ones: list[Place] = []

    def fresh(name: str) -> str:
        count = len(bare) + len(migrated_ones)
        return server.fresh_database() if server else f"sqlite:///{tmp_path}/{name}-{count}.db"

    def make(*, migrated: bool = True) -> Place:
        if server and migrated and used_places:
            migrated_ones.append(used_places.pop())
            return migrated_ones[-1]
        place = Place(kind, fresh("bank"), fresh("keys"))
        (migrated_ones if migrated else bare).append(place)
        if migrated:
            migrate(place)
        return place

    yield make
    if server:
        for place in bare:
            server.drop(place.url)
            server.drop(place.keys_url)
        for place in migrated_ones:
            migrated.emptied(place.url)
            migrated.emptied(place.keys_url)
            used_places.append(place)


def migrate(place: Place) -> None:
    """Give a place its tables."""
    with bank_at(place) as bank:
        migrated.migrate(bank.store)
        bank.runtime.keys.migrate()


@pytest.fixture
def place(new_place: Callable[..., Place]) -> Place:
    """A place with migrated tables."""
    return new_place()


@pytest.fixture
def clock() -> SetClock:
    """The bank's clock."""
    return SetClock()


@pytest.fixture
def bank(place: Place, clock: SetClock) -> Iterator[Bank]:
    """A bank at work."""
    with bank_at(place, clock) as bank:
        yield bank
