"""The one walk over a dataclass: what every field of a fact, command or part is."""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from shared.facts import is_fact

KINDS = {str: "text", int: "whole", bool: "flag", date: "date", datetime: "time", UUID: "id"}

# What a command's field is held to where its declaration says nothing. Whole numbers: those that every JSON reader
# keeps exactly (RFC 7493, 2.2).
TEXT, ENTRIES, WHOLE = (1, 200), (0, 200), (-(2**53) + 1, 2**53 - 1)


@dataclass(frozen=True)
class Field:
    """One field as its guard, schema and form need it.

    `kind` is text, whole, flag, date, time, id, choice or part, of each entry where `many` is "list" or "set".
    `required`: must be given; otherwise `default` (JSON data) stands in. `nullable`: may be null. Bounds that are None
    do not bind. `personal` names the sibling that names the subject.
    """

    name: str
    kind: str
    many: str | None
    required: bool
    nullable: bool
    default: Any
    least: int | None
    most: int | None
    minimum: int | None
    maximum: int | None
    least_entries: int | None
    most_entries: int | None
    multiline: bool
    pattern: str | None
    example: str | None
    personal: str | None
    choices: type[StrEnum] | None
    part: type | None
    at_door: bool

    @property
    def nested(self) -> tuple[Field, ...]:
        """The fields of the part, () for any other kind."""
        return fields_of(self.part, at_door=self.at_door) if self.part else ()


def fields_of(cls: type, *, at_door: bool | None = None) -> tuple[Field, ...]:
    """The fields of a fact, command or part, in their order; raises TypeError for a type that no contract can hold.

    `at_door`: texts, numbers and lists without bounds of their own get those of the door. So it is unless `cls` is a
    fact: what has happened is not judged again.
    """
    return _fields_of(cls, not is_fact(cls) if at_door is None else at_door)


@cache
def _fields_of(cls: type, at_door: bool) -> tuple[Field, ...]:
    hints = typing.get_type_hints(cls)
    return tuple(_field(cls, field, hints[field.name], at_door) for field in dataclasses.fields(cls))


def _field(cls: type, field: dataclasses.Field[Any], hint: Any, at_door: bool) -> Field:
    inner, nullable = _unwrapped(hint)
    entry, many = _entry(inner)
    kind = _kind(entry)
    if kind is None:
        raise TypeError(f"{cls.__name__}.{field.name}: {hint} cannot stand in a contract")
    meta = field.metadata
    required, default = _default(field)

    def bounds(low: str, high: str, applies: bool, at_the_door: tuple[int, int]) -> tuple[int | None, int | None]:
        unsaid = at_the_door if at_door and applies else (None, None)
        return meta.get(low, unsaid[0]), meta.get(high, unsaid[1])

    least, most = bounds("least", "most", kind == "text", (0, TEXT[1]) if default == "" else TEXT)
    minimum, maximum = bounds("minimum", "maximum", kind == "whole", WHOLE)
    least_entries, most_entries = bounds("least_entries", "most_entries", many is not None, ENTRIES)
    return Field(
        name=field.name,
        kind=kind,
        many=many,
        required=required,
        nullable=nullable,
        default=default,
        least=least,
        most=most,
        minimum=minimum,
        maximum=maximum,
        least_entries=least_entries,
        most_entries=most_entries,
        multiline=meta.get("multiline", False),
        pattern=meta.get("pattern"),
        example=meta.get("example"),
        personal=meta.get("personal"),
        choices=entry if kind == "choice" else None,
        part=entry if kind == "part" else None,
        at_door=at_door,
    )


def _unwrapped(hint: Any) -> tuple[Any, bool]:
    """`X | None` -> (X, True); any other union stays as it is."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        options = [option for option in typing.get_args(hint) if option is not type(None)]
        if len(options) == 1:
            return options[0], True
    return hint, False


def _entry(hint: Any) -> tuple[Any, str | None]:
    """`tuple[X, ...]` -> (X, "list"), `frozenset[X]` -> (X, "set")."""
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return arguments[0], "list"
    if typing.get_origin(hint) is frozenset:
        return arguments[0], "set"
    return hint, None


def _kind(hint: Any) -> str | None:
    if not inspect.isclass(hint):
        return None
    if issubclass(hint, StrEnum):
        return "choice"
    return "part" if dataclasses.is_dataclass(hint) else KINDS.get(hint)


def _default(field: dataclasses.Field[Any]) -> tuple[bool, Any]:
    """Whether the field must be given, and as JSON data what stands in when it is not."""
    if field.default is not dataclasses.MISSING:
        return False, plain(field.default)
    if field.default_factory is not dataclasses.MISSING:
        return False, plain(field.default_factory())
    return True, None


def plain(thing: Any) -> Any:
    """A fact, command, part or value as JSON data, the same every time: sets are sorted."""
    return msgspec.json.decode(msgspec.json.encode(thing, order="deterministic"))
