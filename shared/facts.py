"""Facts and commands: frozen dataclasses that are the one definition of every contract."""

from __future__ import annotations

import dataclasses
import re
import secrets
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar, dataclass_transform
from uuid import UUID

import msgspec

from shared.errors import Unreadable

T = TypeVar("T")


class Visibility(StrEnum):
    """Who may read a fact. Only PUBLIC and INTERAGENCY facts ever leave a service."""

    PUBLIC = "public"
    INTERAGENCY = "interagency"
    RESTRICTED = "restricted"
    SECRET = "secret"


PUBLIC, INTERAGENCY, RESTRICTED, SECRET = Visibility
LEAVING = (PUBLIC, INTERAGENCY)


@dataclass(frozen=True)
class FactInfo:
    """What a fact class declares: its visibility, its major version, and how older majors become it."""

    visibility: Visibility
    major: int
    upcasts: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]


@dataclass(frozen=True)
class PersonalField:
    """A personal field's place: names from the fact down (`("parties", "contact")`) and the sibling that names its subject."""

    path: tuple[str, ...]
    subject: str


# --- declaring fields ---------------------------------------------------------------------------------------------


def text(least: int = 1, most: int = 200, *, multiline: bool = False, default: Any = dataclasses.MISSING) -> Any:
    """A text of `least` to `most` characters, blanks at the ends not counted."""
    meta = {"least": least, "most": most, "multiline": multiline}
    return dataclasses.field(default=default, metadata=meta)


def amount(least: int = 0, most: int = 10**18, default: Any = dataclasses.MISSING) -> Any:
    """A whole number from `least` to `most`; money is whole rupiah."""
    return dataclasses.field(default=default, metadata={"minimum": least, "maximum": most})


def several(least: int = 1, most: int = 200, default: Any = dataclasses.MISSING) -> Any:
    """A list of `least` to `most` entries; the field's type is a tuple."""
    return dataclasses.field(default=default, metadata={"least_entries": least, "most_entries": most})


def matching(pattern: str, example: str, default: Any = dataclasses.MISSING) -> Any:
    """A text that matches the anchored regular expression `pattern`; `example` is shown to people."""
    return dataclasses.field(default=default, metadata={"pattern": pattern, "example": example})


def personal(of: str, least: int = 1, most: int = 200, default: Any = dataclasses.MISSING) -> Any:
    """A personal text, stored only as ciphertext under the key of the subject that the sibling field `of` names (UU 27/2022)."""
    return dataclasses.field(default=default, metadata={"personal": of, "least": least, "most": most})


def area_code(default: Any = dataclasses.MISSING) -> Any:
    """A Kemendagri code of a province, regency, district or village: `32`, `32.04`, `32.04.05`, `32.04.05.2001`."""
    return matching(r"^\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?$", "32.04.05", default)


# --- declaring facts and commands ---------------------------------------------------------------------------------


@dataclass_transform(
    frozen_default=True, kw_only_default=True, field_specifiers=(text, amount, several, matching, personal, area_code)
)
def fact(
    *, visibility: Visibility, major: int = 1, upcasts: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] | None = None
) -> Callable[[type[T]], type[T]]:
    """Declare a fact class. Its docstring is the published sentence.

    `upcasts` maps an older major to a function from that major's data to this one's.
    Raises TypeError when a personal field stands in a fact that leaves the service, or has no subject beside it.
    """

    def declare(cls: type[T]) -> type[T]:
        made = dataclass(frozen=True, kw_only=True)(cls)
        made.__fact__ = FactInfo(visibility, major, dict(upcasts or {}))  # type: ignore[attr-defined]
        if visibility in LEAVING and personal_fields(made):
            raise TypeError(f"{cls.__name__} leaves the service and may not hold personal fields")
        return made

    return declare


@dataclass_transform(
    frozen_default=True, kw_only_default=True, field_specifiers=(text, amount, several, matching, personal, area_code)
)
def command(cls: type[T]) -> type[T]:
    """Declare a command class: what somebody wishes. Its docstring is the published sentence."""
    made = dataclass(frozen=True, kw_only=True)(cls)
    made.__command__ = True  # type: ignore[attr-defined]
    return made


@dataclass_transform(
    frozen_default=True, kw_only_default=True, field_specifiers=(text, amount, several, matching, personal, area_code)
)
def part(cls: type[T]) -> type[T]:
    """Declare a value that facts and commands hold inside themselves."""
    return dataclass(frozen=True, kw_only=True)(cls)


def info(cls: type) -> FactInfo:
    """The declaration of a fact class; raises TypeError for any other class."""
    declared = getattr(cls, "__fact__", None)
    if declared is None:
        raise TypeError(f"{cls.__name__} is not a fact")
    return typing.cast(FactInfo, declared)


def is_fact(thing: object) -> bool:
    """Whether this is a fact class."""
    return isinstance(thing, type) and "__fact__" in thing.__dict__


def is_command(thing: object) -> bool:
    """Whether this is a command class."""
    return isinstance(thing, type) and "__command__" in thing.__dict__


def sentence(cls: type) -> str:
    """The first paragraph of the docstring, on one line: the published sentence."""
    return " ".join((cls.__doc__ or "").strip().split("\n\n")[0].split())


def kebab(name: str) -> str:
    """`MemberJoined` -> `member-joined`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def inner_dataclass(hint: Any) -> tuple[type | None, bool]:
    """The dataclass inside a type hint and whether it is held in a tuple: `tuple[Party, ...]` -> (Party, True)."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        for option in typing.get_args(hint):
            found = inner_dataclass(option)
            if found[0]:
                return found
        return None, False
    if origin is tuple:
        return inner_dataclass(typing.get_args(hint)[0])[0], True
    return (hint, False) if isinstance(hint, type) and dataclasses.is_dataclass(hint) else (None, False)


