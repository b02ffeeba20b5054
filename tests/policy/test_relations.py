"""Rights that hang on what somebody is to one thing: row by row, fact by fact, and never a hint of what is hidden."""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest

from shared.identity.accounts import machine_token
from shared.web.sight import SeenRegisters
from tests.policy.dispute.domain.dispute import MediatorChosen
from tests.policy.dispute.service import News, secrets
from tests.policy.dispute.service import disputes as lines
from tests.policy.disputes import ONE, OTHER, PATH, THIRD, Disputes
from tests.policy.house import told as put

MAY_SEE = ("secretariat", "chair", "penengah", "orang-satu", "orang-dua")
MAY_NOT = ("mediator", "orang-tiga", "party", "member", "partner", "operator", "steering", "pengarah-satu")


def facts(disputes: Disputes, name: str, id: UUID) -> list[str]:
    answer = disputes.get(name, f"{id}/timeline")
    assert answer.status_code == 200, answer.text
    return [one["fact"] for one in answer.get_json()["items"]]


@pytest.mark.parametrize("name", MAY_SEE)
def test_who_is_something_to_it_sees_it(disputes: Disputes, name: str) -> None:
    assert disputes.get(name, str(disputes.first)).status_code == 200
    assert disputes.titles(name) == ["Batas tanah"]
    assert disputes.get(name, f"/dispute/disputes/{disputes.first}").status_code == 200


@pytest.mark.parametrize("name", MAY_NOT)
def test_what_is_hidden_is_answered_like_what_is_missing(disputes: Disputes, name: str) -> None:
    """The same status, body and headers, whether the id is that of a dispute or of nothing."""
    for path in ("{}", "{}/timeline", "/dispute/disputes/{}"):
        hidden, missing = (disputes.get(name, path.format(id)) for id in (disputes.first, uuid.uuid4()))
        assert hidden.status_code == missing.status_code == 404
        assert hidden.data.replace(str(disputes.first).encode(), b"") == missing.data
        varying = {"X-Request-ID", "Content-Security-Policy"}
        assert [one for one in hidden.headers if one[0] not in varying] == [
            one for one in missing.headers if one[0] not in varying
        ]
    assert disputes.titles(name) == []


def test_a_command_on_what_is_hidden_is_answered_like_one_on_what_is_missing(disputes: Disputes) -> None:
    body = {"party_id": str(uuid.uuid4()), "what": "sesuatu"}
    for name in ("orang-tiga", "member", "mediator"):
        hidden, missing = (disputes.send(name, f"{id}/tell-secret", body) for id in (disputes.first, uuid.uuid4()))
        assert (hidden.status_code, hidden.data) == (missing.status_code, missing.data)
        assert hidden.status_code == 404
    assert disputes.site.runtime.store.head() == 5


def test_who_sees_it_and_may_not_do_it_is_told_so(disputes: Disputes) -> None:
    answer = disputes.send("orang-satu", f"{disputes.first}/close", {})
    assert (answer.status_code, answer.get_json()["slug"]) == (403, "not-allowed")
    answer = disputes.send("secretariat", f"{disputes.first}/tell-secret", {"party_id": str(uuid.uuid4()), "what": "x"})
    assert answer.status_code == 403


def test_a_relation_is_enough_and_buttons_follow_it(disputes: Disputes) -> None:
    def legal(name: str) -> set[str]:
        return {one["command"] for one in disputes.get(name, str(disputes.first)).get_json()["legal"]}

    assert legal("penengah") == {"TellSecret", "CloseDispute"}
    assert legal("orang-satu") == {"TellSecret"}
    assert legal("secretariat") == {"CloseDispute"}
    assert legal("chair") == {"ChooseMediator"}
    assert disputes.send("penengah", f"{disputes.first}/close", {}).status_code == 200
    assert legal("penengah") == set()


