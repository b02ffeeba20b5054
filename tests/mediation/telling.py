"""A case as these tests tell it: its past with the days that it keeps, who acts, and what a decision says besides days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from services.mediation.domain.agreeing import AgreementSigned, ConflictResolved
from services.mediation.domain.agreement import AgreementDrafted
from services.mediation.domain.appointing import MediatorAppointed
from services.mediation.domain.clocks import ClockStarted, ClockStopped, changes
from services.mediation.domain.consenting import PartyConsented
from services.mediation.domain.deciding import case
from services.mediation.domain.mediating import SessionHeld, SessionScheduled
from services.mediation.domain.proposing import InterestRecorded
from services.mediation.domain.registering import ConflictRegistered, SpokespersonNamed
from services.mediation.domain.rules import CaseListed
from services.mediation.domain.screening import CaseAccepted
from services.mediation.domain.terms import SessionKind, Stage
from services.mediation.examples import AGENCY, CAUCUS, EXAMPLES, MEDIATOR, OWNERS, PLANNING, UNIVERSITY
from shared.decider import Actor
from shared.registers.register import Register
from shared.testing import NOON, Story

REGISTERED: ConflictRegistered = EXAMPLES[ConflictRegistered]
SPOKEN: SpokespersonNamed = EXAMPLES[SpokespersonNamed]
ACCEPTED: CaseAccepted = EXAMPLES[CaseAccepted]
CONSENTED: PartyConsented = EXAMPLES[PartyConsented]
CONSENTS = (CONSENTED, replace(CONSENTED, party_id=AGENCY))
APPOINTED: MediatorAppointed = EXAMPLES[MediatorAppointed]
CALLED: SessionScheduled = EXAMPLES[SessionScheduled]
HELD: SessionHeld = EXAMPLES[SessionHeld]
INTEREST: InterestRecorded = EXAMPLES[InterestRecorded]
DRAFTED: AgreementDrafted = EXAMPLES[AgreementDrafted]
SIGNED: AgreementSigned = EXAMPLES[AgreementSigned]
BOTH_SIGNED = (SIGNED, replace(SIGNED, party_id=AGENCY, on=date(2025, 6, 6)))
RESOLVED: ConflictResolved = EXAMPLES[ConflictResolved]

OWNERS_SPEAKER = Actor("pihak-1", frozenset({"party"}))
OF_THE_AGENCY = Actor("bappeda-1", frozenset({"member"}), PLANNING)
THE_MEDIATOR = Actor(MEDIATOR, frozenset({"mediator"}), UNIVERSITY)
THE_CHAIR = Actor("ketua-1", frozenset({"chair"}))
STRANGER = Actor("orang-lain", frozenset({"party"}))
LATER = datetime(2025, 9, 10, 5, tzinfo=UTC)


def past(*facts: Any) -> tuple[Any, ...]:
    """The facts with the starts and stops of days that a decision tells along with them."""
    told: list[Any] = []
    state = case.initial
    for fact in facts:
        state = case.evolve(state, fact)
        told.append(fact)
        for change in changes(state):
            state = case.evolve(state, change)
            told.append(change)
    return tuple(told)


def story(*facts: Any, by: Actor | None = None, now: datetime = NOON, **known: Any) -> Story:
    """A case with this past, about which somebody wishes something."""
    return Story(case).given(*past(*facts)).knowing(now, actor=by, **known)


def listed(stage: Stage, on: date) -> CaseListed:
    return replace(EXAMPLES[CaseListed], stage=stage, on=on)


def said(story: Story) -> list[Any]:
    """What is decided, besides the days that start and stop."""
    return [fact for fact in story.outcome if not isinstance(fact, ClockStarted | ClockStopped)]


NEW = (REGISTERED, SPOKEN)
OPEN = (*NEW, ACCEPTED)
WILLING = (*OPEN, *CONSENTS)
APPOINTED_ = (*WILLING, APPOINTED)
CALLED_ = (*APPOINTED_, CALLED)
MEDIATED = (*CALLED_, HELD)
CAUCUS_CALLED = replace(CALLED, session_id=CAUCUS, session_kind=SessionKind.CAUCUS, called=(OWNERS,), day=date(2025, 6, 3))
TO_SIGN = (*MEDIATED, INTEREST, DRAFTED)
SETTLED = (*TO_SIGN, *BOTH_SIGNED, RESOLVED)


class Known:
    """Registers as look-ups and reactions see them: `Known(organisations={key: row})`."""

    def __init__(self, **registers: Mapping[str, Any]) -> None:
        self.registers = registers

    def row(self, register: Register[Any], key: str) -> Any:
        """The row of a key, or None."""
        return self.registers.get(register.name, {}).get(key)

    def rows(self, register: Register[Any], limit: int = 1000, **equal: Any) -> list[tuple[str, Any]]:
        """(key, row) of the rows whose columns are equal to these."""
        rows = self.registers.get(register.name, {}).items()
        return [(key, row) for key, row in rows if all(getattr(row, k) == v for k, v in equal.items())][:limit]
