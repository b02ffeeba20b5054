"""Any request that the OpenAPI documents allow or forbid: never an error of ours, a clear refusal, nothing stored by it."""

from __future__ import annotations

import json
from math import ceil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from tests.api.asking import Asking, Choice
from tests.conftest import API_CASES
from tests.policy.house import ROLES

SERVICES = Path(__file__).parents[2] / "services"
pytestmark = pytest.mark.platform


def operations() -> list[tuple[str, str, str]]:
    """(service, method, path) of every operation of every contract."""
    return [
        (file.parts[-3], method.upper(), path)
        for file in sorted(SERVICES.glob("*/contract/openapi.json"))
        for path, item in json.loads(file.read_text("utf-8"))["paths"].items()
        for method in item
        if method in {"get", "post"}
    ]


def negatable(path: str) -> bool:
    """Whether a request to it can be wrong at all: any text may be the key of a row."""
    return not path.endswith("{key}")


OPERATIONS = operations()


@pytest.mark.parametrize(("service", "method", "path"), OPERATIONS, ids=[f"{method} {path}" for _, method, path in OPERATIONS])
def test_any_request_is_done_or_refused_and_nothing_between(
    asking: dict[str, Asking], cases: int, service: str, method: str, path: str
) -> None:
    asked = asking[service]
    operation = asked.schema[path][method]
    who = st.one_of(st.sampled_from(sorted({*operation.definition.raw["x-roles"]} & {*ROLES}) or ROLES), st.sampled_from(ROLES))
    choice = st.builds(Choice, who, st.integers(0, 59), st.sampled_from([True, True, True, False]))
    share = ceil(cases / sum(1 + negatable(one) for of, _, one in OPERATIONS if of == service))
    many = settings(
        database=None,
        deadline=None,
        derandomize=cases == API_CASES,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )

    def ask(mode: GenerationMode, count: int) -> None:
        @settings(many, max_examples=count)
        @given(case=operation.as_strategy(generation_mode=mode), choice=choice)
        def one(case: Case, choice: Choice) -> None:
            asked.ask(case, choice)

        one()

    ask(GenerationMode.POSITIVE, max(2, share))  # the first that is made is the simplest there is
    if negatable(path):
        ask(GenerationMode.NEGATIVE, share)
