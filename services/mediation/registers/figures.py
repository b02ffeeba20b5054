"""Figures over all cases, for everybody: small cells are suppressed, so that no table tells of a single case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from services.mediation.domain.terms import Axis, RootCause
from services.mediation.registers.cases import CaseLine, cases
from services.mediation.registers.public_cases import PublicLine, public_cases

SMALL = 3  # a count below it is not told
ALL = 100_000


@dataclass(frozen=True)
class Spot:
    """How many cases of one kind there are in one regency or city; None where there are too few to be told."""

    area_code: str
    axis: Axis
    count: int | None


def suppressed(count: int) -> int | None:
    """A count as it may be told."""
    return count if count >= SMALL else None


def hot_spots(lines: Iterable[PublicLine]) -> list[Spot]:
    """The cases by regency or city and axis, in their order.

    A single small cell could be worked out from the total of its row, so the totals are not told.
    """
    counts = Counter((line.area_code, line.axis) for line in lines)
    return [Spot(area, axis, suppressed(count)) for (area, axis), count in sorted(counts.items())]


def causes(lines: Iterable[CaseLine]) -> dict[RootCause, int | None]:
    """How often each root cause was found, those never found left out."""
    counts = Counter(cause for line in lines for cause in line.root_causes)
    return {cause: suppressed(counts[cause]) for cause in RootCause if counts[cause]}


def days_to_settle(lines: Iterable[PublicLine]) -> float | None:
    """The median of the calendar days from the registration to the last signature; None for too few cases."""
    days = [(line.settled_on - line.registered_on).days for line in lines if line.settled_on]
    return float(median(days)) if len(days) >= SMALL else None


@dataclass(frozen=True)
class Figures:
    """What may be told of all cases together."""

    spots: list[Spot]
    causes: dict[RootCause, int | None]
    days_to_settle: float | None


def figures(registers: Any) -> Figures:
    """The figures over the whole registers."""
    public = [line for _, line in registers.rows(public_cases, limit=ALL)]
    own = [line for _, line in registers.rows(cases, limit=ALL)]
    return Figures(hot_spots(public), causes(own), days_to_settle(public))
