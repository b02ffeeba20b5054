"""An agreement: a balanced text, signed by every party, settles the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.mediation.domain.agreement import text_hash
from services.mediation.domain.case import (
    AgreementDrafted,
    AgreementSigned,
    CaseListed,
    ConflictRegistered,
    ConflictResolved,
    DraftAgreement,
    SignAgreement,
    case,
)
from services.mediation.domain.terms import Interest, Obligation, Scope, Source, Stage
from services.mediation.examples import AGENCY, CAUSES, CHECKS, CLAUSES, EXAMPLES, HASH, OWNERS, PLANNING, PROMISE
from shared.decider import Actor
from shared.testing import Story

REGISTERED: ConflictRegistered = EXAMPLES[ConflictRegistered]
DRAFTED: AgreementDrafted = EXAMPLES[AgreementDrafted]
RESOLVED: ConflictResolved = EXAMPLES[ConflictResolved]
DRAFT: DraftAgreement = EXAMPLES[DraftAgreement]
SIGN: SignAgreement = EXAMPLES[SignAgreement]
STRANGER = UUID("00000000-0000-4000-8000-0000000003ff")

IN_MEDIATION = Story(case).given(REGISTERED).knowing(organisations=frozenset({PLANNING}))
TO_SIGN = Story(case).given(REGISTERED, DRAFTED).knowing(actor=Actor("party", frozenset({"party"})))
BY_THE_SECRETARIAT = Story(case).given(REGISTERED, DRAFTED)


def signed(party_id: UUID, on: date) -> AgreementSigned:
    return AgreementSigned(case_id=REGISTERED.case_id, party_id=party_id, text_hash=HASH, on=on)


def listed(stage: Stage, on: date) -> CaseListed:
    return replace(EXAMPLES[CaseListed], stage=stage, on=on)


# --- drafting -----------------------------------------------------------------------------------------------------


def test_the_mediator_lays_a_balanced_text_before_the_parties():
    new_id = IN_MEDIATION.knows.new_id
    IN_MEDIATION.when(DRAFT).then(
        replace(
            DRAFTED,
            interests=tuple(Interest(interest_id=new_id(n), **vars(one)) for n, one in enumerate(DRAFT.interests)),
            obligations=(Obligation(obligation_id=new_id(2), **vars(PROMISE)),),
        )
    )


def test_a_new_text_lets_the_obligations_of_the_former_fall():
    (redrafted,) = IN_MEDIATION.given(DRAFTED).when(replace(DRAFT, obligations=())).outcome
    assert redrafted.voided == tuple(one.obligation_id for one in DRAFTED.obligations)


def test_an_agreement_may_bind_nobody_to_anything():
    assert IN_MEDIATION.when(replace(DRAFT, obligations=())).outcome[0].obligations == ()


def test_there_is_nothing_to_agree_on_without_a_case():
    Story(case).when(DRAFT).refused("case-not-registered", 409)


def test_a_settled_case_takes_no_new_text():
    settled = IN_MEDIATION.given(DRAFTED, RESOLVED)
    settled.when(DRAFT).refused("case-already-settled", 409)


def test_a_text_is_not_drafted_ahead_of_time():
    IN_MEDIATION.when(replace(DRAFT, on=date(2025, 6, 11))).refused("happens-in-the-future")


def test_a_text_is_not_older_than_its_case():
    IN_MEDIATION.when(replace(DRAFT, on=date(2025, 5, 20))).refused("drafted-before-registered")


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
    strange = replace(DRAFT.interests[0], party_id=STRANGER)
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
    IN_MEDIATION.knowing(organisations=frozenset()).when(DRAFT).refused("unknown-member")


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


def test_all_may_happen_on_one_day():
    """Registered, drafted, signed and due on the same day."""
    (drafted,) = IN_MEDIATION.when(replace(DRAFT, on=REGISTERED.on, obligations=(replace(PROMISE, due=REGISTERED.on),))).outcome
    sign = replace(SIGN, text_hash=drafted.text_hash, on=REGISTERED.on)
    story = Story(case).given(REGISTERED, drafted).knowing(actor=TO_SIGN.knows.actor)
    assert story.when(sign).outcome[0].on == REGISTERED.on


# --- signing ------------------------------------------------------------------------------------------------------


def test_a_party_signs():
    TO_SIGN.when(SIGN).then(signed(OWNERS, date(2025, 6, 3)))


def test_the_last_signature_settles_the_case():
    TO_SIGN.given(signed(OWNERS, date(2025, 6, 3))).when(replace(SIGN, party_id=AGENCY, on=date(2025, 6, 4))).then(
        signed(AGENCY, date(2025, 6, 4)), RESOLVED, listed(Stage.SETTLED, date(2025, 6, 4))
    )


def test_a_partial_agreement_settles_a_case_in_part():
    partial = replace(DRAFTED, scope=Scope.PARTIAL)
    story = Story(case).given(REGISTERED, partial, signed(OWNERS, date(2025, 6, 3))).knowing(actor=TO_SIGN.knows.actor)
    story.when(replace(SIGN, party_id=AGENCY, on=date(2025, 6, 4))).then(
        signed(AGENCY, date(2025, 6, 4)),
        replace(RESOLVED, scope=Scope.PARTIAL),
        listed(Stage.PARTIALLY_SETTLED, date(2025, 6, 4)),
    )


def test_papers_come_in_any_order():
    """The case is settled on the day of the latest signature, not of the one entered last."""
    TO_SIGN.given(signed(OWNERS, date(2025, 6, 9))).when(replace(SIGN, party_id=AGENCY, on=date(2025, 6, 4))).then(
        signed(AGENCY, date(2025, 6, 4)),
        replace(RESOLVED, on=date(2025, 6, 9)),
        listed(Stage.SETTLED, date(2025, 6, 9)),
    )


def test_one_party_signing_twice_is_one_signature():
    TO_SIGN.given(signed(OWNERS, date(2025, 6, 3))).when(SIGN).then_nothing()


def test_signing_again_after_the_case_was_settled_changes_nothing():
    whole = TO_SIGN.given(signed(OWNERS, date(2025, 6, 3)), signed(AGENCY, date(2025, 6, 4)), RESOLVED)
    whole.when(SIGN).then_nothing()


def test_a_settled_case_takes_no_other_signature():
    whole = TO_SIGN.given(signed(OWNERS, date(2025, 6, 3)), signed(AGENCY, date(2025, 6, 4)), RESOLVED)
    whole.when(replace(SIGN, party_id=STRANGER)).refused("case-already-settled", 409)


def test_a_new_text_voids_the_signatures():
    again = TO_SIGN.given(signed(OWNERS, date(2025, 6, 3)), DRAFTED)
    again.when(replace(SIGN, party_id=AGENCY)).then(signed(AGENCY, date(2025, 6, 3)))


def test_a_signature_under_an_earlier_text_is_void():
    newer = replace(DRAFTED, text_hash=text_hash(Scope.FULL, CLAUSES, ()), obligations=())
    TO_SIGN.given(newer).when(SIGN).refused("text-differs-from-draft")


def test_there_is_nothing_to_sign_without_a_text():
    Story(case).given(REGISTERED).when(SIGN).refused("no-agreement-to-sign", 409)


def test_only_parties_sign():
    TO_SIGN.when(replace(SIGN, party_id=STRANGER)).refused("not-a-party")


def test_nobody_signs_ahead_of_time():
    TO_SIGN.when(replace(SIGN, on=date(2025, 6, 11))).refused("happens-in-the-future")


def test_nobody_signs_before_there_is_a_text():
    TO_SIGN.when(replace(SIGN, on=date(2025, 6, 1))).refused("signed-before-drafted")


def test_the_secretariat_enters_a_signature_from_a_paper_only():
    paper = Source(number="004/WARGA/2025", date=date(2025, 6, 3), sender="Kelompok pemilik 38 bidang tanah")
    BY_THE_SECRETARIAT.when(SIGN).refused("source-missing")
    BY_THE_SECRETARIAT.when(replace(SIGN, on_behalf_of=paper)).then(replace(signed(OWNERS, date(2025, 6, 3)), on_behalf_of=paper))


def test_a_party_does_not_enter_what_another_signed():
    paper = Source(number="004/WARGA/2025", date=date(2025, 6, 3), sender="Kelompok pemilik 38 bidang tanah")
    TO_SIGN.when(replace(SIGN, on_behalf_of=paper)).refused("only-secretariat-enters-for-others")


def test_a_case_knows_only_its_own_commands():
    with pytest.raises(TypeError):
        case.decide(case.initial, object(), TO_SIGN.knows)
