"""The English of the interface is complete, and translates nothing that is not said."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module

from babel.messages.pofile import read_po
from jinja2 import Environment

from shared.web.languages import catalogue
from shared.web.menu import ALWAYS, GROUPS
from shared.web.own_pages import own_pages
from shared.web.trying import TASKS
from tests.house.rooms import CHECKOUT, NAMES, SERVICES

TEMPLATES = (CHECKOUT / "shared/web/templates", *(CHECKOUT / f"services/{name}/templates" for name in NAMES))


def said_in_templates() -> Iterator[str]:
    """Every text that a template says through `_`."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    for folder in TEMPLATES:
        for file in folder.rglob("*.html"):
            for _, _, message in environment.extract_translations(file.read_text()):  # type: ignore[attr-defined]
                told = message[0] if isinstance(message, tuple) else message
                if told:
                    yield str(told)


def said_in_code() -> Iterator[str]:
    """Every text that Python says through `_`, and those that templates say by the value of a variable."""
    for folder in ("shared/web", *(f"services/{name}" for name in NAMES)):
        for file in (CHECKOUT / folder).rglob("*.py"):
            for call in (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)):
                if isinstance(call.func, ast.Name) and call.func.id == "_" and isinstance(call.args[0], ast.Constant):
                    yield str(call.args[0].value)
    yield from (one.label for one in ALWAYS)
    for title, entries in GROUPS:
        yield from (title, *(one.label for one in entries))
    yield from (task for task, _ in TASKS.values())
    yield from import_module("shared.web.history").CONFIDENTIAL.values()
    for name in NAMES:
        yield from (figure.label for figure in own_pages(SERVICES[name]).figures(Nothing()))


class Nothing:
    """Registers without a row: enough for the labels of figures."""

    def count(self, register: object, **equal: object) -> int:
        return 0

    def rows(self, register: object, limit: int = 0, **equal: object) -> list[object]:
        return []


def test_everything_that_the_interface_says_has_its_english() -> None:
    said = {("", text) for text in (*said_in_templates(), *said_in_code())}
    rules = {(kind, key) for kind, key in catalogue("shared.web", "id") if kind in ("refusal", "value", "relation")}
    english = catalogue("shared.web", "en")
    assert sorted(said - set(english)) == []
    assert sorted(rules - set(english)) == []


def test_no_english_is_left_over() -> None:
    said = {("", text) for text in (*said_in_templates(), *said_in_code())}
    assert sorted(set(catalogue("shared.web", "en")) - said - set(catalogue("shared.web", "id"))) == []


def test_names_in_braces_are_those_of_the_indonesian() -> None:
    with (CHECKOUT / "shared/web/translations/en.po").open("rb") as file:
        for one in read_po(file, locale="en"):
            for name in re.findall(r"%\(\w+\)s", f"{one.id} {one.string}"):
                assert (name in str(one.id)) == (name in str(one.string)) or one.context, one.id
