"""`pkp up`, `web`, `worker`, `migrate`, `demo`: the processes of a platform."""

from __future__ import annotations

import os
import sys
import threading
import time

import click

from shared import assembly
from shared.errors import UnsafeStore
from shared.execute import Runtime
from shared.ops import console, demo, fresh, health, highwater, logging, metrics, supervisor, version
from shared.settings import Settings, child_environment, load


def migrate_all(settings: Settings) -> None:
    """Bring every database of this platform up to date; whoever serves later need not be allowed to change a table."""
    assembly.accounts(settings).migrate()
    for one in console.runtimes(settings).values():
        bring_up_to_date(one, settings)
        one.close()


def wait_until_migrated(settings: Settings, pause: float = 1.0) -> None:
    """Return when every database of this platform is up to date; tells once what it waits for, and again when that changes."""
    stores = [one.store for one in console.runtimes(settings).values()]
    checks = [*health.beside(assembly.services(settings), settings).items()]
    checks += [(store.service.name, check(store)) for store in stores for check in (health.migrated, health.shaped)]
    told = ""
    while waiting := next((f"{name}: {problem}" for name, check in checks if (problem := _problem(check))), ""):
        if waiting != told:
            click.echo(f"waiting for {waiting}")
        told = waiting
        time.sleep(pause)


def _problem(check: health.Check) -> str:
    try:
        return check()
    except Exception as error:  # no database, no table, no rights yet
        return str(error) if isinstance(error, UnsafeStore) else type(error).__name__


def bring_up_to_date(one: Runtime, settings: Settings) -> None:
    """Bring the databases of one service up to date; registers whose columns changed, or that are not filled, are folded anew."""
    from shared.delivery import rebuilding
    from shared.delivery.sibling import siblings

    one.keys.migrate()
    one.store.migrate()
    for sibling in siblings(one.service, settings.province):
        rebuilding.bring_up_to_date(one.store, sibling)


@click.command()
@click.option("--wait", "waiting", is_flag=True, help="Change nothing: return when somebody else has done it.")
def migrate(waiting: bool) -> None:
    """Bring the tables of all services up to date; safe to repeat, and while others do it."""
    settings = console.settings()
    (wait_until_migrated if waiting else migrate_all)(settings)
    click.echo(f"up to date: {', '.join(assembly.services(settings))}, identity")


@click.command()
@click.option("--demo/--no-demo", "demonstrate", default=None, help="Demo accounts and example data.  [default: PKP_DEMO]")
def up(demonstrate: bool | None) -> None:
    """Run the whole platform here, until Ctrl-C: the web process and the worker, watched and restarted."""
    changed = {}
    if sys.stdout.isatty():
        changed["PKP_LOG_FORMAT"] = "text"
    if demonstrate is not None:
        changed["PKP_DEMO"] = "true" if demonstrate else "false"
    settings = console.chosen(load(child_environment(**changed)))
    logging.configure(settings, "pkp")
    busy = supervisor.taken(settings)
    if busy:
        raise console.Told(
            f"port {', '.join(map(str, busy))} is in use; choose others with PKP_PORT=<port>, which moves them all"
        )
    while not _run(settings, changed):
        click.echo("\nThe demo starts afresh.\n")
        fresh.empty(settings)
    click.echo("stopped")


def refuse_unsafe(settings: Settings) -> None:
    """Raises UnsafeStore when a store must not be served, before any process is started that would find out by itself."""
    for one in assembly.runtimes(settings).values():
        one.close()


def _run(settings: Settings, changed: dict[str, str]) -> bool:
    """Run the platform; True when it was told to stop, False when its demo is to start afresh."""
    fresh.born(settings)
    migrate_all(settings)
    refuse_unsafe(settings)

    def ready() -> None:
        click.echo(f"\nThe platform is ready: {settings.public_url}/\n")
        if settings.demo:
            threading.Thread(target=_demonstrate, args=(settings,), daemon=True).start()

    try:
        running = supervisor.platform(settings, ready, **changed)
        running.run()
    except supervisor.GaveUp as error:
        raise console.Told(str(error)) from None
    return running.stopped


def _demonstrate(settings: Settings) -> None:
    """Load the demo, then print one token; a demo that cannot be loaded stops nothing."""
    try:
        loaded = demo.load(settings)
        click.echo(f"\nThe demo is loaded: {loaded.sent} commands, {loaded.new} of them new.")
    except demo.NotLoaded as error:
        click.echo(f"\nThe demo could not be loaded: {error}", err=True)
    token = assembly.accounts(settings).token("sekretariat")
    click.echo(f"A token of the account `sekretariat` (others: `pkp account list`, `pkp account token NAME`):\n\n  {token}\n")
    click.echo(
        f"  curl -H 'Authorization: Bearer {token}' {settings.public_url}/membership/api/v1/members\n\nCtrl-C stops everything.\n"
    )


@click.command()
def web() -> None:
    """Become the web process (gunicorn), in the foreground."""
    refuse_unsafe(console.chosen(console.settings()))
    os.execv(supervisor.GUNICORN[0], supervisor.GUNICORN)


@click.command()
@console.one_service
def worker(services: tuple[str, ...]) -> None:
    """Be the worker: carry facts out and in, react, fire what is due."""
    from shared.delivery.worker import WorkerFailed, run_worker

    settings = console.chosen(console.settings("worker"), services)
    runtimes = list(assembly.runtimes(settings).values())
    stores = [one.store for one in runtimes]
    metrics.build.labels(version(), settings.province).set(1)
    try:
        health.serve(health.of_worker(stores), settings.bind, settings.management_port + 1)
    except OSError as error:
        raise console.Told(f"port {settings.management_port + 1}: {error.strerror}") from None
    keeper = highwater.Keeper(stores, settings)
    keeper.start()
    try:
        run_worker(runtimes, settings)
    except WorkerFailed as error:
        raise console.Told(f"the worker ended: {error}") from None
    finally:
        keeper.stop()


@click.command("demo")
@click.option("--url", help="The origin to speak with.  [default: this machine's public listener]")
def load_demo(url: str | None) -> None:
    """Load the demo's data into the running platform, by ordinary commands; what is there already stays as it is."""
    settings = console.settings()
    if not settings.demo:
        raise console.Told("these accounts exist in demo mode only: PKP_DEMO=true, or `pkp up --demo`")
    try:
        with console.progress("demo", demo.count(assembly.services(settings))) as told:
            loaded = demo.load(settings, told, url)
    except demo.NotLoaded as error:
        raise console.Told(str(error)) from None
    click.echo(f"{loaded.sent} commands, {loaded.new} of them new")


__all__ = ["load_demo", "migrate", "up", "web", "worker"]
