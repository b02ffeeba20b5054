"""The platform as a newcomer starts it: it comes up, shows the demo, survives deaths, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from shared.contracts.generate import installed
from shared.ops.demo import steps
from shared.ops.steps import Send
from tests.ops.platform import Platform, alive, until

pytestmark = pytest.mark.platform
SENT = sum(isinstance(step, Send) for _, _, step in steps(installed()))


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform with its demo loaded."""
    platform = Platform(tmp_path_factory.mktemp("shown") / "var")
    platform.start("--demo", ready="Ctrl-C stops everything")
    yield platform
    if platform.process and platform.process.poll() is None:
        platform.stop()


def bearer(platform: Platform) -> dict[str, str]:
    return {"Authorization": f"Bearer {platform.pkp('account', 'token', 'sekretariat').stdout.strip()}"}


def rows(platform: Platform, path: str) -> list[dict[str, object]]:
    answer = platform.get(path, **bearer(platform))
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def counted(platform: Platform, path: str, column: str) -> Counter[object]:
    return Counter(row[column] for row in rows(platform, f"{path}?limit=100"))


def test_the_demo_came_by_ordinary_commands_and_reactions(shown: Platform) -> None:
    assert f"The demo is loaded: {SENT} commands, {SENT} of them new" in shown.words
    assert counted(shown, "/membership/api/v1/members", "status") == {"active": 15, "verified": 1, "suspended": 1, "succeeded": 1}
    cases = {"fulfilled": 2, "impasse": 1, "in_mediation": 1, "accepted": 1, "registered": 1}
    assert counted(shown, "/mediation/api/v1/cases", "stage") == cases  # without the one that concerns its own house
    recommendations = {"reviewed": 1, "issued": 2, "endorsed": 1, "in_consultation": 1}
    assert counted(shown, "/forum/api/v1/recommendations", "status") == recommendations
    advocacies = {"raised": 4, "in_progress": 2, "proposed": 1, "returned": 1}
    assert counted(shown, "/advocacy/api/v1/advocacies", "status") == advocacies
    until(lambda: rows(shown, "/advocacy/api/v1/recommendations"), 5, "advocacy's row of the recommendation")


def test_the_printed_line_works_as_it_stands(shown: Platform) -> None:
    token, address = re.findall(r"curl -H 'Authorization: Bearer (pkp_\S+)' (\S+)", shown.words)[0]
    assert address == f"http://localhost:{shown.port}/membership/api/v1/members"
    assert shown.get("/membership/api/v1/members", Authorization=f"Bearer {token}").status_code == 200


@pytest.mark.parametrize("plus", [2, 3], ids=["web", "worker"])
def test_health_and_numbers_have_a_port_of_their_own(shown: Platform, plus: int) -> None:
    for question in ("live", "ready", "started"):
        answer = shown.get(f"/health/{question}", plus)
        assert (answer.status_code, answer.json()["status"]) == (200, "up")
    numbers = shown.get("/metrics", plus).text
    assert re.search(r'pkp_build_info\{province="32",version="[\d.]+"\} 1.0', numbers)


def feed_of(platform: Platform, service: str, *words: str) -> list[Any]:
    """What a service tells, as `pkp feed` prints it."""
    return [json.loads(line) for line in platform.pkp("feed", service, "--json", *words).stdout.splitlines()]


def test_the_numbers_are_those_of_all_web_processes(shown: Platform) -> None:
    joined = sum(one["type"] == "id.pkp.membership.member-joined.v1" for one in feed_of(shown, "membership"))
    assert joined > 10
    for _ in range(20):
        found = re.search(
            r'pkp_commands_total\{command="AdmitMember",outcome="done",service="membership"\} (\d+)',
            shown.get("/metrics", 2).text,
        )
        assert found is not None
        assert int(found[1]) == joined
    worker = shown.get("/metrics", 3).text
    assert re.search(r'pkp_events_consumed_total\{outcome="applied",service="forum",source="mediation"\} [1-9]', worker)
    reaction = r'reaction="draft-recommendation-when-conflict-resolved",service="forum"'
    assert re.search(rf'pkp_reactions_total\{{outcome="done",{reaction}\}} [1-9]', worker)


def test_logs_are_json_without_persons_tokens_or_queries(shown: Platform) -> None:
    shown.get("/membership/api/v1/members?name=Rahasia&cursor=abc", **bearer(shown))
    shown.get("/membership/api/v1/members", Authorization="Bearer pkp_not-a-token-at-all")
    lines = [line for line in shown.words.splitlines() if line.startswith("{")]
    entries = [json.loads(line) for line in lines]
    requests = [one for one in entries if one["event"] == "request"]
    assert {"time", "service", "request_id", "route", "method", "status", "ms"} <= set(requests[0])
    assert "/membership/api/v1/members/<uuid:id>/admit" in {one["route"] for one in requests}
    text = "\n".join(lines)
    for forbidden in ("juru.bicara", "Juru bicara", "Rahasia", "pkp_", "?name", "Bearer"):
        assert forbidden not in text, forbidden


def test_a_request_id_is_echoed_unless_it_is_none(shown: Platform) -> None:
    assert shown.get("/", **{"X-Request-ID": "abc-12345678"}).headers["X-Request-ID"] == "abc-12345678"
    assert re.fullmatch(r"[0-9a-f]{16}", shown.get("/", **{"X-Request-ID": "a b; c=d"}).headers["X-Request-ID"])


def test_a_second_platform_on_its_ports_says_so_in_one_line(shown: Platform) -> None:
    refused = shown.pkp("up")
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        f"Error: port {', '.join(str(shown.port + n) for n in range(4))} is in use;"
        " choose others with PKP_PORT=<port>, which moves them all"
    ]


