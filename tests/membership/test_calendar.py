"""The work calendar that the secretariat publishes is the one by which days are counted, here and in every sibling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

from services.membership.domain.terms import Holiday
from services.membership.domain.working_group import EstablishWorkingGroup, PublishWorkCalendar
from services.membership.examples import EXAMPLES
from services.membership.service import service
from shared.decider import Actor
from shared.execute import Caller, Runtime
from shared.registers.work_calendar import CalendarYear
from shared.testing import folded
from tests.store.place import Place

STAFF = Actor("sekretariat-1", frozenset({"secretariat"}))
FRIDAY, MONDAY, TUESDAY = date(2025, 6, 27), date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    """Membership at work on SQLite, with a calendar that knows weekends only."""
    found = Place("sqlite", f"sqlite:///{tmp_path}/membership.db", f"sqlite:///{tmp_path}/keys.db").runtime(service)
    found.store.migrate()
    yield found
    found.close()


def test_from_its_publication_on_days_are_counted_by_it(runtime: Runtime) -> None:
    assert runtime.workdays().after(FRIDAY, 1) == MONDAY
    group = runtime.execute(EXAMPLES[EstablishWorkingGroup], "working-group", None, Caller("caller", "s", "1", STAFF)).id
    publish = PublishWorkCalendar(year=2025, holidays=(Holiday(date=MONDAY, name="Cuti bersama"),), source="SKB")
    runtime.execute(publish, "working-group", group, Caller("caller", "s", "2", STAFF))
    assert runtime.workdays().after(FRIDAY, 1) == TUESDAY
    runtime.execute(replace(publish, holidays=()), "working-group", group, Caller("caller", "s", "3", STAFF))
    assert runtime.workdays().after(FRIDAY, 1) == MONDAY


@pytest.mark.parametrize("name", ["advocacy", "mediation", "forum"])
def test_each_sibling_counts_by_it_too(name: str) -> None:
    foreign = import_module(f"services.{name}.foreign")
    sibling = import_module(f"services.{name}.service").service

    def published(year: int, *days: date) -> object:
        return foreign.WorkCalendarPublished(year=year, holidays=tuple(foreign.Holiday(date=day) for day in days))

    facts = [published(2025, FRIDAY), published(2026, date(2026, 1, 1)), published(2025, MONDAY)]
    register = next(one for one in sibling.foreign_registers if one.name == "work_calendar")
    rows = folded(register, facts)

    class Registers:
        def rows(self, asked: object) -> list[tuple[str, object]]:
            assert asked is register
            return list(rows.items())

    assert sibling.closed(Registers()) == {2025: {MONDAY}, 2026: {date(2026, 1, 1)}}
    assert rows["2026"] == CalendarYear(2026, (date(2026, 1, 1),))
