"""What mediation's registers make of facts, what its look-ups find in them, and what may be told to everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from services.mediation.domain.agreeing import DraftAgreement
from services.mediation.domain.appointing import AppointMediator, MediatorRecused
from services.mediation.domain.clocks import ClockStarted, ClockStopped, DeadlineApproaching, DeadlineMissed
from services.mediation.domain.closing import CaseClosed, MediationReopened
from services.mediation.domain.consenting import CaseSummarySubmitted, PartyRefused
from services.mediation.domain.failing import MediationFailed
from services.mediation.domain.joining import AddParty, CasesMerged, MergeCases, PartyAdded, PartyRemoved
from services.mediation.domain.keeping import BreachReported, PerformanceRecorded
from services.mediation.domain.land import LandAcquisitionLinked
from services.mediation.domain.mediating import SessionCancelled
from services.mediation.domain.mediation_request import (
    MediationRequested,
    RequestAnswered,
    RequestOverdue,
    RequestStage,
    RequestTurnedIntoCase,
    TurnIntoCase,
)
from services.mediation.domain.proposing import ProposalAnswered, ProposalMade
from services.mediation.domain.registering import RegisterCase
from services.mediation.domain.resting import CaseResumed, CaseSuspended, MediationExtended
from services.mediation.domain.screening import CaseReferredOut
from services.mediation.domain.terms import Axis, Clock, ImpasseReason, Obligation, RootCause, Scope, SessionKind, Stage, Venue
from services.mediation.examples import (
    AGENCY,
    AGENCY_NAME,
    ATTENDANCE,
    BUILDER,
    CASE,
    CAUSES,
    CLAIM,
    CONTACT,
    EXAMPLES,
    HASH,
    INTEREST,
    LAND,
    NUMBER,
    OBLIGATION,
    OFFER,
    OTHER_CASE,
    OTHER_INTEREST,
    OWNERS,
    PLANNING,
    PROMISE,
    REQUEST,
    SESSION,
    TITLE,
    UNIVERSITY,
    VILLAGE,
)
from services.mediation.foreign import (
    MemberJoined,
    MemberLeft,
    MemberReinstated,
    MemberSucceeded,
    MemberSuspended,
)
from services.mediation.registers.cases import CaseLine, case_of_request, cases, request_of_case, target
from services.mediation.registers.deadlines import DeadlineLine, Running, deadlines
from services.mediation.registers.figures import Figures, Spot, days_to_settle, figures, hot_spots
from services.mediation.registers.interests import InterestLine, interests
from services.mediation.registers.obligations import ObligationLine, Standing, obligations
from services.mediation.registers.organisations import (
    Organisation,
    named_as_advised,
    named_as_parties,
    named_as_party,
    organisations,
    sends_mediator,
)
from services.mediation.registers.parties import PartyLine, parties
from services.mediation.registers.proposals import Answered, ProposalLine, proposals
from services.mediation.registers.public_cases import PublicLine, public_cases
from services.mediation.registers.requests import RequestLine, requests
from services.mediation.registers.sessions import SessionLine, sessions
from services.mediation.registers.tracking import Tracked, tracked
from services.mediation.service import service
from shared.facts import personal_fields
from shared.testing import folded
from tests.mediation.telling import (
    APPOINTED,
    BOTH_SIGNED,
    CALLED,
    CONSENTED,
    DRAFTED,
    HELD,
    REGISTERED,
    RESOLVED,
    SETTLED,
    SIGNED,
    SPOKEN,
    Known,
    listed,
    past,
)
from tests.mediation.telling import INTEREST as RECORDED

LISTED = listed(Stage.REGISTERED, date(2025, 5, 21))
LAID = (REGISTERED, LISTED, DRAFTED)
WHOLE = (*LAID, *BOTH_SIGNED, RESOLVED, listed(Stage.SETTLED, date(2025, 6, 6)))
REQUESTED: MediationRequested = EXAMPLES[MediationRequested]


def line_after(*facts: Any) -> CaseLine:
    line: CaseLine = folded(cases, facts, CASE)[str(CASE)]
    return line


# --- the case file ------------------------------------------------------------------------------------------------


def test_a_case_opens_a_line():
    assert line_after(REGISTERED) == CaseLine(
        number=NUMBER,
        title=TITLE,
        stage=Stage.REGISTERED,
        axis=Axis.GOVERNMENT_AFFECTED,
        area_code=VILLAGE,
        claim=CLAIM,
        registered_on=date(2025, 5, 21),
        tracking_code=REGISTERED.tracking_code,
        parties=2,
        screening_due=date(2025, 5, 28),
    )


def test_a_line_counts_its_parties_and_sessions():
    line = line_after(REGISTERED, LISTED, EXAMPLES[PartyAdded], HELD)
    assert (line.parties, line.sessions) == (3, 1)
    assert line_after(REGISTERED, EXAMPLES[PartyAdded], EXAMPLES[PartyRemoved]).parties == 2


def test_a_line_shows_its_mediator_its_days_and_its_land():
    line = line_after(REGISTERED, APPOINTED, EXAMPLES[LandAcquisitionLinked])
    assert (line.mediator, line.mediation_due, line.land) == (UNIVERSITY, date(2025, 7, 8), LAND)
    assert line_after(REGISTERED, APPOINTED, EXAMPLES[MediationExtended]).mediation_due == date(2025, 8, 19)
    gone = line_after(REGISTERED, APPOINTED, DRAFTED, SIGNED, EXAMPLES[MediatorRecused])
    assert (gone.mediator, gone.mediation_due, gone.text_hash, gone.signatures) == (None, None, "", 0)


def test_a_text_waits_for_signatures():
    line = line_after(*LAID, SIGNED)
    assert (line.stage, line.signatures, line.text_hash) == (Stage.AGREEMENT_DRAFTED, 1, HASH)
    assert line.drafted_on == date(2025, 6, 4)
    assert (line.scope, line.clauses, line.interests) == (Scope.FULL, DRAFTED.clauses, DRAFTED.interests)
    assert (line.root_causes, line.advised) == (DRAFTED.root_causes, DRAFTED.advised)


def test_a_new_text_counts_its_signatures_from_nought():
    line = line_after(*LAID, SIGNED, DRAFTED)
    assert (line.stage, line.signatures) == (Stage.AGREEMENT_DRAFTED, 0)


def test_a_settled_case_shows_the_day_also_after_it_was_closed():
    line = line_after(*WHOLE)
    assert (line.stage, line.signatures, line.settled_on) == (Stage.SETTLED, 2, date(2025, 6, 6))
    closed = line_after(*WHOLE, EXAMPLES[CaseClosed], listed(Stage.CLOSED, date(2025, 9, 8)))
    assert (closed.stage, closed.settled_on, closed.closed_on) == (Stage.CLOSED, date(2025, 6, 6), date(2025, 9, 8))


def test_a_rest_goes_on_where_it_was():
    rests = (EXAMPLES[CaseSuspended], listed(Stage.SUSPENDED, date(2025, 6, 6)))
    back = (EXAMPLES[CaseResumed], listed(Stage.IN_MEDIATION, date(2025, 6, 10)))
    resting = line_after(*LAID, *rests)
    assert (resting.stage, resting.resume_on, resting.mediation_due) == (Stage.SUSPENDED, date(2025, 6, 20), None)
    again = line_after(*LAID, *rests, *back)
    assert (again.stage, again.resume_on, again.mediation_due) == (Stage.AGREEMENT_DRAFTED, None, date(2025, 7, 10))
    assert line_after(REGISTERED, listed(Stage.IN_MEDIATION, date(2025, 6, 2)), *rests, *back).stage is Stage.IN_MEDIATION


def test_a_line_says_how_a_case_ended():
    failed = line_after(REGISTERED, EXAMPLES[MediationFailed], listed(Stage.IMPASSE, date(2025, 6, 6)))
    assert (failed.stage, failed.impasse, failed.venue) == (Stage.IMPASSE, ImpasseReason.NO_AGREEMENT, Venue.COURT)
    assert line_after(REGISTERED, EXAMPLES[CaseReferredOut]).venue is Venue.SP4N
    assert line_after(REGISTERED, EXAMPLES[CasesMerged]).merged_into == "MED/32/2025/0002"
    again = line_after(*WHOLE, EXAMPLES[MediationReopened], listed(Stage.IN_MEDIATION, date(2025, 9, 3)))
    assert (again.settled_on, again.text_hash, again.mediation_due) == (None, "", date(2025, 10, 15))


# --- parties ------------------------------------------------------------------------------------------------------


def test_every_party_has_a_line_with_what_was_sealed_in_the_fact():
    """The register passes personal fields on as they are stored: it neither reads nor changes them."""
    rows = folded(parties, (REGISTERED, replace(SPOKEN, contact="sealed")), CASE)
    assert set(rows) == {f"{CASE}/{OWNERS}", f"{CASE}/{AGENCY}"}
    owners, agency = rows[f"{CASE}/{OWNERS}"], rows[f"{CASE}/{AGENCY}"]
    assert (owners.number, owners.contact, owners.is_complainant, owners.signed_on) == (NUMBER, "sealed", True, None)
    assert (agency.organisation_id, agency.spokesperson, agency.name) == (PLANNING, None, AGENCY_NAME)
    assert owners.case_id == agency.case_id == CASE
    assert CONTACT not in str(rows)


def test_the_register_says_which_of_its_columns_are_personal():
    assert [(one.path, one.subject) for one in personal_fields(PartyLine)] == [
        (("spokesperson",), "party_id"),
        (("contact",), "party_id"),
    ]


def test_a_party_line_shows_what_the_party_did():
    summary = EXAMPLES[CaseSummarySubmitted]
    line = folded(parties, (REGISTERED, CONSENTED, summary, DRAFTED, SIGNED), CASE)[f"{CASE}/{OWNERS}"]
    assert (line.consented_on, line.summarised_on, line.signed_on) == (CONSENTED.on, summary.on, SIGNED.on)
    refused = folded(parties, (REGISTERED, CONSENTED, EXAMPLES[PartyRefused]), CASE)[f"{CASE}/{OWNERS}"]
    assert (refused.consented_on, refused.refused_on) == (None, date(2025, 5, 26))
    again = folded(parties, (REGISTERED, EXAMPLES[PartyRefused], CONSENTED), CASE)[f"{CASE}/{OWNERS}"]
    assert again.refused_on is None


def test_parties_come_and_go():
    rows = folded(parties, (REGISTERED, EXAMPLES[PartyAdded]), CASE)
    assert rows[f"{CASE}/{BUILDER}"].name == "PT Pengembang Contoh"
    assert len(folded(parties, (REGISTERED, EXAMPLES[PartyAdded], EXAMPLES[PartyRemoved]), CASE)) == 2


def test_a_new_text_or_a_mediator_who_goes_clears_the_signatures():
    rows = folded(parties, (*LAID, *BOTH_SIGNED, DRAFTED), CASE)
    assert [row.signed_on for row in rows.values()] == [None, None]
    gone = replace(EXAMPLES[MediatorRecused], unsigned=(OWNERS,))
    rows = folded(parties, (*LAID, *BOTH_SIGNED, gone), CASE)
    assert [row.signed_on for row in rows.values()] == [None, date(2025, 6, 6)]


# --- obligations, interests, sessions, proposals, days ------------------------------------------------------------


def test_an_obligation_binds_from_the_last_signature_on():
    proposed = ObligationLine(CASE, AGENCY, PROMISE.act, PROMISE.due)
    assert folded(obligations, LAID, CASE) == {f"{CASE}/{OBLIGATION}": proposed}
    bound = folded(obligations, past(*SETTLED), CASE)[f"{CASE}/{OBLIGATION}"]
    assert bound == replace(proposed, standing=Standing.BINDING)


def test_an_obligation_is_performed_breached_or_agreed_anew():
    def after(*facts: Any) -> ObligationLine:
        line: ObligationLine = folded(obligations, (*past(*SETTLED), *facts), CASE)[f"{CASE}/{OBLIGATION}"]
        return line

    done = after(EXAMPLES[PerformanceRecorded])
    assert (done.standing, done.since, done.late) == (Standing.PERFORMED, date(2025, 8, 28), False)
    broken = after(EXAMPLES[BreachReported])
    assert (broken.standing, broken.since, broken.late) == (Standing.BREACHED, date(2025, 9, 1), True)
    anew = after(EXAMPLES[BreachReported], EXAMPLES[MediationReopened])
    assert (anew.standing, anew.since) == (Standing.AGREED_ANEW, date(2025, 9, 3))


def test_the_obligations_of_a_former_text_fall():
    other = Obligation(obligation_id=INTEREST, debtor=OWNERS, act="Mencabut pengaduan.", due=date(2025, 9, 1))
    redrafted = replace(DRAFTED, obligations=(other,), voided=(OBLIGATION,))
    assert set(folded(obligations, (REGISTERED, DRAFTED, redrafted), CASE)) == {f"{CASE}/{INTEREST}"}


def test_the_grid_shows_which_interest_is_met_by_which_clause():
    recorded = folded(interests, (RECORDED,), CASE)[f"{CASE}/{INTEREST}"]
    assert recorded == InterestLine(CASE, INTEREST, OWNERS, RECORDED.need, RECORDED.demand, RECORDED.on)
    rows = folded(interests, (RECORDED, DRAFTED), CASE)
    assert rows[f"{CASE}/{INTEREST}"] == replace(recorded, answered=True, clauses=(1, 2))
    stated = rows[f"{CASE}/{OTHER_INTEREST}"]
    assert (stated.party_id, stated.clauses, stated.reason) == (AGENCY, (), DRAFTED.interests[1].reason)
    again = replace(DRAFTED, interests=DRAFTED.interests[:1], dropped=(OTHER_INTEREST,))
    assert set(folded(interests, (RECORDED, DRAFTED, again), CASE)) == {f"{CASE}/{INTEREST}"}


def test_a_session_is_called_and_held_or_cancelled():
    called = SessionLine(CASE, SESSION, SessionKind.JOINT, (OWNERS, AGENCY), CALLED.day, "09.30", CALLED.place)
    key = f"{CASE}/{SESSION}"
    assert folded(sessions, (CALLED,), CASE) == {key: called}
    held = folded(sessions, (CALLED, HELD), CASE)[key]
    assert (held.held_on, held.attendance, held.record) == (HELD.on, ATTENDANCE, HELD.record)
    assert folded(sessions, (CALLED, EXAMPLES[SessionCancelled]), CASE)[key].cancelled == "Ruang rapat terpakai."


def test_a_proposal_gathers_its_answers():
    made = ProposalLine(CASE, 1, AGENCY, None, OFFER, date(2025, 6, 3))
    told = (EXAMPLES[ProposalMade], EXAMPLES[ProposalAnswered])
    assert folded(proposals, told, CASE) == {f"{CASE}/1": replace(made, answers=(Answered(OWNERS, True),))}


def test_the_clock_board_shows_what_runs_what_stopped_and_what_was_missed():
    started, stopped = EXAMPLES[ClockStarted], EXAMPLES[ClockStopped]
    line = DeadlineLine(CASE, Clock.SCREENING, None, date(2025, 5, 28), Running.RUNS)
    key = f"{CASE}/screening"
    assert folded(deadlines, (started,), CASE) == {key: line}
    assert folded(deadlines, (started, stopped), CASE)[key].running is Running.STOPPED
    assert folded(deadlines, (started, EXAMPLES[DeadlineMissed]), CASE)[key].running is Running.MISSED
    near = replace(EXAMPLES[DeadlineApproaching], clock=Clock.SCREENING, days_left=2)
    assert folded(deadlines, (started, near), CASE)[key].days_left == 2
    of_one = replace(started, clock=Clock.OBLIGATION, about=OBLIGATION)
    assert set(folded(deadlines, (of_one,), CASE)) == {f"{CASE}/obligation/{OBLIGATION}"}


def test_keys_of_lines_begin_with_their_thing():
    """So that facts of one case touch lines of that case only."""
    for register in service.own_registers:
        id = REQUEST if register is requests else CASE
        for fact in (EXAMPLES[cls] for cls in register.folds):
            assert all(key.startswith(str(id)) for key in register.touched(fact, id)), register.name


# --- requests -----------------------------------------------------------------------------------------------------


def test_a_request_has_a_line_whose_words_stay_sealed():
    line: RequestLine = folded(requests, (replace(REQUESTED, contact="sealed"),), REQUEST)[str(REQUEST)]
    assert (line.request_stage, line.answer_by, line.contact) == (RequestStage.RECEIVED, date(2025, 6, 9), "sealed")
    assert {one.path for one in personal_fields(RequestLine)} == {("what_happened",), ("against",), ("contact",)}


def test_a_request_line_says_what_became_of_it():
    def after(*facts: Any) -> RequestLine:
        line: RequestLine = folded(requests, (REQUESTED, *facts), REQUEST)[str(REQUEST)]
        return line

    assert after(EXAMPLES[RequestOverdue]).overdue is True
    turned = after(EXAMPLES[RequestOverdue], EXAMPLES[RequestTurnedIntoCase])
    assert (turned.request_stage, turned.case_number, turned.overdue) == (RequestStage.TURNED_INTO_CASE, NUMBER, False)
    answered = after(EXAMPLES[RequestAnswered])
    assert (answered.request_stage, answered.venue, answered.answered_on) == (
        RequestStage.ANSWERED,
        Venue.BPSK,
        date(2025, 6, 5),
    )
    assert answered.answer == EXAMPLES[RequestAnswered].answer


def test_a_requester_goes_on_by_the_code_from_the_request_to_the_case():
    asked = folded(requests, (REQUESTED,), REQUEST)
    line = replace(line_after(REGISTERED), request_id=REQUEST, tracking_code=REQUESTED.tracking_code)
    public = PublicLine(NUMBER, Axis.GOVERNMENT_AFFECTED, "32.04", Stage.ACCEPTED, date(2025, 5, 23), date(2025, 5, 21))
    before = Known(requests=asked)
    code = REQUESTED.tracking_code
    assert tracked(before, f" {code.lower()} ") == Tracked(RequestStage.RECEIVED, date(2025, 6, 2))
    after = Known(requests=asked, cases={str(CASE): line}, public_cases={str(CASE): public})
    assert tracked(after, code) == Tracked(
        RequestStage.RECEIVED, date(2025, 6, 2), number=NUMBER, stage=Stage.ACCEPTED, reached_on=date(2025, 5, 23)
    )
    alone = Known(cases={str(CASE): line}, public_cases={str(CASE): public})
    assert tracked(alone, code).stage is Stage.ACCEPTED
    assert tracked(after, "AAAAAAAAAA") is None


def test_request_and_case_find_each_other():
    turn: TurnIntoCase = EXAMPLES[TurnIntoCase]
    register: RegisterCase = replace(EXAMPLES[RegisterCase], request_id=REQUEST)
    known = Known(
        requests=folded(requests, (REQUESTED,), REQUEST), cases={str(CASE): replace(line_after(REGISTERED), request_id=REQUEST)}
    )
    assert case_of_request(known, turn, str(REQUEST)) == (NUMBER, REQUEST)
    assert case_of_request(Known(), turn, str(REQUEST)) is None
    assert request_of_case(known, register, str(CASE)) == (REQUESTED.tracking_code, True)
    answered = Known(requests=folded(requests, (REQUESTED, EXAMPLES[RequestAnswered]), REQUEST))
    assert request_of_case(answered, register, str(CASE)) == (REQUESTED.tracking_code, False)
    assert request_of_case(Known(), register, str(CASE)) is None
    assert request_of_case(Known(), replace(register, request_id=None), str(CASE)) is None


def test_the_look_up_of_another_case_tells_its_number_and_stage():
    merge = EXAMPLES[MergeCases]
    known = Known(cases={str(OTHER_CASE): line_after(REGISTERED)})
    assert target(known, merge, str(CASE)) == (NUMBER, Stage.REGISTERED)
    assert target(Known(), merge, str(CASE)) is None


# --- what everybody may see ---------------------------------------------------------------------------------------


def test_the_public_sees_how_far_a_case_is_and_nothing_else():
    (line,) = folded(public_cases, WHOLE, CASE).values()
    day = date(2025, 6, 6)
    assert line == PublicLine(
        NUMBER, Axis.GOVERNMENT_AFFECTED, "32.04", Stage.SETTLED, day, date(2025, 5, 21), day, Stage.SETTLED
    )


def test_a_closed_case_keeps_its_outcome_and_one_that_is_reopened_has_none():
    closed = (LISTED, listed(Stage.IMPASSE, date(2025, 6, 6)), listed(Stage.CLOSED, date(2025, 6, 9)))
    (line,) = folded(public_cases, closed, CASE).values()
    assert (line.stage, line.outcome, line.settled_on) == (Stage.CLOSED, Stage.IMPASSE, None)
    again = (LISTED, listed(Stage.BREACHED, date(2025, 9, 1)), listed(Stage.IN_MEDIATION, date(2025, 9, 3)))
    (line,) = folded(public_cases, again, CASE).values()
    assert line.outcome is None


def test_the_public_register_folds_published_facts_only():
    assert set(public_cases.folds) <= set(service.publishes)
    assert [one.name for one in service.own_registers if one.public] == ["public_cases"]


def public(n: int, area: str = "32.04", days: int | None = None) -> PublicLine:
    begun = date(2025, 5, 1)
    settled = date.fromordinal(begun.toordinal() + days) if days is not None else None
    return PublicLine(f"MED/32/2025/{n:04d}", Axis.OTHER, area, Stage.REGISTERED, begun, begun, settled)


def test_small_cells_are_not_told():
    lines = [*(public(n) for n in range(3)), public(4, "32.73"), public(5, "32.73")]
    assert hot_spots(lines) == [Spot("32.04", Axis.OTHER, 3), Spot("32.73", Axis.OTHER, None)]
    assert days_to_settle([public(1, days=10), public(2, days=30)]) is None
    assert days_to_settle([public(1, days=10), public(2, days=30), public(3, days=20), public(4)]) == 20.0


def test_the_figures_are_drawn_from_both_registers():
    line = replace(line_after(REGISTERED), root_causes=CAUSES)
    rows = {str(n): replace(line, root_causes=(RootCause.LAND,)) for n in range(2)}
    known = Known(cases={**rows, "x": line}, public_cases={str(n): public(n, days=n) for n in range(3)})
    assert figures(known) == Figures(
        spots=[Spot("32.04", Axis.OTHER, 3)], causes={RootCause.POLICY_GAP: None, RootCause.LAND: 3}, days_to_settle=1.0
    )


# --- what membership tells ----------------------------------------------------------------------------------------


def test_an_organisation_is_known_from_its_seat_on_and_stays_known():
    joined = MemberJoined(member_id=PLANNING, name=AGENCY_NAME)
    suspended, back = MemberSuspended(member_id=PLANNING), MemberReinstated(member_id=PLANNING)
    assert folded(organisations, (joined,), PLANNING) == {str(PLANNING): Organisation(AGENCY_NAME, active=True)}
    assert folded(organisations, (joined, suspended), PLANNING)[str(PLANNING)].active is False
    assert folded(organisations, (joined, suspended, back), PLANNING)[str(PLANNING)].active is True
    assert folded(organisations, (suspended,), PLANNING) == {}
    for gone in (MemberLeft(member_id=PLANNING), MemberSucceeded(member_id=PLANNING, successor_id=UNIVERSITY)):
        assert folded(organisations, (joined, gone), PLANNING)[str(PLANNING)].active is False


def test_the_look_ups_find_the_organisations_that_are_known():
    """A suspended one is known, too: it can still be a party, but sends no mediator."""
    known = Known(
        organisations={
            str(PLANNING): Organisation(AGENCY_NAME, active=False),
            str(UNIVERSITY): Organisation("Pusat Studi", active=True),
        }
    )
    wish: RegisterCase = EXAMPLES[RegisterCase]
    draft: DraftAgreement = EXAMPLES[DraftAgreement]
    assert named_as_parties(known, wish, str(CASE)) == {PLANNING}
    assert named_as_parties(Known(), wish, str(CASE)) == frozenset()
    assert named_as_advised(known, replace(draft, advised=(PLANNING, OWNERS)), str(CASE)) == {PLANNING}
    add: AddParty = EXAMPLES[AddParty]
    assert named_as_party(known, add, str(CASE)) == frozenset()
    of_the_university = replace(add, party=replace(add.party, organisation_id=UNIVERSITY))
    assert named_as_party(known, of_the_university, str(CASE)) == {UNIVERSITY}
    appoint: AppointMediator = EXAMPLES[AppointMediator]
    assert sends_mediator(known, appoint, str(CASE)) is True
    assert sends_mediator(known, replace(appoint, organisation=PLANNING), str(CASE)) is False
    assert sends_mediator(Known(), appoint, str(CASE)) is None


def test_a_suspended_members_people_lose_their_rights_and_strangers_are_left_alone():
    known = Known(organisations={str(PLANNING): Organisation(AGENCY_NAME, active=False)})
    assert [service.directory.active(known, one) for one in (PLANNING, UNIVERSITY)] == [False, True]
