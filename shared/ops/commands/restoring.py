"""`pkp restore`: puts a backup back; a store that came back older, or from elsewhere, begins a new life when told to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from shared import assembly
from shared.errors import UnsafeStore
from shared.execute import Runtime
from shared.ops import console, highwater
from shared.ops.backup import restoring
from shared.ops.commands.running import bring_up_to_date
from shared.ops.lost import Lost, lost, numbers
from shared.settings import Settings

OTHER_SECRET = (
    "note: PKP_SECRET_KEY is another one than at the backup: commands sent again are not recognised, authenticator apps are void"
)
SHOWN = 20  # lost facts, or subjects without a key, that are told one by one


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--keys",
    "keys_folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The backup whose keys are newest.  [default: FOLDER]",
)
@click.option("--accept", "accepting", is_flag=True, help="Take stores that were restored by other means for the true ones.")
@click.option(
    "--skip-numbers",
    "skip",
    type=click.IntRange(0),
    default=0,
    help="Leave so many numbers of each series unused, for those that stand on paper only.",
)
@click.option("--release-timers", "releasing", is_flag=True, help="Let the timers go that a restore held.")
@console.one_service
def restore(
    folder: Path | None, keys_folder: Path | None, accepting: bool, skip: int, releasing: bool, services: tuple[str, ...]
) -> None:
    """Put the backup in FOLDER back into empty databases; without FOLDER, say what keeps a store from being served.

    A restored store holds less than was seen here, or than its siblings or its topic hold of it. Accepting it (which putting a
    backup back includes) begins a new life of its log at its head: register numbers seen before stay used, and timers wait
    until they are released. Stop the web processes and workers first.
    """
    settings = console.settings()
    runtimes = console.runtimes(settings, services)
    if releasing:
        for name, runtime in runtimes.items():
            click.echo(f"{name}: {highwater.release(runtime.store)} timers released")
        return
    if folder is not None:
        _put_back(folder, keys_folder or folder, runtimes, settings)
    told = [_judge(runtime, settings, accepting, folder is not None, skip) for runtime in runtimes.values()]
    if any(told):
        raise console.Told("\n  ".join(filter(None, told)))


def _put_back(folder: Path, keys_folder: Path, runtimes: dict[str, Runtime], settings: Settings) -> None:
    backup = restoring.look(folder, keys_folder, runtimes, settings)
    if not restoring.knows_secret(backup, settings):
        click.echo(OTHER_SECRET, err=True)
    accounts = assembly.accounts(settings)
    accounts.migrate()
    for name, runtime in runtimes.items():
        bring_up_to_date(runtime, settings)
        done = restoring.put_service(backup, runtime, settings)
        bring_up_to_date(runtime, settings)
        keys = f"{done.keys} keys, {done.erased_again} erased again"
        click.echo(f"{name}: {done.facts} facts put back, as they were at {done.made_at}; {keys}")
        if done.without_key:
            click.echo(f"{name}: {len(done.without_key)} subjects have no key and read as erased: {_some(done.without_key)}")
    identity = (
        "put back" if restoring.put_identity(backup, accounts) else "there are accounts here already: they stay as they are"
    )
    click.echo(f"identity: {identity}")


def _judge(runtime: Runtime, settings: Settings, accepting: bool, put_back: bool, skip: int) -> str:
    """Accept a store that must be, if so said; what is wrong with one that is not accepted."""
    name = runtime.service.name
    problem, gone = _problem(runtime, settings)
    for line in _listed(gone):
        click.echo(f"{name}: lost, but others hold it: {line}")
    if not problem and not put_back:
        click.echo(f"{name}: nothing to accept")
    elif not accepting and not put_back:
        return problem
    else:
        held = max((one.position for one in gone), default=0)
        found = highwater.accept(runtime.store, settings, datetime.now(UTC), held, numbers(gone), skip)
        click.echo(f"{name}: accepted; {found.lost} positions are lost, {found.held} timers wait for --release-timers")
    return ""


def _problem(runtime: Runtime, settings: Settings) -> tuple[str, list[Lost]]:
    """What keeps the store from being served ("": nothing), and the facts that others hold beyond its head."""
    name, problem = runtime.service.name, ""
    try:
        highwater.check(runtime.store, settings)
    except UnsafeStore as error:
        problem = str(error)
        if "never migrated" in problem:
            return problem, []
    gone = lost(runtime, settings)
    if gone and not problem:
        held = f"the store holds {runtime.store.head()} facts, others hold {gone[-1].position}"
        problem = f"{name}: {held}; `pkp restore --accept --service {name}`"
    return problem, gone


def _listed(gone: list[Lost]) -> list[str]:
    lines = [" ".join((str(one.position), one.type, one.subject, one.id, *one.numbers)) for one in gone[:SHOWN]]
    return lines + [f"and {len(gone) - SHOWN} more"] * (len(gone) > SHOWN)


def _some(ids: list[str]) -> str:
    return ", ".join(ids[:SHOWN]) + (f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else "")
