"""One walk over a dataclass gives its guard at the door (marshmallow), its JSON Schema and what a form needs."""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import marshmallow
import msgspec
from marshmallow import EXCLUDE, RAISE, ValidationError

from shared import door
from shared.errors import InvalidShape
from shared.facts import info, is_fact, sentence

T = TypeVar("T")

DIALECT = "https://json-schema.org/draft/2020-12/schema"
KINDS = {str: "text", int: "whole", bool: "flag", date: "date", datetime: "time", UUID: "id"}
FORMATS = {"date": "date", "time": "date-time", "id": "uuid"}

# What a command's field is held to where its declaration says nothing. Whole numbers: those that every JSON reader
# keeps exactly (RFC 7493, 2.2).
TEXT, ENTRIES, WHOLE = (1, 200), (0, 200), (-(2**53) + 1, 2**53 - 1)
MOST_ERRORS = 50


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
