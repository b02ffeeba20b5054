"""The lineage of a log: which of its lives holds a fact, and up to where two tellings of it agree."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import msgspec

from shared.errors import Unreadable
from shared.store import Incarnation

Lineage = tuple[Incarnation, ...]
WITHOUT_END = 2**62

_decoder = msgspec.json.Decoder(Lineage)


class Relation(Enum):
    """How another telling of a log's lineage stands to the one that is held."""

    SAME = "same"
    LONGER = "longer"
    OLDER = "older"
    PARTED = "parted"


def to_json(lineage: Sequence[Incarnation]) -> str:
    """The lineage as a JSON array, the oldest life first."""
    return msgspec.json.encode(lineage).decode()


def from_json(text: str | bytes) -> Lineage:
    """The lineage in a JSON array; raises Unreadable."""
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unreadable("not a lineage") from error


def branch_end(lineage: Sequence[Incarnation], id: str) -> int | None:
    """The last position that this life of the log gave to the log as it is now; None for a life that is not in it."""
    for rank, life in enumerate(lineage):
        if life.id == id:
            return min((later.forked_at for later in lineage[rank + 1 :]), default=WITHOUT_END)
    return None


def holds(lineage: Sequence[Incarnation], id: str, position: int) -> bool:
    """Whether a fact of that life at that position is part of the log."""
    end = branch_end(lineage, id)
    return end is not None and position <= end


def _in_common(one: Sequence[Incarnation], other: Sequence[Incarnation]) -> int:
    common = 0
    while common < min(len(one), len(other)) and one[common].id == other[common].id:
        common += 1
    return common


def relation(held: Sequence[Incarnation], told: Sequence[Incarnation]) -> Relation:
    """How `told` stands to `held`."""
    common = _in_common(held, told)
    if common == len(held):
        return Relation.SAME if common == len(told) else Relation.LONGER
    return Relation.OLDER if common == len(told) else Relation.PARTED


def shared_up_to(one: Sequence[Incarnation], other: Sequence[Incarnation]) -> int:
    """The last position at which both logs hold the same facts: the smaller fork where their lineages part."""
    common = _in_common(one, other)
    if common == 0:
        return 0
    last = one[common - 1].id
    return min(branch_end(one, last) or 0, branch_end(other, last) or 0)
