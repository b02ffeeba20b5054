"""What was entered wrongly about an advocacy is told anew: in public what all were told, among agencies what was proposed."""

from __future__ import annotations

from collections.abc import Sequence

from services.advocacy.domain.advocacy import Advocacy, AdvocacyCorrected, AdvocacyProposalCorrected
from services.advocacy.domain.proposing import ProposeAdvocacy, RaiseAdvocacy
from services.advocacy.domain.rules import require
from services.advocacy.domain.terms import AT_WORK, BEFORE_RAISING, AdvocacyField, Target
from shared.decider import Given
from shared.facts import command, text
from shared.rules import Entered, correction

ENTERED: Entered = {
    AdvocacyField.TITLE: (ProposeAdvocacy, "title"),
    AdvocacyField.ISSUE: (ProposeAdvocacy, "issue"),
    AdvocacyField.LEGAL_BASIS: (RaiseAdvocacy, "legal_basis"),
    AdvocacyField.TARGET_NAME: (Target, "name"),
}


@command
class CorrectAdvocacy:
    """The secretariat corrects a text of an advocacy that was entered wrongly."""

    field: AdvocacyField
    value: str = text(1, 4000, multiline=True)
    reason: str = text(3, 2000, multiline=True)


def correct(advocacy: Advocacy, wish: CorrectAdvocacy, given: Given) -> Sequence[object]:
    """As long as it is not over; the issue is told among agencies, also after the advocacy was raised."""
    require(advocacy.status, "advocacy-is-over", *BEFORE_RAISING, *AT_WORK)
    told = correction(advocacy, wish, ENTERED)
    if advocacy.status in BEFORE_RAISING or wish.field is AdvocacyField.ISSUE:
        return [AdvocacyProposalCorrected(advocacy_id=advocacy.id, **told)]
    return [AdvocacyCorrected(advocacy_id=advocacy.id, **told)]
