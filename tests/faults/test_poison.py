"""A fact that cannot be taken parks its own key: others flow, its later facts wait in order, a retry after the fix catches up."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from services.membership.demo import STORY
from services.membership.domain.member import SuspendMember
from shared.delivery.attempts import LIMIT
from shared.delivery.letters import listed
from shared.delivery.postbox import Letter
from shared.ops.steps import Send
from tests.faults.broken_worker import GARBLED, KILLS, NEWER, RAISES
from tests.faults.conftest import begun
from tests.faults.load import Field, newcomer
from tests.faults.tally import BURST, Tally
from tests.journeys.apart import VARIANTS
from tests.ops.platform import until

pytestmark = [pytest.mark.platform, pytest.mark.server]
WITHIN = 10.0  # seconds for facts beside a poisoned one, on a machine that has other things to do
SUSPEND = next(step.command for step in STORY if isinstance(step, Send) and isinstance(step.command, SuspendMember))
REASONS = {RAISES: "ValueError: a bug", KILLS: "died", GARBLED: "cannot be read", NEWER: "unknown major version"}


@pytest.fixture(scope="module", params=VARIANTS)
def field(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    """A platform with its demo."""
    folder = tmp_path_factory.mktemp("poison")
    with begun(request.param, folder, lambda: request.getfixturevalue("postgres_server")) as made:
        yield made


def test_a_poisoned_fact_parks_its_key_only(field: Field, tally: Tally, request: pytest.FixtureRequest) -> None:
    platform = field.platform
    with field.load() as load:
        load.allow(BURST)
        load.reach()
        platform.kill_worker()
        poisoned = {kind: seat(field, f"{kind} {request.node.callspec.id}", suspended=True) for kind in REASONS}
        load.allow(BURST)
        load.reach()
        deaths = 0
        while len(letters(field)) < len(REASONS):
            broken = platform.start_worker("tests.faults.broken_worker")
            until(lambda: broken.poll() is not None or len(letters(field)) == len(REASONS), 60, "an end")  # noqa: B023
            deaths += broken.poll() == 9
            assert deaths <= LIMIT + 1, "the same fact kills the process again and again"
        assert broken.poll() is None
        parked = {letter.key.rpartition("/")[2]: letter for letter in letters(field)}
        for kind, id in poisoned.items():
            assert REASONS[kind] in parked[id].reason, parked[id]
            assert row(field, id) is None
        began = time.monotonic()
        other = seat(field, "lainnya")
        until(lambda: row(field, other), WITHIN, "a fact beside poisoned ones")
        flowed = time.monotonic() - began
        broken.terminate()
        assert broken.wait(15) == 0
        platform.start_worker()  # mended; what waits, waits for a person
        shown = json.loads(platform.pkp("letters", "list", "--json").stdout)
        assert {one["id"] for one in shown} == {letter.id for letter in letters(field)}
        for letter in letters(field):
            waiting = json.loads(platform.pkp("letters", "show", letter.id).stdout)["waiting"]
            assert [one["type"].split(".")[3] for one in waiting] == ["member-joined", "member-suspended"]
            assert platform.pkp("letters", "retry", letter.id).stdout == f"{letter.id}: retried\n"
        assert [row(field, id)["active"] for id in poisoned.values()] == [False] * len(REASONS)  # type: ignore[index]
    tally.say(request.node.name, poisoned=len(REASONS), deaths=deaths, beside=round(flowed, 2), **load.counts)


def seat(field: Field, name: str, *, suspended: bool = False) -> str:
    """The id of a new member."""
    driver = field.driver(f"seat-{name}")
    steps = [*newcomer(900, name)]
    if suspended:
        steps.append(Send("ketua", SUSPEND, to=name))
    list(driver.walk("membership", steps))
    driver.close()
    return driver.id(name)


def row(field: Field, id: str) -> dict[str, Any] | None:
    """The forum's row of an organisation."""
    answer = field.first.get("sekretariat", f"/forum/api/v1/organisations/{id}")
    return answer.json() if answer is not None and answer.status_code == 200 else None


def letters(field: Field) -> list[Letter]:
    """The open letters of the forum."""
    return listed(field.platform.runtimes["forum"].store)
