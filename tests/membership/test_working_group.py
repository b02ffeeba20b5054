"""A working group's way: established by decree, term after term, with a secretariat and task forces, until it is dissolved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.membership.domain.convening import COMPOSITION, working_group
from services.membership.domain.member import MemberJoined, MemberProposed, MemberSuspended
from services.membership.domain.terms import GroupStatus, Holiday, Span
from services.membership.domain.working_group import (
    AmendDecree,
    DecreeAmended,
    DefineTaskForce,
    DesignateSecretariat,
    DissolveTaskForce,
    DissolveWorkingGroup,
    EstablishWorkingGroup,
    MarkTermEnded,
    MarkTermExpiring,
    PublishWorkCalendar,
    RenewTerm,
    SecretariatDesignated,
    TaskForceDefined,
    TaskForceDissolved,
    TermEnded,
    TermExpiring,
    TermRenewed,
    WorkCalendarPublished,
    WorkingGroupDissolved,
    WorkingGroupEstablished,
)
from services.membership.examples import DECREE, EXAMPLES, HOUSING, PLANNING
from services.membership.registers.directory import directory
from services.membership.registers.working_groups import Term, working_groups
from shared.decider import Actor, Ended, Timer, Waits
from shared.testing import SOME_ID, Story, folded, given_at

ID = given_at().new_id(0)
SEAT = folded(directory, [EXAMPLES[MemberProposed], EXAMPLES[MemberJoined]])[str(SOME_ID)]
RESTING = folded(directory, [EXAMPLES[MemberProposed], EXAMPLES[MemberJoined], EXAMPLES[MemberSuspended]])[str(SOME_ID)]


def past(cls, **changed):
    """The example of a fact, as it happened to the working group of these stories."""
    return replace(EXAMPLES[cls], working_group_id=ID, **changed)


def on(day):
    """Noon of a day in Jakarta, in UTC."""
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


ESTABLISHED, AMENDED, RENEWED = past(WorkingGroupEstablished), past(DecreeAmended), past(TermRenewed)
ENDED, DISSOLVED, DESIGNATED = past(TermEnded), past(WorkingGroupDissolved), past(SecretariatDesignated)
EXPIRING, PUBLISHED = past(TermExpiring), past(WorkCalendarPublished)
DEFINED = past(TaskForceDefined, task_force_id=given_at().new_id(1))
FORCE_ENDED = past(TaskForceDissolved, task_force_id=DEFINED.task_force_id)
ESTABLISH, AMEND, RENEW = EXAMPLES[EstablishWorkingGroup], EXAMPLES[AmendDecree], EXAMPLES[RenewTerm]
DISSOLVE, DESIGNATE, DEFINE = EXAMPLES[DissolveWorkingGroup], EXAMPLES[DesignateSecretariat], EXAMPLES[DefineTaskForce]
END_FORCE, PUBLISH = replace(EXAMPLES[DissolveTaskForce], task_force_id=DEFINED.task_force_id), EXAMPLES[PublishWorkCalendar]
TERM_END = date(2027, 12, 31)

nothing = Story(working_group).knowing(member=SEAT, lead=SEAT)
established = nothing.given(ESTABLISHED)
expired = established.given(ENDED)
dissolved = established.given(DISSOLVED)


# --- establish and amend ------------------------------------------------------------------------------------------


def test_a_decree_establishes_the_working_group():
    nothing.when(ESTABLISH).then(ESTABLISHED)


def test_a_working_group_is_not_established_twice():
    established.when(ESTABLISH).refused("already-established", 409)


@pytest.mark.parametrize("story", [established, expired])
def test_there_is_one_working_group_at_a_time(story):
    """Another one would hold the same key, and is refused when it is written."""
    assert working_group.holds(story.state) == {"working-group"}
    assert working_group.holds(nothing.state) == working_group.holds(dissolved.state) == frozenset()


def test_a_term_ends_after_it_starts():
    upside_down = replace(ESTABLISH, term_start=date(2027, 1, 1), term_end=date(2027, 1, 1))
    nothing.when(upside_down).refused("term-ends-before-it-starts", 422)
    established.when(replace(RENEW, term_end=RENEW.term_start)).refused("term-ends-before-it-starts", 422)


def test_a_decree_of_tomorrow_changes_nothing():
    tomorrow = replace(DECREE, number="tomorrow", date=date(2025, 6, 11))
    nothing.when(replace(ESTABLISH, decree=tomorrow)).refused("happens-in-the-future", 422)
    for wish in (AMEND, RENEW, DISSOLVE):
        established.when(replace(wish, decree=tomorrow)).refused("happens-in-the-future", 422)


@pytest.mark.parametrize("story", [established, expired])
def test_a_decree_amends_the_one_before(story):
    story.when(AMEND).then(AMENDED)


@pytest.mark.parametrize("wish", [AMEND, RENEW, DISSOLVE])
def test_a_decree_is_entered_once(wish):
    again = replace(DECREE, number=DECREE.number.upper())
    established.when(replace(wish, decree=again)).refused("decree-already-cited", 422)
    established.given(AMENDED).when(wish).refused("decree-already-cited", 422)


@pytest.mark.parametrize("wish", [AMEND, RENEW, DISSOLVE, DESIGNATE, DEFINE, END_FORCE, PUBLISH, MarkTermEnded()])
def test_nothing_changes_before_there_is_a_group_or_after_it_was_dissolved(wish):
    nothing.when(wish).refused("not-established", 409)
    dissolved.when(wish).refused("already-dissolved", 409)


# --- terms and their clocks ---------------------------------------------------------------------------------------


def test_a_term_is_renewed_before_it_is_over():
    established.when(RENEW).then(RENEWED)


def test_a_term_that_is_over_is_renewed_and_days_between_may_be_without_a_term():
    later = replace(RENEW, term_start=date(2028, 2, 1))
    expired.when(later).then(replace(RENEWED, term_start=date(2028, 2, 1)))


@pytest.mark.parametrize("start", [date(2027, 12, 31), date(2025, 1, 2)])
@pytest.mark.parametrize("story", [established, expired])
def test_terms_do_not_overlap(story, start):
    story.when(replace(RENEW, term_start=start)).refused("terms-overlap", 422)


def test_a_term_that_runs_is_followed_by_the_next_day():
    established.when(replace(RENEW, term_start=date(2028, 1, 2))).refused("term-leaves-a-gap", 422)


def test_the_end_of_a_term_is_told_at_ninety_and_at_thirty_days():
    for days in (90, 30):
        near = established.knowing(on(TERM_END - timedelta(days=days)))
        near.when(MarkTermExpiring(days=days)).then(replace(EXPIRING, days=days))
        early = established.knowing(on(TERM_END - timedelta(days=days + 1)))
        early.when(MarkTermExpiring(days=days)).refused("term-not-yet-expiring", 422)


def test_each_warning_is_told_once_a_term():
    near = established.given(EXPIRING).knowing(on(TERM_END))
    near.when(MarkTermExpiring(days=90)).then_nothing()
    near.when(MarkTermExpiring(days=30)).then(replace(EXPIRING, days=30))
    near.given(RENEWED).when(MarkTermExpiring(days=90)).refused("term-not-yet-expiring", 422)


def test_what_is_over_is_not_about_to_end():
    established.knowing(on(date(2028, 1, 1))).when(MarkTermExpiring(days=30)).then_nothing()
    expired.when(MarkTermExpiring(days=30)).refused("term-is-over", 409)


def test_a_term_ends_when_its_last_day_is_over():
    established.knowing(on(TERM_END)).when(MarkTermEnded()).refused("term-not-over", 422)
    established.knowing(on(date(2028, 1, 1))).when(MarkTermEnded()).then(ENDED)
    expired.knowing(on(date(2028, 1, 2))).when(MarkTermEnded()).then_nothing()


def test_a_term_that_was_renewed_in_time_does_not_end():
    established.given(RENEWED).knowing(on(date(2028, 1, 1))).when(MarkTermEnded()).refused("term-not-over", 422)


def clocks(story, fact):
    """The timers of the term that a fact starts or ends, by name."""
    state = working_group.evolve(story.state, fact)
    return {one.name: one for one in working_group.timers(state, fact, story.knows) if one.name != COMPOSITION}


@pytest.mark.parametrize(("story", "fact"), [(nothing, ESTABLISHED), (established, RENEWED)])
def test_a_term_starts_its_clocks(story, fact):
    end = datetime(fact.term_end.year, 12, 31, tzinfo=UTC)
    assert clocks(story, fact) == {
        "term-expiring-90": Timer("term-expiring-90", end - timedelta(days=90), MarkTermExpiring(days=90)),
        "term-expiring-30": Timer("term-expiring-30", end - timedelta(days=30), MarkTermExpiring(days=30)),
        "term-ended": Timer("term-ended", end + timedelta(days=1), MarkTermEnded()),
    }


def test_a_term_entered_late_is_not_warned_of_twice_at_once():
    late = nothing.knowing(on(date(2027, 12, 10)))
    assert list(clocks(late, ESTABLISHED)) == ["term-expiring-30", "term-ended"]


def test_dissolving_ends_the_clocks():
    assert set(clocks(established, DISSOLVED).values()) == {
        Ended("term-expiring-90"),
        Ended("term-expiring-30"),
        Ended("term-ended"),
    }


@pytest.mark.parametrize("fact", [AMENDED, ENDED, DESIGNATED, EXPIRING])
def test_nothing_else_touches_the_clocks(fact):
    assert clocks(established, fact) == {}


@pytest.mark.parametrize("story", [established, expired])
def test_a_decree_dissolves_the_working_group(story):
    story.when(DISSOLVE).then(DISSOLVED)


# --- the secretariat ----------------------------------------------------------------------------------------------


def test_the_chair_names_the_unit_that_is_the_secretariat():
    established.when(DESIGNATE).then(DESIGNATED)
    established.when(replace(DESIGNATE, on=None)).then(replace(DESIGNATED, on=date(2025, 6, 10)))


def test_there_is_one_secretariat_and_naming_it_again_changes_nothing():
    named = established.given(DESIGNATED)
    named.when(DESIGNATE).then_nothing()
    moved = replace(DESIGNATE, member_id=PLANNING)
    named.when(moved).then(replace(DESIGNATED, member_id=PLANNING))
    assert named.given(replace(DESIGNATED, member_id=PLANNING)).state.host == PLANNING


def test_the_secretariat_belongs_to_an_active_member():
    established.knowing(member=None).when(DESIGNATE).refused("unknown-member", 422)
    established.knowing(member=RESTING).when(DESIGNATE).refused("member-not-active", 422)


def test_the_secretariat_is_not_named_tomorrow():
    established.when(replace(DESIGNATE, on=date(2025, 6, 11))).refused("happens-in-the-future", 422)


# --- task forces --------------------------------------------------------------------------------------------------


def test_a_task_force_is_set_up_under_an_active_member():
    established.when(DEFINE).then(DEFINED)
    established.knowing(lead=None).when(DEFINE).refused("unknown-member", 422)
    established.knowing(lead=RESTING).when(DEFINE).refused("member-not-active", 422)


def test_a_task_force_has_a_name_of_its_own_while_it_is_at_work():
    at_work = established.given(DEFINED)
    at_work.when(replace(DEFINE, name=DEFINE.name.upper())).refused("task-force-already-defined", 422)
    at_work.given(FORCE_ENDED).when(DEFINE).then(DEFINED)


def test_no_task_force_is_set_up_when_the_term_is_over():
    expired.when(DEFINE).refused("term-is-over", 409)


def test_a_task_force_at_work_is_dissolved():
    established.given(DEFINED).when(END_FORCE).then(FORCE_ENDED)
    established.when(END_FORCE).refused("unknown-task-force", 422)
    established.given(DEFINED, FORCE_ENDED).when(END_FORCE).refused("unknown-task-force", 422)


# --- the calendar -------------------------------------------------------------------------------------------------


def test_the_holidays_of_a_year_are_published_in_order():
    established.when(replace(PUBLISH, holidays=PUBLISH.holidays[::-1])).then(PUBLISHED)


def test_the_same_list_again_is_nothing_new_but_another_replaces_it():
    known = established.given(PUBLISHED)
    known.when(PUBLISH).then_nothing()
    fewer = PUBLISH.holidays[:1]
    known.when(replace(PUBLISH, holidays=fewer)).then(replace(PUBLISHED, holidays=fewer))


def test_a_holiday_is_named_once_and_in_its_year():
    twice = (PUBLISH.holidays[0], Holiday(date=PUBLISH.holidays[0].date, name="Hari yang sama"))
    established.when(replace(PUBLISH, holidays=twice)).refused("named-twice", 422)
    established.when(replace(PUBLISH, year=2026)).refused("holiday-of-another-year", 422)


# --- who waits, and who is who ------------------------------------------------------------------------------------


def test_a_secretariat_waits_to_be_named_and_a_term_to_be_renewed():
    settled = established.given(DESIGNATED)
    assert working_group.waiting(nothing.state) == []
    assert working_group.waiting(established.state) == [Waits("chair", DesignateSecretariat)]
    assert working_group.waiting(settled.state) == []
    assert working_group.waiting(settled.given(EXPIRING).state) == [Waits("secretariat", RenewTerm, TERM_END)]
    assert working_group.waiting(settled.given(EXPIRING, RENEWED).state) == []
    assert working_group.waiting(settled.given(EXPIRING, ENDED).state) == [Waits("secretariat", RenewTerm, TERM_END)]
    assert working_group.waiting(settled.given(EXPIRING, DISSOLVED).state) == []


def test_the_host_and_the_leads_of_task_forces_are_known():
    state = established.given(DESIGNATED, DEFINED).state

    def are(organisation):
        return working_group.relations(state, Actor("a", organisation=organisation))

    assert are(HOUSING) == {"host"}
    assert are(PLANNING) == {"task-force-lead"}
    assert are(UUID(int=9)) == are(None) == frozenset()
    assert working_group.relations(established.state, Actor("a")) == frozenset()
    assert (
        working_group.relations(established.given(DEFINED, FORCE_ENDED).state, Actor("a", organisation=PLANNING)) == frozenset()
    )


# --- the register -------------------------------------------------------------------------------------------------


def shown(*facts):
    """The register's line."""
    (line,) = folded(working_groups, facts).values()
    return line


