"""The four services as the house tests walk through them."""

from __future__ import annotations

import ast
import dataclasses
import re
import typing
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from shared.service import Service

CHECKOUT = Path(__file__).resolve().parents[2]
NAMES = ("membership", "advocacy", "mediation", "forum")
SERVICES: dict[str, Service] = {name: import_module(f"services.{name}.service").service for name in NAMES}
REFUSALS = {"BrokenRule", "WrongState", "UnknownReference", "NotAllowed", "NotFound"}


def examples(name: str) -> dict[type, Any]:
    """The service's example of each fact and command."""
    return import_module(f"services.{name}.examples").EXAMPLES


def facts(name: str) -> list[type]:
    """The facts that the service writes."""
    return list(SERVICES[name].types.names)


def commands(name: str) -> list[type]:
    """The commands that the service's aggregates know."""
    return [cls for aggregate in SERVICES[name].aggregates for cls in aggregate.decider.commands]


def sent(name: str) -> list[type]:
    """The commands that people and programs send: all but those of timers and reactions."""
    return [row.command for _, row in SERVICES[name].sent]


def registers(name: str) -> list[Any]:
    """The service's registers, of own and of foreign facts."""
    return [*SERVICES[name].own_registers, *SERVICES[name].foreign_registers]


@cache
def texts(name: str) -> dict[tuple[str, str], str]:
    """The service's Indonesian texts by (kind, key)."""
    with (CHECKOUT / f"services/{name}/translations/id.po").open("rb") as file:
        return {(one.context or "", str(one.id)): str(one.string) for one in read_po(file, locale="id") if one.id}


def inside(hint: Any) -> Iterator[type]:
    """The classes in a type hint: `tuple[Party, ...] | None` -> Party, NoneType."""
    if isinstance(hint, type) and not typing.get_args(hint):
        yield hint
    for argument in typing.get_args(hint):
        yield from inside(argument)


def with_parts(classes: Iterable[type]) -> list[type]:
    """The dataclasses and those that they hold, each once."""
    found: dict[type, None] = {}
    waiting = list(classes)
    while waiting:
        cls = waiting.pop(0)
        if cls in found or not dataclasses.is_dataclass(cls):
            continue
        found[cls] = None
        waiting += [one for hint in typing.get_type_hints(cls).values() for one in inside(hint)]
    return list(found)


def enumerations(classes: Iterable[type]) -> list[type[StrEnum]]:
    """The enumerations that the dataclasses hold, each once."""
    held = (one for cls in classes for hint in typing.get_type_hints(cls).values() for one in inside(hint))
    return list(dict.fromkeys(one for one in held if issubclass(one, StrEnum)))


@cache
def trees(name: str) -> list[ast.Module]:
    """The syntax trees of the service's own code."""
    return [ast.parse(path.read_text()) for path in sorted((CHECKOUT / f"services/{name}").rglob("*.py"))]


@cache
def refusals(name: str) -> dict[str, set[str]]:
    """Every slug that the service's code refuses with, with the names that fill its sentence.

    A slug is a literal, or the parameter of a function that is called with literals; anything else is an AssertionError.
    """
    found: dict[str, set[str]] = {}
    passed: dict[str, tuple[int, set[str]]] = {}
    code = trees(name)
    for function in (node for tree in code for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        parameters = [one.arg for one in function.args.args]
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call) and called(node) in REFUSALS):
            about = {one.arg for one in call.keywords if one.arg and one.arg not in ("slug", "pointer")}
            if isinstance(call.args[0], ast.Name) and call.args[0].id in parameters:
                passed[function.name] = (parameters.index(call.args[0].id), about)
            else:
                for slug in literals(call.args[0]):
                    found.setdefault(slug, set()).update(about)
    for call in (node for tree in code for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if called(call) in passed:
            place, about = passed[called(call)]
            for slug in literals(call.args[place]):
                found.setdefault(slug, set()).update(about)
    return found


def called(call: ast.Call) -> str:
    """The name of what is called."""
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def literals(node: ast.expr) -> list[str]:
    """The texts that an expression may be; raises AssertionError when they cannot be told."""
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    assert isinstance(node, ast.Constant), f"a slug that is no literal: {ast.unparse(node)}"
    return [str(node.value)]


def reservations(name: str) -> set[str]:
    """The scopes of the keys that the service's streams hold, "legal-name": a key already held is refused as `<scope>-taken`."""
    holding = (node for tree in trees(name) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    bodies = (statement for node in holding if node.name == "holds" for statement in node.body[1:])
    said = (str(node.value) for one in bodies for node in ast.walk(one) if isinstance(node, ast.Constant))
    return {found[1] for one in said if (found := re.match(r"([a-z]+(?:-[a-z]+)*)(?::|$)", one))}
