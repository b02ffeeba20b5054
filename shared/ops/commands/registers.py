"""`pkp replay` and `pkp rebuild`: registers are what their facts fold into."""

from __future__ import annotations

import click

from shared.delivery.held import load
from shared.delivery.keeping import APPLIED, read
from shared.delivery.rebuilding import rebuild as rebuild_foreign
from shared.delivery.sibling import Sibling, siblings
from shared.envelope import from_json
from shared.ops import console
from shared.registers.rebuild import Rows, digest, live_rows, replay_check
from shared.registers.rebuild import rebuild as rebuild_own
from shared.registers.table import fold_into
from shared.store import Store


@click.command()
@click.option("--check", is_flag=True, help="Compare; `pkp rebuild` is what writes.")
@console.one_service
@console.as_json
def replay(check: bool, services: tuple[str, ...], as_json: bool) -> None:
    """Fold all facts anew, from zero, and compare the registers with what they fold into, by hash."""
    if not check:
        raise click.UsageError("a replay only compares: say --check (`pkp rebuild` writes registers anew)")
    settings = console.settings()
    found = []
    for name, runtime in console.runtimes(settings, services).items():
        digests = replay_check(runtime.store) | foreign_check(runtime.store)
        found += [(name, register, live == replayed, live, replayed) for register, (live, replayed) in sorted(digests.items())]
    if as_json:
        console.show(("service", "register", "equal", "live", "replayed"), found, as_json)
    else:
        rows = [(name, register, "equal" if equal else "DIFFERENT", live[:16]) for name, register, equal, live, _ in found]
        console.show(("service", "register", "replay", "hash"), rows, as_json)
    different = [f"{name}.{register}" for name, register, equal, _, _ in found if not equal]
    if different:
        raise console.Told(f"not what their facts fold into: {', '.join(different)}")


def foreign_check(store: Store) -> dict[str, tuple[str, str]]:
    """For each register of siblings' facts the digests of (live rows, rows replayed from the kept envelopes)."""
    found = {}
    for sibling in siblings(store.service, store.province):
        with store.db.snapshot() as session:
            bodies = session.rows(
                f"SELECT body FROM envelopes WHERE source = :source AND state = '{APPLIED}' ORDER BY position",
                source=sibling.source,
            )
            replayed = folded(sibling, [row[0] for row in bodies])
            for register in sibling.registers:
                live = digest(live_rows(session, register))
                found[register.name] = (live, digest(kept for kept in replayed[register.name].values() if kept.row is not None))
    return found


def folded(sibling: Sibling, bodies: list[str]) -> dict[str, Rows]:
    """The rows that kept envelopes fold into, by register; within a stream the order of positions is that of application."""
    rows: dict[str, Rows] = {register.name: {} for register in sibling.registers}
    for body in bodies:
        item = read(sibling, from_json(body))
        for register in sibling.registers:
            if item.about is not None:
                fold_into(register, rows[register.name], item.fact, item.about)
    return rows


@click.command()
@console.one_service
@click.option("--register", "only", multiple=True, metavar="NAME", help="Only this register; may be given several times.")
def rebuild(services: tuple[str, ...], only: tuple[str, ...]) -> None:
    """Write registers anew from their facts, beside the live ones, and put them in their place."""
    settings, done = console.settings(), 0
    for name, runtime in console.runtimes(settings, services).items():
        for register in runtime.service.own_registers:
            if not only or register.name in only:
                with console.progress(f"{name}.{register.name}", runtime.store.head()) as told:
                    rebuild_own(runtime.store, register, told)
                done += 1
        for sibling in siblings(runtime.service, settings.province):
            wanted = [register.name for register in sibling.registers if not only or register.name in only]
            if wanted:
                with console.progress(f"{name}.{', '.join(wanted)}", None):
                    _rebuild_of(runtime.store, sibling)
                done += len(wanted)
    if not done:
        raise console.Told("there is no such register here")
    click.echo(f"{done} registers rebuilt")


def _rebuild_of(store: Store, sibling: Sibling) -> None:
    """What one sibling told, folded anew; rows that no kept fact made go, too."""
    with store.db.writing() as session:
        load(session, sibling.source, lock=True)
        for register in sibling.registers:
            session.run(f"DELETE FROM reg_{register.name}")
        rebuild_foreign(session, store.service.name, sibling)
