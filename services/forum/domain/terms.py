"""The words of a recommendation: what it rests on, what it must achieve, how it is answered, and the papers that say so."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.facts import area_code, encode, part, text

REVIEWS = (6, 12)  # months after a recommendation was carried out


class Status(StrEnum):
    """Where a recommendation stands; once issued, it stands where the slowest of its addressees stands."""

    DRAFTED = "drafted"
    IN_CONSULTATION = "in_consultation"
    ENDORSED = "endorsed"
    ISSUED = "issued"
    ACKNOWLEDGED = "acknowledged"
    RESPONDED = "responded"
    IMPLEMENTING = "implementing"
    IMPLEMENTED = "implemented"
    NOT_IMPLEMENTED = "not_implemented"
    REVIEWED = "reviewed"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


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


class RecommendationField(StrEnum):
    """What of a draft may be corrected."""

    ISSUE = "issue"
    TEXT = "text"


class Disposition(StrEnum):
    """What becomes of a comment on a draft."""

    TAKEN = "taken"
    PARTLY = "partly"
    NOT_TAKEN = "not_taken"


class Answer(StrEnum):
    """What an addressee says to a recommendation."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"


FOLLOWED = (Answer.ACCEPTED, Answer.PARTLY)


class Progress(StrEnum):
    """How far an addressee has come with what it promised."""

    UNDER_WAY = "under_way"
    DONE = "done"
    NOT_DONE = "not_done"


CONCLUDED = (Progress.DONE, Progress.NOT_DONE)


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


def standing(
    addressees: Collection[UUID],
    acknowledged: Collection[UUID],
    answers: Mapping[UUID, Answer],
    progress: Mapping[UUID, Progress],
    reviewed: bool,
) -> Status:
    """Where an issued recommendation stands, out of what each of its addressees has said so far."""
    if not addressees or set(addressees) - set(acknowledged):
        return Status.ISSUED
    if set(addressees) - set(answers):
        return Status.ACKNOWLEDGED
    said = [progress.get(one) for one in addressees if answers[one] in FOLLOWED]
    if not any(said):
        return Status.RESPONDED
    if any(one not in CONCLUDED for one in said):
        return Status.IMPLEMENTING
    if reviewed:
        return Status.REVIEWED
    return Status.IMPLEMENTED if all(one is Progress.DONE for one in said) else Status.NOT_IMPLEMENTED


def hash_of(document: dict[str, Any]) -> str:
    """SHA-256 (hex) of a document as JSON with sorted keys and no blanks; its number is allotted later, beside it."""
    canonical = json.dumps(json.loads(encode(document)), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day of the month that many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return datetime.date(year, month + 1, min(day.day, (first_of_next - datetime.timedelta(days=1)).day))
