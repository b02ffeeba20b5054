"""What the platform is for, done through the gateway: from a proposed member to a recommendation that advocacy knows."""

from __future__ import annotations

import json
import secrets
from typing import Any

import httpx
import pytest

from services.membership.demo import DECREE, ORGANISATIONS
from services.membership.domain.member import AdmitMember, ProposeMember, VerifyMember
from services.membership.domain.terms import Body, Source
from shared.facts import encode
from tests.containers.stack import SERVICES, Stack, until


def send(client: httpx.Client, path: str, command: Any) -> dict[str, Any]:
    """Send one command; what it answered."""
    headers = {"Idempotency-Key": secrets.token_hex(16), "Content-Type": "application/json"}
    answer = client.post(path, content=encode(command), headers=headers)
    assert answer.is_success, answer.text
    return dict(answer.json())


def facts(stack: Stack, service: str) -> list[dict[str, Any]]:
    """Every fact that leaves a service, in order."""
    with stack.client("sekretariat") as client:
        answer = client.get(f"/{service}/feed", params={"view": "interagency", "limit": 1000})
    assert answer.status_code == 200, answer.text
    return [one for one in json.loads(answer.content) if one["type"].startswith("id.pkp.")]


def kinds(found: list[dict[str, Any]]) -> list[str]:
    return [one["type"].split(".")[3] for one in found]


def test_a_proposed_member_is_admitted_and_its_siblings_know_it(stack: Stack) -> None:
    name = f"Dinas Uji {secrets.token_hex(4)}"
    letter = Source(number="005/900/UJI", date=DECREE.date, sender=name)
    path = "/membership/api/v1/members"
    with stack.client("sekretariat") as staff, stack.client("ketua") as chair:
        made = send(staff, path, ProposeMember(**{**ORGANISATIONS["housing-rights"], "name": name}, on_behalf_of=letter))["id"]
        send(staff, f"{path}/{made}/verify", VerifyMember(nomination=letter))
        send(chair, f"{path}/{made}/admit", AdmitMember(bodies=(Body.POKJA,), core_officer=False, decree=DECREE, on=DECREE.date))
        assert staff.get(f"{path}/{made}").json()["status"] == "active"
        for sibling in ("advocacy", "mediation", "forum"):
            until(f"{sibling} knows {name}", lambda s=sibling: _organisation(staff, s, name))
    ours = [one for one in facts(stack, "membership") if one["subject"].endswith(made)]
    assert kinds(ours)[:1] == ["member-proposed"]
    assert "member-joined" in kinds(ours)


def _organisation(client: httpx.Client, service: str, name: str) -> Any:
    return client.get(f"/{service}/api/v1/organisations", params={"name": name}).json()["items"]


def test_an_advocacy_was_raised(stack: Stack) -> None:
    """By the demo, through the same gateway."""
    told = kinds(facts(stack, "advocacy"))
    assert [told.index(kind) for kind in ("advocacy-proposed", "advocacy-raised")] == sorted(
        told.index(kind) for kind in ("advocacy-proposed", "advocacy-raised")
    )


def test_a_resolved_conflict_becomes_a_recommendation_that_advocacy_knows(stack: Stack) -> None:
    """Drafted by a reaction of the forum, endorsed and issued by people."""
    resolved = [one for one in facts(stack, "mediation") if "conflict-resolved" in one["type"]]
    assert resolved
    told = facts(stack, "forum")
    drafted = next(one for one in told if one["type"].split(".")[3] == "recommendation-drafted")
    assert drafted["causationid"] == resolved[0]["id"]
    same = kinds([one for one in told if one["subject"] == drafted["subject"]])
    assert same.index("recommendation-drafted") < same.index("recommendation-endorsed") < same.index("recommendation-issued")
    made = drafted["subject"].rpartition("/")[2]
    with stack.client("sekretariat") as client:
        rows = until(
            "advocacy knows the recommendation",
            lambda: [row for row in client.get("/advocacy/api/v1/recommendations").json()["items"] if row["id"] == made],
        )
    assert rows[0]["number"].startswith("REK/32/")


@pytest.mark.parametrize("service", SERVICES)
def test_a_log_is_whole_and_its_registers_are_what_it_tells(stack: Stack, service: str) -> None:
    assert "whole" in stack.inside(f"{service}-worker", "pkp", "verify")
    assert "differ" not in stack.inside(f"{service}-worker", "pkp", "replay", "--check")


def test_one_origin_serves_pages_assets_and_documents(stack: Stack) -> None:
    with stack.client("sekretariat") as client:
        for path in (
            "/static/pkp.css",
            *(f"/{service}/" for service in SERVICES),
            *(f"/{service}/openapi.json" for service in SERVICES),
        ):
            assert client.get(path).status_code == 200, path
        missing = client.get("/nowhere")
    assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "path", ["/", "/meja-kerja", "/menunggu-keputusan", "/cari?q=Dinas", "/ikuti-perkara", "/di-balik-layar"]
)
def test_the_front_door_is_composed_of_all_services(stack: Stack, path: str) -> None:
    with stack.client("sekretariat") as client:
        page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "<!--#" not in page.text
    assert "no-store" in page.headers["cache-control"]
    for service in SERVICES:
        assert f"/{service}/" in page.text


def test_words_of_people_are_never_taken_for_directives(stack: Stack) -> None:
    """Neither on a composed page nor on another one."""
    with stack.client("sekretariat") as client:
        for path in ("/cari", "/membership/members/"):
            page = client.get(path, params={"q": '<!--#echo var="request_id" -->'}, headers={"Accept": "text/html"})
            assert "&lt;!--#echo" in page.text or "<!--#" not in page.text
            assert page.headers["x-request-id"] not in page.text


def test_a_service_that_is_down_leaves_a_line_and_the_other_three(stack: Stack) -> None:
    stack.compose("stop", "mediation-web")
    try:
        with stack.client("sekretariat") as client:
            page = client.get("/", headers={"Accept": "text/html"})
            assert page.status_code == 200
            assert all(f'href="/{service}/' in page.text for service in ("membership", "advocacy", "forum"))
            gone = client.get("/mediation/api/v1/cases")
            assert (gone.status_code, gone.headers["retry-after"]) == (503, "2")
            assert gone.headers["content-type"] == "application/problem+json"
    finally:
        stack.up()
