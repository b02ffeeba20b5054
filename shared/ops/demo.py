"""Loads the services' demo data the way anybody would: commands over HTTP, with bearer tokens and idempotency keys."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import httpx

from shared import assembly
from shared.clock import date_in
from shared.facts import encode
from shared.identity.accounts import Accounts
from shared.ops.steps import PROVINCE, Learn, Send, Step, filled, named
from shared.service import Service
from shared.settings import Settings
from shared.store.recorded import moment

EDITION = "demo-2"  # begins every idempotency key: with the same one nothing is done twice
NEWS = 15.0  # seconds that siblings may take to hear of each other
PAUSE = 0.05


class NotLoaded(Exception):
    """The demo cannot be loaded; the message is for the operator."""


@dataclass
class Loader:
    """One run over the demo's steps against the platform at `origin`."""

    origin: str
    services: Mapping[str, Service]
    accounts: Accounts
    today: date
    sent: int = 0
    new: int = 0
    _known: dict[str, str] = field(default_factory=dict)
    _clients: dict[str, httpx.Client] = field(default_factory=dict)

    def run(self, known: Mapping[str, str], told: Callable[[int], None] = lambda done: None) -> None:
        """Send every step in order; `known` are stand-ins whose values are given. Raises NotLoaded."""
        self._known.update(known)
        try:
            for done, (service, number, step) in enumerate(steps(self.services), 1):
                if isinstance(step, Send):
                    self._send(service, f"{EDITION}-{service.name}-{number}", step)
                elif isinstance(step, Learn):
                    self._learn(service, step)
                else:
                    self.accounts.assign(step.account, UUID(self._known[str(named(step.organisation))]))
                told(done)
        except httpx.HTTPError as error:
            raise NotLoaded(f"{self.origin} does not answer ({type(error).__name__})") from None
        finally:
            for client in self._clients.values():
                client.close()

    def _client(self, account: str) -> httpx.Client:
        if account not in self._clients:
            headers = {"Authorization": f"Bearer {self.accounts.token(account)}"}
            self._clients[account] = httpx.Client(base_url=self.origin, headers=headers, timeout=20)
        return self._clients[account]

    def _filled(self, text: str) -> str:
        """The text with what is known by now instead of its stand-ins."""
        return filled(text, self._known, self.today)

    def _send(self, service: Service, key: str, step: Send) -> None:
        """One command. What it names may still be on its way between the services: then it is sent again for a while."""
        aggregate, row = service.row(type(step.command))
        path = f"/{service.name}/api/v1/{aggregate.path}"
        if step.to:
            path += f"/{self._known[str(named(step.to))]}/{row.path}"
        body, until = self._filled(encode(step.command)), time.monotonic() + NEWS
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        while True:
            answer = self._client(step.by).post(path, content=body, headers=headers)
            if answer.is_success:
                break
            again = _slug(answer).startswith("unknown-") or answer.status_code == 503
            if not again or time.monotonic() > until:
                raise NotLoaded(f"{type(step.command).__name__} by {step.by}: {answer.status_code} {_slug(answer)}")
            time.sleep(PAUSE)
        self.sent += 1
        self.new += "Idempotency-Replayed" not in answer.headers
        if step.makes:
            self._known[str(named(step.makes))] = answer.json()["id"]

    def _learn(self, service: Service, step: Learn) -> None:
        path, until = f"/{service.name}/api/v1/{step.register}", time.monotonic() + NEWS
        where = {column: self._filled(str(value)) for column, value in step.where.items()}
        while True:
            answer = self._client(step.by).get(path, params=where)
            if answer.is_error:
                raise NotLoaded(f"{step.register} of {service.name} for {step.by}: {answer.status_code} {_slug(answer)}")
            found = answer.json()["items"]
            if found:
                break
            if time.monotonic() > until:
                raise NotLoaded(f"{step.register} of {service.name} did not show what was waited for; is the worker running?")
            time.sleep(PAUSE)
        self._known.update(step.taken(found[0]))


def _slug(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["type"]).rstrip("/").rpartition("/")[2]
    except (ValueError, KeyError, TypeError):
        return ""


def steps(services: Mapping[str, Service], *, story: bool = False) -> Iterator[tuple[Service, int, Step]]:
    """(service, number in the service, step) of every service that has a demo, those first that others build on.

    A demo's STEPS begin with its STORY, which is enough to follow one case through all services (`story`: nothing more).
    """
    parts = {name: part for name in services if (part := _part(services[name])) is not None}
    done: list[str] = []
    while len(done) < len(parts):
        name = next((one for one in parts if one not in done and not set(parts[one].AFTER) & set(parts) - set(done)), None)
        if name is None:
            raise NotLoaded("the services' demo data wait for each other")
        done.append(name)
        its = parts[name].STORY if story else parts[name].STEPS
        yield from ((services[name], number, step) for number, step in enumerate(its, 1))


def _part(service: Service) -> Any:
    package = service.aggregates[0].decider.decide.__module__.rsplit(".domain.", 1)[0]
    try:
        return importlib.import_module(f"{package}.demo")
    except ModuleNotFoundError as error:
        if error.name == f"{package}.demo":
            return None
        raise


def load(settings: Settings, told: Callable[[int], None] = lambda done: None, origin: str | None = None) -> Loader:
    """Load the demo into the platform that runs with these settings, here or at `origin`. Raises NotLoaded."""
    accounts, origin = assembly.accounts(settings), origin or settings.local_url(settings.port)
    loader = Loader(origin, assembly.services(settings), accounts, first_day(settings, origin))
    loader.run(stand_ins(settings, accounts), told)
    return loader


def stand_ins(settings: Settings, accounts: Accounts) -> dict[str, str]:
    """What the stand-ins of province and accounts stand for."""
    return {PROVINCE: settings.province, **{str(named(f"account:{one.name}")): one.id for one in accounts.list()}}


def first_day(settings: Settings, origin: str) -> date:
    """The day on which the platform at `origin` was told its first fact, in the province: today, when it has none.

    What the demo dates from its own day keeps that date when it is loaded once more. Raises NotLoaded.
    """
    question = {"after": "0", "limit": "1", "view": "public"}
    try:
        answer = httpx.get(f"{origin}/membership/feed", params=question, timeout=20).raise_for_status()
    except httpx.HTTPError as error:
        raise NotLoaded(f"{origin} does not answer ({type(error).__name__})") from None
    told = answer.json()
    return date_in(settings.zone, moment(told[0]["recordedtime"])) if told else assembly.clock(settings).today()


def count(services: Mapping[str, Service]) -> int:
    """How many steps there are."""
    return len(list(steps(services)))


__all__: Sequence[str] = ["Loader", "NotLoaded", "count", "load", "steps"]
