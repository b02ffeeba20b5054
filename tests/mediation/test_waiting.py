"""What waits for whom in a case, what an actor is to it, and who reads which of its facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.mediation.domain.agreeing import DraftAgreement, SignAgreement
from services.mediation.domain.agreement import AgreementDrafted
from services.mediation.domain.appointing import AppointMediator
from services.mediation.domain.closing import CaseClosed, CloseCase, MediationReopened, ReopenMediation, ReviewSettlement
from services.mediation.domain.consenting import CaseSummarySubmitted, PartyRefused, RecordConsent, SubmitCaseSummary
from services.mediation.domain.deciding import case
from services.mediation.domain.failing import DeclareImpasse, MediationFailed
from services.mediation.domain.joining import CaseWithdrawn
from services.mediation.domain.keeping import BreachReported, RecordPerformance
from services.mediation.domain.mediating import CaucusNoteSealed, RecordSession, ScheduleSession
from services.mediation.domain.proposing import AnswerProposal, InterestRecorded, ProposalAnswered, ProposalMade
from services.mediation.domain.registering import ConflictRegistered, SpokespersonNamed
from services.mediation.domain.resting import CaseSuspended, ResumeCase
from services.mediation.domain.screening import ReferCase, ScreenCase
from services.mediation.examples import AGENCY, EXAMPLES, OWNERS, PLANNING, UNIVERSITY
from services.mediation.service import of_a_case, service
from shared.decider import Actor, Waits
from shared.identity import policy
from tests.mediation.telling import (
    APPOINTED,
    APPOINTED_,
    BOTH_SIGNED,
    CALLED_,
    DRAFTED,
    INTEREST,
    MEDIATED,
    NEW,
    OF_THE_AGENCY,
    OPEN,
    OWNERS_SPEAKER,
    RESOLVED,
    SETTLED,
    STRANGER,
    THE_CHAIR,
    THE_MEDIATOR,
    TO_SIGN,
    WILLING,
    story,
)

SECRETARIAT = Actor("sekretariat-1", frozenset({"secretariat"}))
OF_OWNERS, OF_AGENCY = f"party:{OWNERS}", f"party:{AGENCY}"
SUMS_UP = date(2025, 6, 3)
SUMMARIES = [Waits(one, SubmitCaseSummary, SUMS_UP) for one in (OF_OWNERS, OF_AGENCY)]
REVIEW = Waits("secretariat", ReviewSettlement, date(2025, 7, 6))
DRAFT = Waits("mediator", DraftAgreement, date(2025, 7, 8))
REFUSED = replace(EXAMPLES[PartyRefused], on=date(2025, 5, 28))
BROKEN = (*SETTLED, EXAMPLES[BreachReported])
DEBT = Waits(OF_AGENCY, RecordPerformance, date(2025, 8, 29))
NOTHING_OWED = (*MEDIATED, INTEREST, replace(DRAFTED, obligations=()), *BOTH_SIGNED, RESOLVED)
AGAIN = (*BROKEN, EXAMPLES[MediationReopened])


@pytest.mark.parametrize(
    ("past", "waits"),
    [
        ((), []),
        (NEW, [Waits("secretariat", ScreenCase, date(2025, 5, 28))]),
        (
            OPEN,
            [
                Waits(OF_OWNERS, RecordConsent),
                Waits(OF_AGENCY, RecordConsent),
                Waits("chair", AppointMediator),
            ],
        ),
        (WILLING, [Waits("chair", AppointMediator)]),
        ((*WILLING, REFUSED), [Waits("secretariat", DeclareImpasse)]),
        (APPOINTED_, [*SUMMARIES, Waits("mediator", ScheduleSession, date(2025, 7, 8))]),
        (CALLED_, [Waits("mediator", RecordSession, date(2025, 6, 2)), *SUMMARIES]),
        (MEDIATED, [*SUMMARIES, DRAFT]),
        ((*MEDIATED, EXAMPLES[CaseSummarySubmitted]), [SUMMARIES[1], DRAFT]),
        ((*MEDIATED, EXAMPLES[ProposalMade]), [*SUMMARIES, Waits(OF_OWNERS, AnswerProposal), DRAFT]),
        ((*MEDIATED, EXAMPLES[ProposalMade], EXAMPLES[ProposalAnswered]), [*SUMMARIES, DRAFT]),
        (TO_SIGN, [Waits(OF_OWNERS, SignAgreement), Waits(OF_AGENCY, SignAgreement)]),
        ((*TO_SIGN, BOTH_SIGNED[0]), [Waits(OF_AGENCY, SignAgreement)]),
        ((*MEDIATED, EXAMPLES[CaseSuspended]), [Waits("secretariat", ResumeCase, date(2025, 6, 20))]),
        (SETTLED, [DEBT, REVIEW]),
        (NOTHING_OWED, [Waits("secretariat", CloseCase), REVIEW]),
        (BROKEN, [DEBT, Waits("secretariat", ReopenMediation), REVIEW]),
        (AGAIN, [Waits("mediator", DraftAgreement, date(2025, 10, 15))]),
        ((*MEDIATED, EXAMPLES[MediationFailed]), [Waits("secretariat", CloseCase)]),
        ((*MEDIATED, EXAMPLES[MediationFailed], EXAMPLES[CaseClosed]), []),
        ((*OPEN, EXAMPLES[CaseWithdrawn]), []),
    ],
)
def test_what_waits_for_whom(past, waits):
    assert list(case.waiting(story(*past).state)) == waits


def test_after_a_second_breach_the_case_goes_elsewhere():
    again = replace(DRAFTED, on=date(2025, 9, 4))
    signed = tuple(replace(one, on=date(2025, 9, 5)) for one in BOTH_SIGNED)
    twice = (*AGAIN, again, *signed, replace(RESOLVED, on=date(2025, 9, 5)), EXAMPLES[BreachReported])
    whats = [one.what for one in case.waiting(story(*twice).state)]
    assert ReferCase in whats
    assert ReopenMediation not in whats


# --- who is what --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "relations"),
    [
        (OWNERS_SPEAKER, {"party", OF_OWNERS}),
        (OF_THE_AGENCY, {"party", OF_AGENCY}),
        (THE_MEDIATOR, {"mediator"}),
        (Actor("mediator-9", frozenset({"mediator"}), UNIVERSITY), set()),
        (SECRETARIAT, set()),
        (THE_CHAIR, set()),
        (STRANGER, set()),
        (Actor("tanpa-akun"), set()),
    ],
)
def test_what_an_actor_is_to_a_case(actor, relations):
    assert case.relations(story(*MEDIATED).state, actor) == relations


def test_without_an_account_the_mediators_of_the_organisation_are_the_mediator():
    """And none of its other people."""
    state = story(*WILLING, replace(APPOINTED, account=None)).state
    assert case.relations(state, Actor("m", frozenset({"mediator"}), UNIVERSITY)) == {"mediator"}
    assert case.relations(state, Actor("m", frozenset({"partner"}), UNIVERSITY)) == set()
    assert case.relations(state, Actor("m", frozenset({"mediator"}), PLANNING)) == {"party", OF_AGENCY}


def test_who_registered_a_case_is_the_registrant():
    state = story(replace(NEW[0], registered_by=UNIVERSITY)).state
    assert case.relations(state, Actor("m", frozenset({"partner"}), UNIVERSITY)) == {"registrant"}


def test_a_new_spokesperson_takes_the_place_of_the_former():
    state = story(*MEDIATED, replace(NEW[1], account="pihak-2")).state
    assert case.relations(state, OWNERS_SPEAKER) == set()
    assert case.relations(state, Actor("pihak-2")) == {"party", OF_OWNERS}


# --- who reads what -----------------------------------------------------------------------------------------------


def reads(actor: Actor, fact: object, host: UUID | None = None) -> bool:
    found = policy.standing(actor, of_a_case, story(*MEDIATED).state, host)
    return policy.may_read_fact(found, of_a_case, fact)


NOTE = EXAMPLES[CaucusNoteSealed]
IN_CONFIDENCE = [EXAMPLES[one] for one in (SpokespersonNamed, CaseSummarySubmitted, InterestRecorded)]


def test_a_caucus_note_is_read_by_the_mediator_and_that_party_alone():
    assert NOTE.party_id == OWNERS
    readers = [one for one in (SECRETARIAT, THE_CHAIR, THE_MEDIATOR, OWNERS_SPEAKER, OF_THE_AGENCY, STRANGER) if reads(one, NOTE)]
    assert readers == [THE_MEDIATOR, OWNERS_SPEAKER]
    other = Actor("mediator-9", frozenset({"mediator"}), UNIVERSITY)
    assert not reads(other, NOTE)


@pytest.mark.parametrize("fact", IN_CONFIDENCE, ids=lambda one: type(one).__name__)
def test_what_a_party_tells_in_confidence_other_parties_do_not_read(fact):
    assert [reads(one, fact) for one in (SECRETARIAT, THE_MEDIATOR, OWNERS_SPEAKER, OF_THE_AGENCY, STRANGER)] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_the_rest_of_the_file_all_parties_read_and_nobody_else():
    for fact in (
        EXAMPLES[ConflictRegistered],
        EXAMPLES[AgreementDrafted],
        EXAMPLES[ProposalMade],
    ):
        assert all(reads(one, fact) for one in (OWNERS_SPEAKER, OF_THE_AGENCY, THE_MEDIATOR, SECRETARIAT, THE_CHAIR))
        assert not reads(STRANGER, fact)
        assert not reads(Actor("anggota", frozenset({"member"}), UNIVERSITY), fact)


def test_where_its_host_is_a_party_the_secretariat_loses_the_case():
    """And the steering team acts for secretariat and chair."""
    fact = EXAMPLES[ConflictRegistered]
    steering = Actor("pengarah-1", frozenset({"steering"}))
    assert not reads(SECRETARIAT, fact, host=PLANNING)
    assert not reads(THE_CHAIR, fact, host=PLANNING)
    assert reads(steering, fact, host=PLANNING)
    assert reads(SECRETARIAT, fact, host=UNIVERSITY)
    row = next(row for row in of_a_case.commands if row.command is AppointMediator)
    judged = policy.standing(steering, of_a_case, story(*WILLING).state, PLANNING)
    assert judged.has(row)
    assert not policy.standing(THE_CHAIR, of_a_case, story(*WILLING).state, PLANNING).has(row)


def test_no_register_holds_a_sealed_note():
    assert all(CaucusNoteSealed not in one.folds for one in service.own_registers)
