"""Rules that more than one wish of membership must keep."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.membership.domain.terms import Status
from shared.errors import BrokenRule, UnknownReference

ONE_DAY = timedelta(days=1)


def active_member(row: Any, pointer: str) -> None:
    """`row` is the directory's; raises UnknownReference or BrokenRule unless it is that of an active member."""
    if row is None:
        raise UnknownReference("unknown-member", pointer)
    if row.status is not Status.ACTIVE:
        raise BrokenRule("member-not-active", pointer, name=row.name)
