"""A teller and a hearer with true stores, a true feed between them, and a proxy that can spoil its pages."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.assembly import keys
from shared.bus.feed import FeedReader
from shared.decider import Actor
from shared.delivery.attempts import Hand
from shared.delivery.inbox import Inbox
from shared.delivery.intake import FeedIntake
from shared.delivery.reactions import Reactions
from shared.delivery.sibling import siblings
from shared.execute import Caller, Done, Runtime
from shared.identity.accounts import machine_token
from shared.service import Service
from shared.settings import Settings, load
from shared.store import open_store
from shared.web.feed import internal_app
from shared.web.listener import listen
from shared.workdays import Calendar
from tests.delivery import hearer, teller
from tests.migrated import emptied, migrate
from tests.realparts.parts import free_port

MASTER = base64.b64encode(bytes(32)).decode()


@dataclass
class Now:
    """A clock that tests move."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def today(self) -> Any:
        return self.now().date()

    def close(self) -> None:
        """Nothing to close."""


@dataclass
class Pair:
    """The two services, and what carries facts between them."""

    settings: Settings
    clock: Now
    teller: Runtime
    hearer: Runtime
    hand: Hand = field(default_factory=Hand)

    # --- telling ---

    def tell(self, command: Any, id: UUID | None = None, runtime: Runtime | None = None) -> Done:
        caller = Caller("caller", "tester", str(uuid4()), Actor("tester", frozenset({"secretariat"})))
        return (runtime or self.teller).execute(command, "note", id, caller)

    def note(self, title: str = "first", *lines: str) -> UUID:
        id = self.tell(teller.WriteNote(title=title)).id
        if lines:
            self.add(id, *lines)
        return id

    def add(self, id: UUID, *lines: str, hidden: bool = False) -> Done:
        return self.tell(teller.AddLines(lines=lines, hidden=hidden), id)

    # --- hearing ---

    @property
    def sibling(self) -> Any:
        return siblings(hearer.service, self.settings.province)[0]

    def inbox(self, *, opened: bool = True) -> Inbox:
        made = Inbox(self.hearer.store, self.sibling, self.hand)
        if opened:
            made.open()
        return made

    def reader(self, url: str | None = None) -> FeedReader:
        token = machine_token(self.settings.secret_key, "hearer")
        return FeedReader(url or self.settings.feed_url("teller"), token)

    def intake(self, inbox: Inbox | None = None, url: str | None = None) -> FeedIntake:
        return FeedIntake(inbox or self.inbox(), self.reader(url), lambda: False)

    def pull(self, intake: FeedIntake | None = None) -> FeedIntake:
        """Everything that is there now."""
        found = intake or self.intake()
        while found.pull():
            pass
        return found

    def reactions(self) -> Reactions:
        return Reactions(self.hearer, [self.sibling], self.hand)

    # --- looking ---

    def heard(self, id: UUID) -> hearer.Heard | None:
        row: hearer.Heard | None = self.hearer.store.registers().row(hearer.heard, str(id))
        return row

    def lines(self, id: UUID) -> list[str]:
        row = self.heard(id)
        return list(row.lines) if row else []

    def answers(self) -> list[str]:
        return sorted(row.line for _, row in self.hearer.store.registers().rows(hearer.answers, 10_000))

    def rows(self, sql: str, **params: Any) -> list[tuple[Any, ...]]:
        with self.hearer.store.db.reading() as session:
            return session.rows(sql, **params)

    def states(self) -> list[str]:
        return [row[0] for row in self.rows("SELECT state FROM envelopes WHERE state <> 'aside' ORDER BY position")]

    def alarms(self) -> list[str]:
        return [row[0] for row in self.rows("SELECT key FROM letters WHERE kind = 'alarm' ORDER BY opened_at")]


USED: list[str] = []  # names of databases with tables and without rows, for the next test of this process


def make_settings(kind: str, folder: Path, request: pytest.FixtureRequest, **more: str) -> Settings:
    """Settings on one of the two databases, with ports of their own."""
    given = {"PKP_DATA_DIR": str(folder), "PKP_PORT": str(free_port()), "PKP_INTERNAL_PORT": str(free_port()), **more}
    if kind == "postgresql":
        server = request.getfixturevalue("postgres_server")
        base = USED.pop() if USED else f"pkp_{uuid4().hex[:12]}"
        urls = [server.url(f"{base}_{name}") for name in ("teller", "hearer", "teller_keys", "hearer_keys")]

        def give_back() -> None:
            for url in urls:
                emptied(url)
            USED.append(base)

        request.addfinalizer(give_back)
        url = urls[0].removesuffix("teller") + "{service}"
        given |= {"PKP_DATABASE_URL": url, "PKP_SECRET_KEY": "s" * 40, "PKP_MASTER_KEY": MASTER}
    return load(given)


def fresh(settings: Settings, clock: Now, service: Service) -> Runtime:
    """A service at work as another process sees it."""
    store = open_store(settings.database_url(service.name), service, settings.province)
    return Runtime(service, store, keys(service, settings), clock, Calendar(()), settings.secret_key.encode())


def make_pair(settings: Settings) -> Pair:
    clock = Now()
    made = Pair(settings, clock, fresh(settings, clock, teller.service), fresh(settings, clock, hearer.service))
    for runtime in (made.teller, made.hearer):
        migrate(runtime.store)
    return made


def close_pair(pair: Pair) -> None:
    for runtime in (pair.teller, pair.hearer):
        runtime.close()


KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.server)]


@pytest.fixture(params=KINDS)
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    """Both services on each of the two databases; nothing carries facts yet."""
    made = make_pair(make_settings(request.param, tmp_path, request))
    hearer.FAULTS.clear()
    yield made
    hearer.FAULTS.clear()
    close_pair(made)


@pytest.fixture
def feed(pair: Pair) -> Iterator[Pair]:
    """Both services with the internal listener of the teller."""
    app = internal_app({"teller": pair.teller}, pair.settings, 6, lambda: False)
    end = listen(app, "127.0.0.1", pair.settings.internal_port, 8)
    yield pair
    end()
