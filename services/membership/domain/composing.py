"""Whether the working group is composed as it should be: what nobody fills is told once, and once more when it is filled."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.membership.domain.terms import NO_GAPS, Gaps
from shared.decider import Given
from shared.facts import PUBLIC, command, fact


@fact(visibility=PUBLIC)
class CompositionGapFlagged:
    """Something that the working group should have is filled by nobody any more, or not yet; it advises, it refuses nothing."""

    working_group_id: UUID
    gaps: Gaps


@fact(visibility=PUBLIC)
class CompositionGapCleared:
    """Something that the working group lacked is filled."""

    working_group_id: UUID
    gaps: Gaps


@command
class MarkComposition:
    """Members have come, gone or changed their affairs; only those facts themselves say so."""


def without(gaps: Gaps, others: Gaps) -> Gaps:
    """Those of the gaps that are not among the others."""
    return Gaps(
        affairs=tuple(one for one in gaps.affairs if one not in others.affairs),
        agencies=tuple(one for one in gaps.agencies if one not in others.agencies),
        partners=tuple(one for one in gaps.partners if one not in others.partners),
    )


def marked(id: UUID, told: Gaps, given: Given) -> Sequence[object]:
    """What is new against what was `told`; `given.known["gaps"]` is what nobody fills now."""
    now: Gaps = given.known["gaps"]
    opened, filled = without(now, told), without(told, now)
    flagged = [CompositionGapFlagged(working_group_id=id, gaps=opened)] if opened != NO_GAPS else []
    cleared = [CompositionGapCleared(working_group_id=id, gaps=filled)] if filled != NO_GAPS else []
    return [*flagged, *cleared]


def after(told: Gaps, fact: CompositionGapFlagged | CompositionGapCleared) -> Gaps:
    """What is told to be missing after a fact; the latest stands last."""
    left = without(told, fact.gaps)
    if isinstance(fact, CompositionGapCleared):
        return left
    return Gaps(
        affairs=(*left.affairs, *fact.gaps.affairs),
        agencies=(*left.agencies, *fact.gaps.agencies),
        partners=(*left.partners, *fact.gaps.partners),
    )
