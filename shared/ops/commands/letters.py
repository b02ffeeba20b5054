"""`pkp letters`: what could not be handled and waits for a person."""

from __future__ import annotations

import json
from collections.abc import Callable

import click

from shared.delivery import letters as desk
from shared.delivery.postbox import Letter
from shared.errors import NotFound
from shared.execute import Runtime
from shared.ops import console

COLUMNS = (
    "id",
    "service",
    "kind",
    "source",
    "key",
    "reaction",
    "position",
    "type",
    "reason",
    "opened_at",
    "closed_at",
    "closed_as",
)


@click.group()
def letters() -> None:
    """List, show, retry and drop facts, reactions and timers that wait, and alarms."""


@letters.command("list")
@click.option("--all", "closed", is_flag=True, help="Closed ones, too.")
@console.one_service
@console.as_json
def list_letters(closed: bool, services: tuple[str, ...], as_json: bool) -> None:
    """The open letters, oldest first."""
    found = [
        (name, letter)
        for name, runtime in console.runtimes(console.settings(), services).items()
        for letter in desk.listed(runtime.store, closed=closed)
    ]
    rows = [tuple(name if column == "service" else getattr(letter, column) for column in COLUMNS) for name, letter in found]
    if not as_json:
        shown = [
            COLUMNS.index(column) for column in ("id", "service", "kind", "source", "position", "type", "reason", "opened_at")
        ]
        console.show([COLUMNS[at] for at in shown], [[row[at] for at in shown] for row in rows], as_json)
    else:
        console.show(COLUMNS, rows, as_json)


@letters.command()
@click.argument("id")
def show(id: str) -> None:
    """One letter, and the facts that wait behind it, as JSON."""
    runtime, letter = _find(id)
    behind = [
        {"position": one.position, "type": one.type, "subject": one.subject, "data": json.loads(one.payload or b"null")}
        for one in desk.waiting(runtime.store, letter)
    ]
    told = {column: runtime.service.name if column == "service" else getattr(letter, column) for column in COLUMNS}
    click.echo(json.dumps({**told, "waiting": behind}, ensure_ascii=False, indent=2))


@letters.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
def retry(ids: tuple[str, ...]) -> None:
    """Handle again what waits behind letters; an alarm is closed as seen."""
    _each(ids, desk.retry)


@letters.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
def drop(ids: tuple[str, ...]) -> None:
    """Give up the fact, reaction or timer that failed, and go on with those behind it."""
    _each(ids, desk.drop)


def _each(ids: tuple[str, ...], act: Callable[[Runtime, str], Letter]) -> None:
    still = []
    for id in ids:
        after = act(_find(id)[0], id)
        click.echo(f"{id}: {after.closed_as or 'open: ' + after.reason}")
        still += [] if after.closed_at else [id]
    if still:
        raise console.Told(f"still open: {', '.join(still)}")


def _find(id: str) -> tuple[Runtime, Letter]:
    for runtime in console.runtimes(console.settings()).values():
        try:
            return runtime, desk.letter(runtime.store, id)
        except NotFound:
            continue
    raise console.Told(f"there is no letter {id}")
