"""`pkp config`: are the settings usable, and what are they."""

from __future__ import annotations

import click

from shared.bus.broker import doubts
from shared.ops import console
from shared.settings import VARIABLES, load, shown, unknown


@click.group()
def config() -> None:
    """Check and show the settings."""


@config.command()
def check() -> None:
    """Say what is wrong with the settings, all at once; nothing and success when they can be used."""
    for name in unknown():
        click.echo(f"note: {name} means nothing here", err=True)
    for doubt in doubts(load()):
        click.echo(f"note: {doubt}", err=True)
    click.echo("the settings can be used")


@config.command()
@console.as_json
def show(as_json: bool) -> None:
    """Every variable with its value; secrets are not shown."""
    means = {one.name: one.means for one in VARIABLES}
    console.show(("variable", "value", "meaning"), [(name, value, means[name]) for name, value in shown(load())], as_json)
