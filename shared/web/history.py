"""The history of an aggregate as people read it: sentences, the office that acted, and why it came to that."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import msgspec

from shared.envelope import from_json
from shared.facts import Visibility, aggregate_id, sentence
from shared.identity import policy
from shared.service import Aggregate
from shared.store import Recorded
from shared.store.recorded import moment
from shared.web.described import Described, described
from shared.web.drawing import words_of
from shared.web.languages import translated as _
from shared.web.listing import facts_told
from shared.web.rights import Seen, looked_at
from shared.web.sight import facts_seen
from shared.web.site import Site
from shared.web.texts import Texts, words

CONFIDENTIAL = {Visibility.RESTRICTED: "Terbatas", Visibility.SECRET: "Rahasia"}
NEWEST = 12  # facts that a page tells in full
ENTERED = ("on", "on_behalf_of")  # told in words of their own


@dataclass(frozen=True)
class Cause:
    """What led to a fact: a sentence, and where the page of its thing is."""

    sentence: str
    href: str


@dataclass(frozen=True)
class Line:
    """One fact of a history; `acted`: somebody did something in the world, it is no bookkeeping alone."""

    version: int
    position: int
    sentence: str
    office: str
    at: str
    recorded_at: str
    on: str
    source: str
    confidential: str
    cause: Cause | None
    acted: bool
    chain: str
    alone: str
    type: str
    hash: str
    fields: list[Described]


def history(site: Site, found: Seen, upto: int | None = None) -> list[Line]:
    """The facts that this caller may read, the newest first; only up to a position of the log when given."""
    told = {one["version"]: one["data"] for one in facts_told(site, found)}
    office, texts = cache(lambda account: office_of(site, account, texts)), words_of(site)
    lines = [
        _line(site, texts, one, _opened(fact, told[one.version]), office(one.actor))
        for one, fact in facts_seen(site, found)
        if one.version in told and (upto is None or one.position <= upto)
    ]
    return lines[::-1]


def _opened(fact: Any, data: Any) -> Any:
    """The fact with its personal fields in plain text, as its reader may see them."""
    return msgspec.convert(data, type(fact))


def _line(site: Site, texts: Texts, one: Recorded, fact: Any, office: str) -> Line:
    own_id = f"{site.service.aggregate(one.stream.split('/')[1]).name}_id"
    source, on = getattr(fact, "on_behalf_of", None), getattr(fact, "on", None)
    entered = moment(one.recorded_at).astimezone(site.settings.zone)
    return Line(
        version=one.version,
        position=one.position,
        sentence=texts.fact(fact),
        office=office,
        at=texts.shown(moment(one.recorded_at)),
        recorded_at=one.recorded_at,
        on=texts.shown(on) if isinstance(on, date) and not isinstance(on, datetime) and on != entered.date() else "",
        source=texts.shown(source) if source else "",
        confidential=_(CONFIDENTIAL[Visibility(one.visibility)]) if one.visibility in CONFIDENTIAL else "",
        cause=cause_of(site, texts, one),
        acted=on is not None or one.version == 1,
        chain=f"/{site.service.name}/rangkaian/{one.correlation_id}",
        alone=f"/{site.service.name}/fakta/{one.id}?sendiri=1",
        type=one.type,
        hash=one.hash,
        fields=described(fact, type(fact).__name__, texts, {*ENTERED, own_id}),
    )


def office_of(site: Site, actor: str, texts: Texts) -> str:
    """The office that acted, never the person: the role of the account, or the machinery."""
    if actor.startswith("reaction:"):
        return _("Sistem, sebagai kelanjutan")
    if actor == "timer":
        return _("Sistem, karena tenggat")
    if actor == policy.STRANGER.account:
        return texts.label("value", "Role.public")
    id, _sign, office = actor.partition("/")
    kind, _sign, name = office.partition("-")
    if name in policy.OFFICES:
        return f"{kind.capitalize()}. {texts.label('value', f'Role.{policy.OFFICES[name]}')}"
    account = site.accounts.get(id)
    return texts.label("value", f"Role.{account.role}") if account else _("Akun yang sudah ditutup")


def cause_of(site: Site, texts: Texts, one: Recorded) -> Cause | None:
    """The fact that made this one: an own one, or one that a sibling told; None for what somebody decided here."""
    if one.causation_id is None:
        return None
    with site.runtime.store.db.reading() as session:
        own = session.one("SELECT type, data, stream, version FROM events WHERE id = :id", id=one.causation_id)
        kept = None if own else session.one("SELECT source, type, body FROM envelopes WHERE id = :id", id=one.causation_id)
    if own:
        fact, aggregate, id = site.service.types.decode(own[0], own[1]), _aggregate(site, own[2]), aggregate_id(own[2])
        found = looked_at(site, aggregate, [id]).get(id)
        open_to_viewer = found is not None and policy.may_read_fact(found.standing, aggregate, fact)
        return Cause(texts.fact(fact), f"/{site.service.name}/fakta/{one.causation_id}") if open_to_viewer else None
    if kept is None:
        return None
    sibling = str(kept[0]).rsplit("/", 1)[-1]
    told = foreign_sentence(site, texts, sibling, str(kept[1]), str(kept[2]))
    return Cause(told, f"/{sibling}/fakta/{one.causation_id}")


def _aggregate(site: Site, stream: str) -> Aggregate:
    return site.service.aggregate(stream.split("/")[1])


def foreign_sentence(site: Site, texts: Texts, sibling: str, type: str, body: str) -> str:
    """What a sibling's fact says, as this service reads it: `body` is its kept envelope."""
    name = texts.label("service", sibling)
    for listening in site.service.listens:
        if listening.source == sibling and type in listening.types.readings:
            fact = listening.types.decode(type, from_json(body).payload)
            values = {field.name: getattr(fact, field.name) for field in dataclasses.fields(fact)}
            told = texts.find("foreign", fact.__class__.__name__)
            return f"{texts.filled(told, values) if told else sentence(fact.__class__)} ({name})"
    return f"{words(type.split('.')[-2])} ({name})"


def summary(site: Site, aggregate: Aggregate, row: Any) -> list[Described]:
    """The columns of a row that say something, in words."""
    return described(row, aggregate.register.name, words_of(site))
