"""What parties owe under the text that lies before them; it binds when the case is settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.mediation.domain.case import AgreementDrafted
from shared.registers.register import About, Register


@dataclass(frozen=True)
class ObligationLine:
    """An act that a party owes, and the day by which it is due."""

    case_id: UUID
    debtor: UUID
    act: str
    due: date


def old_and_new(fact: AgreementDrafted, id: UUID) -> Sequence[str]:
    """A new text brings its own obligations and lets those of the former text fall."""
    return [f"{id}/{one}" for one in (*fact.voided, *(obligation.obligation_id for obligation in fact.obligations))]


def drafted(line: ObligationLine | None, fact: AgreementDrafted, about: About) -> ObligationLine | None:
    """What the text does not hold any more falls away."""
    for owed in fact.obligations:
        if about.key.endswith(str(owed.obligation_id)):
            return ObligationLine(fact.case_id, owed.debtor, owed.act, owed.due)
    return None


obligations = Register(
    name="obligations",
    row=ObligationLine,
    folds={AgreementDrafted: drafted},
    keys={AgreementDrafted: old_and_new},
    shown=("act", "due"),
    searched=("act",),
)