def test_the_register_shows_decree_and_term():
    assert shown(ESTABLISHED) == Term(
        decree_number="000/Kep.DEMO-PKP/2025",
        decree_date=date(2025, 1, 2),
        issuer="Gubernur Jawa Barat",
        legal_basis="PP 14/2016 pasal 54; Permen PUPR 12/2020",
        term_start=date(2025, 1, 2),
        term_end=date(2027, 12, 31),
    )


def test_the_register_keeps_terms_that_were_before():
    line = shown(ESTABLISHED, AMENDED, ENDED, RENEWED)
    assert (line.decree_number, line.status) == (RENEWED.decree.number, GroupStatus.ESTABLISHED)
    assert (line.term_start, line.term_end) == (date(2028, 1, 1), date(2030, 12, 31))
    assert line.earlier_terms == (Span(start=date(2025, 1, 2), end=TERM_END),)
    days = (date(2025, 1, 1), date(2025, 1, 2), TERM_END, date(2030, 12, 31), date(2031, 1, 1))
    assert [line.covers(day) for day in days] == [False, True, True, True, False]


def test_the_register_shows_what_amended_the_decree_and_where_the_group_stands():
    assert shown(ESTABLISHED, AMENDED).amended_by == (AMENDED.decree.number,)
    assert shown(ESTABLISHED, ENDED).status is GroupStatus.EXPIRED
    gone = shown(ESTABLISHED, DISSOLVED)
    assert (gone.status, gone.reason) == (GroupStatus.DISSOLVED, DISSOLVED.reason)


def test_the_register_shows_the_secretariat():
    line = shown(ESTABLISHED, DESIGNATED)
    assert (line.secretariat, line.host_id) == (DESIGNATED.unit, HOUSING)


def test_a_working_group_knows_only_its_own_wishes():
    with pytest.raises(TypeError):
        working_group.decide(established.state, "RenewTerm", given_at())
