"""The house names its settings once: the code, the example file and the page for operators say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shared.settings import VARIABLES, Variable

HOUSE = Path(__file__).parents[2]
EXAMPLE = HOUSE / "deploy" / "env.example"
PAGE = HOUSE / "docs" / "settings.md"
WORD = re.compile(r"PKP_[A-Z_]*[A-Z]")


def row(variable: Variable) -> str:
    default = f"`{variable.default}`" if variable.meta["default"] else variable.default
    return f"| `{variable.name}` | {variable.means} | {default} | {'yes' if variable.secret else ''} |"


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda one: one.name)
def test_each_setting_is_documented(variable: Variable) -> None:
    assert row(variable) in PAGE.read_text("utf-8").splitlines()
    example = EXAMPLE.read_text("utf-8")
    assert f"# {variable.means}\n" in example
    assert re.search(rf"^#?{variable.name}=", example, re.MULTILINE)


def test_nothing_else_is_documented() -> None:
    known = {one.name for one in VARIABLES} | {f"{one.name}_FILE" for one in VARIABLES if one.secret}
    assert set(WORD.findall(PAGE.read_text("utf-8"))) <= known
    assert set(WORD.findall(EXAMPLE.read_text("utf-8"))) <= known


def test_the_code_reads_its_variables_in_one_place() -> None:
    """Whoever needs a setting takes it from Settings."""
    readers = [
        file.relative_to(HOUSE).as_posix()
        for folder in ("shared", "services")
        for file in (HOUSE / folder).rglob("*.py")
        if re.search(r"os\.environ|getenv\(", file.read_text("utf-8"))
    ]
    assert set(readers) <= {"shared/settings.py"}
