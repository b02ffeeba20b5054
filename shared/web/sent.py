"""What a browser sent of a form, as JSON data for the guard at the door."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from shared.shape import Field, fields_of
from shared.web.forms import kind_of

MOST_ROWS = 200
_NUMBER = re.compile(r"-?\d{1,19}")
Sent = MultiDict[str, str]


@dataclass(frozen=True)
class Reader:
    """Reads what a browser sent; `offered` are the pointers' last names that offer choices; times are of `zone`.

    `keep`: empty rows stay, for somebody is still adding them.
    """

    sent: Sent
    offered: frozenset[str]
    zone: ZoneInfo
    keep: bool = False

    def read(self, fields: Iterable[Field], at: str = "") -> dict[str, Any]:
        """The JSON data of these fields; what is left empty is left out, what cannot be read stays as it was typed."""
        found = {one.name: self._one(one, f"{at}/{one.name}") for one in fields}
        return {name: value for name, value in found.items() if value is not None}

    def _one(self, one: Field, at: str) -> Any:
        match kind_of(one, one.name in self.offered):
            case "ticks":
                chosen = [value for value in self.sent.getlist(at) if value]
                return chosen if chosen or one.required else None
            case "numbers":
                words = [word for word in re.split(r"[\s,;]+", ",".join(self.sent.getlist(at))) if word]
                return [_whole(word) for word in words] if words or one.required else None
            case "rows":
                return self._rows(one, at)
            case "part":
                inside = self.read(one.nested, at)
                return inside if one.required or _says(inside) else None
            case "tick":
                return at in self.sent
        return self._plain(one, self.sent.get(at, "").replace("\r\n", "\n"))

    def _plain(self, one: Field, text: str) -> Any:
        if not text.strip():
            return None
        match one.kind:
            case "whole":
                return _whole(text)
            case "flag":
                return {"true": True, "false": False}.get(text, text)
            case "time":
                return _moment(text, self.zone)
            case "date" | "id" | "choice":
                return text.strip()
        return text

    def _rows(self, one: Field, at: str) -> list[Any] | None:
        places = _places(self.sent, at)[: min(one.most_entries or MOST_ROWS, MOST_ROWS)]
        rows = [self._row(one, f"{at}/{place}") for place in places]
        kept = rows if self.keep else [row for row in rows if _says(row)]
        return kept if kept or one.required else None

    def _row(self, one: Field, at: str) -> Any:
        if one.kind == "part":
            return self.read(one.nested, at)
        value = self._plain(one, self.sent.get(at, ""))
        return "" if value is None else value


def _places(sent: Sent, at: str) -> list[int]:
    """The numbers of the rows under a pointer, in order."""
    found = {name[len(at) + 1 :].split("/", 1)[0] for name in sent if name.startswith(f"{at}/")}
    return sorted(int(place) for place in found if place.isascii() and place.isdigit() and len(place) < 5)


def _says(data: Any) -> bool:
    """Whether anything was entered in it; an unticked box says nothing."""
    if isinstance(data, dict):
        return any(_says(below) for below in data.values())
    return data not in ("", [], None, False)


def _whole(text: str) -> Any:
    """`1.250.000`, `Rp 1.250.000` and `1250000` are the same number; anything else stays as typed."""
    bare = re.sub(r"^rp|[\s.\u00a0]", "", text.strip(), flags=re.IGNORECASE)
    return int(bare) if _NUMBER.fullmatch(bare) else text


def _moment(text: str, zone: ZoneInfo) -> str:
    """A local time as RFC 3339; what cannot be read stays as typed."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone).isoformat()
    except ValueError:
        return text


# --- rows added and removed, and a fresh form -----------------------------------------------------------------------


def initial(cls: type) -> dict[str, Any]:
    """What a fresh form holds: the defaults."""
    fields = fields_of(cls, at_door=True)
    return {one.name: one.default for one in fields if not one.required and one.default not in (None, "", [])}


def changed(data: dict[str, Any], cls: type, button: str) -> str | None:
    """Add or remove a row as the button `+/parties` or `-/parties/2` says; the pointer to show, None for no such button."""
    sign, pointer = button[:1], button[1:]
    rows = _list_at(cls, data, pointer if sign == "+" else pointer.rpartition("/")[0])
    if rows is None or sign not in ("+", "-"):
        return None
    if sign == "+":
        rows.append({} if _part_at(cls, pointer) else "")
        return f"{pointer}/{len(rows) - 1}"
    place = pointer.rpartition("/")[2]
    if place.isdigit() and int(place) < len(rows):
        del rows[int(place)]
    return pointer.rpartition("/")[0]


def _list_at(cls: type, data: dict[str, Any], pointer: str) -> list[Any] | None:
    """The list under a pointer of data, made when it is missing; None where the class has no list."""
    here: Any = data
    within: Any = cls
    one: Field | None = None
    for name in pointer.split("/")[1:]:
        if isinstance(here, list):
            here = here[int(name)] if name.isdigit() and int(name) < len(here) else None
            continue
        one = next((known for known in fields_of(within, at_door=True) if known.name == name), None) if within else None
        if one is None or not isinstance(here, dict):
            return None
        within = one.part
        here = here.setdefault(name, [] if one.many else {})
    return here if one is not None and one.many and isinstance(here, list) and len(here) < MOST_ROWS else None


def _part_at(cls: type, pointer: str) -> type | None:
    """The part that the list under a pointer holds, None for a list of plain values."""
    within: type | None = cls
    for name in (name for name in pointer.split("/")[1:] if not name.isdigit()):
        found = next((one for one in fields_of(within, at_door=True) if one.name == name), None) if within else None
        within = found.part if found else None
    return within
