"""The operator's guide names every number and every alert, and no command, option, setting or page that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
import yaml
from prometheus_client import REGISTRY

from shared.ops import metrics
from shared.ops.cli import main
from shared.settings import VARIABLES

HOUSE = Path(__file__).parents[2]
PAGES = sorted(
    [
        HOUSE / "README.md",
        HOUSE / "deploy" / "README.md",
        HOUSE / "deploy" / "kubernetes" / "README.md",
        HOUSE / "docs" / "operating.md",
        *(HOUSE / "docs" / "operating").glob("*.md"),
    ]
)
WATCH = (HOUSE / "docs" / "operating" / "watch.md").read_text("utf-8")
TROUBLE = (HOUSE / "docs" / "operating" / "trouble.md").read_text("utf-8")
ALERTS = HOUSE / "deploy" / "observability" / "prometheus" / "alerts.yml"
BY_NAME = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(HOUSE).as_posix())


def commands(page: Path) -> list[list[str]]:
    """The words behind each `pkp` of a page, as far as they are commands and options; only what stands as code counts."""
    text = page.read_text("utf-8")
    code = re.findall(r"```(?:sh|bash)\n(.*?)```", text, re.DOTALL) + re.findall(r"`([^`\n]+)`", text)
    lines = [line.partition("#")[0] for one in code for line in one.splitlines()]
    return [found.split() for line in lines for found in re.findall(r"(?:^|(?<! -n)[ /])pkp ((?:--)?[a-z][^|&;)\"]*)", line)]


def unknown(words: list[str]) -> str:
    """The first of the words that is no command and no option of the commands before it."""
    found: click.Command = main
    context = click.Context(found)
    for word in words:
        if word.startswith("-"):
            options = {name for one in found.get_params(context) for name in one.opts}
            if word.strip("[]").partition("=")[0] not in options:
                return word
        elif isinstance(found, click.Group):
            inner = found.get_command(context, word)
            if inner is None:
                return word
            found = inner
    return ""


@BY_NAME
def test_each_command_that_is_named_exists(page: Path) -> None:
    assert [" ".join(words) for words in commands(page) if unknown([word.strip("[],") for word in words])] == []


def test_a_command_that_does_not_exist_is_noticed() -> None:
    assert unknown(["restore", "--accept"]) == ""
    assert unknown(["restore", "--undo"]) == "--undo"
    assert unknown(["account", "forget", "NAME"]) == "forget"
    assert len(commands(HOUSE / "docs" / "operating" / "accounts.md")) > 5


@BY_NAME
def test_each_variable_that_is_named_exists(page: Path) -> None:
    known = {one.name for one in VARIABLES} | {f"{one.name}_FILE" for one in VARIABLES if one.secret}
    assert set(re.findall(r"\bPKP_[A-Z_]*[A-Z]", page.read_text("utf-8"))) <= known


@BY_NAME
def test_each_page_that_is_pointed_at_exists(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name} points at {target}"


def test_each_number_is_explained_and_no_other() -> None:
    rows = re.findall(r"^\| `(pkp_[a-z_]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", WATCH, re.MULTILINE)
    assert metrics.build in REGISTRY._names_to_collectors.values()
    exported = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in REGISTRY.collect()
        if family.name.startswith("pkp_")
    }
    assert {row[0] for row in rows} == exported


def test_each_alert_is_explained_with_its_severity_and_no_other() -> None:
    rows = re.findall(r"^\| `([A-Z]\w+)` \| (\w+) \| ([^|]+) \| ([^|]+) \|$", WATCH, re.MULTILINE)
    (group,) = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"]
    assert {(name, severity) for name, severity, _, _ in rows} == {
        (rule["alert"], rule["labels"]["severity"]) for rule in group["rules"]
    }


def test_each_warning_of_the_log_is_explained() -> None:
    """What is only ever told at levels below is no trouble."""
    code = "".join(file.read_text("utf-8") for file in (HOUSE / "shared").rglob("*.py"))
    told = set(re.findall(r'\.(?:warning|error|critical)\("([a-z]+(?:-[a-z]+)*)"', code))
    table = TROUBLE.partition("## Words in the log")[2]
    assert len(told) > 10
    assert set(re.findall(r"`([a-z]+(?:-[a-z]+)*)`", "".join(re.findall(r"^\|([^|]+)\|", table, re.MULTILINE)))) == told
