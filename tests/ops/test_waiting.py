"""`pkp migrate --wait`: who may not change tables waits for whoever may."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from shared import assembly
from shared.ops.commands.running import migrate_all, wait_until_migrated
from shared.settings import Settings, load
from tests.realparts.postgres import Server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def forum(request: pytest.FixtureRequest, tmp_path: Any) -> Settings:
    """The settings of a process that runs one service, on databases that are empty."""
    given = {"PKP_DATA_DIR": str(tmp_path), "PKP_SERVICES": "forum"}
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres_server")
        name = f"waiting_{uuid4().hex[:8]}_"
        for end in ("forum", "forum_keys", "identity"):
            server.url(name + end)
        given |= {"PKP_SECRET_KEY": "s" * 32, "PKP_MASTER_KEY": "A" * 43 + "="}
        given["PKP_DATABASE_URL"] = server.url(f"{name}forum").replace(f"{name}forum", f"{name}{{service}}")
    return load(given)


@contextmanager
def waiting(settings: Settings, capsys: pytest.CaptureFixture[str], *words: str) -> Iterator[None]:
    """Somebody waits, and has said these words; he returns when what is done meanwhile is what he waits for."""
    returned = threading.Event()
    threading.Thread(target=lambda: (wait_until_migrated(settings, 0.02), returned.set()), daemon=True).start()
    said = ""
    while not all(word in said for word in ("waiting for", *words)):
        assert not returned.wait(0.05), said
        said += capsys.readouterr().out
    yield
    assert returned.wait(60)


def test_one_waits_until_the_tables_are_made(forum: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with waiting(forum, capsys):
        migrate_all(forum)


def test_one_waits_until_registers_are_those_of_this_code(forum: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    migrate_all(forum)
    with assembly.runtimes(forum)["forum"].store.db.writing() as session:
        session.run("UPDATE registers SET shape = 'of another version' WHERE name = 'recommendations'")
    with waiting(forum, capsys, "forum: registers behind: recommendations"):
        migrate_all(forum)
