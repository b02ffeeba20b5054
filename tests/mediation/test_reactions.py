"""What mediation does of itself when membership tells of a member that can send no mediator any more."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from services.mediation.domain.appointing import RecuseMediator
from services.mediation.domain.terms import Stage
from services.mediation.examples import CASE, OTHER_CASE, PLANNING, UNIVERSITY
from services.mediation.foreign import MemberLeft, MemberSucceeded, MemberSuspended
from services.mediation.reactions import (
    recuse_mediators_when_member_left,
    recuse_mediators_when_member_succeeded,
    recuse_mediators_when_member_suspended,
)
from services.mediation.registers.cases import cases
from services.mediation.service import service
from shared.decider import Actor
from shared.registers.register import About
from shared.testing import NOON, folded
from tests.mediation.telling import MEDIATED, Known, listed, said, story

ABOUT = About(str(UNIVERSITY), UNIVERSITY, f"32/member/{UNIVERSITY}", 4, 9, NOON)
LINE = folded(cases, (*MEDIATED, listed(Stage.IN_MEDIATION, NOON.date())), CASE)[str(CASE)]
KNOWN = Known(
    cases={
        str(CASE): LINE,
        str(OTHER_CASE): replace(LINE, stage=Stage.SETTLED),
        str(UUID(int=1)): replace(LINE, mediator=PLANNING),
    }
)


@pytest.mark.parametrize(
    ("fact", "react"),
    [
        (MemberSuspended(member_id=UNIVERSITY), recuse_mediators_when_member_suspended),
        (MemberLeft(member_id=UNIVERSITY), recuse_mediators_when_member_left),
        (MemberSucceeded(member_id=UNIVERSITY, successor_id=PLANNING), recuse_mediators_when_member_succeeded),
    ],
)
def test_its_mediators_are_recused_where_they_are_at_work(fact, react):
    (wish,) = react(fact, ABOUT, KNOWN)
    assert (wish.aggregate, wish.id) == ("case", CASE)
    assert isinstance(wish.command, RecuseMediator)
    machine = Actor("reaction", frozenset({"machine"}))
    recused, _ = said(story(*MEDIATED, by=machine).when(wish.command))
    assert recused.reason == wish.command.reason


def test_the_reactions_are_hung_up_under_their_names():
    assert [(one.source, one.name) for one in service.reacts] == [
        ("membership", "recuse-mediators-when-member-suspended"),
        ("membership", "recuse-mediators-when-member-left"),
        ("membership", "recuse-mediators-when-member-succeeded"),
        ("membership", "succeed-parties-when-member-succeeded"),
    ]
