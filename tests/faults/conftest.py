"""Platforms to break, and where the counts go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.load import Field
from tests.faults.tally import Tally
from tests.journeys.apart import apart
from tests.realparts.postgres import Server
from tests.workload import History


@pytest.fixture(scope="session")
def tally(request: pytest.FixtureRequest) -> Tally:
    """Where runs write down what they counted."""
    return Tally(Path(request.config.cache.mkdir("faults")))  # type: ignore[union-attr]


@contextmanager
def begun(variant: str, folder: Path, server: Callable[[], Server]) -> Iterator[Field]:
    """A platform of one variant at work, with the demo loaded."""
    ledger = folder / "ledger"
    ledger.mkdir()
    with apart(variant, folder / "var", server) as platform:
        platform.begin()
        first = platform.driver("demo-1", History(ledger / "drivers.jsonl"))
        first.demo()
        try:
            yield Field(platform, ledger, first)
        finally:
            first.close()
