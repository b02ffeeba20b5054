"""`pkp topics`, `republish`: what lies at the broker, and who may read and write it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import click

from shared import assembly
from shared.bus.broker import broker, has_broker
from shared.bus.feed import VIEWS
from shared.ops import console

PATIENCE = 30.0  # seconds that a broker may take to do one thing


@click.command()
@click.argument("services", nargs=-1)
@click.option("--grant", is_flag=True, help="Let a user of each service's name, and each reader, do what it needs and no more.")
@click.option("--reader", "readers", multiple=True, metavar="NAME", help="An agency that may read the public topics.")
@click.option(
    "--passwords",
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Give the users the passwords in FOLDER/<NAME>_bus_password.",
)
@click.option("--show", is_flag=True, help="Tell who may do what, and change nothing.")
@console.as_json
def topics(
    services: tuple[str, ...], grant: bool, readers: tuple[str, ...], passwords: Path | None, show: bool, as_json: bool
) -> None:
    """Make the Kafka topics of SERVICES (default: those that are here); what is there stays as it is.

    With --grant, say who may use them: run it as a user that may change that at the broker (Kafka's `super.users`).
    """
    from shared.bus import kafka, topics

    settings = console.settings()
    chosen = services or tuple(assembly.services(settings))
    rights = topics.rights(settings.province, chosen, readers)
    if show:
        rows = [(one.user, one.right, one.kind, one.name + ("*" if one.prefix else "")) for one in rights]
        console.show(("user", "may", "what", "name"), rows, as_json)
        return
    if not has_broker(settings):
        raise console.Told("there is no broker: PKP_BUS_URL=kafka://host:port")
    for service in chosen:
        admin = topics.Topics(broker(settings, service))
        for view in VIEWS:
            name = kafka.topic_name(settings.province, service, view)
            click.echo(f"{name} {_patiently(lambda: admin.ensure(name))}")  # noqa: B023
    for user in sorted({one.user for one in rights}) if passwords else ():
        password = _password(passwords / f"{user}_bus_password")  # type: ignore[operator]
        _patiently(lambda: admin.set_password(user, password))  # noqa: B023
        click.echo(f"{user}: has its password")
    if grant:
        _patiently(lambda: admin.grant(rights))
        click.echo(f"{len(rights)} rights of {len({one.user for one in rights})} users")


def _patiently(ask: Callable[[], object]) -> object:
    """The answer of a broker that may have just started, and is still finding itself."""
    from shared.bus.kafka import Unreachable

    until = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except Unreachable as error:
            if time.monotonic() > until:
                raise console.Told(f"the broker does not do it: {error}") from None
            time.sleep(0.2)


def _password(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except OSError as error:
        raise console.Told(f"{file}: the file cannot be read ({error.strerror})") from None


@click.command()
@click.option("--service", "services", multiple=True, required=True, metavar="NAME", help="May be given several times.")
def republish(services: tuple[str, ...]) -> None:
    """Append a service's whole log to its Kafka topics again; readers drop what they hold."""
    from shared.delivery.checkpoints import republish as publish_again

    settings = console.settings()
    if not has_broker(settings):
        raise console.Told("facts go by feed here (PKP_BUS_URL): there is nothing to publish")
    for name, runtime in console.runtimes(settings, services).items():
        publish_again(runtime.store)
        click.echo(f"{name}: its worker will publish the log anew, up to position {runtime.store.head()}")
