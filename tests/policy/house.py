"""All services on one origin with one thing of each kind, and everybody who may knock: what the guard tests walk through."""

from __future__ import annotations

import base64
import contextlib
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import Client, TestResponse

from shared.app import Origin, origin
from shared.assembly import accounts, runtime, services
from shared.decider import Actor
from shared.execute import Caller, Done, Runtime, Work
from shared.identity.accounts import Accounts, machine_token
from shared.identity.roles import DEMO_ACCOUNTS
from shared.registers.register import About
from shared.service import Aggregate
from shared.settings import Settings, load
from shared.testing import NOON
from shared.web.site import Site
from tests.migrated import migrate

ROLES = ("stranger", *(str(role) for role in DEMO_ACCOUNTS.values()), "machine")
NAMES = {str(role): name for name, role in DEMO_ACCOUNTS.items()}
MASTER = base64.b64encode(bytes(32)).decode()


@dataclass
class House:
    """The platform, freshly made in a folder."""

    settings: Settings
    origin: Origin
    accounts: Accounts
    things: dict[tuple[str, str], UUID] = field(default_factory=dict)  # (service, aggregate) -> the id of one
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def apps(self) -> Mapping[str, Flask]:
        """The application of each service."""
        return self.origin.apps

    def site(self, service: str) -> Site:
        found: Site = self.apps[service].extensions["pkp"]
        return found

    def runtime(self, service: str) -> Runtime:
        return self.site(service).runtime

    def headers(self, who: str | None) -> dict[str, str]:
        """The bearer token of a role, or of an account by its name."""
        if who in (None, "stranger"):
            return {}
        if who not in self.tokens:
            name = NAMES.get(str(who), str(who))
            machine = who == "machine"
            self.tokens[str(who)] = (
                machine_token(self.settings.secret_key, "federation") if machine else self.accounts.token(name)
            )
        return {"Authorization": f"Bearer {self.tokens[str(who)]}"}

    def ask(self, who: str | None, method: str, path: str, **more: Any) -> TestResponse:
        """A request as somebody; a command gets a key of its own."""
        given = {"Idempotency-Key": str(uuid.uuid4()), **self.headers(who), **more.pop("headers", {})}
        if method == "POST" and "/api/" in path:
            given.setdefault("Content-Type", "application/json")
        return Client(self.origin).open(path, method=method, headers=given, **more)

    def knock(self, who: str | None, written: str) -> TestResponse:
        """A GET of an address exactly as it is written, as a server would pass it on."""
        bare, _, query = written.partition("?")
        overrides = {"PATH_INFO": unquote(bare, "latin-1"), "QUERY_STRING": query, "REQUEST_URI": written, "RAW_URI": written}
        return Client(self.origin).open("/", headers=self.headers(who), environ_overrides=overrides)

    def join(self, name: str, role: str, organisation: UUID | None) -> str:
        """A new account; the answer is its opaque id."""
        return self.accounts.add(name, role, organisation).id

    def tell(self, service: str, aggregate: str, id: UUID, *facts: Any) -> Done:
        """Facts happen to an aggregate, whatever its rules say of them."""
        return told(self.runtime(service), self.runtime(service).service.aggregate(aggregate), id, *facts)

    def trail(self, service: str) -> list[tuple[Any, ...]]:
        """(outcome, what, ids, reason, account) of the audit trail, oldest first."""
        with self.runtime(service).store.db.reading() as session:
            return session.rows("SELECT outcome, what, ids, reason, account FROM audit_trail ORDER BY at, id")

    def close(self) -> None:
        self.origin.close()
        self.accounts.close()


def told(at: Runtime, behind: Aggregate, id: UUID, *facts: Any) -> Done:
    """Put facts into a stream the ordinary way, with a decision that is these facts."""
    decider = replace(behind.decider, decide=lambda state, command, given: facts, holds=lambda state: frozenset(), timers=None)
    row = replace(behind.commands[0], known={}, path=None)
    caller = Caller("caller", "house", str(uuid.uuid4()), Actor("house"))
    work = Work(at, replace(behind, decider=decider), row, None, caller, [at.command_id(caller)], "house", id, None)
    return work.done(at._append(work))


def first_fact(site: Site, aggregate: Aggregate) -> Any:
    """The example of the fact with which such a thing begins: the one that opens a row of its list."""
    for cls, fold in aggregate.register.folds.items():
        if cls in aggregate.decider.facts and cls not in aggregate.register.keys:
            fact = site.examples[cls]
            about = About(str(id_in(fact)), id_in(fact), "", 1, 1, NOON)
            with contextlib.suppress(TypeError, AttributeError):
                if fold(None, fact, about) is not None:
                    return fact
    raise AssertionError(f"no fact opens a row of {aggregate.register.name}")


