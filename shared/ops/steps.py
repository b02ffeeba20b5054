"""The steps of a demo: who sends which command, and what must be read before the next can be written."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

PROVINCE = "{province}"  # the stand-in for the code of the province that the demo is loaded into
_SPACE = UUID("5b1f3f52-6c1e-5c0e-9d38-70c9f0c7d3a1")
_ANCHOR = date(1000, 1, 1)  # stands for the day of the demo; no date of a real demo lies so far back
_STAND_IN_DAY = re.compile(r"\b(?:0999|1000)-\d\d-\d\d\b")


def named(name: str) -> UUID:
    """The stand-in for an id that is known only once its thing exists; every service of a demo uses the same names.

    `account:<name>` stands for the id of the demo account of that name.
    """
    return uuid.uuid5(_SPACE, name)


def hashed(name: str) -> str:
    """The stand-in for a SHA-256 in hexadecimal."""
    return hashlib.sha256(f"{_SPACE}{name}".encode()).hexdigest()


def ago(days: int) -> date:
    """The stand-in for a day so long before the day on which the demo was first loaded."""
    return _ANCHOR - timedelta(days=days)


def ahead(days: int) -> date:
    """The stand-in for a day so long after the day on which the demo was first loaded."""
    return _ANCHOR + timedelta(days=days)


def filled(text: str, known: Mapping[str, str], day: date) -> str:
    """The text with what is `known` in the place of its stand-ins, and days counted from `day`."""
    for stand_in, value in known.items():
        text = text.replace(stand_in, value)
    return _STAND_IN_DAY.sub(lambda found: (day + (date.fromisoformat(found[0]) - _ANCHOR)).isoformat(), text)


@dataclass(frozen=True)
class Send:
    """An account of the demo sends a command, to the thing called `to` or, with None, to make the one called `makes`."""

    by: str
    command: Any
    to: str | None = None
    makes: str | None = None


@dataclass(frozen=True)
class Learn:
    """Wait until a register holds a row whose columns equal `where`; then each stand-in of `takes` is the row's column."""

    by: str
    register: str
    where: Mapping[str, Any]
    takes: Mapping[Any, str] = field(default_factory=dict)

    def taken(self, row: Mapping[str, Any]) -> dict[str, str]:
        """What the row gives for each stand-in; of the id of a part of a thing, the part's own."""
        found = {str(stand_in): (str(row[column]), column) for stand_in, column in self.takes.items()}
        return {stand_in: value.rpartition("/")[2] if column == "id" else value for stand_in, (value, column) in found.items()}


@dataclass(frozen=True)
class Acts:
    """An account of the demo acts for the organisation of that name from now on."""

    account: str
    organisation: str


Step = Send | Learn | Acts
