"""The words of a recommendation: what it rests on, what it must achieve, and the papers that say so."""

from __future__ import annotations

import datetime
import hashlib
import json
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.facts import area_code, encode, part, text


class Status(StrEnum):
    """Where a recommendation stands."""

    DRAFTED = "drafted"
    ENDORSED = "endorsed"
    ISSUED = "issued"
    ACKNOWLEDGED = "acknowledged"


class BasisKind(StrEnum):
    """What a recommendation may rest on."""

    DECISION = "decision"
    ADVOCACY = "advocacy"
    CASE = "case"
    FINDING = "finding"
    THEME = "theme"


class Affair(StrEnum):
    """The five ways of being involved in housing and settlement areas."""

    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    A4 = "A4"
    A5 = "A5"


class Answer(StrEnum):
    """What an addressee says to a recommendation."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"


@part
class PlannedAction:
    """What an addressee will do, and by when."""

    act: str = text(3, 1000, multiline=True)
    due: datetime.date


@part
class Source:
    """The letter in which an office said what the secretariat enters for it; the sender is an office, never a person."""

    number: str = text(1, 80)
    date: datetime.date
    sender: str = text(2, 200)
    file: UUID | None = None


@part
class Basis:
    """One thing that a recommendation rests on; advocacies and cases are named by id or register number."""

    kind: BasisKind
    ref: str = text(1, 120)


@part
class Sustainability:
    """How the result is made to last, in four respects."""

    environmental: str = text(3, 1000, multiline=True)
    social: str = text(3, 1000, multiline=True)
    financial: str = text(3, 1000, multiline=True)
    institutional: str = text(3, 1000, multiline=True)


@part
class Need:
    """The need that is met: which indicator moves, where, and how far."""

    indicator: str = text(3, 200)
    area_code: str = area_code()
    target: str = text(1, 200)


@part
class Criteria:
    """What the outcome will be reviewed against."""

    sustainability: Sustainability
    need: Need


def hash_of(document: dict[str, Any]) -> str:
    """SHA-256 (hex) of a document as JSON with sorted keys and no blanks; its number is allotted later, beside it."""
    canonical = json.dumps(json.loads(encode(document)), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
