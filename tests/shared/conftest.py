"""A small service on both databases, with an account for every role."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from shared.app import build
from shared.identity.roles import DEMO_ACCOUNTS
from shared.settings import Settings, load
from shared.web.site import Site
from tests.migrated import migrate
from tests.shared.thing.service import service

MASTER = base64.b64encode(bytes(32)).decode()


@dataclass
class Door:
    """The service's web application, knocked at as one of the demo accounts."""

    app: Flask
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def site(self) -> Site:
        found: Site = self.app.extensions["pkp"]
        return found

    def headers(self, name: str | None) -> dict[str, str]:
        if name is None:
            return {}
        if name not in self.tokens:
            self.tokens[name] = self.site.accounts.token(name)
        return {"Authorization": f"Bearer {self.tokens[name]}"}

    def get(self, path: str, name: str | None = "sekretariat", **headers: str) -> TestResponse:
        return self.app.test_client().get(path, headers={**self.headers(name), **headers})

    def post(self, path: str, body: Any, name: str | None = "sekretariat", key: str | None = "", **headers: str) -> TestResponse:
        given = {**self.headers(name), **headers}
        if key is not None:
            given["Idempotency-Key"] = key or str(uuid.uuid4())
        given.setdefault("Content-Type", "application/json")
        data = body if isinstance(body, bytes) else json.dumps(body)
        return self.app.test_client().post(path, data=data, headers=given)

    def make(self, thing: str = "Lampu", **more: Any) -> str:
        """The id of a new thing."""
        answer = self.post("/thing/api/v1/things", {"name": thing, "colour": "red", "on": "2025-06-10", **more})
        assert answer.status_code == 201, answer.text
        return str(answer.json["id"])  # type: ignore[index]


def _settings(kind: str, folder: Path, request: pytest.FixtureRequest) -> Settings:
    given = {"PKP_DATA_DIR": str(folder), "PKP_DEMO": "1"}
    if kind == "postgresql":
        # One database for all three stores of the test: making a database is what takes time here.
        url = request.getfixturevalue("postgres_url")
        given |= {"PKP_DATABASE_URL": url + "?application_name={service}"}
        given |= {"PKP_SECRET_KEY": "s" * 40, "PKP_MASTER_KEY": MASTER}
    return load(given)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def door(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Door]:
    """The door on each of the two databases."""
    yield from _opened(_settings(request.param, tmp_path, request))


@pytest.fixture
def small_door(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Door]:
    """The door on SQLite, for what no database sees."""
    yield from _opened(_settings("sqlite", tmp_path, request))


def _opened(settings: Settings) -> Iterator[Door]:
    app = build(service, settings)
    app.config["TESTING"] = False
    site: Site = app.extensions["pkp"]
    migrate(site.runtime.store)
    site.runtime.keys.migrate()
    site.accounts.migrate()
    assert {account.name for account in site.accounts.list()} == set(DEMO_ACCOUNTS)
    yield Door(app)
    site.close()
