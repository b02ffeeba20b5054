"""Nobody has to type an id: what a command must name can be chosen in its form."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.shape import fields_of
from shared.web.own_pages import own_pages
from tests.house.rooms import NAMES, SERVICES


def needed(cls: type) -> Iterator[str]:
    """The ids that a command or its parts must be given, and accounts, which nobody knows by heart."""
    for one in fields_of(cls, at_door=True):
        if (one.kind == "id" and one.required) or one.name == "account":
            yield one.name
        if one.part:
            yield from needed(one.part)


@pytest.mark.parametrize("name", NAMES)
def test_every_id_that_is_needed_can_be_chosen(name: str) -> None:
    choices = own_pages(SERVICES[name]).choices
    rows = [row for _, row in SERVICES[name].sent]
    assert [
        f"{row.command.__name__}.{field}"
        for row in rows
        for field in needed(row.command)
        if field not in choices and f"{row.command.__name__}.{field}" not in choices
    ] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_choice_is_left_over(name: str) -> None:
    used = {field for _, row in SERVICES[name].sent for field in everything(row.command)}
    assert {key.rpartition(".")[2] for key in own_pages(SERVICES[name]).choices} <= used


def everything(cls: type) -> Iterator[str]:
    for one in fields_of(cls, at_door=True):
        if one.kind == "id" or one.name == "account":
            yield one.name
        if one.part:
            yield from everything(one.part)
