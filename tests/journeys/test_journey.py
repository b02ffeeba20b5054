"""The journey of the four services, from an organisation's proposal to a recommendation in a sibling's register."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import pytest

from services.advocacy import demo as advocacy
from services.forum import demo as forum
from services.forum.domain.answering import IssueRecommendation
from services.mediation import demo as mediation
from services.membership import demo as membership
from services.membership.domain.terms import Component, Subkind
from shared.ops.steps import Learn, Send
from tests.journeys.apart import VARIANTS, Apart, apart
from tests.journeys.driver import Driver
from tests.oracles import check_store
from tests.oracles_between import check_held, check_inbox, check_reactions, check_seen, check_topic, lag, settled, told_by
from tests.watchers import Reader

pytestmark = [pytest.mark.platform, pytest.mark.server]
WITHIN = 5.0  # seconds; on an idle machine it takes a tenth of one
SIBLINGS = ("advocacy", "mediation", "forum")


@pytest.fixture(scope="module", params=VARIANTS)
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    """The demo loaded: by `pkp up --demo` on SQLite and feed, by `pkp demo` beside `pkp web` and `pkp worker` on the other."""
    folder = tmp_path_factory.mktemp("journey") / "var"
    with apart(request.param, folder, lambda: request.getfixturevalue("postgres_server")) as made:
        if request.param == "feed-sqlite":
            made.start("--demo", ready="Ctrl-C stops everything")
        else:
            made.begin()
            loaded = made.pkp("demo")
            assert loaded.returncode == 0, loaded.stderr
            assert " 0 of them new" not in loaded.stdout
        yield made
        if made.process:
            assert made.stop() == 0
            assert made.left == []


@pytest.fixture(scope="module")
def driver(platform: Apart) -> Iterator[Driver]:
    """Somebody who knows what the demo made and goes the same ways anew."""
    first = platform.driver("demo-1")
    first.demo()
    made = first.again("second", **second_titles())
    made.others = frozenset(value for value in first.known.values() if re.fullmatch(r"[0-9a-f-]{36}", value))
    yield made
    made.close()
    first.close()


def second_titles() -> dict[str, str]:
    """The titles of what demos make, each with another in its place, so that rows are told apart."""
    sent = [step.command for part in (advocacy, mediation) for step in part.STORY if isinstance(step, Send) and step.makes]
    return {one.title: f"{one.title} (2)" for one in sent}


def facts(driver: Driver, service: str) -> list[str]:
    return [fact.split(".")[3] for name, body in driver.told if name == service for fact in body["facts"]]


def shown_within(driver: Driver, service: str, register: str, id: str, began: float) -> float:
    """How long after `began` a sibling shows a row."""
    while True:
        answer = driver.get("sekretariat", f"/{service}/api/v1/{register}/{id}")
        took = time.monotonic() - began
        if answer is not None and answer.status_code == 200:
            return took
        assert took < WITHIN, f"{service} does not show {id} after {took:.1f} s: {answer and answer.text}"
        time.sleep(0.01)


def test_one_command_prints_one_token_and_nothing_else(platform: Apart) -> None:
    token = platform.pkp("account", "token", "sekretariat").stdout
    assert re.fullmatch(r"pkp_[\w-]{43}\n", token)
    assert platform.get("/mediation/api/v1/cases", Authorization=f"Bearer {token.strip()}").status_code == 200
    assert platform.get("/mediation/api/v1/cases").status_code == 401


def test_an_organisation_is_admitted_and_its_siblings_show_it_within_a_second(driver: Driver, platform: Apart) -> None:
    newcomer = membership.participant("Lembaga Contoh yang Baru", Subkind.NGO, Component.COMMUNITY)
    answers = list(driver.walk("membership", membership.seated(90, "newcomer", newcomer)))
    began = time.monotonic()
    assert [fact.split(".")[3] for fact in answers[-1]["facts"]] == ["member-joined"]
    took = {name: shown_within(driver, name, "organisations", driver.id("newcomer"), began) for name in SIBLINGS}
    print("shown after", {name: f"{seconds * 1000:.0f} ms" for name, seconds in took.items()})
    row = driver.get("sekretariat", f"/forum/api/v1/organisations/{driver.id('newcomer')}").json()  # type: ignore[union-attr]
    assert row["name"] == "Lembaga Contoh yang Baru"


def test_an_advocacy_is_proposed_approved_and_raised(driver: Driver) -> None:
    list(driver.walk("advocacy", advocacy.STORY))
    assert "advocacy-raised" in facts(driver, "advocacy")
    shown_within(driver, "forum", "advocacies", driver.id("repairs"), time.monotonic())


def test_a_case_is_settled_and_what_the_forum_drafts_of_it_is_issued_and_shown_by_advocacy(driver: Driver) -> None:
    list(driver.walk("mediation", mediation.STORY))
    assert "conflict-resolved" in facts(driver, "mediation")
    shown_within(driver, "forum", "cases", driver.id(mediation.CASE), time.monotonic())
    list(driver.walk("forum", forum.STORY))
    assert isinstance(forum.STORY[0], Learn)  # nobody drafted it: it was there
    assert "recommendation-issued" in facts(driver, "forum")
    issued = next(step.to for step in forum.STORY if isinstance(step, Send) and isinstance(step.command, IssueRecommendation))
    shown_within(driver, "advocacy", "recommendations", driver.id(str(issued)), time.monotonic())


def test_what_was_asked_once_more_was_not_done_twice(driver: Driver, platform: Apart) -> None:
    heads = {name: one.store.head() for name, one in platform.runtimes.items()}
    again = driver.again("second")
    for name, part in (("advocacy", advocacy), ("mediation", mediation)):
        before = [body for service, body in driver.told if service == name]
        assert list(again.walk(name, part.STORY)) == before
    again.close()
    settled(lambda: lag(platform.runtimes, platform.kafka))
    assert {name: one.store.head() for name, one in platform.runtimes.items()} == heads


def test_feeds_and_topics_tell_the_same_facts_in_the_same_order(driver: Driver, platform: Apart) -> None:
    settled(lambda: lag(platform.runtimes, platform.kafka))
    for name, runtime in platform.runtimes.items():
        for view, account in (("interagency", "sekretariat"), ("public", "anggota")):
            reader = Reader(f"http://127.0.0.1:{platform.port}/{name}/feed", platform.token(account), view, limit=7)
            assert reader.end(runtime.store, view) == len(told_by(runtime.store, view))
            told = platform.pkp("feed", name, "--view", view, "--json").stdout.splitlines()
            check_seen([json.loads(line) for line in told], runtime.store, view)
            if platform.broker:
                counts = check_topic(runtime.store, platform.broker.bootstrap, view)
                assert counts["repeated"] == counts["of left lives"] == 0
                assert counts["facts"] == len(told)


def test_everything_holds_at_the_end(platform: Apart) -> None:
    settled(lambda: lag(platform.runtimes, platform.kafka))
    stores = {name: one.store for name, one in platform.runtimes.items()}
    held = 0
    for runtime in platform.runtimes.values():
        check_store(runtime)
        check_inbox(runtime)
        held += check_held(runtime, stores)
    acted = check_reactions(platform.runtimes["forum"])
    assert acted >= 2
    print(f"{sum(store.head() for store in stores.values())} facts, {held} held by siblings, {acted} drafts by reaction")
    checked = platform.pkp("replay", "--check", "--json")
    assert checked.returncode == 0, checked.stderr
    assert {one["equal"] for one in json.loads(checked.stdout)} == {True}
    verified = platform.pkp("verify")
    assert verified.returncode == 0, verified.stdout
    assert platform.pkp("letters", "list", "--json").stdout.strip() == "[]"
