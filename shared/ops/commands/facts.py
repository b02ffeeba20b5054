"""`pkp verify`, `feed`: the log itself, and what leaves of it."""

from __future__ import annotations

from collections.abc import Callable

import click

from shared.bus.feed import FeedReader, Unreachable
from shared.envelope import Envelope, to_json
from shared.identity.accounts import machine_token
from shared.ops import console
from shared.store import Recorded, Store
from shared.store.recorded import content_hash

READ = 2000


@click.command()
@console.one_service
def verify(services: tuple[str, ...]) -> None:
    """Read every log from its first fact and recompute it: hashes, positions and versions without a hole, times, lives."""
    broken = []
    for name, runtime in console.runtimes(console.settings(), services).items():
        store = runtime.store
        with console.progress(name, store.head()) as told:
            problem, count = first_break(store, told)
        click.echo(f"{name}: {problem or f'{count} facts, whole'}")
        broken += [name] if problem else []
    if broken:
        raise console.Told(f"broken: {', '.join(broken)}")


def first_break(store: Store, told: Callable[[int], None] = lambda done: None) -> tuple[str, int]:
    """("what is wrong at which position", facts before it), or ("", number of facts)."""
    lives = {life.id: life.forked_at for life in store.lineage()}
    versions: dict[str, int] = {}
    position, time_before = 0, ""
    while facts := store.log(position, READ):
        for one in facts:
            problem = _problem(one, position, versions.get(one.stream, 0), time_before, lives)
            if problem:
                return f"position {position + 1}: {problem}", position
            position, versions[one.stream], time_before = one.position, one.version, one.recorded_at
        told(position)
    return "", position


def _problem(one: Recorded, position: int, version: int, time_before: str, lives: dict[str, int]) -> str:
    if one.position != position + 1:
        return f"missing; the next one is {one.position}"
    if one.hash != content_hash(one.id, one.type, one.stream, one.version, one.recorded_at, one.data):
        return "the content is not what was stored (hash)"
    if one.version != version + 1:
        return f"version {one.version} of {one.stream} follows {version}"
    if one.recorded_at < time_before:
        return f"recorded at {one.recorded_at}, before the fact in front of it"
    if one.position <= lives.get(one.incarnation, one.position):
        return f"its life {one.incarnation} began later, or never"
    return ""


@click.command()
@click.argument("service")
@click.option("--after", type=click.IntRange(0), default=0, help="Begin behind this position.")
@click.option("--view", type=click.Choice(["public", "interagency"]), default="interagency", show_default=True)
@click.option("--follow", "-f", is_flag=True, help="Wait for more, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print envelopes, one per line.")
def feed(service: str, after: int, view: str, follow: bool, as_json: bool) -> None:
    """Print what leaves a service, as its siblings read it."""
    settings = console.settings()
    console.runtimes(settings, (service,))
    reader = FeedReader(f"{settings.local_url(settings.port)}/{service}/feed", machine_token(settings.secret_key, service), view)
    try:
        while answer := _page(reader, after, follow):
            for one in answer:
                click.echo(to_json(one) if as_json else f"{one.position:>6}  {one.time}  {one.type}  {one.subject}")
            after = answer[-1].position
    except Unreachable as error:
        raise console.Told(f"the feed cannot be read: {error}") from None
    except KeyboardInterrupt:
        return  # how one stops following
    finally:
        reader.close()


def _page(reader: FeedReader, after: int, follow: bool) -> list[Envelope]:
    """The facts behind a position; none when there are no more, or never when following."""
    while True:
        answer = reader.read(after, "", limit=500, wait=10.0 if follow else 0.0)
        if answer.forked:
            raise console.Told(f"the log was forked: position {after} is not part of it any more; begin again with --after 0")
        if answer.envelopes or not follow:
            return answer.envelopes
