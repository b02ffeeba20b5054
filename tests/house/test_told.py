"""Every refusal is provoked by a story, every command is wished in one, and each aggregate goes through any sequence of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.rooms import CHECKOUT, NAMES, SERVICES, called, commands, refusals

ANY_SEQUENCE = "test_any_sequence.py"


def stories(name: str) -> dict[Path, ast.Module]:
    """The service's test modules but those of arbitrary sequences, in which nobody says what is expected."""
    found = sorted((CHECKOUT / f"tests/{name}").glob("*.py"))
    return {path: ast.parse(path.read_text()) for path in found if path.name != ANY_SEQUENCE}


def provoked(tree: ast.Module) -> Iterator[str]:
    """The slugs that a module's stories end with: `.refused("slug")`, also by way of a parameter of the test or of a helper."""
    nodes = list(ast.walk(tree))
    if any(isinstance(node, ast.Call) and called(node) in ("refused", "raises") for node in nodes):
        yield from (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


@pytest.mark.parametrize("name", NAMES)
def test_every_refusal_is_provoked_by_a_story(name):
    told = {slug for tree in stories(name).values() for slug in provoked(tree)}
    assert sorted(refusals(name).keys() - told) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_wished_in_a_story(name):
    named = {node.id for tree in stories(name).values() for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert sorted({command.__name__ for command in commands(name)} - named) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_aggregate_is_led_through_any_sequence_of_its_commands(name):
    text = (CHECKOUT / f"tests/{name}/{ANY_SEQUENCE}").read_text()
    named = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute | ast.Name)
    }
    for aggregate in SERVICES[name].aggregates:
        assert sorted({command.__name__ for command in aggregate.decider.commands} - named) == [], aggregate.name
