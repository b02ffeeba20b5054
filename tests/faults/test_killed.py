"""kill -9 of workers (relay, inboxes, reactions) and of web processes while commands run: nothing lost, nothing doubled."""

from __future__ import annotations

import random
from collections.abc import Iterator

import psutil
import pytest

from tests.faults.conftest import begun
from tests.faults.load import Field
from tests.faults.tally import BURST, TIMES, Tally
from tests.journeys.apart import VARIANTS
from tests.ops.platform import until

pytestmark = [pytest.mark.platform, pytest.mark.server]


@pytest.fixture(scope="module", params=VARIANTS)
def field(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    """A platform with its demo."""
    folder = tmp_path_factory.mktemp("killed")
    with begun(request.param, folder, lambda: request.getfixturevalue("postgres_server")) as made:
        yield made


def test_workers_killed_twenty_times_under_load(field: Field, tally: Tally, request: pytest.FixtureRequest) -> None:
    """The worker is relay, inboxes, reactions and timers in one; each second time another stands by and takes over."""
    kills, chance = 20 * TIMES, random.Random(3)
    with field.load(members=2, cases=2) as load:
        for n in range(kills):
            if n % 2:
                field.platform.start_worker()  # stands by until the first is dead
            load.allow(BURST)
            load.reach(short=chance.randint(0, BURST))
            field.platform.kill_worker()
            if n % 2 == 0:
                field.platform.start_worker()
        load.allow(BURST)
        load.reach()
    assert load.counts["reactions"] > 0
    tally.say(request.node.name, kills=kills, **load.counts)


def test_web_processes_killed_while_commands_run(field: Field, tally: Tally, request: pytest.FixtureRequest) -> None:
    """gunicorn's workers again and again, its master at last; clients ask again with their keys."""
    kills, chance = 10 * TIMES, random.Random(4)
    with field.load(members=6) as load:
        for _ in range(kills):
            load.allow(BURST)
            load.reach(short=chance.randint(1, BURST - 1))
            victims = field.platform.web_workers()
            chance.choice(victims).kill()
            until(lambda: len(field.platform.web_workers()) == 2, 20, "another web process")
        load.allow(BURST)
        load.reach(short=BURST // 2)
        _kill_master(field)
        field.platform.start_web()
        load.reach()
    tally.say(request.node.name, kills=kills + 1, **load.counts)


def _kill_master(field: Field) -> None:
    """Its workers must not outlive it."""
    web = field.platform.web
    assert web is not None
    children = field.platform.web_workers()
    web.kill()
    web.wait(10)
    _, left = psutil.wait_procs(children, timeout=30)
    assert not left, f"they outlive their master: {left}"
