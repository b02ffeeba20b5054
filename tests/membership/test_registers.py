"""Membership's registers show what its facts say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.membership.domain.member import (
    AdmitMember,
    AffairsAssigned,
    MemberJoined,
    MemberProposed,
    MemberReinstated,
    MemberRejected,
    MemberSuspended,
    MemberVerified,
)
from services.membership.domain.terms import Affair, AffairDuty, Body, Duty, Function, Status
from services.membership.examples import EXAMPLES
from services.membership.registers.affairs_matrix import affairs_matrix
from services.membership.registers.directory import directory
from services.membership.registers.working_groups import Term, working_groups
from services.membership.service import service
from shared.testing import SOME_ID, folded

PROPOSED, VERIFIED, JOINED = EXAMPLES[MemberProposed], EXAMPLES[MemberVerified], EXAMPLES[MemberJoined]
SUSPENDED, REINSTATED, REJECTED = EXAMPLES[MemberSuspended], EXAMPLES[MemberReinstated], EXAMPLES[MemberRejected]
ONLY_A5 = (AffairDuty(affair=Affair.A5, duty=Duty.MAIN),)


def seat(*facts):
    """The directory's line of one organisation."""
    return folded(directory, facts)[str(SOME_ID)]


def line(*facts):
    """The matrix line of one organisation, None when it has none."""
    return folded(affairs_matrix, facts).get(str(SOME_ID))


WAYS = [
    ((PROPOSED,), Status.PROPOSED, PROPOSED.reason),
    ((PROPOSED, VERIFIED), Status.VERIFIED, PROPOSED.reason),
    ((PROPOSED, VERIFIED, JOINED), Status.ACTIVE, PROPOSED.reason),
    ((PROPOSED, VERIFIED, JOINED, SUSPENDED), Status.SUSPENDED, SUSPENDED.reason),
    ((PROPOSED, VERIFIED, JOINED, SUSPENDED, REINSTATED), Status.ACTIVE, REINSTATED.reason),
]


@pytest.mark.parametrize(("way", "status", "reason"), WAYS)
def test_the_directory_follows_an_organisation_on_its_way(way, status, reason):
    assert (seat(*way).status, seat(*way).reason) == (status, reason)


@pytest.mark.parametrize(("way", "status", "reason"), WAYS)
def test_the_matrix_follows_too(way, status, reason):
    assert line(*way).status == status


def test_the_directory_keeps_who_was_turned_down_and_why():
    assert (seat(PROPOSED, REJECTED).status, seat(PROPOSED, REJECTED).reason) == (Status.REJECTED, REJECTED.reason)


def test_the_directory_shows_the_seat():
    shown = seat(PROPOSED, VERIFIED, JOINED)
    assert shown.name == "Badan Perencanaan Pembangunan Daerah"
    assert shown.functions == (Function.IMPLEMENTER,)
    assert shown.bodies == (Body.POKJA,)
    assert shown.core_officer
    assert shown.joined_on == date(2025, 2, 3)


def test_assigned_affairs_replace_those_of_the_proposal():
    assert seat(PROPOSED, replace(EXAMPLES[AffairsAssigned], affairs=ONLY_A5)).affairs == ONLY_A5


def test_the_matrix_has_a_cell_for_each_affair():
    shown = line(PROPOSED)
    assert (shown.a1, shown.a2, shown.a3, shown.a4, shown.a5) == (None, Duty.MAIN, Duty.SUPPORT, None, None)


def test_affairs_given_up_leave_the_matrix():
    shown = line(PROPOSED, replace(EXAMPLES[AffairsAssigned], affairs=ONLY_A5))
    assert (shown.a1, shown.a2, shown.a3, shown.a4, shown.a5) == (None, None, None, None, Duty.MAIN)


def test_who_was_turned_down_leaves_the_matrix():
    assert line(PROPOSED, REJECTED) is None


def test_a_participant_has_no_line_in_the_matrix():
    participant = replace(PROPOSED, functions=(Function.PARTICIPATORY,), affairs=())
    assert line(participant, VERIFIED, JOINED, SUSPENDED, REINSTATED) is None


class Rows:
    """The rows of the register of working groups, as a dictionary."""

    def __init__(self, *rows):
        self.kept = {working_groups.name: [(str(number), row) for number, row in enumerate(rows)]}

    def rows(self, register, limit=1000, **equal):
        return self.kept[register.name][:limit]


def test_an_admission_looks_up_the_established_working_group():
    row = service.row(AdmitMember)[1]
    term = Term("1/2025", date(2025, 1, 2), "Gubernur", "PP 14/2016", date(2025, 1, 2), date(2027, 12, 31))
    assert row.known["group"](Rows(term), EXAMPLES[AdmitMember], str(SOME_ID)) == term
    assert row.known["group"](Rows(), EXAMPLES[AdmitMember], str(SOME_ID)) is None
