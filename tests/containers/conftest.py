"""One platform in containers for all these tests; they are run by `make test-containers` alone, each file by its name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.containers.stack import PREFIX, Stack, run
from tests.realparts.parts import CHECKOUT

TOLD: list[str] = []


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Images built, everything up and healthy, the demo loaded."""
    TOLD.append(run(str(CHECKOUT / "deploy" / "images"), IMAGE_PREFIX=PREFIX).strip())
    found = Stack()
    try:
        TOLD.append(f"up --wait: {found.up():.1f} s from nothing")
        TOLD.append(f"demo: {found.compose('run', '--rm', '-T', 'demo').strip()}")
        yield found
    finally:
        found.down()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Sizes, times and counts, for the reader."""
    if TOLD:
        terminalreporter.section("containers")
        for line in TOLD:
            terminalreporter.write_line(line)
