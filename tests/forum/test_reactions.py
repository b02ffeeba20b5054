"""What the forum does of itself when a conflict is settled."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from services.forum.domain.deciding import recommendation
from services.forum.domain.drafting import DraftRecommendation
from services.forum.domain.following import ReplaceAddressee
from services.forum.domain.terms import Affair, Basis, BasisKind, Progress
from services.forum.examples import RECOMMENDATION
from services.forum.foreign import AffairDuty, MemberLeft, MemberSucceeded, RecommendationRequested
from services.forum.reactions import (
    draft_recommendation_when_conflict_resolved,
    draft_recommendation_when_mediation_failed,
    draft_recommendation_when_requested,
    release_addressee_when_member_left,
    replace_addressee_when_member_succeeded,
)
from services.forum.registers.answers import AnswerLine
from services.forum.registers.cases import cases
from services.forum.registers.organisations import Organisation, named_as_addressees
from services.forum.registers.references import named_as_basis
from services.forum.service import service
from shared.errors import UnknownReference
from shared.testing import Story, folded
from tests.forum.telling import ABOUT, CASE, Known, failed, resolved

PLANNING = UUID("00000000-0000-4000-8000-000000000102")
NGO = UUID("00000000-0000-4000-8000-000000000105")
KNOWN = Known(
    organisations={
        str(PLANNING): Organisation("Bappeda", (AffairDuty(affair="A3"), AffairDuty(affair="A2"))),
        str(NGO): Organisation("Lembaga swadaya", ()),
    },
    cases=dict(folded(cases, (resolved(PLANNING, NGO),), CASE)),
)


def wishes(*advised: UUID, known: Known = KNOWN):
    return draft_recommendation_when_conflict_resolved(resolved(*advised), ABOUT, known)


def test_a_settlement_that_advises_nobody_moves_nobody():
    assert wishes() == []


def test_a_settlement_that_advises_organisations_becomes_a_draft_to_them():
    (wish,) = wishes(PLANNING, NGO)
    assert (wish.aggregate, wish.id) == ("recommendation", None)
    draft = wish.command
    assert isinstance(draft, DraftRecommendation)
    assert draft.addressees == (PLANNING, NGO)
    assert draft.affairs == (Affair.A2, Affair.A3)
    assert draft.basis == (Basis(kind=BasisKind.CASE, ref="MED/32/2025/0001"),)
    assert draft.area_codes == ("32.04",)
    assert "MED/32/2025/0001" in draft.issue
    assert "MED/32/2025/0001" in draft.text


def test_the_affairs_stay_open_where_the_advised_bear_none():
    assert wishes(NGO)[0].command.affairs == ()


def test_an_affair_that_is_not_known_here_is_left_open():
    known = Known(organisations={str(PLANNING): Organisation("Bappeda", (AffairDuty(affair="A9"),))})
    assert wishes(PLANNING, known=known)[0].command.affairs == ()


def test_it_waits_for_news_of_an_organisation_that_is_not_known_yet():
    with pytest.raises(UnknownReference, match="unknown-member") as waiting:
        wishes(PLANNING, UUID(int=9))
    assert waiting.value.pointer == "/advised/1"


def test_what_it_wishes_can_be_decided_with_what_the_registers_hold():
    """The settled case is in the register before the reaction runs, so that its draft is never refused for it."""
    (wish,) = wishes(PLANNING, NGO)
    known = {
        "organisations": named_as_addressees(KNOWN, wish.command, ""),
        "basis": named_as_basis(KNOWN, wish.command, ""),
    }
    (drafted,) = Story(recommendation).knowing(**known).when(wish.command).outcome
    assert drafted.addressees == (PLANNING, NGO)


def test_a_failed_mediation_becomes_a_draft_that_says_so():
    (wish,) = draft_recommendation_when_mediation_failed(failed(PLANNING), ABOUT, KNOWN)
    assert wish.command.addressees == (PLANNING,)
    assert "tidak mencapai kesepakatan" in wish.command.issue
    assert "berakhir tanpa kesepakatan" in wish.command.text
    assert draft_recommendation_when_mediation_failed(failed(), ABOUT, KNOWN) == []


ASKED = RecommendationRequested(
    advocacy_id=UUID(int=3),
    number="ADV/32/2025/0001",
    addressees=(PLANNING,),
    question="Bagaimana anggaran rumah layak huni disusun?",
    affairs=("A3", "A1", "A9"),
    area_codes=("32.04", "32.17"),
    wanted_by=date(2025, 7, 1),
)


def test_what_an_advocacy_asks_the_working_group_for_becomes_a_draft():
    (wish,) = draft_recommendation_when_requested(ASKED, ABOUT, KNOWN)
    assert (wish.aggregate, wish.id) == ("recommendation", None)
    draft = wish.command
    assert draft.basis == (Basis(kind=BasisKind.ADVOCACY, ref="ADV/32/2025/0001"),)
    assert (draft.addressees, draft.affairs) == ((PLANNING,), (Affair.A1, Affair.A3))
    assert draft.area_codes == ("32.04", "32.17")
    assert "01-07-2025" in draft.text
    assert ASKED.question in draft.text


def test_advice_is_drafted_though_nobody_is_left_to_send_it_to():
    gone = Known(organisations={str(PLANNING): Organisation("Bappeda", (), active=False, gone=True)})
    assert draft_recommendation_when_requested(ASKED, ABOUT, gone)[0].command.addressees == ()


def test_advice_waits_for_news_of_an_addressee():
    with pytest.raises(UnknownReference, match="unknown-member") as waiting:
        draft_recommendation_when_requested(ASKED, ABOUT, Known(organisations={}))
    assert waiting.value.pointer == "/addressees/0"


def test_a_successor_is_advised_in_the_place_of_a_reorganised_agency_and_who_left_is_not():
    gone = UUID(int=7)
    known = Known(
        organisations={
            str(gone): Organisation("Dinas lama", (), active=False, gone=True, successor=PLANNING),
            str(PLANNING): Organisation("Bappeda", ()),
            str(NGO): Organisation("Lembaga swadaya", (), active=False, gone=True),
        }
    )
    assert wishes(gone, NGO, known=known)[0].command.addressees == (PLANNING,)
    assert wishes(NGO, known=known) == []


def test_two_agencies_that_name_each_other_as_successor_are_nobody():
    other = UUID(int=8)
    known = Known(
        organisations={
            str(PLANNING): Organisation("Bappeda", (), gone=True, successor=other),
            str(other): Organisation("Dinas lama", (), gone=True, successor=PLANNING),
        }
    )
    assert wishes(PLANNING, known=known) == []


def test_what_a_former_member_owes_moves_to_its_successor_or_falls():
    """Only where something is still owed: a replaced line and a concluded one are left alone."""
    known = Known(
        answers={
            "1": AnswerLine(RECOMMENDATION, PLANNING),
            "2": AnswerLine(UUID(int=2), PLANNING, replaced_on=date(2025, 6, 12)),
            "3": AnswerLine(UUID(int=3), PLANNING, progress=Progress.DONE),
            "4": AnswerLine(UUID(int=4), NGO),
        }
    )
    (moved,) = replace_addressee_when_member_succeeded(MemberSucceeded(member_id=PLANNING, successor_id=NGO), ABOUT, known)
    assert (moved.id, moved.command) == (RECOMMENDATION, ReplaceAddressee(addressee=PLANNING, successor=NGO))
    (released,) = release_addressee_when_member_left(MemberLeft(member_id=PLANNING), ABOUT, known)
    assert (released.id, released.command) == (RECOMMENDATION, ReplaceAddressee(addressee=PLANNING))


def test_the_reactions_are_hung_up_under_their_names():
    assert [(one.source, one.name) for one in service.reacts] == [
        ("mediation", "draft-recommendation-when-conflict-resolved"),
        ("mediation", "draft-recommendation-when-mediation-failed"),
        ("advocacy", "draft-recommendation-when-requested"),
        ("membership", "release-addressee-when-member-left"),
        ("membership", "replace-addressee-when-member-succeeded"),
    ]