def personal_fields(cls: type) -> tuple[PersonalField, ...]:
    """Every personal field of a fact, also inside its parts; raises TypeError when the subject is not beside it."""
    found = cls.__dict__.get("__personal__")
    if found is None:
        found = tuple(_personal_fields(cls))
        cls.__personal__ = found  # type: ignore[attr-defined]
    return typing.cast(tuple[PersonalField, ...], found)


def _personal_fields(cls: type) -> Iterator[PersonalField]:
    hints = typing.get_type_hints(cls)
    for field in dataclasses.fields(cls):
        subject = field.metadata.get("personal")
        if subject is not None:
            if subject not in hints:
                raise TypeError(f"{cls.__name__}.{field.name}: its subject {subject} is no field of {cls.__name__}")
            yield PersonalField((field.name,), subject)
        inner, _ = inner_dataclass(hints[field.name])
        if inner:
            for below in personal_fields(inner):
                yield PersonalField((field.name, *below.path), below.subject)


# --- register numbers ---------------------------------------------------------------------------------------------

# A secret of this process, so that no text, from whatever door it came, can ask for a number. It is never stored.
_MARK = secrets.token_hex(16)
_NUMBER = re.compile(rf'"{_MARK}([A-Z]{{3}}):(\d{{4}}){_MARK}"')


def numbered(series: str, year: int) -> str:
    """The placeholder of the next register number of `series` in `year`; the append fills it in under the lock.

    Within one command the same placeholder becomes the same number, `ADV/32/2025/0001`.
    """
    return f"{_MARK}{series}:{year}{_MARK}"


def placeholders(data: str) -> list[tuple[str, int]]:
    """The (series, year) pairs that wait for a number in an encoded fact, each once, in order.

    Raises ValueError for a placeholder that is not the whole text of a field.
    """
    if _MARK not in data:
        return []
    found = _NUMBER.findall(data)
    if data.count(_MARK) != 2 * len(found):
        raise ValueError("a register number must be the whole text of its field")
    return list(dict.fromkeys((series, int(year)) for series, year in found))


def fill(data: str, numbers: Mapping[tuple[str, int], str]) -> str:
    """The encoded fact with its placeholders replaced by the allotted numbers."""
    return _NUMBER.sub(lambda found: f'"{numbers[found[1], int(found[2])]}"', data)


# --- names, encoding, decoding, upcasting -------------------------------------------------------------------------


def type_name(service: str, cls: type) -> str:
    """The CloudEvents type: `id.pkp.membership.member-joined.v1`, the same in every province."""
    return f"id.pkp.{service}.{kebab(cls.__name__)}.v{info(cls).major}"


@dataclass(frozen=True)
class Reading:
    """How one stored type becomes a fact: its class, its decoder, and the upcast when the type is of an older major."""

    cls: type
    decoder: msgspec.json.Decoder[Any]
    upcast: Callable[[dict[str, Any]], dict[str, Any]] | None


def encode(thing: Any) -> str:
    """A fact, command or row as JSON text: dates and ids as text, tuples as arrays, enumerations by value."""
    return msgspec.json.encode(thing).decode()


class FactTypes:
    """The facts that one service writes, or reads of one sibling, by their type names."""

    def __init__(self, service: str, classes: Iterable[type]) -> None:
        self.service = service
        self.names: dict[type, str] = {}
        self.readings: dict[str, Reading] = {}
        for cls in classes:
            name = type_name(service, cls)
            if name in self.readings:
                raise TypeError(f"{name} is declared twice")
            decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(cls)
            self.names[cls] = name
            self.readings[name] = Reading(cls, decoder, None)
            for older, upcast in info(cls).upcasts.items():
                self.readings[name.rsplit(".v", 1)[0] + f".v{older}"] = Reading(cls, decoder, upcast)

    def decode(self, name: str, data: str | bytes) -> Any:
        """The fact in `data`; raises Unreadable for a type, major or shape that is not known. Unknown fields are ignored."""
        reading = self.readings.get(name)
        if reading is None:
            raise Unreadable(f"unknown type {name}")
        try:
            if reading.upcast is None:
                return reading.decoder.decode(data)
            return msgspec.convert(reading.upcast(msgspec.json.decode(data)), reading.cls)
        except (msgspec.DecodeError, KeyError, TypeError, ValueError, RecursionError) as error:
            raise Unreadable(f"{name}: {type(error).__name__}") from error

    def knows(self, name: str) -> bool:
        """Whether facts of this type can be read."""
        return name in self.readings

    def major_of_known(self, name: str) -> bool:
        """Whether the type is known in some other major: then it is one that we listen to but cannot read."""
        stem = name.rsplit(".v", 1)[0] + ".v"
        return any(known.startswith(stem) for known in self.readings)


def same_day_or_before(on: date, today: date) -> bool:
    """Whether an act of the world that happened `on` may be entered today; the future may not."""
    return on <= today


def stream_id(province: str, aggregate: str, id: UUID) -> str:
    """The id of a stream, with its province: `32/member/7f6f…`."""
    return f"{province}/{aggregate}/{id}"


def aggregate_id(stream: str) -> UUID:
    """The aggregate's id inside a stream id."""
    return UUID(stream.rsplit("/", 1)[1])


Facts = Sequence[Any]
