"""One walk over a dataclass gives its guard at the door (marshmallow), its JSON Schema and what a form needs."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

import marshmallow
from marshmallow import EXCLUDE, RAISE, ValidationError

from shared import door
from shared.errors import InvalidShape
from shared.facts import info, is_fact, sentence
from shared.walk import TEXT, Field, fields_of, plain

__all__ = ["Field", "fields_of", "json_schema", "plain", "read", "schema_for"]

T = TypeVar("T")

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FORMATS = {"date": "date", "time": "date-time", "id": "uuid"}
MOST_ERRORS = 50


# --- marshmallow --------------------------------------------------------------------------------------------------


def schema_for(cls: type, *, at_door: bool | None = None) -> type[door.Shape]:
    """The marshmallow schema class, named after `cls`; its `load` gives an instance.

    Commands refuse unknown fields, facts ignore them. Raises TypeError as `fields_of` does.
    """
    return _schema_for(cls, not is_fact(cls) if at_door is None else at_door)


@cache
def _schema_for(cls: type, at_door: bool) -> type[door.Shape]:
    inside: dict[str, Any] = {field.name: _guard(field) for field in fields_of(cls, at_door=at_door)}
    inside["Meta"] = type("Meta", (), {"unknown": RAISE if at_door else EXCLUDE, "register": False})
    return type(cls.__name__, (door.Shape,), {**inside, "__shape__": (cls, at_door), "__doc__": sentence(cls)})


@cache
def _guard_of(cls: type) -> door.Shape:
    return schema_for(cls)()


def _guard(field: Field) -> marshmallow.fields.Field[Any]:
    given: dict[str, Any] = {"required": field.required, "allow_none": field.nullable}
    if not field.many:
        return _one(field, given)
    least, most = field.least_entries or 0, field.most_entries
    return door.Entries(_one(field, {}), least=least, most=most, unique=field.many == "set", **given)


def _one(field: Field, given: dict[str, Any]) -> marshmallow.fields.Field[Any]:
    match field.kind:
        case "text" if not field.at_door:
            return door.StoredText(**given)
        case "text":
            least, most = field.least or 0, TEXT[1] if field.most is None else field.most
            more: dict[str, Any] = {"multiline": field.multiline, "pattern": field.pattern, "example": field.example}
            return door.Text(least, most, **more, **given)
        case "whole":
            return door.Whole(minimum=field.minimum, maximum=field.maximum, **given)
        case "choice":
            return door.Choice(choices=typing.cast(type[StrEnum], field.choices), **given)
        case "part":
            return door.Part(schema_for(typing.cast(type, field.part), at_door=field.at_door), **given)
    others: dict[str, type[door.Guard]] = {"flag": door.Flag, "date": door.Day, "time": door.Moment, "id": door.Id}
    return others[field.kind](**given)


def read(cls: type[T], data: Any) -> T:
    """The instance that JSON data describe; raises InvalidShape that names each wrong field, never its value."""
    try:
        return typing.cast(T, _guard_of(typing.cast(Any, cls)).load(data))
    except ValidationError as error:
        raise InvalidShape(list(_errors(error.messages, ""))[:MOST_ERRORS]) from None


def _errors(messages: Any, pointer: str) -> Iterator[dict[str, Any]]:
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            yield from _errors(below, pointer if key == "_schema" else f"{pointer}/{_token(key)}")
    else:
        for slug in messages:
            yield {"pointer": pointer, "slug": str(slug), "about": getattr(slug, "about", {})}


def _token(key: Any) -> str:
    """A JSON pointer token (RFC 6901) that can be sent back, whatever the caller named his field."""
    name = str(key)[:100].encode("utf-8", "replace").decode()
    return name.replace("~", "~0").replace("/", "~1")


# --- JSON Schema --------------------------------------------------------------------------------------------------


def json_schema(cls: type, *, at_door: bool | None = None) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a class as JSON data.

    Commands are closed: unknown fields and values are refused. Facts are open: a reader must bear fields and
    enumeration members that it does not know (`x-extensible-enum`); personal fields are left out, they never leave.
    What is neither, a register's row, is open with `at_door=False`.
    """
    if not is_fact(cls):
        return {"$schema": DIALECT, **_object(cls, at_door is not False)}
    return {"$schema": DIALECT, **_object(cls, False), "x-visibility": info(cls).visibility.value}


def _object(cls: type, at_door: bool) -> dict[str, Any]:
    shown = [field for field in fields_of(cls, at_door=at_door) if at_door or not field.personal]
    made: dict[str, Any] = {
        "title": cls.__name__,
        "description": sentence(cls),
        "type": "object",
        "properties": {field.name: _property(field) for field in shown},
        "required": [field.name for field in shown if field.required],
    }
    return {**made, "additionalProperties": False} if at_door else made


def _property(field: Field) -> dict[str, Any]:
    made = _entries(field) if field.many else _value(field)
    if field.nullable:
        made["type"] = [made["type"], "null"]
        if "enum" in made:
            made["enum"] = [*made["enum"], None]
    if field.personal:
        made["x-personal"] = True
    return made if field.required else {**made, "default": field.default}


def _entries(field: Field) -> dict[str, Any]:
    bounds = {"minItems": field.least_entries or None, "maxItems": field.most_entries}
    unique = {"uniqueItems": True} if field.many == "set" else {}
    return {"type": "array", "items": _value(field), **_said(bounds), **unique}


def _value(field: Field) -> dict[str, Any]:
    match field.kind:
        case "text":
            bounds = {"minLength": field.least or None, "maxLength": field.most, "pattern": field.pattern}
            return {"type": "string", **_said({**bounds, "examples": [field.example] if field.example else None})}
        case "whole":
            return {"type": "integer", **_said({"minimum": field.minimum, "maximum": field.maximum})}
        case "flag":
            return {"type": "boolean"}
        case "choice":
            members = [member.value for member in typing.cast(type[StrEnum], field.choices)]
            return {"type": "string", "enum" if field.at_door else "x-extensible-enum": members}
        case "part":
            return _object(typing.cast(type, field.part), field.at_door)
    return {"type": "string", "format": FORMATS[field.kind]}


def _said(keywords: Mapping[str, Any]) -> dict[str, Any]:
    return {keyword: value for keyword, value in keywords.items() if value is not None}
