"""What members said about drafts, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.forum.domain.recommendation import CommentDisposed, DraftCommented
from services.forum.domain.terms import Disposition
from shared.registers.register import About, Register


@dataclass(frozen=True)
class CommentLine:
    """A comment of one member on one draft; `disposition` is None until it is said what becomes of it."""

    recommendation_id: UUID
    comment_id: UUID
    organisation: UUID
    comment: str
    commented_on: date
    disposition: Disposition | None = None
    reason: str | None = None


def the_comment(fact: DraftCommented | CommentDisposed, id: UUID) -> Sequence[str]:
    """A comment has a line of its own."""
    return [f"{id}/{fact.comment_id}"]


def commented(line: CommentLine | None, fact: DraftCommented, about: About) -> CommentLine:
    """A line opens with the comment."""
    return CommentLine(fact.recommendation_id, fact.comment_id, fact.organisation, fact.comment, fact.on)


def disposed(line: Any, fact: CommentDisposed, about: About) -> CommentLine:
    """The latest disposition counts."""
    return replace(line, disposition=fact.disposition, reason=fact.reason)


comments = Register(
    name="comments",
    row=CommentLine,
    folds={DraftCommented: commented, CommentDisposed: disposed},
    keys={DraftCommented: the_comment, CommentDisposed: the_comment},
    shown=("organisation", "comment", "commented_on", "disposition", "reason"),
    searched=("comment",),
)
