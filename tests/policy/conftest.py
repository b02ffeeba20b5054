"""The platform to walk through, and a service of disputes in which rights hang on everything that they can hang on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.policy.disputes import Disputes, open_disputes
from tests.policy.house import House, open_house


@pytest.fixture(scope="package", autouse=True)
def _only_what_is_wrong() -> Iterator[None]:
    """Thousands of requests are asked here: a line for each would cost more than many an answer."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("error"))
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """All services with one thing of each kind."""
    made = open_house(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


@pytest.fixture
def disputes(tmp_path: Path) -> Iterator[Disputes]:
    """The service of disputes, with one dispute between two organisations."""
    made = open_disputes(tmp_path)
    yield made
    made.close()
