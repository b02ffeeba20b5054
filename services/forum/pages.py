"""What the forum shows besides its registers and things."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.forum.registers.comments import comments
from services.forum.registers.organisations import organisations
from services.forum.registers.public_recommendations import public_recommendations
from services.forum.registers.recommendations import recommendations
from shared.web.own_pages import Figure, Options, Pages


def members(registers: Any, id: str | None) -> Options:
    """The members that the forum knows and that are active, by name."""
    return sorted(((key, one.name) for key, one in registers.rows(organisations) if one.active), key=lambda one: one[1])


def its_addressees(registers: Any, id: str | None) -> Options:
    """The organisations that this recommendation addresses."""
    line = registers.row(recommendations, id) if id else None
    return [(str(one), organisation_named(registers, one) or str(one)) for one in line.addressees] if line else []


def its_comments(registers: Any, id: str | None) -> Options:
    """The comments on this draft, each by its first words."""
    rows = registers.rows(comments)
    return [(str(one.comment_id), one.comment[:80]) for key, one in rows if id and key.startswith(id)]


def other_recommendations(registers: Any, id: str | None) -> Options:
    """The issued recommendations, without this one."""
    rows = registers.rows(public_recommendations)
    return [(key, f"{one.number} {one.issue}"[:100]) for key, one in rows if key != id]


def organisation_named(registers: Any, id: UUID) -> str | None:
    """A member's name."""
    one = registers.row(organisations, str(id))
    return one.name if one else None


def recommendation_about(registers: Any, id: UUID) -> str | None:
    """What it is called."""
    one = registers.row(recommendations, str(id))
    return one.issue if one else None


def figures(registers: Any) -> list[Figure]:
    """How many recommendations have been issued."""
    return [Figure(registers.count(public_recommendations), "rekomendasi terbit", "/forum/public-recommendations/")]


def story(registers: Any) -> list[tuple[str, UUID]]:
    """What rests on a case."""
    rows = registers.rows(recommendations)
    return [("recommendation", UUID(key)) for key, line in rows if any(str(one.kind) == "case" for one in line.basis)][:2]


PAGES = Pages(
    choices={
        "addressees": members,
        "organisation": members,
        "addressee": its_addressees,
        "successor": members,
        "comment_id": its_comments,
        "by": other_recommendations,
    },
    names=(organisation_named, recommendation_about),
    figures=figures,
    story=story,
)
