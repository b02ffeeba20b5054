"""The front door: one page of several services, of which none can hold it up, and nothing that anybody can slip in."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response, request

from shared.web.composing import Composer
from tests.shared.conftest import Door


def service(answer: Callable[[], Response]) -> Flask:
    """A service that answers every address with `answer`."""
    app = Flask("one")
    app.add_url_rule("/<path:path>", view_func=lambda path: answer())
    return app


def told(text: str) -> Callable[[], Response]:
    return lambda: Response(text, headers={"Set-Cookie": "stolen=1"})


def slow() -> Response:
    time.sleep(3)
    return Response("too late")


def broken() -> Response:
    raise RuntimeError("no")


def who_asks() -> Response:
    said = (request.cookies.get("pkp"), request.headers.get("Authorization"), request.query_string.decode(), request.method)
    return Response(str(said))


@pytest.fixture
def front() -> Flask:
    app = Flask("front")
    composer = Composer(
        {
            "membership": service(told("<p>anggota</p>")),
            "advocacy": service(slow),
            "mediation": service(broken),
            "forum": service(who_asks),
        }
    )

    @app.get("/cari")
    def page() -> dict[str, Any]:
        return {one.service: one.body for one in composer.pieces("search")}

    return app


def test_a_service_that_fails_or_is_slow_holds_nobody_up(front: Flask) -> None:
    began = time.monotonic()
    answer = front.test_client().get("/cari?q=rumah")
    assert time.monotonic() - began < 2
    assert answer.json is not None
    assert answer.json["membership"] == "<p>anggota</p>"
    assert answer.json["advocacy"] is None
    assert answer.json["mediation"] is None
    assert "Set-Cookie" not in answer.headers


def test_a_fragment_is_asked_in_the_name_of_the_viewer(front: Flask) -> None:
    client = front.test_client()
    client.set_cookie("pkp", "a-session")
    answer = client.get("/cari?q=rumah", headers={"Authorization": "Bearer x"})
    assert answer.json is not None
    assert answer.json["forum"] == "('a-session', 'Bearer x', 'q=rumah', 'GET')"


def test_the_gateway_is_given_directives_that_are_always_the_same(front: Flask) -> None:
    answer = front.test_client().get("/cari?q=--%3E%3C!--%23include", headers={"X-PKP-Composes": "ssi"})
    assert answer.json is not None
    assert set(answer.json) == {"membership", "advocacy", "mediation", "forum"}
    assert answer.json["forum"] == '<!--# include virtual="/forum/fragments/search?$args" stub="forum" -->'


@pytest.mark.parametrize("name", ["home", "tasks", "decisions", "search"])
@pytest.mark.parametrize("account", [None, "sekretariat", "ketua", "pihak"])
def test_a_fragment_sets_no_cookie_and_is_kept_by_nobody(small_door: Door, name: str, account: str | None) -> None:
    small_door.make()
    answer = small_door.get(f"/thing/fragments/{name}", account)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "<html" not in answer.text


def test_search_finds_what_the_viewer_may_see(small_door: Door) -> None:
    id = small_door.make("Lampu jalan")
    assert f'href="/thing/things/{id}"' in small_door.get("/thing/fragments/search?q=JALAN").text
    assert "Lampu jalan" not in small_door.get("/thing/fragments/search?q=jalan", "pihak").text
    assert "Lampu jalan" not in small_door.get("/thing/fragments/search?q=meja").text
    assert "Lampu jalan" not in small_door.get("/thing/fragments/search?q=l").text


def test_the_home_fragment_tells_what_its_viewer_may_know(small_door: Door) -> None:
    id = small_door.make()
    small_door.post(f"/thing/api/v1/things/{id}/close", {"reason": "selesai"}, "ketua")
    assert "Lampu dibuat" in small_door.get("/thing/fragments/home", None).text
    assert "A thing was closed" not in small_door.get("/thing/fragments/home", None).text
    assert "A thing was closed" in small_door.get("/thing/fragments/home", "anggota").text


def test_tasks_follow_the_state_of_things(small_door: Door) -> None:
    id = small_door.make()
    chair = small_door.get("/thing/fragments/decisions", "ketua").text
    assert f'href="/thing/things/{id}/close"' in chair
    assert "Menunggu Pihak Lain" in small_door.get("/thing/fragments/tasks", "anggota").text
    assert f'href="/thing/things/{id}/close"' in small_door.get("/thing/fragments/tasks", "ketua").text
    small_door.post(f"/thing/api/v1/things/{id}/close", {"reason": "selesai"}, "ketua")
    assert f'href="/thing/things/{id}/close"' not in small_door.get("/thing/fragments/decisions", "ketua").text
    assert "Tidak ada yang menunggu di sini." in small_door.get("/thing/fragments/tasks", "anggota").text


def test_what_waits_is_what_a_fold_from_zero_says(small_door: Door) -> None:
    ids = [small_door.make(f"Lampu {n}") for n in range(5)]
    waiting = small_door.site.waiting
    assert {str(one.id) for one in waiting.all()} == set(ids)
    small_door.post(f"/thing/api/v1/things/{ids[0]}/close", {"reason": "selesai"}, "ketua")
    again = type(waiting)(small_door.site.runtime)
    assert [(one.id, one.waits) for one in waiting.all()] == [(one.id, one.waits) for one in again.all()]
    assert {str(one.id) for one in waiting.all()} == set(ids[1:])