def test_a_feed_can_be_followed(shown: Platform) -> None:
    every = feed_of(shown, "mediation")
    assert "id.pkp.mediation.conflict-resolved.v1" in {one["type"] for one in every}
    assert 0 < len(feed_of(shown, "mediation", "--view", "public")) < len(every)


def test_registers_equal_a_replay_and_the_log_is_whole(shown: Platform) -> None:
    checked = shown.pkp("replay", "--check", "--json")
    assert checked.returncode == 0, checked.stderr
    found = json.loads(checked.stdout)
    assert {one["equal"] for one in found} == {True}
    assert {("forum", "cases"), ("forum", "recommendations")} <= {(one["service"], one["register"]) for one in found}
    verified = shown.pkp("verify")
    assert verified.returncode == 0, verified.stderr
    assert re.fullmatch(r"membership: [1-9]\d+ facts, whole", verified.stdout.splitlines()[-1])


def test_a_killed_worker_is_replaced_and_facts_go_on(shown: Platform) -> None:
    os.kill(shown.pids("worker")[-1], signal.SIGKILL)
    until(lambda: len(shown.pids("worker")) == 2, 10, "another worker")
    until(lambda: _ready(shown), 15, "its readiness")
    head = {**bearer(shown), "Idempotency-Key": "later", "Content-Type": "application/json"}
    verified = next(row for row in rows(shown, "/membership/api/v1/members") if row["status"] == "verified")
    head["Authorization"] = f"Bearer {shown.pkp('account', 'token', 'ketua').stdout.strip()}"
    address = f"http://127.0.0.1:{shown.port}/membership/api/v1/members/{verified['id']}/admit"
    answer = httpx.post(address, headers=head, content=b'{"bodies": ["pokja"], "on": "2025-02-03"}', timeout=10, trust_env=False)
    assert answer.status_code == 200, answer.text
    row = f"/forum/api/v1/organisations/{verified['id']}"
    until(lambda: shown.get(row, **bearer(shown)).status_code == 200, 10, "forum's row of the member")


def test_a_killed_web_process_is_replaced_with_all_its_workers(shown: Platform) -> None:
    before = psutil.Process(shown.pids("web")[-1]).children()
    assert len(before) == 2
    os.kill(shown.pids("web")[-1], signal.SIGKILL)
    until(lambda: len(shown.pids("web")) == 2, 10, "another web process")
    until(lambda: _ready(shown, 2), 15, "its readiness")
    assert shown.get("/").status_code == 200
    assert alive(before) == []


def _ready(platform: Platform, plus: int = 3) -> bool:
    try:
        return platform.get("/health/ready", plus).status_code == 200
    except httpx.TransportError:
        return False


def test_ctrl_c_ends_everything_in_order(shown: Platform) -> None:
    """Also a reader of a feed that waits for news: it is answered, not cut off."""
    newest = feed_of(shown, "membership", "--view", "public")[-1]["position"]
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(shown.get, f"/membership/feed?after={newest}&view=public&wait=25")
        time.sleep(1)
        assert not waiting.done()
        began = time.monotonic()
        assert shown.stop(signal.SIGINT) == 0
        assert time.monotonic() - began < 10
        assert (waiting.result().status_code, waiting.result().json()) == (200, [])
    assert len(shown.family) >= 4
    assert shown.left == []
    assert shown.words.rstrip().endswith("stopped")
    for service in ("advocacy", "forum", "mediation", "membership"):
        mark = json.loads((shown.folder / "state" / f"{service}.json").read_text())
        assert mark["position"] > 0


def test_the_demo_is_loaded_once(shown: Platform) -> None:
    """After the tests before: it stands, also in the face of what others have done meanwhile."""
    shown.start("--demo", ready="Ctrl-C stops everything")
    assert shown.words.count(f"{SENT} commands, 0 of them new") == 1
    assert shown.stop(signal.SIGTERM) == 0


def test_a_killed_supervisor_takes_its_children_along(tmp_path: Path) -> None:
    platform = Platform(tmp_path / "var").start()
    platform.stop(signal.SIGKILL)
    until(lambda: not platform.left, 10, "the end of the children")


def test_a_restored_store_is_refused_until_it_is_accepted(shown: Platform, tmp_path: Path) -> None:
    platform = Platform(tmp_path / "var")
    shutil.copytree(shown.folder, platform.folder)
    seen = json.loads((platform.folder / "state" / "forum.json").read_text())["position"]
    # The backup of another day: the forum as it was before its first fact.
    for file in platform.folder.glob("forum.db*"):
        file.unlink()
    assert platform.pkp("migrate").returncode == 0
    for words in (("up",), ("web",), ("worker",), ("restore",)):
        refused = platform.pkp(*words)
        assert refused.returncode == 1
        assert refused.stderr.startswith("Error: forum: the store is not the one that was served here"), refused.stderr
        assert refused.stderr.rstrip().endswith("`pkp restore --accept --service forum`")
        assert len(refused.stderr.splitlines()) == 1
    accepted = platform.pkp("restore", "--accept", "--service", "forum")
    *lost, said = accepted.stdout.splitlines()
    assert said == f"forum: accepted; {seen} positions are lost, 0 timers wait for --release-timers"
    assert lost
    assert all(line.startswith("forum: lost, but others hold it: ") for line in lost)
    platform.start()
    assert platform.stop() == 0


def test_a_taken_port_of_one_listener_is_named(tmp_path: Path) -> None:
    platform = Platform(tmp_path / "var")
    with socket.socket() as other:
        other.bind(("127.0.0.1", platform.port + 1))
        other.listen()
        refused = platform.pkp("up")
    assert refused.stderr.startswith(f"Error: port {platform.port + 1} is in use")
