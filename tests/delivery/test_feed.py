"""The feed: the log in pages, by right, with the chain and the lineage that let a reader trust it."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime

import httpx
import msgspec
import pytest
from flask import Flask, request

from shared.bus.feed import LogForked, Unreachable, batch
from shared.envelope import BATCH_TYPE, from_batch, to_batch
from shared.identity.accounts import machine_token
from shared.web.listener import listen
from tests.delivery import teller
from tests.delivery.conftest import Pair
from tests.realparts.parts import free_port


def get(pair: Pair, token: str | None = "", **params: object) -> httpx.Response:
    token = machine_token(pair.settings.secret_key, "hearer") if token == "" else token
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.get(pair.settings.feed_url("teller"), params=params, headers=headers, timeout=40)  # type: ignore[arg-type]


def mixed(pair: Pair) -> None:
    """Facts of three visibilities in turn: 40 in all, every fourth of them public."""
    for n in range(10):
        id = pair.note(f"note {n}")
        pair.add(id, f"shown {n}")
        pair.add(id, f"hidden {n}", f"hidden {n}b", hidden=True)


def test_a_page_is_a_batch_of_cloudevents(feed):
    feed.note("first", "a")
    answer = get(feed, view="interagency")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == BATCH_TYPE
    assert answer.headers["PKP-View"] == "interagency"
    assert [life["parent"] for life in json.loads(answer.headers["PKP-Lineage"])] == [None]
    first, second = answer.json()
    assert first["specversion"] == "1.0"
    assert first["type"] == "id.pkp.teller.note-written.v1"
    assert first["source"] == "/provinces/32/teller"
    assert first["data"] == {"title": "first"}
    assert (first["position"], first["previous"], second["position"], second["previous"]) == (1, 0, 2, 1)
    assert first["partitionkey"] == first["subject"]
    assert first["dataclassification"] == "public"
    assert (first["sequence"], second["sequence"]) == ("0000000001", "0000000002")
    assert "actor" not in first


@pytest.mark.parametrize("view", ["public", "interagency"])
@pytest.mark.parametrize("limit", [1, 3, 1000])
def test_the_chain_of_a_view_is_whole_over_its_pages(feed, view, limit):
    mixed(feed)
    after, found = 0, []
    while page := from_batch(get(feed, view=view, after=after, limit=limit).content):
        assert len(page) <= limit
        found += page
        after = page[-1].position
    expected = [one for one in feed.teller.store.log(0, 1000) if one.visibility in {"public", view}]
    assert [one.id for one in found] == [one.id for one in expected]
    assert [one.previous for one in found] == [0, *(one.position for one in found[:-1])]
    assert int(get(feed, view=view, after=after).headers["PKP-Head"]) == after


def test_the_first_fact_of_a_page_names_the_one_before_it_wherever_the_page_begins(feed):
    mixed(feed)
    public = [one.position for one in feed.teller.store.log(0, 1000, ["public"])]
    for after in range(feed.teller.store.head()):
        page = from_batch(get(feed, view="public", after=after, limit=1).content)
        below = [position for position in public if page and position < page[0].position]
        assert [one.previous for one in page] == ([below[-1] if below else 0] if page else [])


def test_a_reader_waits_for_news_and_gets_it_at_once(feed):
    feed.note("first")
    began = time.monotonic()
    threading.Timer(0.4, lambda: feed.note("second")).start()
    answer = get(feed, view="public", after=1, wait=20)
    assert [one["data"]["title"] for one in answer.json()] == ["second"]
    assert 0.3 < time.monotonic() - began < 2


def test_facts_outside_the_view_wake_nobody(feed):
    id = feed.note("first")
    threading.Timer(0.3, lambda: feed.add(id, "hidden", hidden=True)).start()
    began = time.monotonic()
    assert get(feed, view="interagency", after=1, wait=1).json() == []
    assert time.monotonic() - began > 0.9


def test_beyond_the_cap_of_waiting_requests_the_answer_comes_at_once(pair):
    """The listener of this test lets two requests wait."""
    from shared.web.feed import internal_app

    app = internal_app({"teller": pair.teller}, pair.settings, 2, lambda: False)
    end = listen(app, "127.0.0.1", pair.settings.internal_port, 8)
    pair.note("first")
    took: list[float] = []

    def ask() -> None:
        began = time.monotonic()
        assert get(pair, view="public", after=1, wait=2).status_code == 200
        took.append(time.monotonic() - began)

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    end()
    assert len([seconds for seconds in took if seconds > 1.9]) == 2
    assert len([seconds for seconds in took if seconds < 1.5]) == 3


@pytest.mark.parametrize("token", [None, "pkp_machine.hearer.0000", "nonsense", "pkp_x"])
def test_the_internal_listener_serves_siblings_only(feed, token):
    feed.note("first")
    for view in ("public", "interagency"):
        answer = get(feed, token=token, view=view)
        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "WWW-Authenticate" in answer.headers


@pytest.mark.parametrize(
    "params",
    [
        {"after": "-1"},
        {"after": "x"},
        {"after": "1e3"},
        {"after": "9" * 30},
        {"after": ""},
        {"limit": 0},
        {"limit": "-3"},
        {"limit": "٣"},
        {"wait": "nan"},
        {"wait": "-1"},
        {"wait": "inf"},
        {"view": "secret"},
        {"view": "Public"},
        {"incarnation": "a b"},
        {"other": 1},
        [("after", 1), ("after", 2)],
    ],
)
def test_bad_parameters_are_refused_by_name(feed, params):
    given = dict(params)
    token = machine_token(feed.settings.secret_key, "hearer")
    answer = httpx.get(feed.settings.feed_url("teller"), params=params, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json()["errors"]] == list(given)


def test_another_service_is_not_found(feed):
    token = machine_token(feed.settings.secret_key, "hearer")
    url = feed.settings.feed_url("teller").replace("teller/feed", "nobody/feed")
    assert httpx.get(url, headers={"Authorization": f"Bearer {token}"}).status_code == 404


def test_a_position_that_is_not_part_of_the_log_is_told_so_with_the_lineage(feed):
    feed.note("first", "a", "b")
    store = feed.teller.store
    first = store.lineage()[0].id
    beyond = get(feed, view="public", after=4)
    assert (beyond.status_code, beyond.json()["slug"]) == (409, "log-forked")
    assert json.loads(beyond.headers["PKP-Lineage"])[0]["id"] == first
    assert get(feed, view="public", after=3, incarnation=first).status_code == 200
    assert get(feed, view="public", after=1, incarnation="unknown").status_code == 409

    second = store.fork(datetime.now(UTC))
    feed.note("second", "c")
    assert get(feed, view="public", after=3, incarnation=first).status_code == 200
    assert get(feed, view="public", after=4, incarnation=first).status_code == 409  # of the dead branch, if anything
    assert get(feed, view="public", after=4, incarnation=second.id).status_code == 200
    page = from_batch(get(feed, view="interagency", after=2).content)
    assert [(one.position, one.previous, one.incarnation) for one in page] == [
        (3, 2, first),
        (4, 3, second.id),
        (5, 4, second.id),
    ]


def test_reading_the_log_directly_refuses_the_same(pair):
    pair.note("first")
    with pytest.raises(LogForked):
        batch(pair.teller.store, "public", 2, 10)


# --- reading it into an inbox -------------------------------------------------------------------------------------


def test_a_sibling_follows_the_feed(feed):
    ids = [feed.note(f"note {n}", *(f"{n}.{m}" for m in range(50))) for n in range(30)]
    intake = feed.pull()
    assert [feed.lines(id) for id in ids] == [[f"{n}.{m}" for m in range(50)] for n in range(30)]
    assert intake.inbox.held.position == feed.teller.store.head()


def spoiling(pair: Pair, spoil) -> tuple[str, object]:  # type: ignore[no-untyped-def]
    """The URL of a proxy before the teller's feed that changes its pages."""
    app, port = Flask("proxy"), free_port()

    @app.get("/teller/feed")
    def page():  # type: ignore[no-untyped-def]
        headers = {"Authorization": request.headers["Authorization"]}
        inner = httpx.get(pair.settings.feed_url("teller"), params=dict(request.args), headers=headers)
        kept = {name: value for name, value in inner.headers.items() if name.lower().startswith("pkp-")}
        body = to_batch(spoil(from_batch(inner.content))) if inner.status_code == 200 else inner.content
        return body, inner.status_code, {"Content-Type": inner.headers["Content-Type"], **kept}

    return f"http://127.0.0.1:{port}/teller/feed", listen(app, "127.0.0.1", port, 4)


