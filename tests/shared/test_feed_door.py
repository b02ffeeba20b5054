"""The feed on the public listener: each view for those who may read it, refused to others, never another in its place."""

from __future__ import annotations

import threading
import time

import pytest

from shared.envelope import BATCH_TYPE
from shared.identity.accounts import machine_token
from tests.shared.conftest import Door


def test_anyone_reads_the_public_view(door: Door) -> None:
    door.make()
    answer = door.get("/thing/feed", name=None)
    assert answer.status_code == 200
    assert answer.content_type == BATCH_TYPE
    assert answer.headers["PKP-View"] == "public"
    assert answer.json
    assert {one["dataclassification"] for one in answer.json} == {"public"}


@pytest.mark.parametrize("name", ["sekretariat", "ketua", "anggota", "mitra", "mediator"])
def test_roles_of_the_province_read_the_interagency_view(small_door: Door, name: str) -> None:
    small_door.make()
    answer = small_door.get("/thing/feed?view=interagency", name=name)
    assert (answer.status_code, answer.headers["PKP-View"]) == (200, "interagency")


@pytest.mark.parametrize("name", ["pihak", "operator"])
def test_other_roles_are_refused_and_not_served_less(small_door: Door, name: str) -> None:
    small_door.make()
    answer = small_door.get("/thing/feed?view=interagency", name=name)
    assert (answer.status_code, answer.content_type) == (403, "application/problem+json")
    assert small_door.get("/thing/feed?view=public", name=name).status_code == 200


def test_a_stranger_is_asked_who_he_is(small_door: Door) -> None:
    answer = small_door.get("/thing/feed?view=interagency", name=None)
    assert answer.status_code == 401
    assert "WWW-Authenticate" in answer.headers
    bad = small_door.get("/thing/feed?view=public", name=None, Authorization="Bearer pkp_nobody")
    assert bad.status_code == 401


def test_a_machine_reads_the_interagency_view(small_door: Door) -> None:
    token = machine_token(small_door.site.settings.secret_key, "forum")
    answer = small_door.get("/thing/feed?view=interagency", name=None, Authorization=f"Bearer {token}")
    assert answer.status_code == 200


def test_restricted_facts_are_in_no_view(small_door: Door) -> None:
    id = small_door.make()
    note = {"note": "between us", "person_id": "0191e0c4-7d8f-7aaa-8000-000000000001"}
    assert small_door.post(f"/thing/api/v1/things/{id}/note", note, "mediator").status_code == 200
    for view in ("public", "interagency"):
        answer = small_door.get(f"/thing/feed?view={view}&limit=1000")
        assert "thing-noted" not in answer.text
        assert {one["dataclassification"] for one in answer.json or ()} <= {"public", "interagency"}


def test_half_of_the_threads_may_wait_and_a_page_is_served_meanwhile(small_door: Door) -> None:
    most = small_door.site.settings.web_threads // 2
    took: list[float] = []

    def ask() -> None:
        began = time.monotonic()
        small_door.get("/thing/feed?after=0&wait=1.5", name=None)
        took.append(time.monotonic() - began)

    threads = [threading.Thread(target=ask) for _ in range(most + 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(seconds > 1.4 for seconds in took) == most
    assert sum(seconds < 1.2 for seconds in took) == 3
