"""`pkp restore`: a store that came back older, or from elsewhere, begins a new life only when an operator says so."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from shared.delivery.attempts import is_connection_error
from shared.delivery.held import load
from shared.delivery.sibling import siblings
from shared.envelope import source_of
from shared.errors import UnsafeStore
from shared.execute import Runtime
from shared.ops import console, highwater
from shared.settings import Settings


@click.command()
@click.option("--accept", "accepting", is_flag=True, help="Take restored stores for the true ones.")
@click.option("--release-timers", "releasing", is_flag=True, help="Let the timers go that were held by --accept.")
@console.one_service
def restore(accepting: bool, releasing: bool, services: tuple[str, ...]) -> None:
    """Say what keeps a store from being served, and accept it.

    A store that was restored, or replaced, holds less than was seen here, or than its siblings hold of it. Accepting it
    begins a new life of its log at its head: register numbers seen before stay used, and timers wait until they are
    released. Stop the web processes and workers first.
    """
    settings = console.settings()
    for runtime in console.runtimes(settings, services).values():
        name = runtime.service.name
        if releasing:
            click.echo(f"{name}: {highwater.release(runtime.store)} timers released")
            continue
        problem = _problem(runtime, settings)
        if not problem:
            click.echo(f"{name}: nothing to accept")
        elif not accepting:
            raise console.Told(problem)
        else:
            found = highwater.accept(runtime.store, settings, datetime.now(UTC), _held_by_siblings(runtime, settings))
            click.echo(f"{name}: accepted; {found.lost} positions are lost, {found.held} timers wait for --release-timers")


def _problem(runtime: Runtime, settings: Settings) -> str:
    try:
        highwater.check(runtime.store, settings)
    except UnsafeStore as error:
        return str(error)
    held, head = _held_by_siblings(runtime, settings), runtime.store.head()
    if held > head:
        name = runtime.service.name
        return f"{name}: the store holds {head} facts, siblings hold {held}; `pkp restore --accept --service {name}`"
    return ""


def _held_by_siblings(runtime: Runtime, settings: Settings) -> int:
    """The last position of the log's present life that a sibling holds whose store can be read from here."""
    life, source = runtime.store.lineage()[-1].id, source_of(runtime.store.province, runtime.service.name)
    held = [0]
    for other in console.runtimes(settings).values():
        if any(one.source == source for one in siblings(other.service, settings.province)):
            try:
                with other.store.db.reading() as session:
                    known = load(session, source)
            except Exception as error:
                if not is_connection_error(error):
                    raise
                continue
            held.append(known.position if known.incarnation == life else 0)
    return max(held)
