"""What was entered wrongly about a member is told anew: who may read it depends on whether the organisation has its seat."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from shared.facts import INTERAGENCY, PUBLIC, command, fact, text


class MemberField(StrEnum):
    """What of a member may be corrected."""

    NAME = "name"
    REASON = "reason"


@fact(visibility=PUBLIC)
class MemberCorrected:
    """What is publicly known of a member was corrected: what stood there, what stands there now, and why."""

    member_id: UUID
    field: MemberField
    old: str
    new: str
    reason: str


@fact(visibility=INTERAGENCY)
class MemberProposalCorrected:
    """What was said of an organisation that asks for a seat was corrected: what stood there, what stands there now, and why."""

    member_id: UUID
    field: MemberField
    old: str
    new: str
    reason: str


@command
class CorrectMember:
    """The secretariat corrects a name, or the reason of a proposal, that was entered wrongly."""

    field: MemberField
    value: str = text(1, 2000, multiline=True)
    reason: str = text(3, 2000, multiline=True)
