"""An address has the methods of the table and no other, and there is no second way of writing it."""

from __future__ import annotations

import pytest

from tests.policy.house import ROLES, House, Route, path_of, routes, rules_of
from tests.policy.table import reviewed

TABLE = reviewed()
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"}
DISGUISE = dict.fromkeys(("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"), "POST")  # any of them would do


def test_no_other_method_does_anything(house: House) -> None:
    known: dict[str, set[str]] = {}
    for route in routes(house):
        known.setdefault(route.rule, set()).add(route.method)
    for name, rule in rules_of(house):
        if rule.rule not in known:
            continue
        path = path_of(house, Route(name, "GET", rule.rule))
        for method in METHODS - known[rule.rule]:
            assert house.ask("secretariat", method, path, headers=DISGUISE).status_code in {404, 405}, (method, path)


def test_a_method_in_disguise_is_no_other_method(house: House) -> None:
    before = {name: house.runtime(name).store.head() for name in house.apps}
    for route in routes(house):
        if route.method == "POST" and "/api/" in route.rule:
            path = path_of(house, route)
            assert house.ask("secretariat", "GET", path, headers=DISGUISE).status_code in {200, 400, 403, 404, 405}
            assert house.ask("secretariat", "GET", f"{path}?_method=POST").status_code in {400, 403, 404, 405}
    assert {name: house.runtime(name).store.head() for name in house.apps} == before


VARIANTS = (
    "{}/",
    "{}//",
    "/{}",
    "{}/.",
    "{}/..;/",
    "{}%2f",
    "{}/%2e%2e/",
    "{};x=1",
    "{}.json",
    "{}%00",
    "{}%20",
    "/membership/..{}",
    "/membership/..;{}",
    "/membership/%2e%2e{}",
    "/static/..{}",
    "/static/%2e%2e%2f..{}",
)


@pytest.mark.parametrize("role", ["stranger", "operator"])
def test_no_other_way_of_writing_an_address_opens_it(house: House, role: str) -> None:
    place = ROLES.index(role)
    for route in routes(house):
        if route.method != "GET" or TABLE.get(route.key, "o" * len(ROLES))[place] not in "-xh":
            continue
        path = path_of(house, route)
        for variant in VARIANTS:
            written = variant.format(path)
            answer = house.knock(role, written)
            assert answer.status_code in {301, 308, 400, 401, 403, 404, 405}, written
            if answer.status_code in {301, 308}:
                onward = house.knock(role, answer.headers["Location"].replace("http://localhost", ""))
                assert onward.status_code in {400, 401, 403, 404, 405}, written


def test_the_service_in_an_address_is_the_one_that_answers(house: House) -> None:
    for path in ("/Membership/", "/membership%2fapi/v1/members", "//membership/api/v1/members", "/./membership/members/"):
        assert house.knock("stranger", path).status_code in {301, 308, 401, 404}, path
