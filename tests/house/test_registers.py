"""The registers of all services fit both databases."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy.dialects.postgresql.base import RESERVED_WORDS as POSTGRESQL
from sqlalchemy.dialects.sqlite.base import SQLiteIdentifierPreparer

from tests.house.rooms import NAMES, registers

RESERVED = {*POSTGRESQL, *SQLiteIdentifierPreparer.reserved_words, "id", "version", "position"}


@pytest.mark.parametrize("name", NAMES)
def test_no_column_is_called_by_a_word_that_a_database_reserves(name):
    """Statements name columns bare; `id`, `version` and `position` are the machinery's own."""
    columns = [f"{one.name}.{field.name}" for one in registers(name) for field in dataclasses.fields(one.row)]
    assert [column for column in columns if column.split(".")[1] in RESERVED] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_register_has_a_name_of_its_own(name):
    names = [one.name for one in registers(name)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", NAMES)
def test_a_register_shows_and_searches_columns_that_it_has(name):
    for one in registers(name):
        columns = {field.name for field in dataclasses.fields(one.row)}
        assert one.shown, f"{one.name} shows nothing"
        assert {*one.shown, *one.searched} <= columns, one.name


@pytest.mark.parametrize("name", NAMES)
def test_a_register_folds_only_facts_of_its_source(name):
    for one in registers(name):
        modules = {cls.__module__ for cls in one.folds}
        home = f"services.{name}.domain." if one.source == "own" else f"services.{name}.foreign"
        assert all(module.startswith(home) for module in modules), one.name
