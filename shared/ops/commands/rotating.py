"""`pkp keys`: which master key wraps the keys of personal data, and wrapping them by a new one."""

from __future__ import annotations

import click

from shared import assembly
from shared.identity.credentials import Credentials
from shared.ops import console


@click.group()
def keys() -> None:
    """Rotate PKP_MASTER_KEY and PKP_SECRET_KEY; each may hold several lines, of which the first is used."""


@keys.command("list")
@console.as_json
def list_keys(as_json: bool) -> None:
    """How many keys of personal data each master key wraps, by the master key's name; the names tell nothing of the keys."""
    rows = []
    for name, runtime in console.runtimes(console.settings()).items():
        counts, store = runtime.keys.by_master(), runtime.keys
        for master in sorted(store.masters | set(counts)):
            stands = "used" if master == store.current else "accepted" if master in store.masters else "MISSING"
            rows.append((name, master, counts.get(master, 0), stands))
    console.show(("service", "master key", "keys", "stands"), rows, as_json)


@keys.command()
@console.one_service
def rotate(services: tuple[str, ...]) -> None:
    """Have the first line of PKP_MASTER_KEY wrap all keys, and the first of PKP_SECRET_KEY seal all authenticator apps.

    The platform goes on meanwhile. Can be interrupted and repeated; when it says that nothing is left, older lines may go.
    """
    settings = console.settings()
    for name, runtime in console.runtimes(settings, services).items():
        total = sum(count for master, count in runtime.keys.by_master().items() if master != runtime.keys.current)
        done = 0
        with console.progress(name, total) as told:
            while count := runtime.keys.rewrap():
                done += count
                told(done)
        click.echo(f"{name}: {done} keys wrapped anew")
    accounts = assembly.accounts(settings)
    click.echo(f"identity: {Credentials(accounts.database, settings.secret_keys).reseal()} authenticator apps sealed anew")
