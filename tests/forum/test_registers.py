"""What the forum's registers make of facts, and what its look-ups find in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.forum.domain.recommendation import (
    AcknowledgementMissed,
    DraftRecommendation,
    RecommendationAcknowledged,
    RecommendationDrafted,
    RecommendationEndorsed,
    RecommendationIssued,
)
from services.forum.domain.terms import Basis, BasisKind, Status
from services.forum.examples import CONTENT, CRITERIA, DECISION, EXAMPLES, NUMBER, PLANNING, RECOMMENDATION
from services.forum.foreign import (
    AdvocacyRaised,
    AdvocacyWithdrawn,
    AffairDuty,
    AffairsAssigned,
    MemberJoined,
    MemberReinstated,
    MemberSuspended,
)
from services.forum.registers.advocacies import Advocacy, advocacies
from services.forum.registers.cases import Case, cases
from services.forum.registers.organisations import Organisation, named_as_addressees, organisations
from services.forum.registers.recommendations import Line, recommendations
from services.forum.registers.references import named_as_basis
from shared.testing import folded
from tests.forum.telling import CASE, Known, resolved

ADVOCACY = UUID("00000000-0000-4000-8000-000000000201")
FINANCE = UUID("00000000-0000-4000-8000-000000000103")

DRAFTED: RecommendationDrafted = EXAMPLES[RecommendationDrafted]
ENDORSED: RecommendationEndorsed = EXAMPLES[RecommendationEndorsed]
ISSUED: RecommendationIssued = EXAMPLES[RecommendationIssued]
ACKNOWLEDGED: RecommendationAcknowledged = EXAMPLES[RecommendationAcknowledged]
MISSED: AcknowledgementMissed = EXAMPLES[AcknowledgementMissed]
RAISED = AdvocacyRaised(advocacy_id=ADVOCACY, number="ADV/32/2025/0001", title="RTLH untuk MBR", kind="budget")


def line_after(*facts: object):
    return folded(recommendations, facts, RECOMMENDATION)[str(RECOMMENDATION)]


def test_a_draft_opens_a_line_and_a_draft_written_anew_replaces_it():
    anew = replace(DRAFTED, issue="Konsultasi publik kedua")
    assert line_after(DRAFTED) == Line(status=Status.DRAFTED, **CONTENT)
    assert (line_after(DRAFTED, anew).issue, line_after(DRAFTED, anew).number) == (anew.issue, "")


def test_an_endorsed_line_names_its_decision():
    line = line_after(DRAFTED, ENDORSED)
    assert (line.status, line.decision, line.endorsed_on) == (Status.ENDORSED, DECISION, date(2025, 6, 9))
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


def test_an_advocacy_is_known_from_its_raising_on_and_stays_known():
    withdrawn = AdvocacyWithdrawn(advocacy_id=ADVOCACY)
    row = Advocacy("ADV/32/2025/0001", "RTLH untuk MBR", "budget")
    assert folded(advocacies, (RAISED,), ADVOCACY) == {str(ADVOCACY): row}
    assert folded(advocacies, (RAISED, withdrawn), ADVOCACY) == {str(ADVOCACY): replace(row, withdrawn=True)}
    assert folded(advocacies, (withdrawn,), ADVOCACY) == {}


def test_a_case_is_known_once_it_is_settled():
    row = Case("MED/32/2025/0001", "government_affected", "32.04", "full", (PLANNING,), date(2025, 6, 4))
    assert folded(cases, (resolved(PLANNING),), CASE) == {str(CASE): row}


def test_the_look_up_of_addressees_finds_those_that_are_known():
    known = Known(organisations={str(PLANNING): Organisation("Bappeda", ())})
    wish = replace(EXAMPLES[DraftRecommendation], addressees=(PLANNING, FINANCE))
    assert named_as_addressees(known, wish, str(RECOMMENDATION)) == {PLANNING}


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
