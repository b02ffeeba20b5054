"""The words of the interface: labels and sentences of one service out of its catalogue, over those of the workshop."""

from __future__ import annotations

import dataclasses
import re
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from shared.facts import sentence
from shared.provinces import area_named
from shared.service import Service
from shared.web.languages import HOME, catalogue, language

NONE, HIDDEN = "–", "(data pribadi)"
STATES = ("status", "stage")  # the columns that show a state
YES_OR_NO = {"id": ("tidak", "ya"), "en": ("no", "yes")}
DATES = {"id": ("d MMMM y", "d MMMM y HH.mm"), "en": ("d MMMM y", "d MMMM y HH:mm")}
SEALED = "pkp1:"  # how ciphertext begins

Catalogue = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Texts:
    """Texts of one service, in the language of the page; `zone` is that in which times are shown, `named` finds the names of ids.

    `spoken` is that language, for the texts of one page, which asks for it hundreds of times.

    English labels are the names in words, English sentences the docstrings: only what the workshop says is translated.
    """

    own: Catalogue
    shared: Catalogue
    zone: ZoneInfo
    named: Callable[[UUID], str | None] = lambda id: None
    spoken: str = ""

    @property
    def language(self) -> str:
        """That of this page where it is known, else the one that is asked for."""
        return self.spoken or language()

    def find(self, kind: str, key: str) -> str | None:
        """The text of a kind ("field", "refusal", ...) under a key, if there is one."""
        if self.language != HOME:
            return catalogue("shared.web", self.language).get((kind, key))
        return self.own.get((kind, key)) or self.shared.get((kind, key))

    def label(self, kind: str, key: str) -> str:
        """The text, for `Owner.field` that of `field` otherwise, else the key in words."""
        return self.find(kind, key) or self.find(kind, key.rsplit(".", 1)[-1]) or words(key.rsplit(".", 1)[-1])

    def refusal(self, slug: str, about: Mapping[str, Any] | None = None) -> str:
        """The sentence that tells why something was refused."""
        told = self.find("refusal", slug) or (self.find("refusal", "not-found") if slug.startswith("no-such-") else None)
        return self.filled(told, about or {}) if told else f"{words(slug)}."

    def fact(self, fact: Any) -> str:
        """The sentence of a fact in a timeline."""
        told = self.find("fact", type(fact).__name__)
        return (
            self.filled(told, {f.name: getattr(fact, f.name) for f in dataclasses.fields(fact)}) if told else sentence(type(fact))
        )

    def filled(self, template: str, values: Mapping[str, Any]) -> str:
        """`{name}` and `{part.name}` replaced by values as people read them; a name that is not there becomes a dash."""
        return _Filler(self).vformat(template, (), values)

    def shown(self, value: Any) -> str:
        """A value as people read it. Personal data stay hidden."""
        match value:
            case None | "":
                return NONE
            case bool():
                return YES_OR_NO[self.language][value]
            case Enum():
                return self.label("value", f"{type(value).__name__}.{value.value}")
            case str():
                return HIDDEN if value.startswith(SEALED) else value
            case int():
                return str(value) if abs(value) < 10_000 else str(format_decimal(value, locale=self.language))
            case date():
                return self._time(value)
            case UUID():
                return self.named(value) or str(value)
        return self._several(value)

    def field(self, name: str, value: Any) -> str:
        """The value of a field as people read it: the code of an area with its name."""
        if name == "area_code" and isinstance(value, str) and value:
            return area_named(value)
        if name == "area_codes" and value:
            return "; ".join(area_named(one) for one in value)
        return self.shown(value)

    def _time(self, value: date) -> str:
        if isinstance(value, datetime):
            return format_datetime(value.astimezone(self.zone), DATES[self.language][1], locale=self.language)
        return format_date(value, DATES[self.language][0], locale=self.language)

    def _several(self, value: Any) -> str:
        """A list with semicolons, a part by its fields that say something with commas."""
        if isinstance(value, tuple | list | frozenset | set):
            return "; ".join(self.shown(one) for one in value) or NONE
        if dataclasses.is_dataclass(value):
            told = [getattr(value, field.name) for field in dataclasses.fields(value)]
            return ", ".join(self.shown(one) for one in told if one not in (None, "", ()))
        return str(value)


class _Filler(string.Formatter):
    """Looks names up in mappings and dataclass fields only."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        first, *rest = field_name.split(".")
        value = kwargs.get(first)
        for name in rest:
            known = {field.name for field in dataclasses.fields(value)} if dataclasses.is_dataclass(value) else set()
            value = getattr(value, name) if name in known else None
        return value, first

    def format_field(self, value: Any, format_spec: str) -> str:
        return self._texts.shown(value)


def words(key: str) -> str:
    """A key in words: `member_joined`, `member-joined`, `MemberJoined` -> "Member joined"."""
    return re.sub(r"[-_]|(?<=[a-z0-9])(?=[A-Z])", " ", key).strip().capitalize()


def package_of(service: Service) -> str:
    """The package in which a service lives."""
    return service.aggregates[0].decider.decide.__module__.rsplit(".domain.", 1)[0]


def texts_of(service: Service | None, zone: ZoneInfo, siblings: Iterable[Service] = ()) -> Texts:
    """The texts of a service (None: of the workshop alone), with the names by which its siblings call themselves."""
    names = {("service", one.name): texts_of(one, zone).label("service", one.name) for one in siblings}
    own = catalogue(package_of(service), HOME) if service else {}
    return Texts(own, {**catalogue("shared.web", HOME), **names}, zone)
