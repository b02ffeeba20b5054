"""How a case begins and how it goes elsewhere: screened, its parties put together, its land, withdrawn, merged, referred."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.mediation.domain.deciding import case
from services.mediation.domain.failing import MediationFailed
from services.mediation.domain.joining import (
    AddParty,
    CasesMerged,
    CaseWithdrawn,
    MergeCases,
    PartyAdded,
    PartyRemoved,
    RemoveParty,
    WithdrawCase,
)
from services.mediation.domain.land import AttachLandAcquisition, LandAcquisitionLinked
from services.mediation.domain.proposing import InterestRecorded
from services.mediation.domain.registering import NameSpokesperson, SpokespersonNamed
from services.mediation.domain.screening import (
    CaseAccepted,
    CaseDeclined,
    CaseReferredOut,
    ReferCase,
    ScreenCase,
    ScreeningOutcome,
)
from services.mediation.domain.terms import Axis, Findings, Party, PartyKind, Stage, Venue
from services.mediation.examples import (
    AGENCY,
    BUILDER,
    CASE,
    COMPLAINT,
    EXAMPLES,
    LAND,
    LETTER,
    NEW_AGENCY,
    NEW_BUILDER,
    OWNERS,
    PLANNING,
    UNIVERSITY,
)
from shared.testing import Story
from tests.mediation.telling import (
    APPOINTED_,
    MEDIATED,
    NEW,
    OF_THE_AGENCY,
    OPEN,
    OWNERS_SPEAKER,
    SETTLED,
    TO_SIGN,
    listed,
    said,
    story,
)

SCREEN: ScreenCase = EXAMPLES[ScreenCase]
ADD: AddParty = EXAMPLES[AddParty]
REMOVE: RemoveParty = EXAMPLES[RemoveParty]
ADDED: PartyAdded = EXAMPLES[PartyAdded]
MERGE: MergeCases = EXAMPLES[MergeCases]
ATTACH: AttachLandAcquisition = EXAMPLES[AttachLandAcquisition]
WITHDRAW: WithdrawCase = EXAMPLES[WithdrawCase]
FAILED: MediationFailed = EXAMPLES[MediationFailed]
REFERRED: CaseReferredOut = EXAMPLES[CaseReferredOut]
STRANGER = UUID("00000000-0000-4000-8000-0000000003ff")
TO_SCREEN = story(*NEW)
SCREENED = date(2025, 5, 23)


# --- screening ----------------------------------------------------------------------------------------------------


def test_a_case_is_accepted():
    assert said(TO_SCREEN.when(SCREEN)) == [EXAMPLES[CaseAccepted], listed(Stage.ACCEPTED, SCREENED)]


@pytest.mark.parametrize(
    ("found", "slug"),
    [
        (Findings(in_scope=False), "not-a-housing-matter"),
        (Findings(in_scope=True, under_judgment=True), "already-judged"),
        (Findings(in_scope=True, criminal=True), "criminal-matter"),
        (Findings(in_scope=True, service_complaint=True), "complaint-about-a-service"),
        (Findings(in_scope=True, pending_suit=True), "suit-pending-without-consent"),
        (Findings(in_scope=True, pending_suit=True, suit_consents=(OWNERS,)), "suit-pending-without-consent"),
    ],
)
def test_what_is_not_ours_to_mediate_is_not_accepted(found, slug):
    TO_SCREEN.when(replace(SCREEN, findings=found)).refused(slug, 422)


def test_a_pending_suit_is_mediated_when_all_parties_want_it():
    found = Findings(in_scope=True, pending_suit=True, suit_consents=(OWNERS, AGENCY))
    assert said(TO_SCREEN.when(replace(SCREEN, findings=found)))[0].findings == found
    stranger = replace(found, suit_consents=(OWNERS, STRANGER))
    TO_SCREEN.when(replace(SCREEN, findings=stranger)).refused("not-a-party")


def test_a_case_is_declined_with_a_reason():
    decline = ScreenCase(outcome=ScreeningOutcome.DECLINE, findings=COMPLAINT, reason="Bukan sengketa perumahan.", on=SCREENED)
    assert said(TO_SCREEN.when(decline)) == [EXAMPLES[CaseDeclined], listed(Stage.DECLINED, SCREENED)]
    TO_SCREEN.when(replace(decline, reason=None)).refused("reason-missing", 422)


def test_a_case_is_referred_to_where_it_belongs_without_party_and_content():
    refer = ScreenCase(outcome=ScreeningOutcome.REFER, findings=COMPLAINT, venue=Venue.SP4N, reference="9182736", on=SCREENED)
    assert said(TO_SCREEN.when(refer)) == [REFERRED, listed(Stage.REFERRED_OUT, SCREENED)]
    TO_SCREEN.when(replace(refer, venue=None)).refused("venue-missing", 422)
    TO_SCREEN.when(replace(refer, reference=None)).refused("reference-missing", 422)
    elsewhere = replace(refer, venue=Venue.BPSK, reference=None)
    assert said(TO_SCREEN.when(elsewhere))[0].venue is Venue.BPSK


def test_a_case_is_screened_once_and_in_its_time():
    story(*OPEN).when(SCREEN).refused("case-already-screened", 409)
    Story(case).when(SCREEN).refused("case-not-registered", 409)
    TO_SCREEN.when(replace(SCREEN, on=date(2025, 5, 20))).refused("before-registration")
    TO_SCREEN.when(replace(SCREEN, on=date(2025, 6, 11))).refused("happens-in-the-future")


# --- parties ------------------------------------------------------------------------------------------------------


def adding(*facts):
    return story(*facts, organisations=frozenset({PLANNING, UNIVERSITY}))


def test_one_party_more_takes_part():
    added = replace(ADDED, party=replace(ADDED.party, party_id=TO_SCREEN.knows.new_id(0)))
    named = SpokespersonNamed(
        case_id=CASE, party_id=added.party.party_id, spokesperson="Kuasa direksi", contact="kuasa@contoh.example"
    )
    assert said(adding(*OPEN).when(ADD)) == [added, named]


def test_other_parties_may_mean_another_axis():
    buyers = replace(NEW_BUILDER, kind=PartyKind.BENEFICIARY, is_complainant=True)
    added, _, shown = said(adding(*OPEN).when(replace(ADD, party=buyers)))
    assert (added.axis, shown.axis, shown.stage) == (Axis.GOVERNMENT_BENEFICIARY, Axis.GOVERNMENT_BENEFICIARY, Stage.ACCEPTED)


def test_a_party_that_is_added_is_known_is_new_and_does_not_mediate():
    adding(*OPEN).when(replace(ADD, party=NEW_AGENCY)).refused("named-twice")
    unknown = replace(NEW_BUILDER, organisation_id=STRANGER)
    adding(*OPEN).when(replace(ADD, party=unknown)).refused("unknown-member", 422)
    adding(*OPEN).when(replace(ADD, party=replace(NEW_BUILDER, spokesperson=None))).refused("group-without-spokesperson")
    university = replace(NEW_BUILDER, organisation_id=UNIVERSITY)
    adding(*APPOINTED_).when(replace(ADD, party=university)).refused("mediator-is-party", 422)


def test_a_party_takes_no_part_any_more_when_it_loses_nothing_by_it():
    three = story(*OPEN, ADDED)
    three.when(REMOVE).then(EXAMPLES[PartyRemoved])
    three.when(replace(REMOVE, harmless=False)).refused("removal-harms-party", 422)
    three.when(replace(REMOVE, party_id=STRANGER)).refused("not-a-party")


def test_two_sides_remain():
    story(*OPEN).when(replace(REMOVE, party_id=AGENCY)).refused("too-few-parties")
    story(*OPEN, ADDED).when(replace(REMOVE, party_id=OWNERS)).refused("complainant-missing")


def test_what_a_removed_party_said_goes_with_it():
    needs = replace(EXAMPLES[InterestRecorded], party_id=BUILDER)
    state = story(*MEDIATED, ADDED, needs, EXAMPLES[PartyRemoved]).state
    assert BUILDER not in state.parties
    assert state.interests == {}


def test_parties_change_before_there_is_an_agreement():
    for wish in (ADD, REMOVE):
        adding(*TO_SIGN).when(wish).refused("mediation-under-way", 409)
        adding(*SETTLED).when(wish).refused("case-already-settled", 409)


def test_who_speaks_for_a_party_may_change():
    name: NameSpokesperson = EXAMPLES[NameSpokesperson]
    story(*OPEN).when(name).then(EXAMPLES[SpokespersonNamed])
    other = replace(name, party_id=AGENCY, spokesperson=None, contact=None, account="bappeda-2")
    (named,) = story(*OPEN).when(other).outcome
    assert (named.party_id, named.account) == (AGENCY, "bappeda-2")
    story(*OPEN).when(replace(name, spokesperson=None)).refused("group-without-spokesperson")
    story(*OPEN).when(replace(name, party_id=STRANGER)).refused("not-a-party")
    story(*NEW, EXAMPLES[CaseDeclined]).when(name).refused("case-has-ended", 409)


def test_two_cases_about_one_conflict_become_one():
    merging = story(*OPEN, target=("MED/32/2025/0002", Stage.ACCEPTED))
    assert said(merging.when(MERGE)) == [EXAMPLES[CasesMerged], listed(Stage.MERGED, date(2025, 5, 26))]
    merging.when(replace(MERGE, into=CASE)).refused("merged-into-itself")
    story(*OPEN, target=None).when(MERGE).refused("unknown-case", 422)
    story(*OPEN, target=("MED/32/2025/0002", Stage.SETTLED)).when(MERGE).refused("other-case-too-far", 422)
    story(*SETTLED, target=("MED/32/2025/0002", Stage.ACCEPTED)).when(MERGE).refused("case-already-settled", 409)


def test_the_last_who_complains_gives_the_case_up():
    by_itself = story(*OPEN, by=OWNERS_SPEAKER)
    assert said(by_itself.when(replace(WITHDRAW, on_behalf_of=None))) == [
        replace(EXAMPLES[CaseWithdrawn], on_behalf_of=None),
        listed(Stage.WITHDRAWN, date(2025, 6, 6)),
    ]
    assert said(story(*OPEN).when(WITHDRAW))[0].on_behalf_of == LETTER
    story(*OPEN).when(replace(WITHDRAW, party_id=AGENCY)).refused("not-a-complainant")
    another = replace(ADDED, party=Party(party_id=BUILDER, kind=PartyKind.AFFECTED, name="Warga lain", is_complainant=True))
    story(*OPEN, another).when(WITHDRAW).refused("others-still-complain")
    story(*OPEN, by=OF_THE_AGENCY).when(replace(WITHDRAW, on_behalf_of=None)).refused("not-your-party")
    story(*SETTLED).when(WITHDRAW).refused("case-already-settled", 409)


# --- land ---------------------------------------------------------------------------------------------------------


def test_the_law_counts_from_its_own_days():
    """14 working days from the record of the deliberation, 60 from the consultation, two years from the decree."""
    assert said(story(*OPEN).when(ATTACH)) == [EXAMPLES[LandAcquisitionLinked]]
    again = replace(ATTACH, land=replace(LAND, consultation_repeated=True))
    assert said(story(*OPEN).when(again))[0].consultation_due == date(2025, 6, 9)


def test_the_golden_case_of_the_fourteen_days():
    """The day of the record is day 0; Monday to Friday only, 10 June leads to 30 June 2025."""
    land = replace(LAND, deliberation_on=date(2025, 6, 10))
    assert said(story(*OPEN).when(replace(ATTACH, land=land)))[0].objection_due == date(2025, 6, 30)


def test_days_that_the_law_does_not_count_yet_are_left_open():
    bare = replace(LAND, location_decree=None, consultation_on=None, deliberation_on=None)
    linked = said(story(*OPEN).when(replace(ATTACH, land=bare)))[0]
    assert (linked.consultation_due, linked.objection_due, linked.permit_until) == (None, None, None)


def test_a_permit_of_the_29th_of_february_lasts_until_the_28th():
    decree = replace(LAND.location_decree, date=date(2024, 2, 29))
    land = replace(LAND, location_decree=decree)
    assert said(story(*OPEN).when(replace(ATTACH, land=land)))[0].permit_until == date(2026, 2, 28)


def test_the_same_land_again_is_nothing_new_and_its_days_are_not_to_come():
    story(*OPEN, EXAMPLES[LandAcquisitionLinked]).when(ATTACH).then_nothing()
    for day in ("consultation_on", "deliberation_on"):
        ahead = replace(LAND, **{day: date(2025, 6, 11)})
        story(*OPEN).when(replace(ATTACH, land=ahead)).refused("happens-in-the-future")
    decree = replace(LAND.location_decree, date=date(2025, 6, 11))
    story(*OPEN).when(replace(ATTACH, land=replace(LAND, location_decree=decree))).refused("happens-in-the-future")
    story(*NEW, EXAMPLES[CaseDeclined]).when(ATTACH).refused("case-has-ended", 409)


# --- elsewhere ----------------------------------------------------------------------------------------------------


def test_after_a_failed_mediation_the_conflict_may_go_on_elsewhere():
    refer: ReferCase = EXAMPLES[ReferCase]
    assert said(story(*MEDIATED, FAILED).when(refer)) == [
        replace(REFERRED, on=date(2025, 6, 9)),
        listed(Stage.REFERRED_OUT, date(2025, 6, 9)),
    ]
    story(*MEDIATED).when(refer).refused("nothing-to-refer", 409)
    Story(case).when(refer).refused("case-not-registered", 409)
