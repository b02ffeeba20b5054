"""In the real services: rights follow membership's facts, relations are those that aggregates know, strangers send little."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.mediation.domain.screening import ScreenCase
from shared.decider import Actor
from shared.facts import encode, type_name
from shared.identity.throttle import FREE
from shared.registers.register import About
from shared.registers.table import fold_into, load_rows, save_rows
from shared.service import Does
from shared.testing import NOON
from tests.house.rooms import SERVICES
from tests.policy.house import NAMES, House, first_fact, open_house

OTHER = UUID(int=0xB2)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A platform of this test's own, for what it hears lasts."""
    made = open_house(tmp_path)
    yield made
    made.close()


def of_membership(house: House, name: str, **values: Any) -> Any:
    """A fact of membership: its example, with other values."""
    site = house.site("membership")
    cls = next(one for one in site.service.types.names if one.__name__ == name)
    return replace(site.examples[cls], **values)


def hear(house: House, service: str, id: UUID, fact: Any) -> None:
    """A service hears a fact of membership as it arrives: it goes into the registers that fold it, as in the inbox."""
    runtime = house.runtime(service)
    listening = next(one for one in runtime.service.listens if one.source == "membership")
    heard = listening.types.decode(type_name("membership", type(fact)), encode(fact))
    about = About(str(id), id, f"32/any/{id}", 1, 1, NOON)
    for register in listening.registers:
        with runtime.store.db.writing() as session:
            rows = load_rows(session, register, [str(id)])
            if fold_into(register, rows, heard, about):
                save_rows(session, register, rows)


def everywhere(house: House, id: UUID, fact: Any) -> None:
    """Something that membership tells: it knows it itself, and every sibling hears it."""
    for service in house.apps:
        if service != "membership":
            hear(house, service, id, fact)
    house.tell("membership", house.site("membership").service.aggregate_of[type(fact)].name, id, fact)


def joins(house: House, id: UUID) -> None:
    """An organisation takes its seat."""
    proposed = first_fact(house.site("membership"), house.site("membership").service.aggregate("member"))
    house.tell("membership", "member", id, replace(proposed, member_id=id))
    everywhere(house, id, of_membership(house, "MemberJoined", member_id=id))


def may_start(house: House, account: str) -> dict[str, bool]:
    """In each service, whether an account may do what members may: start something."""
    started = {"membership": "members", "advocacy": "advocacies", "mediation": "cases", "forum": "recommendations"}
    answers = {name: house.ask(account, "POST", f"/{name}/api/v1/{path}", data=b"[]") for name, path in started.items()}
    assert {one.status_code for one in answers.values()} <= {403, 422}
    return {name: one.status_code == 422 for name, one in answers.items()}


@pytest.mark.parametrize(
    ("goes", "comes"),
    [("MemberSuspended", "MemberReinstated"), ("MemberLeft", None), ("MemberSucceeded", None)],
)
def test_who_is_no_member_in_good_standing_has_no_member_s_rights_anywhere(house: House, goes: str, comes: str | None) -> None:
    joins(house, OTHER)
    house.join("orang", "member", OTHER)
    assert set(may_start(house, "orang").values()) == {True}
    everywhere(house, OTHER, of_membership(house, goes, member_id=OTHER))
    assert set(may_start(house, "orang").values()) == {False}, "from the next request on, without asking membership"
    for name in house.apps:
        assert house.ask("orang", "GET", f"/{name}/feed?view=interagency").status_code == 403
    if comes:
        everywhere(house, OTHER, of_membership(house, comes, member_id=OTHER))
        assert set(may_start(house, "orang").values()) == {True}


def test_a_deputy_of_the_chair_decides_in_every_service_while_the_delegation_lasts(house: House) -> None:
    account = house.join("wakil", "member", None)
    today = house.runtime("membership").clock.today()
    decided = {
        "membership": ("member", "members", "suspend"),
        "advocacy": ("advocacy", "advocacies", "approve"),
        "mediation": ("case", "cases", "appoint-mediator"),
        "forum": ("recommendation", "recommendations", "endorse"),
    }

    def may(service: str) -> bool:
        aggregate, path, command = decided[service]
        url = f"/{service}/api/v1/{path}/{house.things[service, aggregate]}/{command}"
        return house.ask("wakil", "POST", url, data=b"[]").status_code == 422

    def delegated(start: int, end: int) -> None:
        when = {"valid_from": today + timedelta(days=start), "valid_until": today + timedelta(days=end)}
        id = uuid.uuid4()
        example = of_membership(house, "OfficeDelegated", delegation_id=id, account=account, **when)
        everywhere(house, id, replace(example, office=type(example.office)("chair")))

    assert not any(may(service) for service in decided)
    delegated(-9, -1)
    delegated(1, 9)
    assert not any(may(service) for service in decided), "one is over, the other has not begun"
    delegated(-1, 0)
    assert all(may(service) for service in decided)


