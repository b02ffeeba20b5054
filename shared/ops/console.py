"""How commands talk to an operator: one line per error, tables or JSON, progress of what takes long."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from shared import assembly
from shared.errors import Busy, Refused, Unreadable, UnsafeStore
from shared.execute import Runtime
from shared.identity.accounts import AccountExists, UnknownAccount
from shared.ops import logging
from shared.settings import BadSettings, Settings, load

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
one_service = click.option(
    "--service", "services", multiple=True, metavar="NAME", help="Only this service; may be given several times."
)


class Told(click.ClickException):
    """An error whose whole story is one line."""


class BadlySet(Told):
    """The settings cannot be used."""

    exit_code = 78  # EX_CONFIG of sysexits.h


def settings(process: str = "") -> Settings:
    """The settings, with logs set up: those of a `process`, or of a command, which tells of trouble only. Raises BadSettings."""
    found = load()
    if process:
        logging.configure(found, process)
    else:
        logging.configure(replace(found, log_level="WARNING", log_format="text"), "pkp", sys.stderr)
    return found


def chosen(settings: Settings, names: Sequence[str] = ()) -> Settings:
    """The settings for these services, or for all that they name. Raises Told for a service that is not installed."""
    wanted = tuple(names) or settings.services
    for name in wanted:
        if name not in assembly.installed():
            raise Told(f"there is no service {name} here; there are {', '.join(assembly.installed())}")
    return replace(settings, services=wanted)


def runtimes(settings: Settings, names: Sequence[str] = ()) -> dict[str, Runtime]:
    """These services, or all, at work; whether their stores may be served is not asked. Raises Told."""
    these = chosen(settings, names)
    return {name: assembly.runtime(service, these) for name, service in assembly.services(these).items()}


def explained(error: Exception) -> Told | None:
    """An error that operators know, as one line; None for a surprise."""
    match error:
        case BadSettings():
            return BadlySet("the settings cannot be used:\n  " + "\n  ".join(error.problems))
        case UnsafeStore() | Busy() | Unreadable():
            return Told(logging.clean(str(error)))
        case Refused():
            return Told(f"refused: {error.slug}")
        case UnknownAccount():
            return Told(f"there is no account {error}, or it is disabled")
        case AccountExists():
            return Told(f"there is an account {error} already")
    if any(cls.__name__ in {"OperationalError", "InterfaceError"} for cls in type(error).__mro__):
        return Told(f"the database cannot be used: {logging.clean(str(error)).strip().splitlines()[0]}")
    return None


def show(columns: Sequence[str], rows: Sequence[Sequence[Any]], as_json: bool) -> None:
    """A list as a table, or as a JSON array of objects with the columns as names."""
    if as_json:
        click.echo(json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, default=str, indent=2))
        return
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    # Where nobody looks on, a line is as long as it must be, for grep and cut.
    console = Console(soft_wrap=False) if Console().is_terminal else Console(width=400)
    console.print(table)


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Any]:
    """A bar on the terminal while long work goes on (`total` None: unknown); gives a function that takes what is done."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)
        bar.update(task, total=total or 1, completed=total or 1)
