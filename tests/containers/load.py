"""Commands sent through the gateway at a bounded rate, each until it is acknowledged; nothing else is forgiven."""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from collections import Counter
from dataclasses import replace
from typing import Any

import httpx

from services.advocacy.demo import STEPS as ADVOCACY
from services.advocacy.domain.proposing import ProposeAdvocacy
from services.mediation.demo import STEPS as MEDIATION
from services.mediation.domain.registering import RegisterCase
from services.membership.demo import STEPS as MEMBERSHIP
from services.membership.domain.member import ProposeMember
from shared.facts import encode
from shared.ops.steps import PROVINCE, Send
from tests.containers.stack import Stack

PACE = 0.05  # seconds between two commands of a thread
PATIENCE = 300.0  # seconds in which everything must be back, on a busy machine too


def _first(steps: Any, command: type) -> Any:
    """The demo's first command of a class."""
    return next(step.command for step in steps if isinstance(step, Send) and type(step.command) is command)


def _advocacy() -> Any:
    found = _first(ADVOCACY, ProposeAdvocacy)
    return replace(found, on_behalf_of=replace(found.on_behalf_of, organisation_id=None))


def _case() -> Any:
    found = _first(MEDIATION, RegisterCase)
    return replace(found, parties=(found.parties[0], replace(found.parties[0], name="Pihak kedua", is_complainant=False)))


# What is written to each service, and the field that makes each command another one.
WRITTEN: dict[str, tuple[str, Any, str]] = {
    "membership": ("/membership/api/v1/members", _first(MEMBERSHIP, ProposeMember), "name"),
    "advocacy": ("/advocacy/api/v1/advocacies", _advocacy(), "title"),
    "mediation": ("/mediation/api/v1/cases", _case(), "title"),
}


class Load:
    """Threads that write while something else happens; the `patient` send a command again, with its key, until it is taken."""

    def __init__(
        self, stack: Stack, services: tuple[str, ...] = tuple(WRITTEN), threads: int = 2, *, patient: bool = True
    ) -> None:
        self.mark = secrets.token_hex(4)
        self.acknowledged: dict[str, list[str]] = {service: [] for service in services}
        self.answers: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._patient = patient
        self._numbers = itertools.count()
        self._ending = threading.Event()
        self._clients = [(service, stack.client("sekretariat")) for service in services for _ in range(threads)]
        self._threads = [threading.Thread(target=self._write, args=pair, daemon=True) for pair in self._clients]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join(PATIENCE + 60)
        for _, client in self._clients:
            client.close()

    def _write(self, service: str, client: httpx.Client) -> None:
        path, pattern, field = WRITTEN[service]
        while not self._ending.wait(PACE):
            text = f"Uji {self.mark} {next(self._numbers):06d}"
            body = encode(replace(pattern, **{field: text})).replace(PROVINCE, "32")
            self._send(service, client, path, body)

    def _send(self, service: str, client: httpx.Client, path: str, body: str) -> None:
        headers = {"Idempotency-Key": secrets.token_hex(16), "Content-Type": "application/json"}
        until = time.monotonic() + PATIENCE
        while True:
            try:
                answer = client.post(path, content=body, headers=headers)
                told, passing = str(answer.status_code), answer.status_code in {502, 503, 504}
            except httpx.TransportError as error:
                answer, told, passing = None, type(error).__name__, True
            self.answers[told] += 1
            if answer is not None and answer.is_success:
                self.acknowledged[service].append(answer.json()["id"])
                return
            if not passing or not self._patient or time.monotonic() > until:
                self.wrong.append(f"{service}: {told} {answer.text[:300] if answer is not None else ''}")
                return
            time.sleep(0.1)
