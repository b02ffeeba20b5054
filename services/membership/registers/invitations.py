"""The invitations to organisations outside government, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.membership.domain.invitation import (
    InvitationAccepted,
    InvitationCorrected,
    InvitationDeclined,
    InvitationExpired,
    StakeholderInvited,
)
from services.membership.domain.terms import Answer, Component, Subkind
from shared.registers.register import About, Register, corrected


@dataclass(frozen=True)
class InvitationLine:
    """An invitation with its letter, and by when it waits for an answer."""

    name: str
    subkind: Subkind
    component: Component
    reason: str
    letter_number: str
    invited_on: date
    expires_on: date
    answer: Answer = Answer.OPEN
    answered_on: date | None = None

    @property
    def accepted(self) -> bool:
        """Whether a proposal may rest on it."""
        return self.answer is Answer.ACCEPTED


def invited(line: InvitationLine | None, fact: StakeholderInvited, about: About) -> InvitationLine:
    """It waits for an answer."""
    number, on, until = fact.letter.number, fact.on, fact.expires_on
    return InvitationLine(fact.name, fact.subkind, fact.component, fact.reason, number, on, until)


def accepted(line: Any, fact: InvitationAccepted, about: About) -> InvitationLine:
    """The organisation wants a seat."""
    return replace(line, answer=Answer.ACCEPTED, answered_on=fact.on)


def declined(line: Any, fact: InvitationDeclined, about: About) -> InvitationLine:
    """It does not."""
    return replace(line, answer=Answer.DECLINED, answered_on=fact.on)


def expired(line: Any, fact: InvitationExpired, about: About) -> InvitationLine:
    """It said nothing."""
    return replace(line, answer=Answer.EXPIRED)


invitations = Register(
    name="invitations",
    row=InvitationLine,
    folds={
        StakeholderInvited: invited,
        InvitationCorrected: corrected,
        InvitationAccepted: accepted,
        InvitationDeclined: declined,
        InvitationExpired: expired,
    },
    shown=("name", "subkind", "invited_on", "expires_on", "answer"),
    searched=("name", "letter_number"),
)
