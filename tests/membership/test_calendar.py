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
from shared.registers.register import About
from shared.testing import NOON, SOME_ID, folded
from tests.store.place import Place

STAFF = Actor("sekretariat-1", frozenset({"secretariat"}))
FRIDAY, MONDAY, TUESDAY = date(2025, 6, 27), date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    """Membership at work on SQLite, with a calendar that knows weekends only."""
    found = Place("sqlite", f"sqlite:///{tmp_path}/membership.db", f"sqlite:///{tmp_path}/keys.db").runtime(service)
    found.store.migrate()
    yield found
    found.store.close()
    found.keys.database.close()


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
    calendar = import_module(f"services.{name}.registers.work_calendar")
    sibling = import_module(f"services.{name}.service").service

    def published(year: int, *days: date) -> object:
        return foreign.WorkCalendarPublished(year=year, holidays=tuple(foreign.Holiday(date=day) for day in days))

    facts = [published(2025, FRIDAY), published(2026, date(2026, 1, 1)), published(2025, MONDAY)]
    rows = folded(calendar.work_calendar, facts)

    class Registers:
        def rows(self, register: object) -> list[tuple[str, object]]:
            assert register is calendar.work_calendar
            return list(rows.items())

    assert sibling.closed(Registers()) == {2025: {MONDAY}, 2026: {date(2026, 1, 1)}}
    assert calendar.work_calendar in sibling.foreign_registers
    about = About(str(SOME_ID), SOME_ID, f"32/working_group/{SOME_ID}", 1, 1, NOON)
    assert calendar.published(None, facts[0], about).holidays == (foreign.Holiday(date=FRIDAY),)
