"""Every route, asked by everybody, says what the reviewed table says; a route that is not in the table is red."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from shared.facts import kebab
from shared.identity.roles import PUBLIC, Role
from shared.web.menu import GROUPS, SERVICES, menu
from tests.policy.house import ROLES, House, Route, front_of, open_house, path_of, routes, rules_of, sent, sign
from tests.policy.table import FILE, reviewed

Got = Callable[[str, Route], TestResponse]
TABLE = reviewed()
SIGNS = set("-xhmo")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def test_every_route_stands_in_the_table_and_nothing_else(house: House) -> None:
    found = {route.key for route in routes(house)}
    assert sorted(found - TABLE.keys()) == [], f"add them to {FILE.name} after judging who may"
    assert sorted(TABLE.keys() - found) == []


def test_the_table_has_a_verdict_for_everybody() -> None:
    assert {key: signs for key, signs in TABLE.items() if len(signs) != len(ROLES) or not set(signs) <= SIGNS} == {}


@pytest.fixture(scope="module")
def got(house: House) -> Got:
    """What is answered to a plain GET of a route: asked once, looked at by several tests."""
    return cache(lambda role, route: house.ask(role, "GET", path_of(house, route)))


@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_what_the_table_says(house: House, got: Got, role: str) -> None:
    place = ROLES.index(role)
    told = {
        route.key: sign(house, route, got(role, route) if route.method == "GET" else sent(house, route, role))
        for route in routes(house)
    }
    wrong = {key: (TABLE[key][place], sign) for key, sign in told.items() if key in TABLE and TABLE[key][place] != sign}
    assert wrong == {}, "(as the table has it, as it is)"


def test_nothing_that_changes_anything_is_for_strangers(house: House) -> None:
    """But what makes one known, what a demo is played with, and the commands that their table opens to everybody."""
    known = {"/masuk", "/masuk/kode", "/keluar", "/undangan/<token>"}
    demo = {"/coba-sebagai/<name>", "/mencoba/tanggal", "/mencoba/atur-ulang"}
    for name in house.apps:
        for aggregate, row in house.site(name).service.does:
            if "public" in row.roles:
                assert row.creates, "what is there is for those whom it concerns"
                known |= {rule for _, rule in TABLE if rule in addresses(name, aggregate.path, row.command.__name__)}
    assert {rule for (method, rule), signs in TABLE.items() if method == "POST" and signs[0] != "-"} <= known | demo


def addresses(service: str, path: str, command: str) -> set[str]:
    """Where a command that starts something is sent to, by programs and by people."""
    return {f"/{service}/api/v1/{path}", f"/{service}/{path}/baru/{kebab(command)}"}


def test_outside_a_demo_there_is_nothing_to_play_with(tmp_path: Path) -> None:
    plain = open_house(tmp_path, demo=False)
    there = {route.rule for route in routes(plain)}
    assert not there & {"/mencoba", "/mencoba/tanggal", "/mencoba/atur-ulang", "/ikuti-perkara", "/di-balik-layar"}
    assert not {rule for rule in there if rule.endswith(("/fragments/behind", "/fragments/story"))}
    assert plain.ask("stranger", "POST", "/coba-sebagai/ketua", headers={"Origin": "http://localhost"}).status_code == 404
    plain.close()


@pytest.mark.parametrize("role", ROLES[:-1])
def test_the_menu_leads_everybody_to_what_lets_him_in_and_nowhere_else(role: str) -> None:
    roles = {PUBLIC if role == "stranger" else Role(role)}
    shown = {entry.href for _, entries in menu(SERVICES, roles) for entry in entries}
    place = ROLES.index(role)
    assert shown == {one.href for _, entries in GROUPS for one in entries if TABLE["GET", one.href][place] == "o"}


def test_what_only_timers_and_reactions_give_has_no_address(house: House) -> None:
    inner = {row.command.__name__ for name in house.apps for _, row in house.site(name).service.does if row.inner}
    served = {rule.endpoint.rpartition(".")[2] for _, rule in rules_of(house)}
    assert "AdmitMember" in served
    assert len(inner) >= 11
    assert {name for name in inner if name in served or f"form-{kebab(name)}" in served} == set()


def test_no_address_of_an_api_refuses_everybody() -> None:
    assert [key for key, signs in TABLE.items() if "/api/" in key[1] and set(signs) <= set("-x")] == []


@pytest.mark.parametrize("role", ["stranger", "secretariat", "operator"])
def test_head_is_get_without_a_body_and_options_tells_methods_only(house: House, role: str) -> None:
    for route in routes(house):
        if route.method != "GET" or route.service == "front":
            continue
        path = path_of(house, route)
        got, head, options = (house.ask(role, method, path) for method in ("GET", "HEAD", "OPTIONS"))
        assert (head.status_code, head.data) == (got.status_code, b""), path
        assert (options.status_code, options.data) == (200, b""), path


# --- headers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["stranger", "secretariat"])
def test_every_answer_of_every_route_has_its_headers(house: House, got: Got, role: str) -> None:
    for route in routes(house):
        answer = got(role, route) if route.method == "GET" else house.ask(role, route.method, path_of(house, route))
        for name, value in HEADERS.items():
            assert answer.headers.get(name) == value, (name, route)
        rules = dict(one.strip().partition(" ")[::2] for one in answer.headers["Content-Security-Policy"].split(";"))
        assert rules["default-src"] == "'none'", route
        assert rules["base-uri"] == rules["frame-ancestors"] == "'none'", route
        assert "unsafe" not in rules["script-src"] or route.rule.endswith("/docs"), route
        assert "*" not in str(rules), route
        assert "X-Powered-By" not in answer.headers
        if role != "stranger" and "/api/" in route.rule:
            assert "no-cache" in answer.headers["Cache-Control"] or "no-store" in answer.headers["Cache-Control"], route


def test_a_page_that_knows_its_reader_is_kept_by_nobody(house: House) -> None:
    for route in routes(house):
        if route.method == "GET" and "/api/" not in route.rule and TABLE.get(route.key, "o")[0] == "-":
            answer = house.ask("secretariat", "GET", path_of(house, route), headers={"Accept": "text/html"})
            assert "no-store" in answer.headers["Cache-Control"], route


def test_the_front_serves_what_is_no_service_s(house: House) -> None:
    assert {rule.rule for rule in front_of(house).url_map.iter_rules()} >= {"/", "/masuk", "/keluar"}
