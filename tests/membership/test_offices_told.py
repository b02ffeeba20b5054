"""Membership tells who hosts the secretariat and who does whose acts; the rights of every sibling follow it."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest

from shared.registers.offices import Delegation, Secretariat
from shared.registers.register import Register
from shared.service import Directory
from shared.testing import folded

PLANNING, HEALTH = UUID(int=21), UUID(int=22)
FIRST, LAST = date(2025, 6, 2), date(2025, 6, 13)


class Known:
    """Registers that hold these rows."""

    def __init__(self, **kept: dict[str, Any]) -> None:
        self.kept = kept

    def rows(self, register: Register[Any], **equal: Any) -> list[tuple[str, Any]]:
        found = self.kept.get(register.name, {}).items()
        return [(key, row) for key, row in found if all(getattr(row, name) == value for name, value in equal.items())]


class Sibling:
    """One of the siblings: its reading of membership's facts, its registers of them, its directory."""

    def __init__(self, name: str) -> None:
        service = import_module(f"services.{name}.service").service
        self.foreign = import_module(f"services.{name}.foreign")
        self.registers = {one.name: one for one in service.foreign_registers}
        self.directory: Directory = service.directory

    def offices(self, rows: dict[str, Any], account: str, day: date) -> Any:
        return self.directory.offices(Known(delegations=rows), account, day)


@pytest.fixture(params=["advocacy", "mediation", "forum"])
def sibling(request: pytest.FixtureRequest) -> Sibling:
    """Each of the siblings."""
    return Sibling(request.param)


def test_the_host_of_the_secretariat_is_the_one_named_last(sibling: Sibling) -> None:
    group, later = UUID(int=1), UUID(int=2)
    first = sibling.foreign.SecretariatDesignated(member_id=PLANNING, on=date(2025, 1, 2))
    rows = folded(sibling.registers["secretariats"], (first,), group)
    assert rows == {str(group): Secretariat(PLANNING, date(2025, 1, 2))}
    last = {str(later): Secretariat(HEALTH, date(2026, 1, 2))}
    for order in ({**rows, **last}, {**last, **rows}):
        assert sibling.directory.host(Known(secretariats=order)) == HEALTH
    assert sibling.directory.host(Known()) is None


def test_an_office_is_delegated_for_its_days_or_until_it_is_taken_back(sibling: Sibling) -> None:
    id, register = UUID(int=3), sibling.registers["delegations"]
    told = sibling.foreign.OfficeDelegated(office="chair", account="a-1", kind="plh", valid_from=FIRST, valid_until=LAST)
    rows = folded(register, (told,), id)
    assert rows == {str(id): Delegation("plh", "chair", "a-1", FIRST, LAST)}
    held = [sibling.offices(rows, "a-1", date(2025, 6, day)) for day in (1, 2, 13, 14)]
    assert held == [[], [("plh", "chair")], [("plh", "chair")], []]
    assert sibling.offices(rows, "a-2", FIRST) == []
    back = sibling.foreign.DelegationEnded(on=date(2025, 6, 5))
    short = folded(register, (told, back), id)
    assert [bool(sibling.offices(short, "a-1", date(2025, 6, day))) for day in (5, 6)] == [True, False]
    ran_out = sibling.foreign.DelegationEnded(on=date(2025, 6, 14))
    assert folded(register, (told, ran_out), id)[str(id)].valid_until == LAST
    assert folded(register, (back,), id) == {}
