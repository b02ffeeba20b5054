"""Values as pages lay them out: a text, a list, a small table of parts, or a part with its own rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shared.web.texts import NONE, Texts


@dataclass(frozen=True)
class Described:
    """One labelled value. `kind` is text, long, list, table or part."""

    label: str
    kind: str
    text: str = ""
    items: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    lines: tuple[tuple[str, ...], ...] = ()
    rows: tuple[Described, ...] = ()
    name: str = ""


def described(thing: Any, owner: str, texts: Texts, leave: Iterable[str] = ()) -> list[Described]:
    """The fields of a row, fact or part that say something, in their order, without those named in `leave`."""
    fields = [field.name for field in dataclasses.fields(thing) if field.name not in set(leave)]
    found = [_one(name, texts.label("field", f"{owner}.{name}"), getattr(thing, name), texts) for name in fields]
    return [one for one in found if one is not None]


def _one(name: str, label: str, value: Any, texts: Texts) -> Described | None:
    match value:
        case None | "" | () | [] | False:
            return None
        case UUID() if texts.named(value) is None:
            return None  # an id without a name tells people nothing
        case tuple() | list() | frozenset() if dataclasses.is_dataclass(first := next(iter(value))):
            return _table(name, label, list(value), type(first), texts)
        case tuple() | list() | frozenset():
            entry = name.removesuffix("s")
            told = tuple(texts.field(entry, one) for one in value if not isinstance(one, UUID) or texts.named(one))
            return Described(label, "list", items=told, name=name) if told else None
        case str() if "\n" in value or len(value) > 120:
            return Described(label, "long", text=texts.shown(value), name=name)
    if dataclasses.is_dataclass(value) and not isinstance(value, date):
        rows = tuple(described(value, type(value).__name__, texts))
        return Described(label, "part", rows=rows, name=name) if rows else None
    return Described(label, "text", text=texts.field(name, value), name=name)


def _table(name: str, label: str, parts: list[Any], cls: type, texts: Texts) -> Described:
    """A part per line; columns in which nobody says anything are left out."""
    told = {field.name: [_cell(getattr(one, field.name), texts) for one in parts] for field in dataclasses.fields(cls)}
    said = {column: cells for column, cells in told.items() if any(cell != NONE for cell in cells)}
    heads = tuple(texts.label("field", f"{cls.__name__}.{column}") for column in said)
    return Described(label, "table", heads=heads, lines=tuple(zip(*said.values(), strict=True)), name=name)


def _cell(value: Any, texts: Texts) -> str:
    return NONE if isinstance(value, UUID) and texts.named(value) is None else texts.shown(value)