def test_where_the_secretariat_s_host_is_a_party_its_people_lose_the_case_and_the_steering_team_acts(house: House) -> None:
    site, id = house.site("mediation"), house.things["mediation", "case"]
    aggregate = site.service.aggregate("case")
    state = site.runtime.fold(aggregate, site.runtime.store.stream(site.runtime.stream("case", id)))
    fact = first_fact(site, aggregate)
    party = next(one.organisation_id for one in fact.parties if one.organisation_id)
    assert "party" in aggregate.decider.relations(state, Actor("", organisation=party))

    def sees(who: str) -> bool:
        answers = {
            house.ask(who, "GET", path).status_code
            for path in (
                f"/mediation/api/v1/cases/{id}",
                f"/mediation/api/v1/cases/{id}/timeline",
                f"/mediation/cases/{id}",
            )
        }
        assert answers in ({200}, {404})
        rows = {path: house.ask(who, "GET", f"/mediation/api/v1/{path}").get_json()["items"] for path in ("cases", "parties")}
        assert {path: bool(found) for path, found in rows.items()} == dict.fromkeys(rows, answers == {200})
        return answers == {200}

    house.join("orang-pihak", "member", party)
    house.join("staf-tuan-rumah", "secretariat", party)
    everybody = ("secretariat", "chair", "steering", "orang-pihak", "staf-tuan-rumah")
    assert [sees(who) for who in everybody] == [True, True, False, True, True]
    assert "Tim Pengarah" not in house.ask("orang-pihak", "GET", f"/mediation/cases/{id}").get_data(as_text=True)
    hear(house, "mediation", uuid.uuid4(), of_membership(house, "SecretariatDesignated", member_id=party))
    assert [sees(who) for who in everybody] == [False, False, True, True, False]
    assert "Tim Pengarah" in house.ask("orang-pihak", "GET", f"/mediation/cases/{id}").get_data(as_text=True)
    screen = f"/mediation/api/v1/cases/{id}/screen"
    assert house.ask("secretariat", "POST", screen, data=b"[]").status_code == 404
    assert house.ask("steering", "POST", screen, data=b"[]").status_code == 422


def test_a_stranger_s_requests_are_few_and_say_nothing_back(house: House) -> None:
    path = "/mediation/api/v1/requests"
    answers = [house.ask("stranger", "POST", path, data=b"[]").status_code for _ in range(FREE["public"] + 2)]
    assert answers[: FREE["public"]] == [422] * FREE["public"]
    assert answers[-1] == 429
    assert house.ask("member", "POST", path, data=b"[]").status_code == 422
    assert house.ask("stranger", "GET", path).status_code == 401


# --- the tables themselves ----------------------------------------------------------------------------------------

DOES = [(name, aggregate, row) for name, service in SERVICES.items() for aggregate, row in service.does]


@pytest.mark.parametrize("service", SERVICES)
def test_every_relation_that_a_table_names_is_one_that_the_aggregate_knows(service: str) -> None:
    """A name that is written wrong grants nothing, and nobody would notice."""
    for aggregate in SERVICES[service].aggregates:
        rows = [*aggregate.commands, *aggregate.reads.values()]
        named = {name for row in rows for name in (*row.relations, *getattr(row, "own", {}))}
        named |= {aggregate.own_house} - {""}
        known = inspect.getsource(inspect.getmodule(aggregate.decider.relations))  # type: ignore[arg-type]
        for helper in vars(inspect.getmodule(aggregate.decider.relations)).values():  # type: ignore[arg-type]
            if inspect.isfunction(helper) and helper.__module__.startswith("services."):
                known += inspect.getsource(helper)
        assert {name for name in named if f'"{name}"' not in known} == set(), aggregate.name


def test_roles_in_tables_are_roles() -> None:
    rows = [row for _, _, row in DOES] + [one for name in SERVICES for a in SERVICES[name].aggregates for one in a.reads.values()]
    assert {str(role) for row in rows for role in row.roles} <= {*NAMES, "public"}


@pytest.mark.parametrize("row", [{}, {"path": "screen"}, {"inner": True, "path": "screen"}, {"inner": True, "roles": ("chair",)}])
def test_a_row_says_who_may_send_it_or_that_nobody_may(row: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="ScreenCase"):
        Does(ScreenCase, **row)


def test_operators_and_machines_send_no_command() -> None:
    assert [(name, row.command.__name__) for name, _, row in DOES if {"operator", "machine"} & set(map(str, row.roles))] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_a_directory_of_its_own(service: str) -> None:
    assert SERVICES[service].directory is not None
