"""`pkp contracts` and `python -m shared.contracts`: bring every contract folder to what the code says."""

from __future__ import annotations

import tempfile
from typing import Any

import click

from shared.app import build
from shared.contracts.generate import contract, folder_of, held, installed, problems, write
from shared.service import Service
from shared.settings import load


def openapi(service: Service) -> dict[str, Any]:
    """The OpenAPI document of a service, as its web application serves it; nothing is connected to."""
    with tempfile.TemporaryDirectory() as folder:
        document: dict[str, Any] = build(service, load({"PKP_DATA_DIR": folder})).extensions["openapi"]()
        return document


@click.command()
@click.option("--breaking", is_flag=True, help="Write what breaks an earlier promise, too: before the first release only.")
def contracts(breaking: bool) -> None:
    """Write every service's contract folder anew from its code; refuse what breaks an earlier promise."""
    every = {name: (folder_of(service), contract(service, openapi(service))) for name, service in installed().items()}
    broken = [f"{name}/{told}" for name, (folder, new) in every.items() for told in problems(held(folder), new)]
    for told in broken:
        click.echo(told, err=True)
    if broken and not breaking:
        raise click.ClickException(
            "nothing was written: a new major version of the fact keeps the promise (--breaking forces it)"
        )
    for name, (folder, new) in every.items():
        for path in write(folder, new):
            click.echo(f"services/{name}/contract/{path}")
