"""What a service contributes to the four pages of the front door: drawn with the viewer's own rights, within one second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, g, render_template, request

from shared.facts import type_name
from shared.identity.roles import CHAIR, SECRETARIAT, STEERING
from shared.registers.browsing import Wanted, browse
from shared.service import Aggregate
from shared.store.recorded import moment
from shared.waiting import TooSlow, Waiting
from shared.web.access import who
from shared.web.behind import arrived, published
from shared.web.body import query
from shared.web.described import Described
from shared.web.drawing import called, private, words_of
from shared.web.form_pages import address
from shared.web.history import history, summary
from shared.web.own_pages import own_pages
from shared.web.rights import legal, looked_at, stands
from shared.web.show_pages import Waits, waits_for
from shared.web.sight import may_read, sight, told
from shared.web.sight import visibilities as leaving
from shared.web.site import Site
from shared.web.texts import STATES

WITHIN = 0.9  # seconds: the rest of the one is for the way
LATEST, MOST, HITS = 4, 60, 8
SOON = timedelta(days=14)  # what is due by then stands first
STEPS_OF_DECISION = 3
WHOLE_BOARD = frozenset({SECRETARIAT, CHAIR, STEERING})  # who watches over the due dates of others, too


def fragments(site: Site, blueprint: Blueprint) -> None:
    """The routes `/fragments/<home|tasks|decisions|search>`, in a demo two more; one that is too slow says so."""
    drawn: dict[str, Callable[[Site], str]] = {"home": home, "tasks": tasks, "decisions": decisions, "search": search}
    if site.settings.demo:
        drawn |= {"behind": behind, "story": story}

    def view(name: str) -> Response:
        g.until = time.monotonic() + WITHIN
        try:
            body = drawn[name](site)
        except TooSlow:
            body = _render(site, "slow")
        return private(Response(body))

    for name in drawn:
        blueprint.add_url_rule(f"/fragments/{name}", f"fragment-{name}", view, defaults={"name": name})


def _left() -> float:
    """The seconds that are left; raises TooSlow when none are."""
    left: float = g.until - time.monotonic()
    if left <= 0:
        raise TooSlow
    return left


def _render(site: Site, name: str, **values: Any) -> str:
    return render_template(
        f"fragments/{name}.html",
        site=site,
        service=site.service,
        texts=words_of(site),
        actor=who(site),
        today=site.runtime.clock.today(),
        **values,
    )


# --- the front page -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One fact on the front page."""

    sentence: str
    at: str
    why: str


def home(site: Site) -> str:
    """Figures, and the latest facts as sentences."""
    figures = own_pages(site.service).figures(site.runtime.store.registers())
    return _render(site, "home", figures=figures, latest=list(_latest(site)))


def _latest(site: Site) -> Iterator[Told]:
    """The latest facts that leave this service for this viewer."""
    allowed, texts, head = leaving(who(site)), words_of(site), site.runtime.store.head()
    recent = site.runtime.store.log(max(0, head - 400), 400, sorted(allowed))
    for one in recent[: -LATEST - 1 : -1]:
        fact = site.service.types.decode(one.type, one.data)
        why = f"/{site.service.name}/fakta/{one.id}"
        yield Told(texts.fact(fact), texts.shown(moment(one.recorded_at)), why)


# --- the workbench and the chair's decisions ----------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    """One thing that waits for a decision: what it is about, and the steps that may be taken."""

    waits: Waits
    state: list[Described]
    steps: list[tuple[str, str]]


def tasks(site: Site) -> str:
    """What is due, what waits for the viewer, what the viewer waits for, and what has changed."""
    actor = who(site)
    if actor is None:
        return _render(site, "tasks", mine=[], others=[], soon=[], latest=[])
    seen = _seen_waiting(site)
    every = [waits_for(site, one, _title(site, one), others=not own) for one, own in seen]
    near = site.runtime.clock.today() + SOON
    board = bool(actor.roles & WHOLE_BOARD)
    soon = [one for one in every if one.due and one.due <= near and (board or not one.others)]
    rest = [one for one in every if one not in soon]
    mine, others = [one for one in rest if not one.others], [one for one in rest if one.others]
    return _render(site, "tasks", mine=mine[:MOST], others=others[:MOST], soon=soon[:MOST], latest=list(_latest(site)))


