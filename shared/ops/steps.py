"""The steps of a demo: who sends which command, and what must be read before the next can be written."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

PROVINCE = "{province}"  # the stand-in for the code of the province that the demo is loaded into
_SPACE = UUID("5b1f3f52-6c1e-5c0e-9d38-70c9f0c7d3a1")


def named(name: str) -> UUID:
    """The stand-in for an id that is known only once its thing exists; every service of a demo uses the same names.

    `account:<name>` stands for the id of the demo account of that name.
    """
    return uuid.uuid5(_SPACE, name)


def hashed(name: str) -> str:
    """The stand-in for a SHA-256 in hexadecimal."""
    return hashlib.sha256(f"{_SPACE}{name}".encode()).hexdigest()


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


Step = Send | Learn
