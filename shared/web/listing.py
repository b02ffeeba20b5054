"""Rows and facts as JSON: filters, cursors, versions, timelines, and who may see which part."""

from __future__ import annotations

import dataclasses
import functools
import typing
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from shared.errors import NotFound
from shared.facts import kebab, personal_fields
from shared.privacy.fields import revealer
from shared.registers.register import Register
from shared.registers.table import Kept
from shared.service import Aggregate
from shared.shape import plain
from shared.store import Recorded
from shared.web import rights, sight
from shared.web.drawing import words_of
from shared.web.problems import Problem
from shared.web.site import Site
from shared.web.texts import SEALED

FILTERS = (str, int, bool, date, UUID, StrEnum)
MOST = 100


def filters(register: Register[Any]) -> dict[str, type]:
    """The columns that a list can be filtered by, with their types: those of one plain value that is not personal."""
    return _filters(typing.cast(Any, register.row))


@cache
def _filters(row: type) -> dict[str, type]:
    found = {}
    for field in dataclasses.fields(row):
        hint = typing.get_type_hints(row)[field.name]
        bare = next((one for one in typing.get_args(hint) if one is not type(None)), hint)
        plain_type = isinstance(bare, type) and bare.__name__ != "datetime" and issubclass(bare, FILTERS)
        if plain_type and typing.get_origin(hint) is not tuple and "personal" not in field.metadata:
            found[field.name] = bare
    return found


def chosen(register: Register[Any], given: dict[str, str]) -> dict[str, Any]:
    """Filter values by column; raises Problem 400 for a value that cannot stand in its column."""
    try:
        return {name: _value(kind, given[name]) for name, kind in filters(register).items() if name in given}
    except msgspec.ValidationError:
        wrong = [name for name, kind in filters(register).items() if name in given and not _fits(kind, given[name])]
        errors = [{"parameter": name, "slug": "parameter-malformed"} for name in wrong]
        raise Problem(400, "parameter-malformed", errors=errors) from None


def _value(kind: type, text: str) -> Any:
    value = text if kind is str else msgspec.convert(text, kind, strict=False)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        raise msgspec.ValidationError("out of range")
    return value


def _fits(kind: type, text: str) -> bool:
    try:
        _value(kind, text)
    except msgspec.ValidationError:
        return False
    return True


def limit_of(text: str | None, name: str = "limit") -> int:
    """How many rows a page shall have, 50 if nothing is said; raises Problem 400."""
    if text is None:
        return 50
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST):
        raise Problem(400, "parameter-malformed", errors=[{"parameter": name, "slug": "parameter-malformed"}])
    return int(text)


def as_of(register: Register[Any]) -> set[str]:
    """The parameter by which a register is read as it stood; registers of siblings' facts have none."""
    return {"as_of"} if register.source == "own" else set()


def as_of_day(site: Site, register: Register[Any], text: str | None, name: str = "per") -> date | None:
    """The day that is asked for, None for now; raises Problem 400 for no day, a day to come, or a register of siblings' facts."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None or day > site.runtime.clock.today() or register.source != "own":
        raise Problem(400, "parameter-malformed", errors=[{"parameter": name, "slug": "parameter-malformed"}])
    return day


def row_json(kept: Kept, version: int | None = None) -> dict[str, Any]:
    """A row as JSON data; personal fields are null, they are read where they were told."""
    return {"id": kept.id, "version": version or kept.version, "position": kept.position, **_masked(plain(kept.row))}


def shown(site: Site, aggregate: Aggregate, id: UUID) -> tuple[Kept, int]:
    """An aggregate's row and the version of its stream, which the row is never behind of.

    Raises NotFound, the same whether it is missing or hidden from this caller.
    """
    found = rights.seen(site, aggregate, id)
    row = site.runtime.store.registers().shown(aggregate.register, str(id))
    if row is None:
        raise NotFound(aggregate.missing)
    sight.told(site, aggregate.register, [row.id])
    return row, max(found.version, row.version)


def legal(site: Site, aggregate: Aggregate, id: UUID | None) -> list[dict[str, Any]]:
    """The commands that this caller may send now, with label and address."""
    start = site.api(aggregate.path)
    return [
        {
            "command": row.command.__name__,
            "label": site.texts.label("command", row.command.__name__),
            "href": start if row.creates else f"{start}/{id}/{row.path}",
        }
        for row in rights.legal(site, aggregate, id)
    ]


def timeline(site: Site, aggregate: Aggregate, id: UUID) -> list[dict[str, Any]]:
    """The facts of an aggregate that this caller may read, oldest first, each with its sentence. Raises NotFound."""
    return facts_told(site, rights.seen(site, aggregate, id))


def facts_told(site: Site, found: rights.Seen) -> list[dict[str, Any]]:
    """The facts of an aggregate that this caller may read, whether or not it may see the aggregate's page.

    Whoever may read a fact reads its personal fields, too; those of erased persons are null.
    """
    seen = sight.facts_seen(site, found)
    sealed = list[str]()
    for _, fact in seen:
        _opened(fact, lambda text, path: sealed.append(text))
    opened = revealer(site.runtime.keys, sealed) if sealed else None
    return [_told(site, one, fact, opened) for one, fact in seen]


def _told(site: Site, one: Recorded, fact: Any, opened: Callable[..., str | None] | None) -> dict[str, Any]:
    return {
        "version": one.version,
        "position": one.position,
        "type": one.type,
        "fact": kebab(type(fact).__name__),
        "visibility": one.visibility,
        "recorded_at": one.recorded_at,
        "sentence": words_of(site).fact(fact),
        "data": _opened(fact, lambda sealed, path: opened and opened(sealed, one.stream, path, one.version)),
    }


def _opened(fact: Any, change: Callable[..., str | None]) -> Any:
    """A fact as JSON data, each sealed field changed by `change(sealed, path)`."""
    data = plain(fact)
    for field in personal_fields(type(fact)):
        data = _changed(data, field.path, functools.partial(change, path=field.path))
    return data


def _changed(data: Any, path: tuple[str, ...], change: Callable[[str], str | None]) -> Any:
    """JSON data with the texts at `path` changed; lists on the way are walked."""
    if isinstance(data, list):
        return [_changed(below, path, change) for below in data]
    if not path:
        return change(data) if isinstance(data, str) else data
    return {**data, path[0]: _changed(data[path[0]], path[1:], change)} if isinstance(data, dict) else data


def _masked(data: Any) -> Any:
    """JSON data without what is sealed in it."""
    match data:
        case str() if data.startswith(SEALED):
            return None
        case dict():
            return {name: _masked(below) for name, below in data.items()}
        case list():
            return [_masked(below) for below in data]
    return data
