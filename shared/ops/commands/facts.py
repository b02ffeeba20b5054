"""`pkp verify`, `feed`, `topics`, `republish`: the log itself, and how it leaves."""

from __future__ import annotations

import time
from collections.abc import Callable

import click

from shared.bus.feed import VIEWS, FeedReader, Unreachable
from shared.envelope import Envelope, to_json
from shared.identity.accounts import machine_token
from shared.ops import console
from shared.store import Recorded, Store
from shared.store.recorded import content_hash

READ = 2000
PATIENCE = 30.0  # seconds that a broker may take to make topics


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


@click.command()
@click.argument("services", nargs=-1)
def topics(services: tuple[str, ...]) -> None:
    """Make the Kafka topics of SERVICES (default: those that are here); what is there stays as it is."""
    from shared import app
    from shared.bus import kafka

    settings = console.settings()
    if not settings.bus_url.startswith("kafka:"):
        raise console.Told("there is no broker: PKP_BUS_URL=kafka://host:port")
    chosen = services or tuple(app.services(settings))
    names = [kafka.topic_name(settings.province, service, view) for service in chosen for view in VIEWS]
    broker, until = kafka.Topics(kafka.brokers(settings.bus_url)), time.monotonic() + PATIENCE
    while names:
        try:
            click.echo(f"{names[0]} {broker.ensure(names[0])}")
            names.pop(0)
        except kafka.Unreachable as error:  # a broker that has just started is still finding itself
            if time.monotonic() > until:
                raise console.Told(f"the broker does not answer ({error})") from None
            time.sleep(0.2)


@click.command()
@click.option("--service", "services", multiple=True, required=True, metavar="NAME", help="May be given several times.")
def republish(services: tuple[str, ...]) -> None:
    """Append a service's whole log to its Kafka topics again; readers drop what they hold."""
    from shared.delivery.checkpoints import republish as publish_again

    settings = console.settings()
    if not settings.bus_url.startswith("kafka:"):
        raise console.Told("facts go by feed here (PKP_BUS_URL): there is nothing to publish")
    for name, runtime in console.runtimes(settings, services).items():
        publish_again(runtime.store)
        click.echo(f"{name}: its worker will publish the log anew, up to position {runtime.store.head()}")
