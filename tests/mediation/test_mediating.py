"""The mediation itself: sessions and caucuses, sealed notes, interests, proposals, more days, a rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.mediation.domain.consenting import PartyRefused
from services.mediation.domain.failing import DeclareImpasse, MediationFailed
from services.mediation.domain.mediating import (
    CancelSession,
    CaucusNoteSealed,
    RecordSession,
    ScheduleSession,
    SessionCancelled,
    WriteCaucusNote,
)
from services.mediation.domain.proposing import AnswerProposal, MakeProposal, ProposalAnswered, ProposalMade, RecordInterest
from services.mediation.domain.resting import (
    CaseResumed,
    CaseSuspended,
    ExtendMediation,
    MediationExtended,
    ResumeCase,
    SuspendCase,
)
from services.mediation.domain.terms import Attendance, ImpasseReason, SessionKind, Stage
from services.mediation.examples import (
    AGENCY,
    ATTENDANCE,
    CASE,
    CAUCUS,
    CAUCUS_NOTE,
    EXAMPLES,
    MINUTES,
    OWNERS,
    PLANNING,
    SESSION,
)
from shared.facts import personal_fields
from shared.privacy.fields import seal
from tests.mediation.telling import (
    APPOINTED,
    APPOINTED_,
    CALLED,
    CALLED_,
    CAUCUS_CALLED,
    CONSENTS,
    HELD,
    INTEREST,
    LATER,
    MEDIATED,
    OF_THE_AGENCY,
    OPEN,
    OWNERS_SPEAKER,
    SETTLED,
    STRANGER,
    THE_MEDIATOR,
    TO_SIGN,
    WILLING,
    listed,
    said,
    story,
)

CALL: ScheduleSession = EXAMPLES[ScheduleSession]
RECORD: RecordSession = EXAMPLES[RecordSession]
CANCEL: CancelSession = EXAMPLES[CancelSession]
NOTE: WriteCaucusNote = EXAMPLES[WriteCaucusNote]
NEEDS: RecordInterest = EXAMPLES[RecordInterest]
OFFER: MakeProposal = EXAMPLES[MakeProposal]
ANSWER: AnswerProposal = EXAMPLES[AnswerProposal]
MADE: ProposalMade = EXAMPLES[ProposalMade]
ANSWERED: ProposalAnswered = EXAMPLES[ProposalAnswered]
EXTEND: ExtendMediation = EXAMPLES[ExtendMediation]
SUSPEND: SuspendCase = EXAMPLES[SuspendCase]
RESTS: CaseSuspended = EXAMPLES[CaseSuspended]
IMPASSE: DeclareImpasse = EXAMPLES[DeclareImpasse]
SOMEBODY = UUID("00000000-0000-4000-8000-0000000003ff")
CALLING = story(*APPOINTED_, by=THE_MEDIATOR)
HOLDING = story(*CALLED_, by=THE_MEDIATOR)
CAUCUS_HELD = replace(HELD, session_id=CAUCUS, session_kind=SessionKind.CAUCUS, attendance=ATTENDANCE[:1], record=None)
AFTER_CAUCUS = (*MEDIATED, CAUCUS_CALLED, replace(CAUCUS_HELD, on=date(2025, 6, 3)))
TALKING = story(*MEDIATED, by=THE_MEDIATOR)
ABSENT = replace(HELD, attendance=(ATTENDANCE[0], Attendance(party_id=AGENCY, present=False)))


def another(session: UUID, day: date) -> tuple[object, object]:
    """A second joint session to which the agency does not come."""
    return (replace(CALLED, session_id=session, day=day), replace(ABSENT, session_id=session, on=day))


# --- sessions -----------------------------------------------------------------------------------------------------


def test_all_parties_are_called_to_a_joint_session():
    assert said(CALLING.when(CALL)) == [replace(CALLED, session_id=CALLING.knows.new_id(0))]


def test_one_party_is_called_to_a_caucus():
    caucus = replace(CALL, session_kind=SessionKind.CAUCUS, caucus_with=OWNERS)
    assert said(CALLING.when(caucus))[0].called == (OWNERS,)
    CALLING.when(replace(caucus, caucus_with=None)).refused("caucus-is-with-one-party", 422)
    CALLING.when(replace(caucus, caucus_with=SOMEBODY)).refused("not-a-party")
    CALLING.when(replace(CALL, caucus_with=OWNERS)).refused("joint-session-is-with-all", 422)


def test_a_call_comes_three_working_days_before():
    """Judged from the day of the call, whenever it is entered: Wednesday to Monday are three."""
    CALLING.when(replace(CALL, on=date(2025, 5, 29))).refused("notice-too-short", 422)
    assert said(CALLING.when(replace(CALL, on=date(2025, 5, 28))))[0].day == date(2025, 6, 2)
    CALLING.when(replace(CALL, on=date(2025, 5, 26))).refused("before-appointment")


def test_nobody_is_called_who_does_not_want_to_mediate():
    undecided = story(*OPEN, CONSENTS[0], APPOINTED, by=THE_MEDIATOR)
    undecided.when(CALL).refused("consent-missing", 422)
    refusing = story(*APPOINTED_, replace(EXAMPLES[PartyRefused], on=date(2025, 5, 28)), by=THE_MEDIATOR)
    refusing.when(CALL).refused("party-has-refused", 422)


def test_sessions_lie_within_the_mediation():
    CALLING.when(replace(CALL, day=date(2025, 7, 9))).refused("after-mediation-period", 422)
    story(*WILLING, by=THE_MEDIATOR).when(CALL).refused("no-mediator", 409)
    story(*SETTLED, by=THE_MEDIATOR).when(CALL).refused("case-already-settled", 409)


def test_the_secretariat_enters_sessions_from_a_paper_only():
    story(*APPOINTED_).when(CALL).refused("source-missing")
    assert said(story(*APPOINTED_).when(replace(CALL, on_behalf_of=MINUTES)))[0].on_behalf_of == MINUTES
    story(*CALLED_).when(RECORD).refused("source-missing")


def test_with_the_first_session_the_mediation_begins():
    assert said(HOLDING.when(RECORD)) == [HELD, listed(Stage.IN_MEDIATION, date(2025, 6, 2))]
    assert said(HOLDING.when(replace(RECORD, on=None))) == [HELD, listed(Stage.IN_MEDIATION, date(2025, 6, 2))]
    again = story(*MEDIATED, replace(CALLED, session_id=SOMEBODY, day=date(2025, 6, 5)), by=THE_MEDIATOR)
    second = replace(RECORD, session_id=SOMEBODY, on=date(2025, 6, 5))
    assert said(again.when(second)) == [replace(HELD, session_id=SOMEBODY, on=date(2025, 6, 5))]


def test_a_session_is_held_on_its_day_with_those_who_were_called():
    HOLDING.when(replace(RECORD, on=date(2025, 6, 3))).refused("session-on-another-day", 422)
    HOLDING.when(replace(RECORD, attendance=ATTENDANCE[:1])).refused("attendance-incomplete", 422)
    extra = Attendance(party_id=SOMEBODY, present=True)
    HOLDING.when(replace(RECORD, attendance=(*ATTENDANCE, extra))).refused("attendance-incomplete", 422)
    HOLDING.when(replace(RECORD, attendance=(*ATTENDANCE, ATTENDANCE[0]))).refused("named-twice")
    future = story(*APPOINTED_, replace(CALLED, day=date(2025, 6, 20)), by=THE_MEDIATOR)
    future.when(replace(RECORD, on=None)).refused("happens-in-the-future")


def test_a_session_is_held_or_cancelled_once():
    TALKING.when(RECORD).refused("no-session-called", 409)
    HOLDING.when(replace(RECORD, session_id=SOMEBODY)).refused("unknown-session", 422)
    one_more = story(*MEDIATED, replace(CALLED, session_id=SOMEBODY), by=THE_MEDIATOR)
    one_more.when(RECORD).refused("session-is-over", 422)
    assert said(HOLDING.when(CANCEL)) == [EXAMPLES[SessionCancelled]]
    called_off = story(*CALLED_, EXAMPLES[SessionCancelled], by=THE_MEDIATOR)
    called_off.when(RECORD).refused("no-session-called", 409)
    called_off.when(CANCEL).refused("no-session-called", 409)


def test_of_a_caucus_only_that_it_was_held_is_told():
    caucus = story(*CALLED_, CAUCUS_CALLED, by=THE_MEDIATOR)
    held = replace(RECORD, session_id=CAUCUS, attendance=ATTENDANCE[:1], on=date(2025, 6, 3))
    caucus.when(held).refused("caucus-has-no-record", 422)
    assert said(caucus.when(replace(held, record=None)))[0].record is None


# --- sealed notes -------------------------------------------------------------------------------------------------


def test_the_mediator_seals_a_note_of_a_caucus():
    sealing = story(*AFTER_CAUCUS, by=THE_MEDIATOR)
    assert sealing.when(NOTE).outcome == [replace(EXAMPLES[CaucusNoteSealed], note_id=sealing.knows.new_id(0))]


def test_a_note_is_stored_as_ciphertext_under_the_partys_key():
    note: CaucusNoteSealed = EXAMPLES[CaucusNoteSealed]
    assert [(one.path, one.subject) for one in personal_fields(CaucusNoteSealed)] == [(("note",), "party_id")]
    assert CAUCUS_NOTE not in seal(note, f"32/case/{CASE}", 20, {str(OWNERS): bytes(32)})


def test_nobody_else_notes_and_nothing_else_is_noted():
    for other in (OWNERS_SPEAKER, OF_THE_AGENCY, None):
        story(*AFTER_CAUCUS, by=other).when(NOTE).refused("not-the-mediator", 422)
    sealing = story(*AFTER_CAUCUS, by=THE_MEDIATOR)
    sealing.when(replace(NOTE, session_id=SESSION)).refused("not-a-held-caucus", 422)
    sealing.when(replace(NOTE, session_id=SOMEBODY)).refused("unknown-session", 422)
    TALKING.when(NOTE).refused("no-caucus-held", 409)
    story(*CALLED_, CAUCUS_CALLED, by=THE_MEDIATOR).when(NOTE).refused("no-caucus-held", 409)


# --- interests and proposals --------------------------------------------------------------------------------------


@pytest.mark.parametrize("past", [APPOINTED_, MEDIATED, TO_SIGN])
def test_what_a_party_needs_is_recorded(past):
    recording = story(*past, by=THE_MEDIATOR)
    recorded = replace(INTEREST, interest_id=recording.knows.new_id(0))
    assert said(recording.when(NEEDS)) == [recorded]


def test_interests_are_those_of_parties_under_a_mediator():
    TALKING.when(replace(NEEDS, party_id=SOMEBODY)).refused("not-a-party")
    story(*WILLING, by=THE_MEDIATOR).when(NEEDS).refused("no-mediator", 409)
    story(*MEDIATED).when(NEEDS).refused("source-missing")


def test_proposals_are_numbered_and_countered():
    talking = story(*MEDIATED, by=OF_THE_AGENCY)
    talking.when(OFFER).then(MADE)
    counter = MakeProposal(by_party=OWNERS, counters=1, wording="Jalan masuk lebih dahulu.", on=date(2025, 6, 4))
    (made,) = story(*MEDIATED, MADE, by=OWNERS_SPEAKER).when(counter).outcome
    assert (made.proposal, made.by_party, made.counters) == (2, OWNERS, 1)
    story(*MEDIATED, MADE, made, by=OWNERS_SPEAKER).when(counter).refused("proposal-superseded", 422)
    story(*MEDIATED, by=OWNERS_SPEAKER).when(counter).refused("proposal-superseded", 422)


def test_the_mediator_proposes_too_and_writes_down_what_is_said():
    (own,) = TALKING.when(replace(OFFER, by_party=None)).outcome
    assert (own.by_party, own.on_behalf_of) == (None, None)
    assert TALKING.when(OFFER).outcome == [MADE]
    story(*MEDIATED).when(replace(OFFER, by_party=None)).refused("source-missing")
    assert story(*MEDIATED).when(replace(OFFER, on_behalf_of=MINUTES)).outcome[0].on_behalf_of == MINUTES


def test_nobody_proposes_or_answers_for_another_party():
    story(*MEDIATED, by=OWNERS_SPEAKER).when(OFFER).refused("not-your-party", 422)
    story(*MEDIATED, by=STRANGER).when(OFFER).refused("not-your-party", 422)
    TALKING.when(replace(OFFER, by_party=SOMEBODY)).refused("not-a-party")
    story(*MEDIATED, MADE, by=OF_THE_AGENCY).when(ANSWER).refused("not-your-party", 422)
    story(*MEDIATED, MADE, by=THE_MEDIATOR).when(replace(ANSWER, party_id=SOMEBODY)).refused("not-a-party")


def test_a_proposal_is_made_within_the_mediation():
    story(*APPOINTED_, by=OF_THE_AGENCY).when(OFFER).refused("not-in-mediation", 409)
    late = story(*MEDIATED, by=OF_THE_AGENCY, now=LATER)
    late.when(replace(OFFER, on=date(2025, 7, 9))).refused("after-mediation-period", 422)


def test_each_other_party_answers_the_present_proposal_once():
    story(*MEDIATED, MADE, by=OWNERS_SPEAKER).when(ANSWER).then(ANSWERED)
    answered = story(*MEDIATED, MADE, ANSWERED, by=OWNERS_SPEAKER)
    answered.when(ANSWER).then_nothing()
    answered.when(replace(ANSWER, accepted=False)).refused("proposal-already-answered", 422)
    story(*MEDIATED, MADE, by=OF_THE_AGENCY).when(replace(ANSWER, party_id=AGENCY)).refused("own-proposal", 422)
    answered.when(replace(ANSWER, proposal=2)).refused("proposal-superseded", 422)
    story(*MEDIATED, by=OWNERS_SPEAKER).when(ANSWER).refused("nothing-proposed", 409)
    story(*MEDIATED, MADE, by=THE_MEDIATOR).when(ANSWER).then(ANSWERED)


# --- days ---------------------------------------------------------------------------------------------------------


def test_the_mediation_is_extended_once_by_all():
    assert said(TALKING.when(EXTEND)) == [EXAMPLES[MediationExtended]]
    extended = story(*MEDIATED, EXAMPLES[MediationExtended], by=THE_MEDIATOR)
    extended.when(EXTEND).refused("mediation-already-extended", 409)
    TALKING.when(replace(EXTEND, consents=(OWNERS,))).refused("extension-needs-all-parties", 422)
    TALKING.when(replace(EXTEND, consents=(OWNERS, AGENCY, OWNERS))).refused("named-twice")
    late = story(*MEDIATED, by=THE_MEDIATOR, now=LATER)
    late.when(replace(EXTEND, on=date(2025, 7, 9))).refused("after-mediation-period", 422)


def test_a_rest_keeps_the_days_that_are_left():
    """Twenty-two working days are left on 6 June, and go on from the day of the return."""
    assert said(TALKING.when(SUSPEND)) == [RESTS, listed(Stage.SUSPENDED, date(2025, 6, 6))]
    assert said(story(*MEDIATED, RESTS).when(EXAMPLES[ResumeCase])) == [
        EXAMPLES[CaseResumed],
        listed(Stage.IN_MEDIATION, date(2025, 6, 10)),
    ]


def test_a_rest_goes_on_where_it_was():
    (resumed, shown) = said(story(*TO_SIGN, RESTS).when(EXAMPLES[ResumeCase]))
    assert story(*TO_SIGN, RESTS, resumed).state.stage is Stage.AGREEMENT_DRAFTED
    assert shown.stage is Stage.IN_MEDIATION


def test_a_rest_has_an_end_and_happens_under_way():
    TALKING.when(replace(SUSPEND, resume_on=date(2025, 6, 6))).refused("rest-without-length", 422)
    story(*MEDIATED, RESTS).when(SUSPEND).refused("case-suspended", 409)
    TALKING.when(EXAMPLES[ResumeCase]).refused("case-not-suspended", 409)
    story(*MEDIATED, RESTS, by=THE_MEDIATOR).when(CALL).refused("case-suspended", 409)
    assert said(story(*OPEN).when(SUSPEND))[0].days_left is None


# --- no agreement -------------------------------------------------------------------------------------------------


def ending(*facts: object, now: datetime = datetime(2025, 6, 10, 5, tzinfo=UTC)):
    return story(*facts, now=now, by=THE_MEDIATOR, organisations=frozenset({PLANNING}))


def test_a_mediation_ends_without_agreement_and_without_content():
    assert said(ending(*MEDIATED).when(IMPASSE)) == [EXAMPLES[MediationFailed], listed(Stage.IMPASSE, date(2025, 6, 6))]
    assert personal_fields(MediationFailed) == ()


def test_the_reason_is_what_the_case_shows():
    ending(*MEDIATED).when(replace(IMPASSE, reason=ImpasseReason.NO_CONSENT)).refused("nobody-has-refused", 422)
    refused = replace(EXAMPLES[PartyRefused], on=date(2025, 5, 28))
    assert said(ending(*WILLING, refused).when(replace(IMPASSE, reason=ImpasseReason.NO_CONSENT)))
    over = replace(IMPASSE, reason=ImpasseReason.TIME_OVER)
    ending(*MEDIATED).when(over).refused("days-are-not-over", 422)
    ending(*OPEN).when(over).refused("days-are-not-over", 422)
    assert said(ending(*MEDIATED, now=LATER).when(replace(over, on=date(2025, 7, 9))))


def test_two_absences_in_a_row_without_a_reason_may_end_it():
    twice = replace(IMPASSE, reason=ImpasseReason.ABSENT_TWICE)
    once = (*CALLED_, ABSENT)
    ending(*once).when(twice).refused("nobody-was-absent-twice", 422)
    assert said(ending(*once, *another(SOMEBODY, date(2025, 6, 5))).when(twice))[0].reason is ImpasseReason.ABSENT_TWICE
    came = (replace(CALLED, session_id=SOMEBODY), replace(HELD, session_id=SOMEBODY))
    third = UUID(int=3)
    ending(*once, *came, *another(third, date(2025, 6, 5))).when(twice).refused("nobody-was-absent-twice")
    excused = replace(ABSENT, attendance=(ATTENDANCE[0], Attendance(party_id=AGENCY, present=False, excused=True)))
    ending(*CALLED_, excused, *another(SOMEBODY, date(2025, 6, 5))).when(twice).refused("nobody-was-absent-twice")


def test_who_is_advised_is_known_and_named_once():
    story(*MEDIATED, by=THE_MEDIATOR, organisations=frozenset()).when(IMPASSE).refused("unknown-member", 422)
    ending(*MEDIATED).when(replace(IMPASSE, advised=(PLANNING, PLANNING))).refused("named-twice")
    ending(*SETTLED).when(IMPASSE).refused("case-already-settled", 409)