def id_in(fact: Any) -> UUID:
    """The id of the thing that a fact is about: its first field."""
    found = next(iter(vars(fact).values()))
    assert isinstance(found, UUID)
    return found


def empty_house(folder: Path, demo: bool = True) -> House:
    """The platform on SQLite, in demo mode as a rule, with nothing in it."""
    settings = load({"PKP_DATA_DIR": str(folder), "PKP_DEMO": str(demo), "PKP_MASTER_KEY": MASTER})
    found = accounts(settings)
    found.migrate()
    working: dict[str, Runtime] = {}
    for name, service in services(settings).items():
        working[name] = runtime(service, settings)
        working[name].keys.migrate()
        migrate(working[name].store)
    return House(settings, origin(settings, working), found)


def open_house(folder: Path, demo: bool = True) -> House:
    """The platform on SQLite with one thing of each kind."""
    house = empty_house(folder, demo)
    for name, app in house.apps.items():
        site: Site = app.extensions["pkp"]
        for aggregate in site.service.aggregates:
            fact = first_fact(site, aggregate)
            house.things[name, aggregate.name] = id_in(fact)
            house.tell(name, aggregate.name, id_in(fact), fact)
    return house


# --- routes -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Route:
    """One method of one rule of the url map of a service, or of the front."""

    service: str
    method: str
    rule: str

    @property
    def key(self) -> tuple[str, str]:
        return self.method, self.rule


def rules_of(house: House) -> Iterator[tuple[str, Rule]]:
    """Every rule of every application of the origin."""
    for name, app in house.apps.items():
        for rule in app.url_map.iter_rules():
            yield name, rule
    for rule in front_of(house).url_map.iter_rules():
        yield "front", rule


def front_of(house: House) -> Flask:
    """The application that answers what belongs to no service."""
    return house.origin.first_page


def routes(house: House) -> list[Route]:
    """Every method of every rule but HEAD and OPTIONS, which have tests of their own, and files that are the same for all."""
    found = set()
    for name, rule in rules_of(house):
        if rule.endpoint in {"static", "bootstrap.static"} or "<path:filename>" in rule.rule or "<path:name>" in rule.rule:
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            found.add(Route(name, method, rule.rule))
    return sorted(found, key=lambda one: (one.service, one.rule, one.method))


def path_of(house: House, route: Route) -> str:
    """The path of a route for the thing that is there; for a row of which there is none, a key that nothing has."""
    path = route.rule
    if route.service != "front":
        site = house.site(route.service)
        listing = next((one for one in site.listings if f"/{one[0]}/" in f"{path}/"), None)
        if listing is not None and listing[2] is not None:
            path = path.replace("<uuid:id>", str(house.things[route.service, listing[2].name]))
        elif listing is not None and "<" in path:
            path = re.sub(r"<[^>]*>", key_in(site, listing[1]), path)
    return re.sub(
        r"<uuid:[^>]*>", str(UUID(int=99)), re.sub(r"<int:[^>]*>", "1", re.sub(r"<(string:|path:)?\w+>", "nothing", path))
    )


def key_in(site: Site, register: Any) -> str:
    rows = site.runtime.store.registers().page(register, limit=1).items
    return rows[0].id if rows else str(UUID(int=99))


def is_there(house: House, route: Route) -> bool:
    """Whether the path of a route names something that is there."""
    return "<" not in route.rule or (str(UUID(int=99)) not in path_of(house, route) and "nothing" not in path_of(house, route))


def verdict(house: House, route: Route, who: str) -> str:
    """What a route says to somebody, in one sign."""
    return sign(house, route, sent(house, route, who))


def sent(house: House, route: Route, who: str) -> TestResponse:
    """The answer to somebody who asks for a route, or sends it something that means nothing."""
    path = path_of(house, route)
    more: dict[str, Any] = {}
    if route.method == "POST":
        more = {"data": b"[]"} if "/api/" in path else {"data": {"leer": "1"}, "headers": {"Origin": "http://localhost"}}
    return house.ask(who, route.method, path, **more)


def sign(house: House, route: Route, answer: TestResponse) -> str:
    """An answer in one sign:

    `-` sign in first (401), `x` refused (403), `h` hidden (404 for what is there), `m` missing (404 for what is not),
    `o` let in: whatever the route says then.
    """
    if answer.status_code == 404:
        return "h" if is_there(house, route) else "m"
    return {401: "-", 403: "x", 429: "-"}.get(answer.status_code, "o" if answer.status_code < 500 else "!")


def table(house: House) -> dict[tuple[str, str], str]:
    """The verdicts of every route for every role, as the answers are."""
    return {one.key: "".join(verdict(house, one, who) for who in ROLES) for one in routes(house)}
