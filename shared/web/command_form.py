"""The form of one command: what it offers, how it is drawn, what was sent with it and why it was refused."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Response, request

from shared import shape
from shared.decider import Actor
from shared.errors import InvalidShape, KeyReused, NotFound, Refused, VersionMismatch
from shared.execute import Caller, Done
from shared.facts import personal_fields
from shared.provinces import areas
from shared.service import Aggregate, Does
from shared.shape import fields_of
from shared.web.body import traceparent
from shared.web.described import Described
from shared.web.drawing import called, page, words_of
from shared.web.forms import Drawer, Input
from shared.web.own_pages import ByHand, Options, own_pages
from shared.web.sent import Reader, initial
from shared.web.sight import SeenRegisters
from shared.web.site import Site
from shared.web.texts import Texts

GENERIC = ByHand("pages/form")


@dataclass
class Told:
    """What a form holds when it is drawn: data, errors by pointer, what stands above it, and what it brings along.

    `looked`: what was entered is shown again before it is sent.
    """

    data: dict[str, Any]
    key: str
    version: int
    errors: dict[str, list[str]] = field(default_factory=dict)
    above: list[str] = field(default_factory=list)
    status: int = 200
    looked: bool = False


@dataclass(frozen=True)
class Context:
    """What the macros of inputs need beside the input: words, choices by field name, personal fields, date, province."""

    texts: Texts
    offers: Mapping[str, Options]
    personal: frozenset[str]
    today: str
    province: str

    @property
    def areas(self) -> Options:
        """(code, name) of the areas that an input for one suggests."""
        return [(code, name) for code, name in areas().items() if code.startswith(self.province)]

    def options(self, one: Input) -> Options:
        """(value, label) of what an input may hold."""
        if one.field.choices is None:
            return self.offers.get(one.field.name, ())
        kind = one.field.choices.__name__
        return [(value.value, self.texts.label("value", f"{kind}.{value.value}")) for value in one.field.choices]


def wrong(inputs: Iterable[Input]) -> list[Input]:
    """The inputs that were refused, in the order of the page."""
    found = []
    for one in inputs:
        if one.errors:
            found.append(one)
        found += wrong((*one.inputs, *(below for row in one.rows for below in row)))
    return found


@dataclass(frozen=True)
class Form:
    """The form of one command."""

    site: Site
    aggregate: Aggregate
    row: Does

    @property
    def hand(self) -> ByHand:
        """How it is drawn."""
        return own_pages(self.site.service).by_hand.get(self.row.command, GENERIC)

    def offers(self, id: UUID | None) -> Mapping[str, Options]:
        """The values to choose from, by the name of the field."""
        choices, registers = own_pages(self.site.service).choices, SeenRegisters(self.site)
        known = {name: choice for name, choice in choices.items() if "." not in name}
        prefix = f"{self.row.command.__name__}."
        known |= {name[len(prefix) :]: choice for name, choice in choices.items() if name.startswith(prefix)}
        wanted = set(_names(self.row.command))
        return {name: choice(registers, str(id) if id else None) for name, choice in known.items() if name in wanted}

    def draw(self, id: UUID | None, told: Told, actor: Actor) -> Response:
        """The page with the form."""
        site, offers = self.site, self.offers(id)
        texts, kept = words_of(site), id and site.runtime.store.registers().shown(self.aggregate.register, str(id))
        drawer = Drawer(told.errors, frozenset(offers), site.settings.zone)
        inputs = drawer.draw(self.row.command, told.data)
        rest = [text for pointer, texts_of in told.errors.items() if pointer not in drawer.used for text in texts_of]
        hand = self.hand
        start, register = f"/{site.service.name}/{self.aggregate.path}/", self.aggregate.register
        return page(
            site,
            hand.template,
            actor,
            told.status,
            form=self,
            told=told,
            inputs=inputs,
            ctx=Context(texts, offers, self.personal, site.runtime.clock.today().isoformat(), site.settings.province),
            above=told.above + rest,
            wrong=wrong(inputs),
            kept=kept,
            present=self.present(kept.row, texts) if kept and self.row.corrects else [],
            id=id,
            **hand.also(SeenRegisters(site), id, told.data),
            title=texts.label("command", self.row.command.__name__),
            name=called(register, kept, texts) if kept else "",
            register_title=texts.label("register", register.name),
            start=start,
            back=f"{start}{id}" if id else start,
        )

    def present(self, line: Any, texts: Texts) -> list[Described]:
        """What stands in each place that a correction may name, so that it can be copied from and compared with."""
        (places,) = (one.choices for one in fields_of(self.row.command, at_door=True) if one.name == "field")
        told = [(place, getattr(line, place, "")) for place in places or ()]
        return [
            Described(texts.label("value", f"{type(place).__name__}.{place}"), "long", text=text, name=str(place))
            for place, text in told
            if text
        ]

    @property
    def personal(self) -> frozenset[str]:
        """The names of fields whose text is stored as personal data."""
        return frozenset(one.path[-1] for fact in self.aggregate.decider.facts for one in personal_fields(fact))

    def fresh(self, id: UUID | None) -> Told:
        """An empty form."""
        begins = self.hand.begins(SeenRegisters(self.site), id)
        return Told({**initial(self.row.command), **begins}, secrets.token_urlsafe(18), self.version(id))

    def version(self, id: UUID | None) -> int:
        """The version of the stream now; 0 for a new one. Raises NotFound."""
        if id is None:
            return 0
        recorded = self.site.runtime.store.stream(self.site.runtime.stream(self.aggregate.name, id))
        if not recorded:
            raise NotFound(self.aggregate.missing)
        return recorded[-1].version

    def sent(self, id: UUID | None, *, keep: bool) -> Told:
        """What the browser sent."""
        reader = Reader(request.form, frozenset(self.offers(id)), self.site.settings.zone, keep)
        version = request.form.get("_version", "")
        given = request.form.get("_key", "")
        return Told(
            reader.read(fields_of(self.row.command, at_door=True)),
            given if 10 <= len(given) <= 60 and given.isascii() and given.isprintable() else secrets.token_urlsafe(18),
            int(version) if version.isascii() and version.isdigit() and len(version) < 10 else self.version(id),
        )

    def send(self, id: UUID | None, told: Told, actor: Actor, again: Callable[[Any], None]) -> Done:
        """Execute what was sent; `again` asks of the state decided on whether the actor may. Raises Refused."""
        command: Any = shape.read(self.row.command, told.data)
        caller = Caller("caller", actor.account, f"form-{told.key}", actor, traceparent=traceparent(request), permitted=again)
        expected = None if self.row.creates else told.version
        return self.site.runtime.execute(command, self.aggregate.name, id, caller, expected)

    def refused(self, id: UUID | None, told: Told, no: Refused) -> Told:
        """The form with what was wrong, and everything that was entered."""
        texts, told.status = words_of(self.site), no.status
        if isinstance(no, InvalidShape):
            for error in no.errors:
                told.errors.setdefault(error["pointer"], []).append(texts.refusal(error["slug"], error.get("about")))
        elif no.pointer:
            told.errors[no.pointer] = [texts.refusal(no.slug, no.about)]
        else:
            told.above.append(texts.refusal(no.slug, no.about))
        if isinstance(no, VersionMismatch):
            told.version = no.current
        if isinstance(no, KeyReused):
            told.key = secrets.token_urlsafe(18)
        return told


def _names(cls: type) -> list[str]:
    """The names of all fields of a command and its parts."""
    return [name for one in fields_of(cls, at_door=True) for name in (one.name, *(_names(one.part) if one.part else ()))]
