"""The advocacies that have been raised: what a recommendation may rest on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.forum.foreign import AdvocacyCorrected, AdvocacyRaised, AdvocacyWithdrawn
from shared.registers.register import About, Register, corrected


@dataclass(frozen=True)
class Advocacy:
    """An advocacy under its register number."""

    number: str
    title: str
    kind: str
    withdrawn: bool = False


def raised(row: Advocacy | None, fact: AdvocacyRaised, about: About) -> Advocacy:
    """It is known from now on."""
    return Advocacy(fact.number, fact.title, fact.kind)


def withdrawn(row: Advocacy | None, fact: AdvocacyWithdrawn, about: About) -> Advocacy | None:
    """It stays known: what rests on it was right when it was written."""
    return row and replace(row, withdrawn=True)


advocacies = Register(
    name="advocacies",
    row=Advocacy,
    folds={AdvocacyRaised: raised, AdvocacyCorrected: corrected, AdvocacyWithdrawn: withdrawn},
    source="advocacy",
    shown=("number", "title", "kind", "withdrawn"),
    searched=("number", "title"),
)