def decisions(site: Site) -> str:
    """What waits for a decision of the viewer, with what is to be decided and the way to each answer."""
    mine = [one for one, own in _seen_waiting(site) if own] if who(site) else []
    return _render(site, "decisions", cards=[_card(site, one) for one in mine[:MOST]])


def _seen_waiting(site: Site) -> list[tuple[Waiting, bool]]:
    """The waiting things that this viewer may see, the nearest due date first, and whether each waits for the viewer."""
    actor, found = who(site), list[tuple[Waiting, bool]]()
    for one in site.waiting.all(_left()):
        standing, visible = stands(site, one.aggregate, one.state)
        own = actor is not None and one.is_for(standing.roles, standing.relations, actor.organisation)
        if visible or own:
            found.append((one, own))
    _left()
    return found


def _title(site: Site, one: Waiting) -> str:
    kept = site.runtime.store.registers().shown(one.aggregate.register, str(one.id))
    return called(one.aggregate.register, kept, words_of(site)) if kept else ""


def _card(site: Site, one: Waiting) -> Card:
    _left()
    texts, register = words_of(site), one.aggregate.register
    kept = site.runtime.store.registers().shown(register, str(one.id))
    told(site, register, [str(one.id)])
    rows = sorted(legal(site, one.aggregate, one.id), key=lambda row: (row.corrects, row.command is not one.waits.what))
    steps = [(texts.label("command", row.command.__name__), address(site, one.aggregate, row, one.id)) for row in rows]
    title = called(register, kept, texts) if kept else ""
    state = [
        part
        for part in (summary(site, one.aggregate, kept.row) if kept else [])
        if part.kind in ("text", "long", "list") and part.text != title and part.name not in STATES
    ]
    return Card(waits_for(site, one, title), state[:6], steps[:STEPS_OF_DECISION])


# --- search -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hits:
    """What one register found."""

    title: str
    total: int
    all: str
    rows: list[tuple[str, str, list[str]]]


def search(site: Site) -> str:
    """Where the words that were asked for stand, register by register."""
    text = query(request, {"q"}).get("q", "").strip()[:100]
    found = [hits for hits in (_hits(site, *one, text) for one in site.listings) if hits] if len(text) >= 2 else []
    return _render(site, "search", found=found, asked=text)


def _hits(site: Site, path: str, register: Any, aggregate: Aggregate | None, text: str) -> Hits | None:
    _left()
    if not register.searched or not may_read(site, register):
        return None
    found = browse(site.runtime.store.db, register, Wanted(text=text, size=HITS), sight(site, register))
    if not found.total:
        return None
    told(site, register, [kept.id for kept in found.items])
    texts, start = words_of(site), f"/{site.service.name}/{path}/"
    rows = [
        (
            called(register, kept, texts),
            f"{start}{kept.id}",
            [texts.shown(getattr(kept.row, name)) for name in register.shown[:4]],
        )
        for kept in found.items
    ]
    return Hits(texts.label("register", register.name), found.total, start, rows)


# --- what a demo shows besides ------------------------------------------------------------------------------------


def behind(site: Site) -> str:
    """What this service has published, and what has come to it."""
    return _render(site, "behind", published=published(site), arrived=arrived(site))


def story(site: Site) -> str:
    """This service's part of the one case that a demo follows from dispute to answer."""
    told_here = []
    for name, id in own_pages(site.service).story(site.runtime.store.registers()):
        aggregate = site.service.aggregate(name)
        found = looked_at(site, aggregate, [id]).get(id)
        kept = site.runtime.store.registers().shown(aggregate.register, str(id))
        if found is None or kept is None or not stands(site, aggregate, found.state)[1]:
            continue
        title, href = called(aggregate.register, kept, words_of(site)), f"/{site.service.name}/{aggregate.path}/{id}"
        quiet = {type_name(site.service.name, one) for one in own_pages(site.service).echoes}
        lines = [line for line in history(site, found)[::-1] if line.type not in quiet]
        told_here.append((title, words_of(site).label("aggregate", name), href, lines))
    return _render(site, "story", told=told_here)