def test_pages_that_drop_repeat_and_swap_facts_cost_nothing_but_time(feed):
    import random

    chance = random.Random(7)

    def spoil(page):  # type: ignore[no-untyped-def]
        found = [one for one in page if chance.random() > 0.05 for _ in range(chance.choice([1, 1, 2]))]
        if len(found) > 2 and chance.random() < 0.3:
            at = chance.randrange(len(found) - 1)
            found[at], found[at + 1] = found[at + 1], found[at]
        return found

    ids = [feed.note(f"note {n}", *(f"{n}.{m}" for m in range(20))) for n in range(10)]
    url, end = spoiling(feed, spoil)
    intake = feed.intake(url=url)
    for _ in range(500):
        try:
            intake.pull()
        except Unreachable:
            continue
        if intake.inbox.held.position == feed.teller.store.head():
            break
    end()  # type: ignore[operator]
    assert [feed.lines(id) for id in ids] == [[f"{n}.{m}" for m in range(20)] for n in range(10)]
    assert feed.alarms() == []


def test_a_producer_that_began_anew_is_followed_from_the_fork(feed):
    id = feed.note("first", "a", "b")
    intake = feed.pull()
    # What a restore does: the log ends earlier, and a new life begins there.
    told = tuple(feed.teller.store.lineage())
    lost = [
        msgspec.structs.replace(one, position=one.position + 2, previous=one.position + 1, id=f"lost-{one.position}")
        for one in batch(feed.teller.store, "interagency", 1, 10).envelopes
    ]
    intake.inbox.take(lost)
    assert feed.lines(id) == ["a", "b", "a", "b"]
    feed.teller.store.fork(datetime.now(UTC))
    feed.add(id, "c")
    feed.pull(intake)
    assert feed.lines(id) == ["a", "b", "c"]
    assert len(told) == 1
    assert feed.rows("SELECT count(*) FROM envelopes WHERE state = 'aside'") == [(2,)]
    assert len(feed.alarms()) == 1


