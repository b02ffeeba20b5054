"""Rules that more than one wish of forum must keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from shared.decider import Given
from shared.errors import BrokenRule, UnknownReference
from shared.rules import SECRETARIAT


def speaks_for(organisation: UUID, given: Given, pointer: str) -> None:
    """Raises BrokenRule when somebody else than the secretariat speaks for an organisation that is not its own."""
    if SECRETARIAT not in given.actor.roles and given.actor.organisation != organisation:
        raise BrokenRule("not-your-organisation", pointer)


def known_organisations(ids: Sequence[UUID], given: Given, pointer: str) -> None:
    """Raises UnknownReference for one that is not known, BrokenRule for one that is no member any more.

    `given.known["organisations"]` maps those found to whether they are still members.
    """
    known: Mapping[UUID, bool] = given.known["organisations"]
    for n, id in enumerate(ids):
        if id not in known:
            raise UnknownReference("unknown-member", f"{pointer}/{n}")
        if not known[id]:
            raise BrokenRule("member-has-left", f"{pointer}/{n}")
