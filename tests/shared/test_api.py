"""The generic API at the door: commands, refusals, retries, preconditions, lists; nothing bad is ever stored."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.test import TestResponse

from shared.web.body import MOST_DEPTH
from tests.shared.conftest import Door

THINGS = "/thing/api/v1/things"
GOOD = {"name": "Lampu", "colour": "red", "on": "2025-06-10"}


def problem(answer: TestResponse, status: int, slug: str) -> dict[str, Any]:
    """The problem details of an answer, after looking at what all have in common."""
    told = answer.get_json(force=True)
    assert (answer.status_code, told["slug"]) == (status, slug), answer.text
    assert answer.content_type == "application/problem+json"
    assert told["status"] == status
    assert told["type"] == f"http://localhost:8000/problems/{slug}"
    assert told["title"].endswith(".")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return dict(told)


def head(door: Door) -> int:
    return door.site.runtime.store.head()


# --- commands -----------------------------------------------------------------------------------------------------


def test_a_command_creates_and_says_where(door: Door) -> None:
    answer = door.post(THINGS, GOOD)
    assert answer.status_code == 201
    assert answer.json == {
        "id": answer.json["id"],
        "version": 1,
        "position": 1,
        "facts": ["id.pkp.thing.thing-made.v1"],
    }
    assert answer.headers["Location"] == f"{THINGS}/{answer.json['id']}"
    assert answer.headers["ETag"] == '"1"'
    assert "Idempotency-Replayed" not in answer.headers
    shown = door.get(answer.headers["Location"])
    assert shown.json["number"].startswith("THG/32/")
    assert (shown.json["name"], shown.json["version"]) == ("Lampu", 1)


def test_a_command_acts(door: Door) -> None:
    id = door.make()
    answer = door.post(f"{THINGS}/{id}/count", {"by": 5})
    assert (answer.status_code, answer.json["version"], answer.headers["ETag"]) == (200, 2, '"2"')
    assert door.get(f"{THINGS}/{id}").json["count"] == 5


def test_an_empty_body_is_an_empty_command(door: Door) -> None:
    told = problem(door.post(THINGS, b""), 422, "invalid-shape")
    assert [error["pointer"] for error in told["errors"]] == ["/name", "/colour", "/on"]


def test_a_state_that_forbids_it_is_409_with_what_may_be_done(door: Door) -> None:
    id = door.make()
    assert door.post(f"{THINGS}/{id}/close", {"reason": "selesai"}, "ketua").status_code == 200
    told = problem(door.post(f"{THINGS}/{id}/count", {"by": 1}), 409, "thing-closed")
    assert told["title"] == "Barang Lampu sudah ditutup. Buat barang baru."
    assert told["legal"] == []
    other = door.make("Lampu dua")
    legal = door.get(f"{THINGS}/{other}", "ketua").json["legal"]
    assert legal == [{"command": "CloseThing", "label": "Close thing", "href": f"{THINGS}/{other}/close"}]


def test_a_rule_that_forbids_it_is_422_with_a_pointer(door: Door) -> None:
    id = door.make()
    door.post(f"{THINGS}/{id}/count", {"by": 100})
    told = problem(door.post(f"{THINGS}/{id}/count", {"by": 99}), 422, "count-too-high")
    assert told["errors"] == [{"pointer": "/by", "slug": "count-too-high", "detail": "Jumlahnya paling banyak 150."}]
    problem(door.post(THINGS, {**GOOD, "on": "2999-01-01"}), 422, "happens-in-the-future")


def test_fields_are_told_one_by_one_and_their_values_never(door: Door) -> None:
    body = {"name": "rahasia" * 20, "colour": "rahasia", "on": "rahasia", "rahasia/~": 1, "tags": ["ok", 7]}
    answer = door.post(THINGS, body)
    told = problem(answer, 422, "invalid-shape")
    found = {error["pointer"]: error["slug"] for error in told["errors"]}
    assert found == {
        "/name": "text-too-long",
        "/colour": "not-a-choice",
        "/on": "not-a-date",
        "/tags/1": "not-a-text",
        "/rahasia~1~0": "field-unknown",
    }
    assert all(error["detail"].endswith((".", ";")) for error in told["errors"])
    assert "rahasiarahasia" not in answer.text
    assert head(door) == 0


def test_a_taken_name_is_refused(door: Door) -> None:
    door.make()
    problem(door.post(THINGS, GOOD), 422, "thing-name-taken")


def test_who_is_nobody_is_401_and_who_may_not_is_403(door: Door) -> None:
    assert problem(door.post(THINGS, GOOD, None), 401, "not-signed-in")
    answer = door.post(THINGS, GOOD, None)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="PKP"'
    for wrong in ("Bearer pkp_unknown", "Bearer", "Basic eDp5", "nonsense", "Bearer é"):
        problem(door.post(THINGS, GOOD, None, Authorization=wrong), 401, "not-signed-in")
    for name in ("anggota", "ketua", "mitra", "mediator", "pihak", "operator"):
        problem(door.post(THINGS, GOOD, name), 403, "not-allowed")
    assert head(door) == 0


def test_a_password_opens_no_command(door: Door) -> None:
    """A browser sends it by itself, also from foreign pages."""
    token = door.site.accounts.token("sekretariat")
    client = door.app.test_client()
    headers = {"Idempotency-Key": "k"}
    assert client.post(THINGS, json=GOOD, auth=("x", token), headers=headers).status_code == 401
    assert client.get("/thing/things/", auth=("x", token)).status_code == 200


def test_what_is_not_there_is_404(door: Door) -> None:
    nobody = uuid.uuid4()
    told = problem(door.post(f"{THINGS}/{nobody}/count", {"by": 1}), 404, "no-such-thing")
    assert told["title"].startswith("Yang Anda cari tidak ada")
    problem(door.get(f"{THINGS}/{nobody}"), 404, "no-such-thing")
    problem(door.get(f"{THINGS}/{nobody}/timeline"), 404, "no-such-thing")
    for path in ("/thing/api/v1/nothing", f"{THINGS}/x", f"{THINGS}/{nobody}/explode", "/thing/api/v1/notes/%00"):
        problem(door.get(path, "mediator"), 404, "not-found")


def test_another_method_is_405_and_says_which(door: Door) -> None:
    answer = door.app.test_client().delete(THINGS, headers=door.headers("sekretariat"))
    problem(answer, 405, "method-not-allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].replace(" ", "").split(","))


# --- bodies -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        (b"{", "malformed-json"),
        (b"\xff\xfe", "malformed-json"),
        (b'\xef\xbb\xbf{"by": 1}', "malformed-json"),
        (b'{"by": 1} {"by": 2}', "malformed-json"),
        (b'{"by": 1, "by": 2}', "json-name-twice"),
        (b'{"by": NaN}', "json-not-a-number"),
        (b'{"by": -Infinity}', "json-not-a-number"),
        (b'{"by": 1e999}', "json-not-a-number"),
        (b'{"by": ' + b"9" * 5000 + b"}", "malformed-json"),
        (b'{"by": "\\u0000"}', "unreadable-text"),
        (b'{"\\u0000": 1}', "unreadable-text"),
        (b'{"by": "\\ud800"}', "unreadable-text"),
        (b'{"by": "\\u001aTHG:2025\\u001a"}', "unreadable-text"),
        (b"[" * 10_000 + b"]" * 10_000, "json-too-deep"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "json-too-deep"),
        (b"[" * 60 + b"]" * 60, "json-too-deep"),
        (b"[" * MOST_DEPTH + b"1" + b"]" * MOST_DEPTH, "json-too-deep"),
        (b'{"by": "\x7f"}', "unreadable-text"),
        (b"\x00", "malformed-json"),
        (b'{"by": 1,}', "malformed-json"),
        (b"{'by': 1}", "malformed-json"),
    ],
    ids=range(21),
)
def test_a_body_that_is_no_sound_json_is_400(small_door: Door, body: bytes, slug: str) -> None:
    id = small_door.make()
    problem(small_door.post(f"{THINGS}/{id}/count", body), 400, slug)
    assert head(small_door) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"[]",
        b"1",
        b'"x"',
        b"true",
        b'{"by": true}',
        b'{"by": 1.0}',
        b'{"by": "1"}',
        b"[" * (MOST_DEPTH - 1) + b"1" + b"]" * (MOST_DEPTH - 1),
    ],
    ids=range(9),
)
def test_a_body_of_another_shape_is_422(small_door: Door, body: bytes) -> None:
    id = small_door.make()
    problem(small_door.post(f"{THINGS}/{id}/count", body), 422, "invalid-shape")


def test_a_body_that_is_not_json_is_415(small_door: Door) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; charset=utf-16"):
        answer = small_door.post(THINGS, b"{}", **{"Content-Type": kind})
        problem(answer, 415, "not-json")
        assert answer.headers["Accept-Post"] == "application/json"


def test_a_body_may_have_256_kilobytes(small_door: Door) -> None:
    problem(small_door.post(THINGS, b" " * (256 * 1024 + 1)), 413, "body-too-large")
    problem(small_door.post(THINGS, b" " * (256 * 1024 - 2) + b"{}"), 422, "invalid-shape")


# --- retries and preconditions ------------------------------------------------------------------------------------


def test_a_repeated_command_gives_the_same_answer(door: Door) -> None:
    first = door.post(THINGS, GOOD, key="satu")
    door.post(f"{first.headers['Location']}/count", {"by": 1})
    again = door.post(THINGS, GOOD, key="satu")
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert (again.headers["Location"], again.headers["ETag"]) == (first.headers["Location"], first.headers["ETag"])
    assert again.headers["Idempotency-Replayed"] == "true"
    assert head(door) == 2


def test_a_key_belongs_to_one_command_of_one_caller(door: Door) -> None:
    id = door.make()
    path = f"{THINGS}/{id}/count"
    assert door.post(path, {"by": 1}, key="k").status_code == 200
    problem(door.post(path, {"by": 2}, key="k"), 422, "idempotency-key-reused")
    problem(door.post(THINGS, GOOD, key="k"), 422, "idempotency-key-reused")
    assert door.post(path, {"by": 2}, "anggota", key="k").status_code == 200
    assert door.get(f"{THINGS}/{id}").json["count"] == 3


def test_a_refused_command_may_be_sent_again_with_its_key(door: Door) -> None:
    door.make()
    problem(door.post(THINGS, GOOD, key="k"), 422, "thing-name-taken")
    assert door.post(THINGS, {**GOOD, "name": "Lampu dua"}, key="k").status_code == 201


def test_every_post_needs_a_key(door: Door) -> None:
    problem(door.post(THINGS, GOOD, key=None), 400, "idempotency-key-required")
    for key in ("x" * 201, " ", "é", "a\tb", "\x7f"):
        problem(door.post(THINGS, GOOD, key=key), 400, "idempotency-key-malformed")
    assert door.post(THINGS, GOOD, key="~" * 200).status_code == 201


def test_one_key_raced_by_many_is_one_command(door: Door) -> None:
    headers, answers = door.headers("sekretariat"), list[TestResponse]()

    def send() -> None:
        client = door.app.test_client()
        answers.append(client.post(THINGS, json=GOOD, headers={**headers, "Idempotency-Key": "satu"}))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(answer.status_code, answer.data) for answer in answers} == {(201, answers[0].data)}
    assert head(door) == 1


def test_if_match_guards_what_was_seen(door: Door) -> None:
    id = door.make()
    path = f"{THINGS}/{id}/count"
    tag = door.get(f"{THINGS}/{id}").headers["ETag"]
    assert door.post(path, {"by": 1}, **{"If-Match": tag}).status_code == 200
    assert problem(door.post(path, {"by": 1}, **{"If-Match": tag}), 412, "version-mismatch")["current"] == 2
    assert problem(door.post(path, {"by": 1}, **{"If-Match": 'W/"2"'}), 412, "version-mismatch")["current"] == 2
    problem(door.post(path, {"by": 1}, **{"If-Match": '"x"'}), 412, "version-mismatch")
    assert door.post(path, {"by": 1}, **{"If-Match": '"9", "2"'}).status_code == 200
    assert door.post(path, {"by": 1}, **{"If-Match": "*"}).status_code == 200
    for bad in ("3", '"3', "", "3, *", '"3" "4"'):
        problem(door.post(path, {"by": 1}, **{"If-Match": bad}), 400, "if-match-malformed")
    assert door.get(f"{THINGS}/{id}").json["count"] == 3


def test_nothing_matches_before_it_is_there(door: Door) -> None:
    problem(door.post(THINGS, GOOD, **{"If-Match": '"1"'}), 412, "version-mismatch")
    assert head(door) == 0


def test_what_is_held_is_not_sent_again(door: Door) -> None:
    id = door.make()
    tag = door.get(f"{THINGS}/{id}").headers["ETag"]
    assert door.get(f"{THINGS}/{id}", **{"If-None-Match": tag}).status_code == 304
    door.post(f"{THINGS}/{id}/count", {"by": 1})
    assert door.get(f"{THINGS}/{id}", **{"If-None-Match": tag}).status_code == 200


def test_the_version_counts_facts_that_no_row_shows(door: Door) -> None:
    """A note changes no row of the list, yet it is a step of the thing."""
    id = door.make()
    door.post(f"{THINGS}/{id}/note", {"person_id": str(uuid.uuid4()), "note": "rahasia"}, "mediator")
    shown = door.get(f"{THINGS}/{id}")
    assert (shown.json["version"], shown.headers["ETag"]) == (2, '"2"')
    assert door.post(f"{THINGS}/{id}/count", {"by": 1}, **{"If-Match": '"2"'}).status_code == 200


# --- reading ------------------------------------------------------------------------------------------------------


def test_a_list_comes_in_pages(door: Door) -> None:
    made = {door.make(f"Lampu {n}") for n in range(7)}
    path, seen = f"{THINGS}?limit=3", list[str]()
    while path:
        page = door.get(path)
        seen += [item["id"] for item in page.json["items"]]
        link = page.headers.get("Link")
        assert (link is None) == (page.json["next"] is None)
        path = link[1 : link.index(">")] if link else ""
    assert len(seen) == 7
    assert set(seen) == made


def test_a_list_can_be_filtered(door: Door) -> None:
    door.make("Lampu")
    id = door.make("Meja", colour="green", on="2025-06-09")
    door.post(f"{THINGS}/{id}/count", {"by": 4})
    for query in ("colour=green", "name=Meja", "count=4", "made_on=2025-06-09", "closed=false&count=4"):
        assert [item["id"] for item in door.get(f"{THINGS}?{query}").json["items"]] == [id], query
    assert door.get(f"{THINGS}?closed=true").json["items"] == []
    assert door.get(f"{THINGS}?name='%20OR%201=1--").json["items"] == []


@pytest.mark.parametrize(
    "query",
    [
        "colour=blue",
        "count=x",
        "count=99999999999999999999",
        "made_on=yesterday",
        "closed=perhaps",
        "name=%00",
        "cursor=%00",
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=1&limit=2",
        "limit=%D9%A3",
        "name=" + "x" * 501,
    ],
)
def test_a_query_that_cannot_be_read_is_400(door: Door, query: str) -> None:
    problem(door.get(f"{THINGS}?{query}"), 400, "parameter-malformed")


def test_an_unknown_parameter_is_400(door: Door) -> None:
    for query in ("tags=x", "page=2", "version=1"):
        problem(door.get(f"{THINGS}?{query}"), 400, "parameter-unknown")


def test_everyone_reads_a_public_register(door: Door) -> None:
    id = door.make()
    assert [item["id"] for item in door.get("/thing/api/v1/open-catalogue", None).json["items"]] == [id]
    assert door.get(f"/thing/api/v1/open-catalogue/{id}", None).json["name"] == "Lampu"


def test_the_others_are_for_people_of_the_province(door: Door) -> None:
    id = door.make()
    for path in (THINGS, f"{THINGS}/{id}", f"{THINGS}/{id}/timeline", f"{THINGS}/{uuid.uuid4()}"):
        problem(door.get(path, None), 401, "not-signed-in")
        for name in ("pihak", "operator"):
            problem(door.get(path, name), 403, "not-allowed-to-read")
    for name in ("sekretariat", "ketua", "anggota", "mitra", "mediator"):
        assert door.get(f"{THINGS}/{id}", name).status_code == 200


def test_a_confidence_is_for_confidants(door: Door) -> None:
    id, person = door.make(), str(uuid.uuid4())
    door.post(f"{THINGS}/{id}/note", {"person_id": person, "note": "kata rahasia"}, "mediator")
    for name in ("anggota", "mitra"):
        problem(door.get("/thing/api/v1/notes", name), 403, "not-allowed-to-read")
        told = door.get(f"{THINGS}/{id}/timeline", name)
        assert [fact["fact"] for fact in told.json["items"]] == ["thing-made"]
        assert "rahasia" not in told.text
    told = door.get(f"{THINGS}/{id}/timeline", "mediator").json["items"]
    assert [fact["fact"] for fact in told] == ["thing-made", "thing-noted"]
    assert told[1]["data"]["note"] == "kata rahasia"
    assert told[1]["sentence"] == "Catatan rahasia: (data pribadi)"
    assert door.get("/thing/api/v1/notes", "mediator").json["items"][0]["note"] is None


def test_a_text_that_looks_sealed_spoils_nothing(door: Door) -> None:
    id = door.make("pkp1:00:1:AAAA")
    door.post(f"{THINGS}/{id}/note", {"person_id": str(uuid.uuid4()), "note": "pkp1:x"}, "mediator")
    told = door.get(f"{THINGS}/{id}/timeline", "mediator").json["items"]
    assert [told[0]["data"]["name"], told[1]["data"]["note"]] == ["pkp1:00:1:AAAA", "pkp1:x"]
    assert door.get(f"/thing/things/{id}").status_code == 200


def test_a_timeline_speaks_indonesian(door: Door) -> None:
    id = door.make()
    door.post(f"{THINGS}/{id}/count", {"by": 2})
    told = door.get(f"{THINGS}/{id}/timeline").json["items"]
    assert [fact["sentence"] for fact in told] == ["Lampu dibuat pada 10 Juni 2025", "A thing was counted."]
    assert "actor" not in told[0]


def test_the_trace_of_a_command_goes_with_its_facts(door: Door) -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    door.post(THINGS, GOOD, traceparent=trace)
    door.post(THINGS, {**GOOD, "name": "Meja"}, traceparent="00-zz")
    assert [fact.traceparent for fact in door.site.runtime.store.log(0)] == [trace, None]


# --- everything else ----------------------------------------------------------------------------------------------


def test_an_unexpected_error_tells_nothing(door: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    entered = "kata rahasia"

    def explode(*_: Any, **__: Any) -> None:
        raise RuntimeError(entered)

    monkeypatch.setattr(door.site.runtime, "execute", explode)
    answer = door.post(THINGS, GOOD)
    problem(answer, 500, "internal-error")
    assert "rahasia" not in answer.text
    assert "rahasia" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_a_busy_store_says_when_to_come_back(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    from shared.errors import Busy

    def busy(*_: Any, **__: Any) -> None:
        raise Busy("another writer holds the store", 7)

    monkeypatch.setattr(door.site.runtime, "execute", busy)
    answer = door.post(THINGS, GOOD)
    problem(answer, 503, "busy")
    assert answer.headers["Retry-After"] == "7"


def test_the_document_follows_the_command_table(door: Door) -> None:
    document = door.get("/thing/openapi.json", None).json
    OpenAPIV31SpecValidator(document).validate()
    operations = {
        told["operationId"]: told for path in document["paths"].values() for told in path.values() if type(told) is dict
    }
    assert {"MakeThing", "CountThing", "NoteThing", "CloseThing"} <= set(operations)
    assert operations["MakeThing"]["x-roles"] == ["secretariat"]
    assert operations["listOpenCatalogue"]["x-roles"] == ["everyone"]
    assert operations["listNotes"]["x-roles"] == ["chair", "mediator", "secretariat"]
    assert "note" not in str(operations["listNotes"]["responses"]["200"])
    body = operations["CountThing"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["$ref"] == "#/components/schemas/CountThing"
    assert document["components"]["schemas"]["CountThing"]["properties"]["by"]["maximum"] == 100