def test_a_log_that_is_shorter_without_a_new_life_is_an_alarm_and_nothing_moves(feed):
    id = feed.note("first", "a")
    intake = feed.pull()
    ahead = batch(feed.teller.store, "interagency", 0, 10).envelopes[1]
    intake.inbox.take([msgspec.structs.replace(ahead, position=3, previous=2, id="behind-our-back")])
    with pytest.raises(Unreachable):
        intake.pull()
    with pytest.raises(Unreachable):
        intake.pull()
    assert len(feed.alarms()) == 1
    assert feed.lines(id) == ["a", "a"]


def test_what_cannot_be_reached_or_is_no_feed_is_tried_again_later(feed):
    port = free_port()
    with pytest.raises(Unreachable):
        feed.intake(url=f"http://127.0.0.1:{port}/teller/feed").pull()
    app = Flask("nonsense")
    app.add_url_rule("/<path:any>", view_func=lambda any: ("<html>", 200))
    end = listen(app, "127.0.0.1", port, 4)
    with pytest.raises(Unreachable):
        feed.intake(url=f"http://127.0.0.1:{port}/teller/feed").pull()
    end()
    assert feed.rows("SELECT position FROM sources") == [(0,)]


def test_many_visibilities_and_types_arrive_as_they_left(feed):
    id = feed.note("first", "a")
    feed.tell(teller.StampNote(stamp="s"), id)
    feed.tell(teller.CountNote(), id)
    feed.pull()
    assert feed.rows("SELECT type, state FROM envelopes ORDER BY position") == [
        ("id.pkp.teller.note-written.v1", "applied"),
        ("id.pkp.teller.line-added.v1", "applied"),
        ("id.pkp.teller.note-stamped.v2", "parked"),
        ("id.pkp.teller.note-counted.v1", "skipped"),
    ]
