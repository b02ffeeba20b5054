"""A command, a fact and a part with a field of every kind, for the tests of shapes."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.facts import RESTRICTED, amount, area_code, command, fact, matching, part, personal, several, text

PARTY_ID = "0191e0c4-7d8f-7aaa-8000-000000000001"


class Kind(StrEnum):
    """What the matter is about."""

    BUDGET = "budget"
    POLICY = "policy"


@part
class Party:
    """Somebody in the matter."""

    party_id: UUID
    name: str = text(3, 80)
    contact: str | None = personal(of="party_id", default=None)


@command
class OpenMatter:
    """Somebody opens a matter.

    Further words that are not published.
    """

    title: str = text(3, 20)
    story: str = text(0, 200, multiline=True, default="")
    kind: Kind
    others: frozenset[Kind] = frozenset()
    parties: tuple[Party, ...] = several(1, 3)
    number: str | None = matching(r"^\d{3}/[A-Z]{2}$", "123/AB", default=None)
    money: int = amount(0, 1_000_000)
    urgent: bool = False
    on: date
    at: datetime | None = None
    area_codes: tuple[str, ...] = area_code(default=())
    remark: str = ""
    rank: int = 1


@fact(visibility=RESTRICTED)
class MatterOpened:
    """A matter was opened."""

    title: str
    kind: Kind
    parties: tuple[Party, ...] = ()
    witness_id: UUID | None = None
    witness: str = personal(of="witness_id", default="")


def body(**changes: Any) -> dict[str, Any]:
    """A good body of OpenMatter with `changes`; ... leaves a field out."""
    good: dict[str, Any] = {
        "title": "Banjir",
        "kind": "budget",
        "parties": [{"party_id": PARTY_ID, "name": "Dinas Perumahan"}],
        "money": 5,
        "on": "2025-06-10",
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not ...}
