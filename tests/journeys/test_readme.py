"""The README's walk, run as it stands by a shell against a running platform."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator

import pytest

from tests.journeys.apart import VARIANTS, Apart, apart
from tests.ops.platform import HOUSE, PKP
from tests.oracles import everything
from tests.oracles_between import check_held, check_inbox, lag, settled

pytestmark = [pytest.mark.platform, pytest.mark.server]
WALK = re.compile(r"<!-- walk -->(.*?)<!-- /walk -->", re.DOTALL)
BLOCK = re.compile(r"^```(?:bash|sh)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
TOLD = ("member-joined", "advocacy-raised", "conflict-resolved", "recommendation-issued")


@pytest.fixture(params=VARIANTS)
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    """A platform as the README's reader has it: with the demo."""
    with apart(
        request.param, tmp_path_factory.mktemp("readme") / "var", lambda: request.getfixturevalue("postgres_server")
    ) as made:
        made.begin()
        driver = made.driver("demo-1")
        driver.demo()
        driver.close()
        yield made


def test_the_walk_works_as_it_is_written(platform: Apart) -> None:
    found = WALK.findall((HOUSE / "README.md").read_text("utf-8"))
    assert found, "the README has no walk"
    blocks = [block for part in found for block in BLOCK.findall(part)]
    assert blocks, "the walk holds no shell block"
    before = told(platform)
    given = {**platform.environment, "BASE": f"http://127.0.0.1:{platform.port}", "PKP": shlex.join(PKP), "NO_PROXY": "127.0.0.1"}
    words = ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)]
    walked = subprocess.run(words, cwd=HOUSE, env=given, capture_output=True, text=True, timeout=180, check=False)
    assert walked.returncode == 0, f"{walked.stdout[-3000:]}\n{walked.stderr[-3000:]}"
    for fact in TOLD:
        assert told(platform).count(fact) == before.count(fact) + 1, fact
    settled(lambda: lag(platform.runtimes, platform.kafka))
    for runtime in platform.runtimes.values():
        check_inbox(runtime)
        check_held(runtime, {name: one.store for name, one in platform.runtimes.items()})


def told(platform: Apart) -> list[str]:
    """The kinds of all facts that were told so far."""
    return [one.type.split(".")[3] for runtime in platform.runtimes.values() for one in everything(runtime.store)]
