"""`pkp backup`: everything that a platform holds, as files, while it works."""

from __future__ import annotations

from pathlib import Path

import click

from shared import assembly
from shared.ops import console
from shared.ops.backup import making
from shared.ops.backup.files import Manifest


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@console.one_service
def backup(folder: Path, services: tuple[str, ...]) -> None:
    """Write a backup of every service into FOLDER, a new or empty one, while the platform works.

    FOLDER/data and FOLDER/keys belong apart: keep many of the former, and of the latter only the newest, so that whoever is
    erased stays erased. Neither holds the master key, nor what is in the state folder. `pkp restore FOLDER` puts it back.
    """
    settings = console.settings()
    accounts = assembly.accounts(settings)
    runtimes = console.runtimes(settings, services)
    making.make(folder, runtimes, accounts, settings, _told)
    click.echo(f"written to {folder}: carry {folder / 'data'} and {folder / 'keys'} away, apart from each other")


def _told(part: Manifest) -> None:
    rows = sum(one.rows for one in part.files)
    about = f"up to position {part.head}, " if part.store else ""
    click.echo(f"{part.part}: {about}{rows} rows")