def test_a_relation_that_ended_gives_nothing_any_more(disputes: Disputes) -> None:
    assert disputes.get("penengah", str(disputes.first)).status_code == 200
    chosen = disputes.send("chair", f"{disputes.first}/choose-mediator", {"account": "another"})
    assert chosen.status_code == 200
    assert disputes.get("penengah", str(disputes.first)).status_code == 404
    assert disputes.send("penengah", f"{disputes.first}/close", {}).status_code == 404


def test_a_right_is_asked_again_of_the_state_that_is_decided_on(disputes: Disputes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the door and the decision the mediator was replaced."""
    append, moved = disputes.site.runtime._append, []

    def later(work: object) -> object:
        if not moved:
            moved.append(True)
            told = disputes.site.runtime, disputes.site.service.aggregates[0], disputes.first
            with ThreadPoolExecutor(1) as elsewhere:
                elsewhere.submit(lambda: put(*told, MediatorChosen(dispute_id=disputes.first, account="another"))).result()
        return append(work)  # type: ignore[arg-type]

    monkeypatch.setattr(disputes.site.runtime, "_append", later)
    answer = disputes.send("penengah", f"{disputes.first}/close", {})
    assert answer.status_code == 403
    assert disputes.site.runtime.store.head() == 6


# --- fact by fact -------------------------------------------------------------------------------------------------


def test_a_secret_is_heard_by_the_mediator_and_by_who_told_it(disputes: Disputes) -> None:
    def secrets(name: str) -> list[str]:
        items = disputes.get(name, f"{disputes.first}/timeline").get_json()["items"]
        return [one["data"]["what"] for one in items if one["fact"] == "secret-told"]

    assert secrets("penengah") == ["rahasia 111", "rahasia 112"]
    assert secrets("orang-satu") == ["rahasia 111"]
    assert secrets("orang-dua") == ["rahasia 112"]
    assert secrets("secretariat") == secrets("chair") == []


@pytest.mark.parametrize("name", [*MAY_SEE, "orang-tiga", "steering", "operator", None])
def test_no_answer_of_anybody_else_holds_a_secret(disputes: Disputes, name: str | None) -> None:
    """Every address of the service, for whoever is not to hear it."""
    heard = {"penengah": {"rahasia 111", "rahasia 112"}, "orang-satu": {"rahasia 111"}, "orang-dua": {"rahasia 112"}}
    headers = disputes.headers(name)
    recorded = disputes.site.runtime.store.log(0)
    for rule in disputes.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or "static" in rule.endpoint:
            continue
        keys = [str(disputes.first), *(one.id for one in recorded), *(one.correlation_id for one in recorded)]
        keys += [f"{disputes.first}/{UUID(int=party)}" for party in (111, 112)]
        for path in {re.sub(r"<[^>]*>", key, rule.rule) for key in keys}:
            text = disputes.app.test_client().get(path, headers=headers).text
            found = {secret for secret in ("rahasia 111", "rahasia 112") if secret in text}
            assert found <= heard.get(str(name), set()), path
            if name not in MAY_SEE:
                assert "Batas tanah" not in text, path


def test_the_list_of_secrets_holds_ones_own(disputes: Disputes) -> None:
    def whats(name: str) -> list[str]:
        return [one["what"] for one in disputes.get(name, "/dispute/api/v1/secrets").get_json()["items"]]

    assert whats("penengah") == ["rahasia 111", "rahasia 112"]
    assert whats("orang-dua") == ["rahasia 112"]
    assert whats("secretariat") == []
    others = f"/dispute/api/v1/secrets/{disputes.first}/{UUID(int=111)}"
    assert disputes.get("orang-satu", others).status_code == 200
    assert disputes.get("orang-dua", others).status_code == 404


# --- lists --------------------------------------------------------------------------------------------------------


def test_lists_of_rows_below_a_thing_follow_the_thing(disputes: Disputes) -> None:
    disputes.open(0xD2, "Jalan", ONE, THIRD)
    disputes.open(0xD3, "Air", OTHER, THIRD)

    def count(name: str) -> int:
        return len(disputes.get(name, "/dispute/api/v1/sides").get_json()["items"])

    assert count("secretariat") == 6
    assert count("orang-satu") == 4
    assert count("orang-dua") == 4
    assert count("steering") == 0


def test_pages_are_full_of_what_may_be_seen(disputes: Disputes) -> None:
    """Rows that are hidden leave no holes, and no cursor leads to them."""
    for n in range(40):
        disputes.open(0x100 + n, f"Perkara {n}", *((OTHER, THIRD) if n % 4 else (ONE, THIRD)))
    answer = disputes.get("orang-satu", "?limit=5").get_json()
    assert [one["title"] for one in answer["items"]] == ["Batas tanah", "Perkara 0", "Perkara 4", "Perkara 8", "Perkara 12"]
    rest = disputes.titles("orang-satu", f"?limit=50&cursor={answer['next']}")
    assert rest == [f"Perkara {n}" for n in range(16, 40, 4)]
    assert disputes.get("orang-satu", "?limit=50").get_json()["next"] is None


def test_ids_of_others_in_queries_and_cursors_tell_nothing(disputes: Disputes) -> None:
    hidden = disputes.open(0xD5, "Rahasia orang", OTHER, THIRD)
    for query in (f"?cursor={hidden}", "?title=Rahasia orang", f"?limit=1&cursor={UUID(int=0)}", "?mediator=x"):
        assert "Rahasia orang" not in disputes.get("orang-satu", query).text
    assert disputes.get("orang-satu", f"?id={hidden}").status_code == 400


def test_the_pages_of_lists_hide_the_same(disputes: Disputes) -> None:
    disputes.open(0xD5, "Rahasia orang", OTHER, THIRD)
    for path in ("/dispute/disputes/", "/dispute/disputes/?cari=rahasia", "/dispute/disputes/?bentuk=csv"):
        assert "Rahasia orang" not in disputes.get("orang-satu", path).text, path
        assert "Rahasia orang" in disputes.get("secretariat", path).text, path


def test_what_a_form_offers_is_what_its_reader_may_see(disputes: Disputes) -> None:
    disputes.open(0xD5, "Rahasia orang", OTHER, THIRD)

    def offered(name: str) -> tuple[list[str], list[str], int, object]:
        with disputes.app.test_request_context(headers=disputes.headers(name)):
            registers = SeenRegisters(disputes.site)
            titles = [row.title for _, row in registers.rows(lines)]
            whats = [row.what for _, row in registers.rows(secrets)]
            return titles, whats, registers.count(lines), registers.row(lines, str(UUID(int=0xD5)))

    assert offered("orang-satu") == (["Batas tanah"], ["rahasia 111"], 1, None)
    assert offered("secretariat")[:3] == (["Batas tanah", "Rahasia orang"], [], 2)
    News.host = OTHER
    assert offered("secretariat") == ([], [], 0, None)
    assert offered("member") == ([], [], 0, None)


# --- the secretariat's own house ----------------------------------------------------------------------------------


def test_where_its_host_is_a_party_the_secretariat_loses_the_case(disputes: Disputes) -> None:

    other = disputes.open(0xD7, "Perkara lain", OTHER, THIRD)
    News.host = ONE
    for name in ("secretariat", "chair", "petugas", "pemimpin"):
        assert disputes.get(name, str(disputes.first)).status_code == 404
        assert disputes.get(name, f"{disputes.first}/timeline").status_code == 404
        assert disputes.titles(name) == ["Perkara lain"]
        assert disputes.get(name, f"/dispute/disputes/{disputes.first}").status_code == 404
        assert len(disputes.get(name, "/dispute/api/v1/sides").get_json()["items"]) == 2
        assert disputes.get(name, str(other)).status_code == 200
    assert disputes.send("secretariat", f"{disputes.first}/close", {}).status_code == 404
    assert disputes.send("chair", f"{disputes.first}/choose-mediator", {"account": "x"}).status_code == 404
    assert disputes.send("chair", f"{other}/choose-mediator", {"account": "x"}).status_code == 200


def test_and_the_steering_team_acts_in_their_place(disputes: Disputes) -> None:

    other = disputes.open(0xD7, "Perkara lain", OTHER, THIRD)
    News.host = ONE
    assert disputes.titles("steering") == ["Batas tanah"]
    legal = disputes.get("steering", str(disputes.first)).get_json()["legal"]
    assert {one["command"] for one in legal} == {"ChooseMediator", "CloseDispute"}
    assert disputes.send("steering", f"{other}/choose-mediator", {"account": "x"}).status_code == 404
    assert disputes.send("steering", f"{disputes.first}/choose-mediator", {"account": "x"}).status_code == 200


def test_the_host_s_own_people_are_a_party_like_any_other(disputes: Disputes) -> None:

    News.host = ONE
    assert disputes.get("orang-satu", str(disputes.first)).status_code == 200
    assert disputes.get("orang-dua", str(disputes.first)).status_code == 200
    assert disputes.get("penengah", str(disputes.first)).status_code == 200


# --- rights follow facts ------------------------------------------------------------------------------------------


def test_people_of_a_suspended_organisation_lose_their_rights_but_their_own_case(disputes: Disputes) -> None:

    new = {"title": "Sesuatu"}
    assert (
        disputes.app.test_client()
        .post(PATH, json=new, headers={"Idempotency-Key": "1", **disputes.headers("orang-tiga")})
        .status_code
        == 201
    )
    News.suspended = frozenset({THIRD, ONE})
    refused = disputes.app.test_client().post(PATH, json=new, headers={"Idempotency-Key": "2", **disputes.headers("orang-tiga")})
    assert refused.status_code == 403
    assert disputes.get("orang-tiga", "/dispute/feed?view=interagency").status_code == 403
    assert disputes.get("orang-satu", str(disputes.first)).status_code == 200
    News.suspended = frozenset()
    assert disputes.get("orang-tiga", "/dispute/feed?view=interagency").status_code == 200


def test_a_deputy_acts_for_the_chair_for_a_time_and_the_log_says_so(disputes: Disputes) -> None:

    today = disputes.site.runtime.clock.today()
    path, body = f"{disputes.first}/choose-mediator", {"account": "another"}
    account = disputes.ids["orang-tiga"]
    assert disputes.send("orang-tiga", path, body).status_code == 403
    News.offices = {account: ("plh", "chair", today, today + timedelta(days=1))}
    assert disputes.send("orang-tiga", path, body).status_code == 200
    done = disputes.site.runtime.store.stream(disputes.site.runtime.stream("dispute", disputes.first))[-1]
    assert done.actor == f"{account}/plh-chair"
    News.offices = {account: ("plh", "chair", today - timedelta(days=9), today - timedelta(days=1))}
    assert disputes.send("orang-tiga", path, body).status_code == 403


def test_a_machine_reads_what_leaves_and_no_more(disputes: Disputes) -> None:

    token = machine_token(disputes.site.settings.secret_key, "forum")
    client, headers = disputes.app.test_client(), {"Authorization": f"Bearer {token}"}
    assert client.get("/dispute/feed?view=interagency", headers=headers).status_code == 200
    assert client.get(f"{PATH}/{disputes.first}", headers=headers).status_code == 404
    assert client.post(PATH, json={"title": "Sesuatu"}, headers={**headers, "Idempotency-Key": "1"}).status_code == 403


def test_a_role_taken_and_a_token_revoked_count_from_the_next_request_on(disputes: Disputes) -> None:
    assert disputes.get("petugas", str(disputes.first)).status_code == 200
    disputes.site.accounts.role("petugas", "operator")
    assert disputes.get("petugas", str(disputes.first)).status_code == 200  # a party, still
    disputes.site.accounts.assign("petugas", None)
    assert disputes.get("petugas", str(disputes.first)).status_code == 404
    disputes.site.accounts.disable("petugas")
    assert disputes.get("petugas", str(disputes.first)).status_code == 401
