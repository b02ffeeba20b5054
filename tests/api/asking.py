"""Asking one service of the demo's platform anything, and judging what it answers and what it keeps."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import schemathesis
from schemathesis import Case, Response
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.test import Client

from tests.api.demo_house import ID, Stored, ids, stored
from tests.policy.house import ROLES, House

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
TODAY = datetime.now(UTC).date()
DAY = re.compile(r"\d{4}-\d\d-\d\d")
AT_FIELDS = {"invalid-shape", "parameter-unknown", "parameter-malformed"}  # slugs that always say where


@dataclass(frozen=True)
class Choice:
    """What is drawn beside a case: who asks, and which of the things that are there are meant."""

    who: str
    number: int
    among_known: bool


@dataclass
class Asking:
    """One service, and the answers it gave: (operation's method, status) -> how often."""

    house: House
    service: str
    kept: Stored = field(init=False)
    schema: Any = field(init=False)
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    _known: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for who in ROLES:
            self.house.headers(who)  # a token is a row, too
        self.kept = stored(self.house, self.service)
        document = Client(self.house.origin).get(f"/{self.service}/openapi.json").get_json()
        for operation in (one for item in document["paths"].values() for one in item.values() if isinstance(one, dict)):
            operation.pop("security", None)  # who asks is drawn beside the case, strangers among them
        self.schema = schemathesis.openapi.from_dict(document)
        self.schema.app = self.house.origin
        judged = self.schema.config.checks.negative_data_rejection
        judged.expected_statuses = [*judged.expected_statuses, "412"]  # If-Match is looked at before the body

    def ask(self, case: Case, choice: Choice) -> None:
        """Send a case as somebody; raises AssertionError, or what schemathesis raises, for an answer that must not be."""
        if choice.among_known:
            self._mean_what_is_there(case, choice.number)
        answer = case.call(headers=self.house.headers(choice.who))
        self.answers[case.method.upper(), answer.status_code] += 1
        if 400 <= answer.status_code < 500:
            refused(answer)
        changed, may = set(self.kept.changed()), may_change(case.method, answer)
        assert changed >= may, f"{case.method} answered {answer.status_code} and did not change {may - changed}"
        assert changed <= may or "events" in may, f"{case.method} answered {answer.status_code} and changed {changed - may}"
        if changed:
            self._known.clear()
        case.validate_response(answer, checks=CHECKS)

    # --- sense ----------------------------------------------------------------------------------------------------

    def _mean_what_is_there(self, case: Case, number: int) -> None:
        """Ids and days of a case become such as stand in the registers: else nearly every command would meet nothing."""
        self._known = self._known or ids(self.house, self.service)
        parameters = case.path_parameters or {}
        if ID.fullmatch(str(parameters.get("id"))):
            path = case.operation.path.removeprefix(f"/{self.service}/api/v1/").partition("/")[0]
            parameters["id"] = self._one(path, number)
        if isinstance(case.body, dict):
            case.body = self._sensible("", case.body, number)
        if case.method.upper() == "POST" and case.meta.generation.mode.is_positive and number % 4:
            case.headers["Idempotency-Key"] = f"asked-{self.answers.total()}"
            case.headers.pop("If-Match", None)

    def _sensible(self, name: str, value: Any, number: int) -> Any:
        match value:
            case dict():
                return {below: self._sensible(below, one, number + at) for at, (below, one) in enumerate(value.items())}
            case list():
                return [self._sensible(name, one, number + at) for at, one in enumerate(value)]
            case str() if ID.fullmatch(value):
                return self._one(name, number)
            case str() if DAY.fullmatch(value):
                return str(TODAY - timedelta(days=number % 60))
        return value

    def _one(self, name: str, number: int) -> str:
        among = self._known.get(name) or self._known["id"]
        return among[number % len(among)]


def may_change(method: str, answer: Response) -> set[str]:
    """The tables that must have changed by this request; with facts, whatever follows from them changes, too."""
    if method.upper() != "POST" or answer.status_code not in (200, 201) or "idempotency-replayed" in answer.headers:
        return set()
    return {"commands", "events"} if answer.json()["facts"] else {"commands"}


def refused(answer: Response) -> None:
    """A refusal is a problem document that says what, and where if it is at a field."""
    assert answer.headers["content-type"] == ["application/problem+json"]
    told: Mapping[str, Any] = json.loads(answer.content)
    assert told["type"].endswith(f"/problems/{told['slug']}")
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", told["slug"]), told
    assert told["title"].endswith((".", "!", "?", ";")), told
    assert told["status"] == answer.status_code
    assert told["slug"] not in AT_FIELDS or told["errors"], told
    for error in told.get("errors", ()):
        assert error["slug"], told
        assert error["detail"], told
        assert error.get("pointer", "/").startswith("/") or error["pointer"] == "", told
        assert ("pointer" in error) != ("parameter" in error), told
