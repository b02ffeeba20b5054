"""Somebody at work over HTTP: sends a demo's steps, writes down what was told, and asks again when nobody knows."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from shared.facts import encode
from shared.ops.demo import EDITION
from shared.ops.demo import steps as demo_steps
from shared.ops.steps import Acts, Learn, Send, Step, filled, named
from shared.service import Service
from tests.ops.platform import PLAIN
from tests.workload import History, read_history

PAUSE = 0.05


@dataclass
class Driver:
    """One client with its own connections. `edition` begins its idempotency keys, `known` are values of stand-ins.

    Rows that hold an id of `others` are somebody else's. Whatever nobody knows (no answer, 502, 503) is asked again with the
    same key, for `patience` seconds.
    """

    origin: str
    services: Mapping[str, Service]
    token: Callable[[str], str]
    edition: str
    known: dict[str, str]
    history: History | None = None
    patience: float = 60.0
    others: frozenset[str] = frozenset()
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _clients: dict[str, httpx.Client] = field(default_factory=dict)

    def again(self, edition: str, **changed: str) -> Driver:
        """A driver that knows what this one knows, for another edition."""
        return Driver(self.origin, self.services, self.token, edition, {**self.known, **changed}, self.history, self.patience)

    # --- steps ---

    def demo(self) -> None:
        """The demo's story, under the keys that `pkp demo` uses: what it loaded is not done twice, only learnt."""
        for service, number, step in demo_steps(self.services, story=True):
            self.step(service, step, f"{EDITION}-{service.name}-{number}")

    def walk(self, service: str, these: Iterable[Step]) -> Iterator[dict[str, Any]]:
        """Do steps in order; gives the answer of each command, with `facts`."""
        for number, step in enumerate(these, 1):
            answer = self.step(self.services[service], step, f"{self.edition}-{service}-{number}")
            if answer is not None:
                yield answer

    def step(self, service: Service, step: Step, key: str) -> dict[str, Any] | None:
        """One step; a command's answer. Raises AssertionError when it is refused."""
        assert not isinstance(step, Acts), "no story lets an account act for another organisation"
        return self._send(service, step, key) if isinstance(step, Send) else self._learn(service, step)

    def id(self, name: str) -> str:
        """The id behind a stand-in."""
        return self.known[str(named(name))]

    def _filled(self, text: str) -> str:
        return filled(text, self.known, datetime.now(UTC).date())

    def _send(self, service: Service, step: Send, key: str) -> dict[str, Any]:
        aggregate, row = service.row(type(step.command))
        path = f"/{service.name}/api/v1/{aggregate.path}"
        if step.to:
            path += f"/{self.id(step.to)}/{row.path}"
        answer = self.ask(service.name, step.by, path, self._filled(encode(step.command)), key)
        assert answer.is_success, f"{type(step.command).__name__} by {step.by}: {answer.status_code} {answer.text[:300]}"
        body: dict[str, Any] = answer.json()
        if step.makes:
            self.known[str(named(step.makes))] = body["id"]
        self.told.append((service.name, body))
        return body

    def _learn(self, service: Service, step: Learn) -> None:
        where = {column: self._filled(str(value)) for column, value in step.where.items()}
        row = self.wait_for(step.by, f"/{service.name}/api/v1/{step.register}", where, step.takes.values())
        self.known.update(step.taken(row))

    # --- asking ---

    def wait_for(self, account: str, path: str, where: Mapping[str, str], taken: Collection[str] = ()) -> dict[str, Any]:
        """The first row of a register that answers and is ours by what is `taken` of it; waits for it."""
        until = time.monotonic() + self.patience
        while True:
            answer = self.get(account, path, **where)
            found = answer.json()["items"] if answer is not None and answer.is_success else []
            ours = [row for row in found if not self.others.intersection(str(row[column]) for column in taken)]
            if ours:
                return dict(ours[0])
            assert time.monotonic() < until, f"{path} {where} shows nothing: {answer and answer.text[:300]}"
            time.sleep(PAUSE)

    def get(self, account: str, path: str, **params: str) -> httpx.Response | None:
        """One answer; None when there was none."""
        try:
            return self._client(account).get(path, params=params)
        except httpx.TransportError:
            return None

    def ask(self, service: str, account: str, path: str, body: str, key: str) -> httpx.Response:
        """Send one command until somebody knows its outcome; also while what it names is still on its way."""
        self._say("invoke", key, service=service, account=account, path=path, body=body)
        until, began = time.monotonic() + self.patience, time.monotonic()
        while True:
            answer = self._post(account, path, body, key)
            if answer is None or answer.status_code in (502, 503):
                self._say("info", key)
            elif answer.is_success:
                told = answer.json()
                took = time.monotonic() - began
                again = "Idempotency-Replayed" in answer.headers
                self._say("ok", key, stream=told.pop("id"), took=took, again=again, **told)
                return answer
            elif answer.status_code >= 500:
                self._say("broken", key, status=answer.status_code, error=answer.text[:300])
                return answer
            elif not _slug(answer).startswith("unknown-") or time.monotonic() > until:
                self._say("fail", key, slug=_slug(answer))
                return answer
            assert time.monotonic() < until, f"nobody knows what became of {key}"
            time.sleep(PAUSE)

    def _post(self, account: str, path: str, body: str, key: str) -> httpx.Response | None:
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        try:
            return self._client(account).post(path, content=body, headers=headers)
        except httpx.TransportError:
            return None

    def _say(self, word: str, key: str, **more: Any) -> None:
        if self.history:
            self.history.say(word, key, **more)

    def _client(self, account: str) -> httpx.Client:
        if account not in self._clients:
            headers = {"Authorization": f"Bearer {self.token(account)}"}
            self._clients[account] = httpx.Client(
                base_url=self.origin, headers=headers, timeout=15, verify=PLAIN, trust_env=False
            )
        return self._clients[account]

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()


def resolve(driver: Driver, folder: Path) -> int:
    """Send every command of unknown outcome again with its key; how many there were."""
    unknown = [one for one in read_history(folder).values() if one.word == "info"]
    for one in unknown:
        driver.ask(one.sent["service"], one.sent["account"], one.sent["path"], one.sent["body"], one.key)
    return len(unknown)


def _slug(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["type"]).rstrip("/").rpartition("/")[2]
    except (json.JSONDecodeError, KeyError, TypeError):
        return ""
