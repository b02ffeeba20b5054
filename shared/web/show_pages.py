"""The page of one aggregate: how it stands, what comes next, what waits for whom, and how it came to that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, request

from shared.errors import NotFound
from shared.facts import kebab
from shared.identity.policy import OF_THE_HOUSE
from shared.identity.roles import Role
from shared.registers.browsing import below
from shared.registers.reading import Registers
from shared.registers.table import Kept
from shared.service import Aggregate, Does
from shared.waiting import Waiting
from shared.web.access import who
from shared.web.body import query
from shared.web.drawing import called, page, words_of
from shared.web.form_pages import address
from shared.web.history import NEWEST, Line, history, summary
from shared.web.listing import as_of_day, shown
from shared.web.register_pages import columns_of
from shared.web.rights import Seen, concerns_own_house, legal, seen
from shared.web.sight import may_read, reading, sight, told
from shared.web.site import Site
from shared.web.texts import STATES

FLASH = {"tercatat", "versi", "fakta"}
View = Callable[[UUID], Response]


def show_page(site: Site, aggregate: Aggregate) -> View:
    """The view of one aggregate's page."""

    def view(id: UUID) -> Response:
        reading(site, aggregate.register)
        given = query(request, FLASH | {"per", "riwayat"})
        day = as_of_day(site, aggregate.register, given.get("per"))
        found = seen(site, aggregate, id)
        kept, upto = (shown(site, aggregate, id)[0], None) if day is None else _then(site, aggregate, id, day)
        lines = history(site, found, upto)
        return _drawn(site, found, id, kept, lines, day, given)

    return view


def _then(site: Site, aggregate: Aggregate, id: UUID, day: date) -> tuple[Kept, int]:
    """The row as it stood at the end of a day, and the position of the log then. Raises NotFound where it was not yet."""
    position = site.past.position(day)
    with site.past.at(aggregate.register, position) as database:
        kept = Registers(database).shown(aggregate.register, str(id))
    if kept is None:
        raise NotFound("not-there-yet", day=day)
    return kept, position


def _drawn(
    site: Site, found: Seen, id: UUID, kept: Kept, lines: list[Line], day: date | None, given: Mapping[str, str]
) -> Response:
    aggregate, texts, whole = found.aggregate, words_of(site), "riwayat" in given
    waiting = site.waiting.of(aggregate.name, id) if day is None else ()
    wanted = {one.waits.what for one in waiting}
    steps = [] if day else sorted(legal(site, aggregate, id), key=lambda row: (row.corrects, row.command not in wanted))
    start = f"/{site.service.name}/{aggregate.path}/"
    return page(
        site,
        "pages/show",
        who(site),
        title=called(aggregate.register, kept, texts),
        aggregate=aggregate,
        start=start,
        here=f"{start}{id}",
        register_title=texts.label("register", aggregate.register.name),
        state=summary(site, aggregate, kept.row),
        standing=_status(kept, texts),
        steps=[
            Step(
                texts.label("command", row.command.__name__),
                address(site, aggregate, row, id),
                row.command in wanted,
                row.corrects,
            )
            for row in steps
        ],
        waiting=[waits_for(site, one) for one in waiting],
        lines=lines if whole else lines[:NEWEST],
        whole=whole,
        facts=len(lines),
        parts=[] if day else list(parts_of(site, aggregate, id)),
        version=kept.version if day else found.version,
        flash=_flash(aggregate, given, lines),
        day=day,
        today=site.runtime.clock.today(),
        api=site.api(f"{aggregate.path}/{id}"),
    )


@dataclass(frozen=True)
class Part:
    """What stands below a thing in one register: its title, heads, and lines, each with the address of its own page."""

    title: str
    heads: list[str]
    lines: list[tuple[str, list[str]]]


def parts_of(site: Site, aggregate: Aggregate, id: UUID) -> Iterator[Part]:
    """The rows of other registers that lie below this thing and that this viewer may see."""
    texts, told_by = words_of(site), set(aggregate.decider.facts)
    for register in site.service.own_registers:
        if not register.keys or not told_by & set(register.folds) or not may_read(site, register):
            continue
        look = sight(site, register)
        rows = below(site.runtime.store.db, register, str(id))
        seen_rows = rows if look is None else look(rows)
        if seen_rows:
            told(site, register, [row.id for row in seen_rows])
            columns = [name for name in columns_of(register) if name not in (f"{aggregate.name}_id", "number")]
            heads = [texts.label("field", f"{register.name}.{name}") for name in columns]
            start = f"/{site.service.name}/{register.name.replace('_', '-')}/"
            lines = [(f"{start}{row.id}", [texts.field(name, getattr(row.row, name)) for name in columns]) for row in seen_rows]
            yield Part(texts.label("register", register.name), heads, lines)


@dataclass(frozen=True)
class Step:
    """A command that may be sent now; `wanted`: somebody waits for it; `aside`: it leads nowhere, so it is offered last."""

    label: str
    href: str
    wanted: bool
    aside: bool


def _status(kept: Kept, texts: Any) -> str:
    """The word for how it stands, where the register has one."""
    name = next((one for one in STATES if hasattr(kept.row, one)), None)
    return texts.shown(getattr(kept.row, name)) if name else ""


def _flash(aggregate: Aggregate, given: Mapping[str, str], lines: list[Line]) -> dict[str, Any] | None:
    """What a command that was just sent has recorded; told from its name and versions, so nobody can make it say else."""
    known = {kebab(row.command.__name__): row.command for row in aggregate.commands}
    command = known.get(given.get("tercatat", ""))
    version, made = given.get("versi", ""), given.get("fakta", "")
    if command is None or not all(text.isascii() and text.isdigit() and len(text) < 8 for text in (version, made)):
        return None
    new = [line for line in lines if int(version) - int(made) < line.version <= int(version)]
    return {"command": command.__name__, "sentences": [line.sentence for line in reversed(new)], "made": int(made)}


@dataclass(frozen=True)
class Waits:
    """One thing that waits, in words."""

    title: str
    kind: str
    href: str
    step: str
    step_href: str
    whom: str
    due: date | None
    due_shown: str
    days: int | None
    others: bool = False


def waits_for(site: Site, one: Waiting, title: str = "", *, others: bool = False) -> Waits:
    """A waiting thing in words: what, whom (`others`: not the viewer), until when, and where to do it."""
    texts, today, due = words_of(site), site.runtime.clock.today(), one.waits.due
    row = next((row for row in one.aggregate.commands if row.command is one.waits.what), None)
    page_of = f"/{site.service.name}/{one.aggregate.path}/{one.id}"
    return Waits(
        title=title,
        kind=texts.label("aggregate", one.aggregate.name),
        href=page_of,
        step=texts.label("command", one.waits.what.__name__),
        step_href=address(site, one.aggregate, row, one.id) if isinstance(row, Does) else page_of,
        whom=_whom(site, one),
        due=due,
        due_shown=texts.shown(due) if due else "",
        days=site.runtime.workdays().between(today, due) if due and due >= today else None,
        others=others,
    )


def _whom(site: Site, one: Waiting) -> str:
    """The organisation or party that is waited for, else the role or relation; whoever stands in where it is its own house."""
    texts, (kind, _, named) = words_of(site), str(one.waits.who).partition(":")
    for id in (one.waits.organisation, _id(named)):
        if id and (name := texts.named(id)):
            return name
    if kind in OF_THE_HOUSE and concerns_own_house(site, one.aggregate, one.state):
        kind = str(Role.STEERING)
    if kind in set(map(str, Role)):
        return texts.label("value", f"Role.{kind}")
    return texts.label("relation", kind)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
