"""After the signatures: obligations kept or broken, reviews, one more mediation, the close."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.mediation.domain.appointing import MediatorRecused
from services.mediation.domain.closing import (
    CaseClosed,
    CloseCase,
    MediationReopened,
    ReopenMediation,
    ReviewSettlement,
    SettlementReviewed,
)
from services.mediation.domain.deciding import case
from services.mediation.domain.failing import MediationFailed
from services.mediation.domain.keeping import (
    AgreementFulfilled,
    BreachReported,
    ObligationBreached,
    ObligationPerformed,
    PerformanceRecorded,
    RecordPerformance,
    ReportBreach,
)
from services.mediation.domain.rules import CaseListed
from services.mediation.domain.succeeding import NOW_A_PARTY, PartySucceeded
from services.mediation.domain.terms import Obligation, RootCause, Stage
from services.mediation.examples import AGENCY, EXAMPLES, OBLIGATION, OWNERS, PLANNING, RECEIPT, UNIVERSITY
from shared.testing import Story
from tests.mediation.telling import (
    BOTH_SIGNED,
    DRAFTED,
    INTEREST,
    LATER,
    MEDIATED,
    NEW,
    OF_THE_AGENCY,
    OWNERS_SPEAKER,
    RESOLVED,
    SETTLED,
    STRANGER,
    listed,
    said,
    story,
)

PERFORM: RecordPerformance = EXAMPLES[RecordPerformance]
PERFORMED: PerformanceRecorded = EXAMPLES[PerformanceRecorded]
THIN: ObligationPerformed = EXAMPLES[ObligationPerformed]
FULFILLED: AgreementFulfilled = EXAMPLES[AgreementFulfilled]
REPORT: ReportBreach = EXAMPLES[ReportBreach]
REPORTED: BreachReported = EXAMPLES[BreachReported]
BREACHED: ObligationBreached = EXAMPLES[ObligationBreached]
REOPEN: ReopenMediation = EXAMPLES[ReopenMediation]
REOPENED: MediationReopened = EXAMPLES[MediationReopened]
REVIEW: ReviewSettlement = EXAMPLES[ReviewSettlement]
CLOSE: CloseCase = EXAMPLES[CloseCase]
SOMETHING = UUID("00000000-0000-4000-8000-0000000003ff")
OF_OWNERS = Obligation(obligation_id=SOMETHING, debtor=OWNERS, act="Mencabut keberatan.", due=date(2025, 7, 31))
TWO = replace(DRAFTED, obligations=(*DRAFTED.obligations, OF_OWNERS))
TWO_OWED = (*MEDIATED, INTEREST, TWO, *BOTH_SIGNED, RESOLVED)
NOTHING_OWED = (*MEDIATED, INTEREST, replace(DRAFTED, obligations=()), *BOTH_SIGNED, RESOLVED)
KEPT = story(*SETTLED, now=LATER)
BROKEN = (*SETTLED, REPORTED)


# --- kept ---------------------------------------------------------------------------------------------------------


def test_with_the_last_obligation_the_agreement_is_fulfilled():
    """A member of the working group is told of, without content."""
    assert said(KEPT.when(PERFORM)) == [PERFORMED, THIN, FULFILLED, listed(Stage.FULFILLED, date(2025, 8, 28))]


def test_each_obligation_is_kept_by_itself():
    two = story(*TWO_OWED, now=LATER)
    assert said(two.when(PERFORM)) == [PERFORMED, THIN]
    rest = story(*TWO_OWED, PERFORMED, now=LATER).when(replace(PERFORM, obligation_id=SOMETHING, confirmed_by=AGENCY))
    assert [type(one) for one in said(rest)[:2]] == [PerformanceRecorded, AgreementFulfilled]
    KEPT.given(PERFORMED).when(PERFORM).then_nothing()


def test_what_is_done_after_its_day_is_late():
    assert said(KEPT.when(replace(PERFORM, on=date(2025, 8, 29))))[0].late is False
    assert said(KEPT.when(replace(PERFORM, on=date(2025, 8, 30))))[0].late is True


def test_the_other_side_confirms_or_a_paper_shows_it():
    KEPT.when(replace(PERFORM, confirmed_by=None)).refused("performance-unproven", 422)
    KEPT.when(replace(PERFORM, confirmed_by=AGENCY)).refused("debtor-confirms-itself", 422)
    KEPT.when(replace(PERFORM, confirmed_by=SOMETHING)).refused("not-a-party")
    by_paper = replace(PERFORM, confirmed_by=None, evidence=RECEIPT, on_behalf_of=None)
    assert said(KEPT.when(by_paper))[0].evidence == RECEIPT
    KEPT.when(replace(by_paper, evidence=replace(RECEIPT, date=date(2025, 9, 11)))).refused("happens-in-the-future")
    KEPT.when(replace(PERFORM, on_behalf_of=None)).refused("source-missing")


def test_a_party_confirms_for_itself_only():
    own = replace(PERFORM, on_behalf_of=None)
    assert said(story(*SETTLED, by=OWNERS_SPEAKER, now=LATER).when(own))[0].confirmed_by == OWNERS
    story(*SETTLED, by=OF_THE_AGENCY, now=LATER).when(own).refused("not-your-party", 422)
    story(*SETTLED, by=STRANGER, now=LATER).when(own).refused("not-your-party", 422)
    shown = replace(own, confirmed_by=None, evidence=RECEIPT)
    assert said(story(*SETTLED, by=OF_THE_AGENCY, now=LATER).when(shown))[0].on_behalf_of is None


@pytest.mark.parametrize("wish", [PERFORM, REPORT])
def test_what_binds_is_owed(wish):
    KEPT.when(replace(wish, obligation_id=SOMETHING)).refused("unknown-obligation", 422)
    story(*MEDIATED, now=LATER).when(wish).refused("nothing-is-owed", 409)
    story(*NOTHING_OWED, now=LATER).when(wish).refused("nothing-is-owed", 409)
    Story(case).when(wish).refused("case-not-registered", 409)


# --- broken -------------------------------------------------------------------------------------------------------


def test_what_was_due_and_is_not_done_is_a_breach():
    assert said(KEPT.when(REPORT)) == [REPORTED, BREACHED, listed(Stage.BREACHED, date(2025, 9, 1))]
    story(*BROKEN, now=LATER).when(REPORT).then_nothing()


def test_who_is_no_member_is_not_told_of():
    breach = replace(REPORT, obligation_id=SOMETHING)
    reported = said(story(*TWO_OWED, now=LATER).when(breach))
    assert [type(one) for one in reported] == [BreachReported, type(listed(Stage.BREACHED, date(2025, 9, 1)))]
    second = said(story(*TWO_OWED, REPORTED, now=LATER).when(breach))
    assert [type(one) for one in second] == [BreachReported]


def test_a_breach_comes_after_its_day_and_before_it_is_done():
    KEPT.when(replace(REPORT, on=date(2025, 8, 29))).refused("obligation-not-yet-due", 422)
    story(*TWO_OWED, PERFORMED, now=LATER).when(REPORT).refused("obligation-already-performed", 422)


def test_late_is_better_than_never():
    late = story(*BROKEN, now=LATER).when(replace(PERFORM, on=date(2025, 9, 5)))
    assert said(late)[-1] == listed(Stage.FULFILLED, date(2025, 9, 5))
    two = story(*TWO_OWED, REPORTED, now=LATER).when(replace(PERFORM, on=date(2025, 9, 5)))
    assert said(two)[-1] == listed(Stage.SETTLED, date(2025, 9, 5))
    both = story(*TWO_OWED, REPORTED, replace(REPORTED, obligation_id=SOMETHING), now=LATER)
    still = said(both.when(replace(PERFORM, on=date(2025, 9, 5))))
    assert [type(one) for one in still] == [PerformanceRecorded, ObligationPerformed]


# --- once more ----------------------------------------------------------------------------------------------------


def test_after_a_breach_there_is_one_more_mediation():
    again = story(*BROKEN, now=LATER)
    assert said(again.when(REOPEN)) == [REOPENED, listed(Stage.IN_MEDIATION, date(2025, 9, 3))]
    KEPT.when(REOPEN).refused("nothing-was-breached", 409)
    Story(case).when(REOPEN).refused("case-not-registered", 409)


def test_it_waits_for_another_mediator_where_the_former_became_a_party_meanwhile():
    succeeded = replace(EXAMPLES[PartySucceeded], party_id=AGENCY, former=PLANNING, organisation_id=UNIVERSITY)
    facts = said(story(*BROKEN, succeeded, now=LATER).when(REOPEN))
    assert [type(one) for one in facts] == [MediationReopened, MediatorRecused, CaseListed]
    assert (facts[1].reason, facts[2].stage) == (NOW_A_PARTY, Stage.ACCEPTED)
    after = story(*BROKEN, succeeded, *facts, now=LATER).state
    assert (after.mediator, after.stage, after.reopened) == (None, Stage.ACCEPTED, True)


def test_what_was_not_done_is_agreed_anew_and_what_was_done_stays_done():
    state = story(
        *TWO_OWED, PERFORMED, replace(REPORTED, obligation_id=SOMETHING), replace(REOPENED, unperformed=(SOMETHING,))
    ).state
    assert set(state.owed) == {OBLIGATION}
    assert (state.draft, state.signatures, state.stage) == (None, (), Stage.IN_MEDIATION)


def test_there_is_no_third_mediation():
    new = replace(DRAFTED, on=date(2025, 9, 4))
    signed = tuple(replace(one, on=date(2025, 9, 5)) for one in BOTH_SIGNED)
    twice = (*BROKEN, REOPENED, new, *signed, replace(RESOLVED, on=date(2025, 9, 5)), replace(REPORTED, on=date(2025, 9, 8)))
    story(*twice, now=LATER).when(REOPEN).refused("mediation-already-reopened", 409)


# --- reviews ------------------------------------------------------------------------------------------------------


def test_a_settlement_is_reviewed_when_its_day_has_come():
    assert said(KEPT.when(REVIEW)) == [EXAMPLES[SettlementReviewed]]
    KEPT.when(replace(REVIEW, on=date(2025, 7, 5))).refused("review-not-yet-due", 422)
    assert said(KEPT.when(replace(REVIEW, on=date(2025, 7, 6))))[0].on == date(2025, 7, 6)
    KEPT.when(replace(REVIEW, days=31)).refused("not-a-day-of-review", 422)
    story(*SETTLED, EXAMPLES[SettlementReviewed], now=LATER).when(REVIEW).refused("already-reviewed", 422)
    story(*MEDIATED, now=LATER).when(REVIEW).refused("nothing-to-review", 409)
    Story(case).when(REVIEW).refused("case-not-registered", 409)


# --- the close ----------------------------------------------------------------------------------------------------


def test_what_was_fulfilled_is_closed():
    done = story(*SETTLED, PERFORMED, FULFILLED, now=LATER)
    assert said(done.when(CLOSE)) == [EXAMPLES[CaseClosed], listed(Stage.CLOSED, date(2025, 9, 8))]


def test_what_owes_nothing_or_failed_is_closed():
    assert said(story(*NOTHING_OWED, now=LATER).when(CLOSE))
    corrected = replace(CLOSE, root_causes=(RootCause.BUDGET,))
    failed = story(*MEDIATED, EXAMPLES[MediationFailed], now=LATER)
    assert said(failed.when(corrected))[0].root_causes == (RootCause.BUDGET,)


def test_what_is_open_is_not_closed():
    KEPT.when(CLOSE).refused("obligations-are-open", 409)
    story(*BROKEN, now=LATER).when(CLOSE).refused("breach-is-open", 409)
    story(*MEDIATED, now=LATER).when(CLOSE).refused("mediation-under-way", 409)
    story(*NEW, now=LATER).when(CLOSE).refused("case-not-accepted", 409)
    done = story(*SETTLED, PERFORMED, FULFILLED, EXAMPLES[CaseClosed], now=datetime(2025, 9, 10, 5, tzinfo=UTC))
    done.when(CLOSE).refused("case-has-ended", 409)
    twice = replace(CLOSE, root_causes=(RootCause.LAND, RootCause.LAND))
    story(*NOTHING_OWED, now=LATER).when(twice).refused("named-twice")
