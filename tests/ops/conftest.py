"""What tests of operation share: settings of their own, one small store, and logs put back as they were."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from services.membership.examples import EXAMPLES
from shared import assembly
from shared.decider import Actor
from shared.execute import Caller, Done, Runtime
from shared.settings import Settings, load
from tests.migrated import migrate


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Commands set up logs for their process; here it is pytest's."""
    root, level = list(logging.root.handlers), logging.root.level
    yield
    logging.root.handlers[:] = root
    logging.root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a platform in the test's folder."""
    return load({"PKP_DATA_DIR": str(tmp_path / "var")})


@pytest.fixture
def membership(settings: Settings) -> Iterator[Runtime]:
    """Membership at work on an empty store."""
    made = assembly.runtime(assembly.installed()["membership"], settings)
    migrate(made.store)
    made.keys.migrate()
    assembly.accounts(settings).migrate()
    yield made
    made.close()


@pytest.fixture
def do(membership: Runtime) -> Callable[..., Done]:
    """Sends the canonical example of a command, under a key of its own."""
    keys = iter(range(1000))
    actor = Actor("tester", frozenset({"secretariat", "chair"}))
    commands = {cls.__name__: one for cls, one in EXAMPLES.items()}

    def send(name: str, aggregate: str = "member", id: object = None) -> Done:
        return membership.execute(commands[name], aggregate, id, Caller("caller", "tester", str(next(keys)), actor))

    return send
