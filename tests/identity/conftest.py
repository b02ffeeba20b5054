"""The platform's front with one service behind it, and a browser that keeps its cookie."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from werkzeug.test import Client, TestResponse

from shared.app import Origin, origin
from shared.assembly import accounts, runtime, services
from shared.identity import passwords
from shared.identity.accounts import Account, Accounts
from shared.identity.credentials import Credentials
from shared.service import Service
from shared.settings import Settings, load
from tests.migrated import migrate

HERE = {"Origin": "http://localhost"}
PASSWORD = "tiga kuda di padang"


@dataclass
class Browser:
    """Somebody at a browser."""

    client: Client
    house: House

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers={"Accept": "text/html", **headers})

    def post(self, path: str, token: str | None = "", headers: dict[str, str] | None = None, **form: str) -> TestResponse:
        """A form of one of our own pages; with the token of this session unless another or none (None) is given."""
        if token is not None:
            form["csrf_token"] = token or self.token()
        return self.client.post(path, data=form, headers=HERE if headers is None else headers)

    def token(self) -> str:
        found = re.search(r'name="csrf_token" value="([0-9a-f]*)"', self.get("/masuk").text)
        assert found
        return found[1]

    @property
    def cookie(self) -> str:
        kept = self.client.get_cookie("pkp") or self.client.get_cookie("__Host-pkp")
        return kept.value if kept else ""

    def known(self) -> bool:
        """Whether the platform knows who this is."""
        return self.get("/akun").status_code == 200

    def sign_in(self, name: str = "budi", password: str = PASSWORD, **form: str) -> TestResponse:
        return self.post("/masuk", name=name, password=password, **form)


@dataclass
class House:
    """One origin."""

    settings: Settings
    origin: Origin
    accounts: Accounts
    credentials: Credentials
    made: list[Any] = field(default_factory=list)

    def browser(self, **environ: str) -> Browser:
        """A new browser, which may come from another address."""
        kept = Client(self.origin)
        ask = kept.open
        kept.open = lambda *args, **more: ask(*args, environ_overrides=environ, **more)  # type: ignore[method-assign]
        return Browser(kept, self)

    def add(self, name: str = "budi", role: str = "secretariat", password: str | None = PASSWORD) -> Account:
        account = self.accounts.add(name, role)
        if password:
            self.credentials.set_password(account, password)
        return account

    def log(self) -> list[tuple[str, str]]:
        """(outcome, method) of the sign-in log, oldest first."""
        with self.accounts.database.reading() as session:
            return [(row[0], row[1]) for row in session.rows("SELECT outcome, method FROM sign_ins ORDER BY at, id")]

    def close(self) -> None:
        self.origin.close()
        self.accounts.close()


LITTLE = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


def migrated(service: Service, settings: Settings) -> None:
    """Give a service its tables."""
    made = runtime(service, settings)
    made.keys.migrate()
    migrate(made.store)
    made.close()


@pytest.fixture
def make_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., House]]:
    """Makes an origin with more settings."""
    monkeypatch.setattr(passwords, "_NOBODYS", LITTLE.hash("nobody has it"))
    made: list[House] = []

    def make(**more: str) -> House:
        given = {"PKP_DATA_DIR": str(tmp_path), "PKP_SERVICES": "membership", **more}
        settings = load(given)
        found = accounts(settings)
        found.migrate()
        for service in services(settings).values():
            migrated(service, settings)
        made.append(House(settings, origin(settings), found, Credentials(found.database, settings.secret_keys)))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same function with little memory: what it costs is no matter of these tests."""
    monkeypatch.setattr(passwords, "_hasher", LITTLE)


@pytest.fixture
def house(make_house: Callable[..., House]) -> House:
    """An origin outside of a demo."""
    return make_house()


@pytest.fixture
def browser(house: House) -> Browser:
    """A browser on it."""
    return house.browser()
