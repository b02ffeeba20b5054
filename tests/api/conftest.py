"""The demo's platform, asked by everybody who may knock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.asking import Asking
from tests.api.demo_house import demo_house
from tests.policy.house import House

ASKED = pytest.StashKey[dict[str, Asking]]()


@pytest.fixture(scope="session")
def cases(request: pytest.FixtureRequest) -> int:
    """How many requests are made of each service, about."""
    return int(request.config.getoption("--api-cases"))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The four services with the demo's data."""
    made = demo_house(tmp_path_factory.mktemp("api"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def asking(house: House, request: pytest.FixtureRequest) -> dict[str, Asking]:
    """Each service with what it keeps, to be asked."""
    made = {name: Asking(house, name) for name in house.apps}
    request.config.stash[ASKED] = made
    return made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """How many requests were made of each service, and how they were answered."""
    for name, asked in config.stash.get(ASKED, {}).items():
        told = ", ".join(f"{method} {status}: {count}" for (method, status), count in sorted(asked.answers.items()))
        terminalreporter.write_line(f"{name}: {asked.answers.total()} requests ({told})")
