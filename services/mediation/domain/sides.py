"""Who may stand against whom, and along which axis the conflict then runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import combinations, product
from typing import Protocol

from services.mediation.domain.terms import Axis, NewParty, PartyKind
from shared.decider import Given
from shared.errors import BrokenRule, UnknownReference
from shared.rules import once


class Stands(Protocol):
    """What the axis depends on."""

    @property
    def kind(self) -> PartyKind:
        """What it is in the matter of housing."""
        ...

    @property
    def is_complainant(self) -> bool:
        """On which side it stands."""
        ...


# The order decides where a conflict runs along several axes at once.
_AXES = (
    (PartyKind.PROVIDER, PartyKind.BENEFICIARY, Axis.DEVELOPER_BENEFICIARY),
    (PartyKind.PROVIDER, PartyKind.GOVERNMENT, Axis.DEVELOPER_GOVERNMENT),
    (PartyKind.GOVERNMENT, PartyKind.BENEFICIARY, Axis.GOVERNMENT_BENEFICIARY),
    (PartyKind.GOVERNMENT, PartyKind.AFFECTED, Axis.GOVERNMENT_AFFECTED),
    (PartyKind.PROVIDER, PartyKind.AFFECTED, Axis.DEVELOPER_AFFECTED),
)


def axis_of(parties: Iterable[Stands]) -> Axis:
    """The axis between those who complain and the others; where all complain, between any two of them."""
    complain, others = _kinds(parties)
    pairs = product(complain, others) if others else combinations(complain, 2)
    found = {frozenset(pair) for pair in pairs}
    return next((axis for one, other, axis in _AXES if frozenset((one, other)) in found), Axis.OTHER)


def _kinds(parties: Iterable[Stands]) -> tuple[list[PartyKind], list[PartyKind]]:
    sides: tuple[list[PartyKind], list[PartyKind]] = ([], [])
    for party in parties:
        sides[0 if party.is_complainant else 1].append(party.kind)
    return sides


def require_parties(parties: Sequence[NewParty], given: Given) -> None:
    """Two parties at least, one of whom complains; known organisations, each once; groups with a spokesperson."""
    require_sides(parties, "/parties")
    for n, party in enumerate(parties):
        require_party(party, given, f"/parties/{n}")
    once([party.organisation_id for party in parties if party.organisation_id], "/parties")


def require_sides(parties: Collection[Stands], pointer: str) -> None:
    """Nobody is in conflict alone, and somebody complains."""
    if len(parties) < 2:
        raise BrokenRule("too-few-parties", pointer)
    if not any(party.is_complainant for party in parties):
        raise BrokenRule("complainant-missing", pointer)


def require_party(party: NewParty, given: Given, pointer: str) -> None:
    """A group has a spokesperson, an organisation is known: `given.known["organisations"]` holds those found."""
    if party.organisation_id is None:
        if party.spokesperson is None:
            raise BrokenRule("group-without-spokesperson", f"{pointer}/spokesperson", name=party.name)
    elif party.organisation_id not in given.known["organisations"]:
        raise UnknownReference("unknown-member", f"{pointer}/organisation_id")
