"""What the forum's registers make of facts, and what its look-ups find in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.forum.domain.drafting import CommentDraft, DraftRecommendation
from services.forum.domain.following import ReplaceAddressee, SupersedeRecommendation
from services.forum.domain.recommendation import (
    AcknowledgementMissed,
    AddresseeReplaced,
    CommentDisposed,
    ConsultationOpened,
    DraftCommented,
    EndorsementRatified,
    ImplementationReported,
    OutcomeReviewed,
    RecommendationAcknowledged,
    RecommendationDrafted,
    RecommendationEndorsed,
    RecommendationIssued,
    RecommendationResponded,
    RecommendationSuperseded,
    RecommendationWithdrawn,
    ResponseMissed,
    ReviewDue,
)
from services.forum.domain.terms import Answer, Basis, BasisKind, Disposition, Progress, Status
from services.forum.examples import (
    COMMENT,
    CONTENT,
    CRITERIA,
    DECISION,
    EXAMPLES,
    FINANCE,
    HEALTH,
    NUMBER,
    PLANNING,
    RATIFICATION,
    RECOMMENDATION,
    SUCCESSOR,
)
from services.forum.foreign import (
    AdvocacyRaised,
    AdvocacyWithdrawn,
    AffairDuty,
    AffairsAssigned,
    MemberJoined,
    MemberLeft,
    MemberReinstated,
    MemberSucceeded,
    MemberSuspended,
)
from services.forum.registers.advocacies import Advocacy, advocacies
from services.forum.registers.answers import AnswerLine, Rates, answers, rates_of
from services.forum.registers.cases import Case, cases
from services.forum.registers.comments import CommentLine, comments
from services.forum.registers.organisations import (
    Organisation,
    commenting,
    named_as_addressees,
    named_as_successor,
    organisations,
)
from services.forum.registers.public_recommendations import public_recommendations
from services.forum.registers.recommendations import Line, number_of_successor, recommendations
from services.forum.registers.references import named_as_basis
from services.forum.registers.reviews import ReviewLine, reviews
from services.forum.registers.standings import Said
from services.forum.service import service
from shared.testing import folded
from tests.forum.telling import CASE, Known, failed, resolved

ADVOCACY = UUID("00000000-0000-4000-8000-000000000201")

DRAFTED: RecommendationDrafted = EXAMPLES[RecommendationDrafted]
ENDORSED: RecommendationEndorsed = EXAMPLES[RecommendationEndorsed]
ISSUED: RecommendationIssued = EXAMPLES[RecommendationIssued]
ACKNOWLEDGED: RecommendationAcknowledged = EXAMPLES[RecommendationAcknowledged]
MISSED: AcknowledgementMissed = EXAMPLES[AcknowledgementMissed]
RESPONDED: RecommendationResponded = EXAMPLES[RecommendationResponded]
UNANSWERED: ResponseMissed = EXAMPLES[ResponseMissed]
REPORTED: ImplementationReported = EXAMPLES[ImplementationReported]
REVIEWED: OutcomeReviewed = EXAMPLES[OutcomeReviewed]
MOVED: AddresseeReplaced = EXAMPLES[AddresseeReplaced]
RAISED = AdvocacyRaised(advocacy_id=ADVOCACY, number="ADV/32/2025/0001", title="RTLH untuk MBR", kind="budget")


def line_after(*facts: object):
    return folded(recommendations, facts, RECOMMENDATION)[str(RECOMMENDATION)]


def test_a_draft_opens_a_line_and_a_draft_written_anew_replaces_it():
    anew = replace(DRAFTED, issue="Konsultasi publik kedua")
    assert line_after(DRAFTED) == Line(status=Status.DRAFTED, **CONTENT)
    assert (line_after(DRAFTED, anew).issue, line_after(DRAFTED, anew).number) == (anew.issue, "")


def test_an_endorsed_line_names_its_decision():
    line = line_after(DRAFTED, ENDORSED)
    assert (line.status, line.decision, line.endorsed_on) == (Status.ENDORSED, DECISION, date(2025, 6, 10))
    assert line_after(DRAFTED, replace(ENDORSED, decision=None)).decision == ""


def test_an_issued_line_has_its_number_its_days_and_its_hash():
    line = line_after(DRAFTED, ENDORSED, ISSUED)
    assert (line.status, line.number, line.issued_on) == (Status.ISSUED, NUMBER, date(2025, 6, 10))
    assert (line.acknowledge_by, line.response_due) == (date(2025, 6, 13), date(2025, 6, 30))
    assert (line.criteria, line.document_hash) == (CRITERIA, ISSUED.document_hash)


def test_a_line_is_acknowledged_when_all_addressees_have_said_so():
    to_two = (replace(DRAFTED, addressees=(PLANNING, FINANCE)), ENDORSED, ISSUED)
    first = line_after(*to_two, ACKNOWLEDGED)
    both = line_after(*to_two, ACKNOWLEDGED, replace(ACKNOWLEDGED, addressee=FINANCE))
    assert (first.status, first.acknowledged_by) == (Status.ISSUED, (PLANNING,))
    assert (both.status, both.acknowledged_by) == (Status.ACKNOWLEDGED, (PLANNING, FINANCE))


def test_a_line_is_overdue_until_the_last_one_answers():
    assert line_after(DRAFTED, ENDORSED, ISSUED, MISSED).overdue is True
    assert line_after(DRAFTED, ENDORSED, ISSUED, MISSED, ACKNOWLEDGED).overdue is False


def test_a_missed_answer_stays_overdue_until_all_have_answered():
    """An acknowledgement that comes late does not answer."""
    late = line_after(DRAFTED, ENDORSED, ISSUED, UNANSWERED, ACKNOWLEDGED)
    assert (late.overdue, late.response_missed) == (True, True)
    done = line_after(DRAFTED, ENDORSED, ISSUED, UNANSWERED, ACKNOWLEDGED, RESPONDED)
    assert (done.overdue, done.response_missed, done.status) == (False, False, Status.RESPONDED)


def test_a_line_shows_its_consultation():
    line = line_after(DRAFTED, EXAMPLES[ConsultationOpened], EXAMPLES[DraftCommented])
    assert (line.status, line.comments, line.closes_on) == (Status.IN_CONSULTATION, 1, date(2025, 6, 9))
    assert line_after(DRAFTED, EXAMPLES[ConsultationOpened], DRAFTED).status is Status.IN_CONSULTATION


def test_an_urgent_line_waits_for_its_ratification():
    urgent = replace(ENDORSED, decision=None)
    assert line_after(DRAFTED, urgent).to_ratify is True
    ratified = line_after(DRAFTED, urgent, EXAMPLES[EndorsementRatified])
    assert (ratified.to_ratify, ratified.decision) == (False, RATIFICATION)
    assert line_after(DRAFTED, EXAMPLES[RecommendationWithdrawn]).status is Status.WITHDRAWN


def test_a_line_and_its_public_line_stand_where_the_addressees_stand():
    """The way of one addressee, told step by step; both registers say the same."""
    steps = (ACKNOWLEDGED, RESPONDED, replace(REPORTED, progress=Progress.UNDER_WAY), REPORTED, REVIEWED)
    stands = [Status.ACKNOWLEDGED, Status.RESPONDED, Status.IMPLEMENTING, Status.IMPLEMENTED, Status.REVIEWED]
    for n, status in enumerate(stands, 1):
        told = (DRAFTED, ENDORSED, ISSUED, *steps[:n])
        public = folded(public_recommendations, told, RECOMMENDATION)[str(RECOMMENDATION)]
        assert (line_after(*told).status, public.status) == (status, status)
    assert public.said == (Said(PLANNING, Answer.PARTLY, Progress.DONE),)
    assert (public.sustained, public.reviewed_on, public.document_hash) == (True, date(2026, 4, 1), ISSUED.document_hash)
    assert line_after(DRAFTED, ENDORSED, ISSUED, EXAMPLES[ReviewDue]).review_due == date(2026, 4, 1)


def test_what_was_promised_and_not_done_is_told():
    told = (DRAFTED, ENDORSED, ISSUED, ACKNOWLEDGED, RESPONDED, replace(REPORTED, progress=Progress.NOT_DONE))
    assert line_after(*told).status is Status.NOT_IMPLEMENTED


def test_a_superseded_line_names_its_successor():
    line = line_after(DRAFTED, ENDORSED, ISSUED, EXAMPLES[RecommendationSuperseded])
    assert (line.status, line.superseded_by) == (Status.SUPERSEDED, "REK/32/2025/0002")


def test_what_an_addressee_said_counts_for_its_successor():
    moved = line_after(DRAFTED, ENDORSED, ISSUED, ACKNOWLEDGED, RESPONDED, MOVED)
    assert (moved.addressees, moved.acknowledged_by, moved.said) == ((HEALTH,), (HEALTH,), (Said(HEALTH, Answer.PARTLY),))
    fallen = line_after(DRAFTED, ENDORSED, ISSUED, ACKNOWLEDGED, RESPONDED, replace(MOVED, successor=None))
    assert (fallen.addressees, fallen.acknowledged_by, fallen.said) == ((), (), ())


def test_the_public_registers_fold_published_facts_only():
    told = [one for one in service.own_registers if one.public]
    assert [one.name for one in told] == ["public_recommendations", "answers", "reviews"]
    assert all(set(one.folds) <= set(service.publishes) for one in told)


def test_keys_of_lines_begin_with_their_recommendation():
    for register in service.own_registers:
        for fact in (EXAMPLES[cls] for cls in register.folds):
            assert all(key.startswith(str(RECOMMENDATION)) for key in register.touched(fact, RECOMMENDATION)), register.name


def test_a_comment_has_a_line_with_what_became_of_it():
    commented: DraftCommented = EXAMPLES[DraftCommented]
    line = CommentLine(RECOMMENDATION, COMMENT, FINANCE, commented.comment, date(2025, 6, 3))
    key = f"{RECOMMENDATION}/{COMMENT}"
    assert folded(comments, (commented,), RECOMMENDATION) == {key: line}
    disposed: CommentDisposed = EXAMPLES[CommentDisposed]
    after = folded(comments, (commented, disposed), RECOMMENDATION)[key]
    assert (after.disposition, after.reason) == (Disposition.PARTLY, disposed.reason)


def test_every_addressee_has_a_line_of_answers():
    to_two = replace(ISSUED, addressees=(PLANNING, FINANCE))
    rows = folded(answers, (to_two, ACKNOWLEDGED, RESPONDED, REPORTED), RECOMMENDATION)
    assert rows[f"{RECOMMENDATION}/{FINANCE}"] == AnswerLine(
        RECOMMENDATION, FINANCE, date(2025, 6, 13), date(2025, 6, 30), NUMBER
    )
    line = rows[f"{RECOMMENDATION}/{PLANNING}"]
    assert (line.acknowledged_on, line.answered_on, line.late) == (date(2025, 6, 11), date(2025, 6, 26), False)
    assert (line.answer, line.reasons, line.actions) == (Answer.PARTLY, RESPONDED.reasons, RESPONDED.actions)
    assert (line.progress, line.report, line.reported_on) == (Progress.DONE, REPORTED.report, date(2025, 10, 1))


def test_a_successor_gets_a_line_of_its_own():
    rows = folded(answers, (ISSUED, MOVED), RECOMMENDATION)
    former, successor = rows[f"{RECOMMENDATION}/{PLANNING}"], rows[f"{RECOMMENDATION}/{HEALTH}"]
    assert (former.replaced_by, former.replaced_on) == (HEALTH, date(2025, 6, 12))
    assert successor == AnswerLine(RECOMMENDATION, HEALTH)


def test_the_rates_count_those_who_are_still_asked():
    rows = folded(answers, (replace(ISSUED, addressees=(PLANNING, FINANCE)), ACKNOWLEDGED, RESPONDED, REPORTED), RECOMMENDATION)
    late = replace(rows[f"{RECOMMENDATION}/{PLANNING}"], late=True, answer=Answer.REJECTED, progress=None)
    gone = replace(rows[f"{RECOMMENDATION}/{FINANCE}"], replaced_on=date(2025, 6, 12))
    known = Known(answers={**rows, "late": late, "gone": gone})
    assert rates_of(known) == Rates(asked=3, acknowledged=2, answered=2, in_time=1, promised=1, done=1)


def test_a_review_has_a_line_for_its_month():
    assert folded(reviews, (REVIEWED,), RECOMMENDATION) == {
        f"{RECOMMENDATION}/6": ReviewLine(RECOMMENDATION, 6, True, REVIEWED.change, REVIEWED.lesson, date(2026, 4, 1))
    }


def test_an_organisation_is_known_from_its_seat_on_with_its_affairs():
    joined = MemberJoined(member_id=PLANNING, name="Bappeda", affairs=(AffairDuty(affair="A2"),))
    anew = AffairsAssigned(member_id=PLANNING, affairs=(AffairDuty(affair="A3"),))
    suspended, back = MemberSuspended(member_id=PLANNING), MemberReinstated(member_id=PLANNING)

    def rows(*facts: object):
        return folded(organisations, facts, PLANNING)

    assert rows(joined) == {str(PLANNING): Organisation("Bappeda", (AffairDuty(affair="A2"),))}
    assert rows(joined, anew)[str(PLANNING)].affairs == anew.affairs
    assert rows(joined, suspended)[str(PLANNING)].active is False
    assert rows(joined, suspended, back)[str(PLANNING)].active is True
    assert rows(anew) == rows(suspended) == rows(back) == {}
    gone = Organisation("Bappeda", (AffairDuty(affair="A2"),), active=False, gone=True)
    assert rows(joined, MemberLeft(member_id=PLANNING))[str(PLANNING)] == gone
    succeeded = MemberSucceeded(member_id=PLANNING, successor_id=FINANCE)
    assert rows(joined, succeeded)[str(PLANNING)] == replace(gone, successor=FINANCE)


def test_an_advocacy_is_known_from_its_raising_on_and_stays_known():
    withdrawn = AdvocacyWithdrawn(advocacy_id=ADVOCACY)
    row = Advocacy("ADV/32/2025/0001", "RTLH untuk MBR", "budget")
    assert folded(advocacies, (RAISED,), ADVOCACY) == {str(ADVOCACY): row}
    assert folded(advocacies, (RAISED, withdrawn), ADVOCACY) == {str(ADVOCACY): replace(row, withdrawn=True)}
    assert folded(advocacies, (withdrawn,), ADVOCACY) == {}


def test_a_case_is_known_once_it_is_settled_or_its_mediation_has_failed():
    row = Case("MED/32/2025/0001", "government_affected", "32.04", "full", (PLANNING,), date(2025, 6, 4))
    assert folded(cases, (resolved(PLANNING),), CASE) == {str(CASE): row}
    assert folded(cases, (failed(PLANNING),), CASE) == {str(CASE): replace(row, scope=None)}


def test_the_look_up_of_addressees_finds_those_that_are_known():
    known = Known(
        organisations={
            str(PLANNING): Organisation("Bappeda", ()),
            str(HEALTH): Organisation("Dinas Kesehatan", (), active=False, gone=True),
        }
    )
    wish = replace(EXAMPLES[DraftRecommendation], addressees=(PLANNING, FINANCE, HEALTH))
    assert named_as_addressees(known, wish, str(RECOMMENDATION)) == {PLANNING: True, HEALTH: False}
    succeed: ReplaceAddressee = EXAMPLES[ReplaceAddressee]
    assert named_as_successor(known, succeed, str(RECOMMENDATION)) == {HEALTH: False}
    assert named_as_successor(known, replace(succeed, successor=None), str(RECOMMENDATION)) == {}


def test_the_look_up_of_a_commenter_tells_whether_it_is_active():
    known = Known(organisations={str(FINANCE): Organisation("BPKAD", (), active=False)})
    wish: CommentDraft = EXAMPLES[CommentDraft]
    assert commenting(known, wish, str(RECOMMENDATION)) is False
    assert commenting(known, replace(wish, organisation=PLANNING), str(RECOMMENDATION)) is None


def test_the_look_up_of_a_successor_tells_its_number():
    wish: SupersedeRecommendation = EXAMPLES[SupersedeRecommendation]
    known = Known(recommendations={str(SUCCESSOR): line_after(DRAFTED, ENDORSED, replace(ISSUED, number="REK/32/2025/0002"))})
    assert number_of_successor(known, wish, str(RECOMMENDATION)) == "REK/32/2025/0002"
    assert number_of_successor(Known(), wish, str(RECOMMENDATION)) is None


def test_the_look_up_of_what_it_rests_on_takes_ids_and_register_numbers():
    known = Known(
        advocacies=dict(folded(advocacies, (RAISED,), ADVOCACY)),
        cases=dict(folded(cases, (resolved(),), CASE)),
    )
    named = [
        (BasisKind.ADVOCACY, str(ADVOCACY)),
        (BasisKind.ADVOCACY, "ADV/32/2025/0001"),
        (BasisKind.ADVOCACY, "ADV/32/2025/0002"),
        (BasisKind.CASE, "MED/32/2025/0001"),
        (BasisKind.CASE, str(CASE).upper()),
        (BasisKind.CASE, str(ADVOCACY)),
        (BasisKind.DECISION, "4"),
    ]
    basis = tuple(Basis(kind=kind, ref=ref) for kind, ref in named)
    found = named_as_basis(known, replace(EXAMPLES[DraftRecommendation], basis=basis), str(RECOMMENDATION))
    assert [named[n] for n, one in enumerate(basis) if one in found] == [named[0], named[1], named[3], named[4]]


# --- rights -------------------------------------------------------------------------------------------------------


def test_a_suspended_members_people_lose_their_rights_and_strangers_are_left_alone():
    known = Known(
        organisations={str(FINANCE): Organisation("BPKAD", (), active=False), str(PLANNING): Organisation("Bappeda", ())}
    )
    assert [service.directory.active(known, one) for one in (FINANCE, PLANNING, HEALTH)] == [False, True, True]
