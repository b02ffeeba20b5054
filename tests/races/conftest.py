"""The databases of these tests, and a crew of processes that stay for all of them."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from tests.races.arena import SPAWN, Arena, closing
from tests.store.fixtures import bank, clock, kind, new_place, place, used_places

__all__ = ["arena", "bank", "clock", "crew", "kind", "new_place", "place", "used_places"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the races, so that `make test-fast` leaves them out by name."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("races")


@pytest.fixture(scope="session")
def crew() -> Iterator[ProcessPoolExecutor]:
    """Three processes."""
    with ProcessPoolExecutor(3, mp_context=SPAWN) as pool:
        yield pool


@pytest.fixture
def arena(place, crew, tmp_path, new_place) -> Iterator[Arena]:
    """A fresh place to race in."""
    folder = tmp_path / "history"
    folder.mkdir()
    with closing(Arena(place, crew, folder, new_place)) as arena:
        yield arena
