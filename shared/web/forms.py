"""Forms drawn from commands: JSON data of a command become inputs.

An input is named by its JSON pointer (RFC 6901), so that an error of the guard stands beside the field that it names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.shape import Field, fields_of

MONEY = 10**18  # the bound of an amount that declares none: an amount of money
Errors = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Input:
    """One field as it is drawn. `kind` names its macro; `value` is a text, a list of chosen values, or whether it is ticked."""

    kind: str
    pointer: str
    field: Field
    owner: str
    value: Any = ""
    errors: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()
    rows: tuple[tuple[Input, ...], ...] = ()
    missing: bool = False

    @property
    def id(self) -> str:
        """Its id in the page."""
        return "f" + self.pointer.replace("/", "-")

    @property
    def filled(self) -> bool:
        """Whether anything in it is entered or refused: then it is shown open."""
        below = (*self.inputs, *(one for row in self.rows for one in row))
        return bool(self.errors or (not below and self.value not in ("", [], False)) or any(one.filled for one in below))


def kind_of(one: Field, offered: bool) -> str:
    """The macro that draws a field; `offered`: there are values to choose from."""
    offered = offered and one.kind in ("id", "text")
    if one.many and (one.kind == "choice" or offered):
        return "ticks"
    if one.many:
        return "numbers" if one.kind == "whole" else "rows"
    if one.kind == "choice" or offered:
        return "select"
    if one.kind == "text" and one.multiline:
        return "area"
    if one.kind == "whole" and one.maximum == MONEY:
        return "money"
    return {"flag": "maybe" if one.nullable else "tick", "id": "text"}.get(one.kind, one.kind)


@dataclass(frozen=True)
class Drawer:
    """Draws fields with their data and errors; `offered` as for Reader, times in `zone`."""

    errors: Errors
    offered: frozenset[str]
    zone: ZoneInfo
    used: set[str] = field(default_factory=set)

    def draw(self, cls: type, data: Mapping[str, Any], at: str = "") -> tuple[Input, ...]:
        """The inputs of a command or part."""
        fields = [one for one in fields_of(cls, at_door=True) if not self._beyond_choice(one)]
        return tuple(self._one(one, cls.__name__, data.get(one.name), f"{at}/{one.name}") for one in fields)

    def _beyond_choice(self, one: Field) -> bool:
        """An id that need not be given, and that nobody can choose here."""
        return one.kind == "id" and not one.required and one.name not in self.offered

    def _one(self, one: Field, owner: str, value: Any, at: str) -> Input:
        kind = kind_of(one, one.name in self.offered)
        errors = tuple(self.errors.get(at, ()))
        self.used.add(at)
        if kind == "part" and one.part:
            inside = value if isinstance(value, dict) else {}
            return Input(kind, at, one, owner, inputs=self.draw(one.part, inside, at), errors=errors)
        if kind == "rows":
            return Input(kind, at, one, owner, rows=self._rows(one, owner, value, at), errors=errors)
        if kind in ("ticks", "numbers"):
            errors += tuple(told for pointer, all_told in self.errors.items() if _is_entry(pointer, at) for told in all_told)
            self.used.update(pointer for pointer in self.errors if _is_entry(pointer, at))
        return Input(kind, at, one, owner, value=self._value(kind, value), errors=errors)

    def _rows(self, one: Field, owner: str, value: Any, at: str) -> tuple[tuple[Input, ...], ...]:
        entries = list(value) if isinstance(value, list) else []
        blank: Any = {} if one.part else ""
        least = max(one.least_entries or 0, 1 if one.required else 0)
        entries += [blank] * (least - len(entries))
        return tuple(self._row(one, owner, entry, f"{at}/{n}") for n, entry in enumerate(entries))

    def _row(self, one: Field, owner: str, entry: Any, at: str) -> tuple[Input, ...]:
        if one.part:
            own = tuple(self.errors.get(at, ()))
            self.used.add(at)
            drawn = self.draw(one.part, entry if isinstance(entry, dict) else {}, at)
            return (Input("told", at, one, owner, errors=own), *drawn) if own else drawn
        self.used.add(at)
        kind = "text" if one.kind in ("text", "id") else one.kind
        return (Input(kind, at, one, owner, value=self._value(kind, entry), errors=tuple(self.errors.get(at, ()))),)

    def _value(self, kind: str, value: Any) -> Any:
        match kind, value:
            case "ticks", _:
                return [str(one) for one in value] if isinstance(value, list) else []
            case "numbers", list():
                return ", ".join(map(str, value))
            case "tick", _:
                return value is True
            case "maybe", bool():
                return str(value).lower()
            case "money", int():
                return f"{value:,}".replace(",", ".")
            case "time", str():
                return _local(value, self.zone)
        return "" if value is None else str(value)


def _is_entry(pointer: str, at: str) -> bool:
    return pointer.startswith(f"{at}/") and pointer[len(at) + 1 :].isdigit()


def _local(text: str, zone: ZoneInfo) -> str:
    try:
        return datetime.fromisoformat(text).astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    except ValueError:
        return text
