"""What was entered wrongly about a case is told anew, to those who read the case file."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.mediation.domain.case import Case
from services.mediation.domain.registering import RegisterCase
from services.mediation.domain.rules import require_stage
from services.mediation.domain.terms import UNDER_WAY, Stage
from shared.decider import Given
from shared.facts import RESTRICTED, command, fact, text
from shared.rules import Entered, correction


class CaseField(StrEnum):
    """What of a case may be corrected."""

    TITLE = "title"
    CLAIM = "claim"


@fact(visibility=RESTRICTED)
class CaseCorrected:
    """What the case file says was corrected: what stood there, what stands there now, and why."""

    case_id: UUID
    field: CaseField
    old: str
    new: str
    reason: str


@command
class CorrectCase:
    """The secretariat corrects what a case is called, or the right that somebody feels neglected in."""

    field: CaseField
    value: str = text(1, 4000, multiline=True)
    reason: str = text(3, 2000, multiline=True)


ENTERED: Entered = {CaseField.TITLE: (RegisterCase, "title"), CaseField.CLAIM: (RegisterCase, "claim")}


def correct(state: Case, wish: CorrectCase, given: Given) -> Sequence[Any]:
    """Until an agreement is signed or the case has ended: what was settled was settled about these words."""
    require_stage(state, (Stage.REGISTERED, *UNDER_WAY, Stage.SUSPENDED))
    return [CaseCorrected(case_id=state.id, **correction(state, wish, ENTERED))]
