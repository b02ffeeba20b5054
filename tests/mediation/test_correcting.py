"""What was entered wrongly about a case or a request is corrected, for those who may read it, until it is settled or answered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.mediation.domain.closing import CaseClosed
from services.mediation.domain.correcting import CaseCorrected, CaseField, CorrectCase
from services.mediation.domain.deciding import case
from services.mediation.domain.mediation_request import (
    CorrectRequest,
    MediationRequested,
    RequestAnswered,
    RequestCorrected,
    mediation_request,
)
from services.mediation.domain.resting import CaseSuspended
from services.mediation.domain.screening import CaseDeclined
from services.mediation.examples import EXAMPLES
from services.mediation.foreign import MemberCorrected, MemberJoined
from services.mediation.registers.cases import cases
from services.mediation.registers.organisations import organisations
from services.mediation.registers.requests import requests
from shared.facts import RESTRICTED, info, personal_fields
from shared.testing import SOME_ID, Story, folded
from tests.mediation.telling import APPOINTED_, CALLED_, HELD, NEW, OPEN, REGISTERED, RESOLVED, story

RENAME: CorrectCase = EXAMPLES[CorrectCase]
RENAMED: CaseCorrected = EXAMPLES[CaseCorrected]
UNDER_WAY = [NEW, OPEN, APPOINTED_, (*CALLED_, HELD), (*OPEN, EXAMPLES[CaseSuspended])]


@pytest.mark.parametrize("facts", UNDER_WAY)
def test_a_case_is_corrected_until_it_is_settled(facts: tuple[Any, ...]) -> None:
    story(*facts).when(RENAME).then(RENAMED)


@pytest.mark.parametrize("field", CaseField)
def test_its_title_and_its_claim_are_corrected(field: CaseField) -> None:
    value = "Nilai ganti kerugian tidak dijelaskan kepada pemilik."
    corrected = replace(RENAMED, field=field, old=getattr(REGISTERED, field), new=value)
    story(*NEW).when(replace(RENAME, field=field, value=value)).then(corrected)
    assert getattr(folded(cases, [REGISTERED, corrected])[str(SOME_ID)], field) == value


def test_what_a_case_is_about_stays_in_the_case_file() -> None:
    assert info(CaseCorrected).visibility is RESTRICTED


def test_what_was_settled_was_settled_about_these_words() -> None:
    settled = (*CALLED_, HELD, RESOLVED)
    story(*settled).when(RENAME).refused("case-already-settled", 409)
    story(*NEW, EXAMPLES[CaseDeclined]).when(RENAME).refused("case-has-ended", 409)
    story(*settled, EXAMPLES[CaseClosed]).when(RENAME).refused("case-has-ended", 409)
    Story(case).when(RENAME).refused("case-not-registered", 409)


def test_a_title_keeps_its_rule() -> None:
    story(*NEW).when(replace(RENAME, value="Tan")).refused("text-too-short", 422)
    story(*NEW).when(replace(RENAME, value=REGISTERED.title)).refused("corrected-to-the-same", 422)


# --- a request ----------------------------------------------------------------------------------------------------

ASKED: MediationRequested = EXAMPLES[MediationRequested]
MOVE: CorrectRequest = EXAMPLES[CorrectRequest]
MOVED: RequestCorrected = EXAMPLES[RequestCorrected]
waits = Story(mediation_request).given(ASKED)


def test_the_area_of_a_request_is_corrected_and_what_was_said_stays() -> None:
    waits.when(MOVE).then(MOVED)
    row = folded(requests, [ASKED, MOVED])[str(SOME_ID)]
    assert (row.area_code, row.what_happened) == (MOVED.new, ASKED.what_happened)


def test_a_correction_of_a_request_holds_nothing_personal() -> None:
    assert (info(RequestCorrected).visibility, personal_fields(RequestCorrected)) == (RESTRICTED, ())


def test_a_request_comes_from_the_province() -> None:
    waits.when(replace(MOVE, value="36.03.01")).refused("not-an-area-of-the-province", 422)
    waits.when(replace(MOVE, value="Bogor")).refused("text-does-not-match", 422)


def test_an_answered_request_is_history() -> None:
    waits.given(EXAMPLES[RequestAnswered]).when(MOVE).refused("request-already-answered", 409)
    Story(mediation_request).when(MOVE).refused("request-not-received", 409)


def test_a_member_is_known_by_its_right_name() -> None:
    joined = MemberJoined(member_id=SOME_ID, name="Bapeda")
    right = MemberCorrected(member_id=SOME_ID, field="name", new="Bappeda")
    assert folded(organisations, [joined, right])[str(SOME_ID)].name == "Bappeda"
