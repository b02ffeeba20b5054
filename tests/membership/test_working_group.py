"""A working group is established once, by a decree, for a term."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.membership.domain.working_group import EstablishWorkingGroup, WorkingGroupEstablished, working_group
from services.membership.examples import DECREE, EXAMPLES
from services.membership.registers.working_groups import Term, working_groups
from shared.testing import SOME_ID, Story, folded, given_at

ESTABLISHED = replace(EXAMPLES[WorkingGroupEstablished], working_group_id=given_at().new_id(0))
ESTABLISH = EXAMPLES[EstablishWorkingGroup]


def test_a_decree_establishes_the_working_group():
    Story(working_group).when(ESTABLISH).then(ESTABLISHED)


def test_a_working_group_is_not_established_twice():
    Story(working_group).given(ESTABLISHED).when(ESTABLISH).refused("already-established", 409)


def test_there_is_one_established_working_group_at_a_time():
    """Another one would hold the same key, and is refused when it is written."""
    assert working_group.holds(Story(working_group).state) == frozenset()
    assert working_group.holds(Story(working_group).given(ESTABLISHED).state) == {"working-group"}


def test_a_term_ends_after_it_starts():
    upside_down = replace(ESTABLISH, term_start=date(2027, 1, 1), term_end=date(2027, 1, 1))
    Story(working_group).when(upside_down).refused("term-ends-before-it-starts", 422)


def test_a_decree_of_tomorrow_establishes_nothing():
    tomorrow = replace(ESTABLISH, decree=replace(DECREE, date=date(2025, 6, 11)))
    Story(working_group).when(tomorrow).refused("happens-in-the-future", 422)


def test_the_register_shows_decree_and_term():
    rows = folded(working_groups, [ESTABLISHED])
    assert rows == {
        str(SOME_ID): Term(
            decree_number="000/Kep.DEMO-PKP/2025",
            decree_date=date(2025, 1, 2),
            issuer="Gubernur Jawa Barat",
            legal_basis="PP 14/2016 pasal 54; Permen PUPR 12/2020",
            term_start=date(2025, 1, 2),
            term_end=date(2027, 12, 31),
        )
    }
