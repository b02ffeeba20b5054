"""An agreement: a balanced text, signed by every party, settles the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.mediation.domain.agreeing import AgreementSigned, DraftAgreement, SignAgreement
from services.mediation.domain.agreement import text_hash
from services.mediation.domain.appointing import MediatorRecused
from services.mediation.domain.clocks import ClockStarted
from services.mediation.domain.deciding import case
from services.mediation.domain.resting import CaseSuspended
from services.mediation.domain.terms import Clock, Interest, Scope, Source, Stage, StatedInterest
from services.mediation.examples import (
    AGENCY,
    CAUSES,
    CHECKS,
    CLAUSES,
    EXAMPLES,
    MINUTES,
    OBLIGATION,
    OWNERS,
    PLANNING,
    PROMISE,
)
from shared.decider import Actor
from shared.testing import Story
from tests.mediation import telling
from tests.mediation.telling import (
    BOTH_SIGNED,
    DRAFTED,
    MEDIATED,
    OF_THE_AGENCY,
    OWNERS_SPEAKER,
    RESOLVED,
    SETTLED,
    THE_MEDIATOR,
    listed,
    said,
    story,
)

DRAFT: DraftAgreement = EXAMPLES[DraftAgreement]
SIGN: SignAgreement = EXAMPLES[SignAgreement]
BY_AGENCY = replace(SIGN, party_id=AGENCY, on=date(2025, 6, 6))
STRANGER = UUID("00000000-0000-4000-8000-0000000003ff")
RECORDED = (*MEDIATED, telling.INTEREST)
KNOWN = {"organisations": frozenset({PLANNING})}

IN_MEDIATION = story(*RECORDED, by=THE_MEDIATOR, **KNOWN)
TO_SIGN = story(*telling.TO_SIGN, by=OWNERS_SPEAKER)
AGENCY_SIGNS = story(*telling.TO_SIGN, BOTH_SIGNED[0], by=OF_THE_AGENCY)
BY_THE_SECRETARIAT = story(*telling.TO_SIGN)


def signed(party_id: UUID, on: date) -> AgreementSigned:
    return replace(EXAMPLES[AgreementSigned], party_id=party_id, on=on)


# --- drafting -----------------------------------------------------------------------------------------------------


def test_the_mediator_lays_a_balanced_text_before_the_parties():
    """An interest that was recorded before is taken from there; one that is stated here gets an id of its own."""
    new_id = IN_MEDIATION.knows.new_id
    recorded, stated = DRAFTED.interests
    (obligation,) = DRAFTED.obligations
    assert said(IN_MEDIATION.when(DRAFT)) == [
        replace(
            DRAFTED,
            interests=(recorded, replace(stated, interest_id=new_id(1))),
            obligations=(replace(obligation, obligation_id=new_id(2)),),
        )
    ]


def test_a_new_text_lets_the_obligations_and_stated_interests_of_the_former_fall():
    (redrafted,) = said(story(*RECORDED, DRAFTED, by=THE_MEDIATOR, **KNOWN).when(replace(DRAFT, obligations=())))
    assert redrafted.voided == (OBLIGATION,)
    assert redrafted.dropped == (DRAFTED.interests[1].interest_id,)


def test_the_text_of_a_mediator_who_had_to_go_falls_with_the_next_one():
    """Between them there is none; its obligations are still known, to be let fall."""
    recused = replace(EXAMPLES[MediatorRecused], on=date(2025, 6, 5), days_left=23)
    again = replace(telling.APPOINTED, account="mediator-2", on=date(2025, 6, 5))
    past = (*telling.TO_SIGN, recused, again, telling.HELD)
    by = Actor("mediator-2", frozenset({"mediator"}))
    (anew,) = said(story(*past, by=by, **KNOWN).when(replace(DRAFT, on=date(2025, 6, 9))))
    assert anew.voided == (OBLIGATION,)


def test_the_secretariat_enters_a_text_from_a_paper_only():
    entered = story(*RECORDED, **KNOWN)
    entered.when(DRAFT).refused("source-missing")
    assert said(entered.when(replace(DRAFT, on_behalf_of=MINUTES)))[0].on_behalf_of == MINUTES


def test_an_agreement_may_bind_nobody_to_anything():
    assert said(IN_MEDIATION.when(replace(DRAFT, obligations=())))[0].obligations == ()


def test_there_is_nothing_to_agree_on_without_a_case():
    Story(case).when(DRAFT).refused("case-not-registered", 409)


def test_a_settled_case_takes_no_new_text():
    story(*SETTLED, by=THE_MEDIATOR, **KNOWN).when(DRAFT).refused("case-already-settled", 409)


def test_there_is_a_session_before_there_is_a_text():
    story(*telling.APPOINTED_, by=THE_MEDIATOR, **KNOWN).when(DRAFT).refused("not-in-mediation", 409)
    story(*telling.WILLING, by=THE_MEDIATOR, **KNOWN).when(DRAFT).refused("no-mediator", 409)
    story(*telling.NEW, by=THE_MEDIATOR, **KNOWN).when(DRAFT).refused("case-not-accepted", 409)


def test_a_text_is_drafted_within_the_mediation():
    IN_MEDIATION.when(replace(DRAFT, on=date(2025, 6, 11))).refused("happens-in-the-future")
    IN_MEDIATION.when(replace(DRAFT, on=date(2025, 5, 20))).refused("before-registration")
    IN_MEDIATION.when(replace(DRAFT, on=date(2025, 5, 26))).refused("before-appointment")
    late = story(*RECORDED, by=THE_MEDIATOR, now=telling.LATER, **KNOWN)
    late.when(replace(DRAFT, on=date(2025, 7, 9))).refused("after-mediation-period", 422)
    assert said(late.when(replace(DRAFT, on=date(2025, 7, 8))))[0].on == date(2025, 7, 8)


def test_what_was_recorded_must_be_answered():
    IN_MEDIATION.when(replace(DRAFT, interests=DRAFT.interests[1:])).refused("recorded-interest-unanswered", 422)


def test_an_interest_is_named_by_what_was_recorded_or_stated_in_full():
    unknown = StatedInterest(interest_id=OBLIGATION, clauses=(1,))
    IN_MEDIATION.when(replace(DRAFT, interests=(*DRAFT.interests, unknown))).refused("unknown-interest")
    other = replace(DRAFT.interests[0], party_id=AGENCY)
    IN_MEDIATION.when(replace(DRAFT, interests=(other, DRAFT.interests[1]))).refused("unknown-interest")
    for half in (StatedInterest(party_id=OWNERS, clauses=(1,)), StatedInterest(need="Jalan masuk.", clauses=(1,))):
        IN_MEDIATION.when(replace(DRAFT, interests=(*DRAFT.interests, half))).refused("interest-not-stated")
    IN_MEDIATION.when(replace(DRAFT, interests=(*DRAFT.interests, DRAFT.interests[0]))).refused("named-twice")


def test_the_thin_form_states_all_interests_itself():
    thin = (
        StatedInterest(party_id=OWNERS, need="Nilai yang dipahami.", clauses=(1, 2)),
        StatedInterest(party_id=AGENCY, need="Mulai tahun ini.", reason="Mengikuti penilaian."),
    )
    drafted = said(story(*MEDIATED, by=THE_MEDIATOR, **KNOWN).when(replace(DRAFT, interests=thin)))[0]
    new_id = IN_MEDIATION.knows.new_id
    assert drafted.interests == tuple(
        Interest(interest_id=new_id(n), party_id=one.party_id, need=one.need, clauses=one.clauses, reason=one.reason)
        for n, one in enumerate(thin)
    )


def test_every_interest_leads_to_a_clause_or_to_a_reason():
    """The balance rule."""
    unanswered = replace(DRAFT.interests[0], clauses=(), reason=None)
    IN_MEDIATION.when(replace(DRAFT, interests=(unanswered, DRAFT.interests[1]))).refused("interest-without-clause", 422)


def test_an_interest_is_answered_by_clauses_that_exist():
    beyond = replace(DRAFT.interests[0], clauses=(len(CLAUSES) + 1,))
    IN_MEDIATION.when(replace(DRAFT, interests=(beyond, DRAFT.interests[1]))).refused("unknown-clause")
    nought = replace(DRAFT.interests[0], clauses=(0,))
    IN_MEDIATION.when(replace(DRAFT, interests=(nought, DRAFT.interests[1]))).refused("unknown-clause")


def test_every_party_is_heard():
    IN_MEDIATION.when(replace(DRAFT, interests=DRAFT.interests[:1])).refused("party-without-interest")


def test_only_parties_have_interests():
    strange = replace(DRAFT.interests[1], party_id=STRANGER)
    IN_MEDIATION.when(replace(DRAFT, interests=(*DRAFT.interests, strange))).refused("not-a-party")


def test_only_parties_owe():
    IN_MEDIATION.when(replace(DRAFT, obligations=(replace(PROMISE, debtor=STRANGER),))).refused("not-a-party")


def test_nothing_is_due_before_it_is_agreed():
    early = replace(PROMISE, due=date(2025, 6, 1))
    IN_MEDIATION.when(replace(DRAFT, obligations=(early,))).refused("due-before-agreement")


@pytest.mark.parametrize(
    ("check", "slug"),
    [
        ("lawful", "agreement-not-lawful"),
        ("harmless", "agreement-harms-others"),
        ("executable", "agreement-not-executable"),
    ],
)
def test_an_unsound_text_does_not_go_to_the_parties(check, slug):
    IN_MEDIATION.when(replace(DRAFT, checks=replace(CHECKS, **{check: False}))).refused(slug)


def test_organisations_and_causes_are_named_once():
    IN_MEDIATION.when(replace(DRAFT, advised=(PLANNING, PLANNING))).refused("named-twice")
    IN_MEDIATION.when(replace(DRAFT, root_causes=(*CAUSES, *CAUSES))).refused("named-twice")


def test_only_a_known_organisation_can_be_advised():
    IN_MEDIATION.knowing(actor=THE_MEDIATOR, organisations=frozenset()).when(DRAFT).refused("unknown-member")


def test_the_hash_covers_all_that_is_signed():
    """Another scope, wording, order or due day is another text."""
    later = replace(PROMISE, due=date(2025, 9, 1))
    reworded = (replace(CLAUSES[0], wording="Lain."), CLAUSES[1])
    texts = [
        text_hash(Scope.FULL, CLAUSES, (PROMISE,)),
        text_hash(Scope.PARTIAL, CLAUSES, (PROMISE,)),
        text_hash(Scope.FULL, CLAUSES[::-1], (PROMISE,)),
        text_hash(Scope.FULL, reworded, (PROMISE,)),
        text_hash(Scope.FULL, CLAUSES, (later,)),
        text_hash(Scope.FULL, CLAUSES, ()),
    ]
    assert len(set(texts)) == len(texts)


def test_the_hash_is_the_one_that_anybody_can_work_out():
    """Printed by `sha256sum` over the JSON with sorted keys and no blanks; it stands in stored facts for ever."""
    assert text_hash(Scope.PARTIAL, CLAUSES[:1], ()) == ("84af3aaca1bde92bdf6463ce6d3a9e2bb36368ead25d54a0195ecc19be96be0a")


def test_what_is_agreed_may_be_due_on_the_same_day():
    promised = replace(PROMISE, due=DRAFTED.on)
    assert said(IN_MEDIATION.when(replace(DRAFT, obligations=(promised,))))[0].obligations[0].due == DRAFTED.on


# --- signing ------------------------------------------------------------------------------------------------------


def test_a_party_signs():
    TO_SIGN.when(SIGN).then(signed(OWNERS, date(2025, 6, 5)))
    story(*telling.TO_SIGN, by=OF_THE_AGENCY).when(BY_AGENCY).then(signed(AGENCY, date(2025, 6, 6)))


def test_the_last_signature_settles_the_case():
    assert said(AGENCY_SIGNS.when(BY_AGENCY)) == [
        signed(AGENCY, date(2025, 6, 6)),
        RESOLVED,
        listed(Stage.SETTLED, date(2025, 6, 6)),
    ]


def test_what_was_agreed_is_kept_from_the_last_signature_on():
    started = [one for one in AGENCY_SIGNS.when(BY_AGENCY).outcome if isinstance(one, ClockStarted)]
    assert [(one.clock, one.about, one.due) for one in started] == [
        (Clock.OBLIGATION, OBLIGATION, date(2025, 8, 29)),
        (Clock.REVIEW_30, None, date(2025, 7, 6)),
        (Clock.REVIEW_90, None, date(2025, 9, 4)),
        (Clock.REVIEW_180, None, date(2025, 12, 3)),
    ]


def test_a_partial_agreement_settles_a_case_in_part():
    partial = replace(DRAFTED, scope=Scope.PARTIAL)
    signing = story(*RECORDED, partial, BOTH_SIGNED[0], by=OF_THE_AGENCY)
    assert said(signing.when(BY_AGENCY)) == [
        signed(AGENCY, date(2025, 6, 6)),
        replace(RESOLVED, scope=Scope.PARTIAL),
        listed(Stage.PARTIALLY_SETTLED, date(2025, 6, 6)),
    ]


def test_papers_come_in_any_order():
    """The case is settled on the day of the latest signature, not of the one entered last."""
    signing = story(*telling.TO_SIGN, signed(OWNERS, date(2025, 6, 9)), by=OF_THE_AGENCY)
    assert said(signing.when(BY_AGENCY)) == [
        signed(AGENCY, date(2025, 6, 6)),
        replace(RESOLVED, on=date(2025, 6, 9)),
        listed(Stage.SETTLED, date(2025, 6, 9)),
    ]


def test_an_interest_that_came_up_over_the_text_must_stand_in_the_next_one():
    """Nobody signs past an interest that was recorded."""
    new = replace(telling.INTEREST, interest_id=STRANGER)
    story(*telling.TO_SIGN, new, by=OWNERS_SPEAKER).when(SIGN).refused("interest-not-in-text", 422)


def test_nobody_signs_while_the_mediation_rests():
    rests = replace(EXAMPLES[CaseSuspended], on=date(2025, 6, 4))
    story(*telling.TO_SIGN, rests, by=OWNERS_SPEAKER).when(SIGN).refused("case-suspended", 409)


def test_nobody_signs_for_another_party():
    story(*telling.TO_SIGN, by=OF_THE_AGENCY).when(SIGN).refused("not-your-party", 422)
    story(*telling.TO_SIGN, by=telling.STRANGER).when(SIGN).refused("not-your-party", 422)
    story(*telling.TO_SIGN, by=THE_MEDIATOR).when(SIGN).refused("not-your-party", 422)


def test_one_party_signing_twice_is_one_signature():
    story(*telling.TO_SIGN, BOTH_SIGNED[0], by=OWNERS_SPEAKER).when(SIGN).then_nothing()


def test_signing_again_after_the_case_was_settled_changes_nothing():
    story(*SETTLED, by=OWNERS_SPEAKER).when(SIGN).then_nothing()


def test_a_settled_case_takes_no_other_signature():
    story(*SETTLED, by=OWNERS_SPEAKER).when(replace(SIGN, party_id=STRANGER)).refused("case-already-settled", 409)


def test_a_new_text_voids_the_signatures():
    again = story(*telling.TO_SIGN, BOTH_SIGNED[0], DRAFTED, by=OF_THE_AGENCY)
    again.when(BY_AGENCY).then(signed(AGENCY, date(2025, 6, 6)))


def test_a_signature_under_an_earlier_text_is_void():
    newer = replace(DRAFTED, text_hash=text_hash(Scope.FULL, CLAUSES, ()), obligations=())
    story(*telling.TO_SIGN, newer, by=OWNERS_SPEAKER).when(SIGN).refused("text-differs-from-draft")


def test_there_is_nothing_to_sign_without_a_text():
    story(*RECORDED, by=OWNERS_SPEAKER).when(SIGN).refused("no-agreement-to-sign", 409)


def test_only_parties_sign():
    TO_SIGN.when(replace(SIGN, party_id=STRANGER)).refused("not-a-party")


def test_nobody_signs_ahead_of_time_or_before_there_is_a_text():
    TO_SIGN.when(replace(SIGN, on=date(2025, 6, 11))).refused("happens-in-the-future")
    TO_SIGN.when(replace(SIGN, on=date(2025, 6, 3))).refused("signed-before-drafted")


def test_the_secretariat_enters_a_signature_from_a_paper_only():
    paper = Source(number="004/WARGA/2025", date=date(2025, 6, 5), sender="Kelompok pemilik 38 bidang tanah")
    BY_THE_SECRETARIAT.when(SIGN).refused("source-missing")
    BY_THE_SECRETARIAT.when(replace(SIGN, on_behalf_of=paper)).then(replace(signed(OWNERS, date(2025, 6, 5)), on_behalf_of=paper))


def test_a_party_does_not_enter_what_another_signed():
    paper = Source(number="004/WARGA/2025", date=date(2025, 6, 3), sender="Kelompok pemilik 38 bidang tanah")
    TO_SIGN.when(replace(SIGN, on_behalf_of=paper)).refused("only-secretariat-enters-for-others")


def test_a_case_knows_only_its_own_commands():
    with pytest.raises(TypeError):
        case.decide(case.initial, object(), TO_SIGN.knows)
