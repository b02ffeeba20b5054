"""How a working group decides: its decrees and terms, its secretariat and task forces, its calendar and its clocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from services.membership.domain import composing
from services.membership.domain.composing import MarkComposition, marked
from services.membership.domain.rules import ONE_DAY, active_member
from services.membership.domain.terms import Decree, GroupStatus
from services.membership.domain.working_group import (
    AmendDecree,
    CorrectWorkingGroup,
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
    WorkingGroup,
    WorkingGroupCorrected,
    WorkingGroupDissolved,
    WorkingGroupEstablished,
    WorkingGroupField,
    evolve,
)
from shared.decider import Actor, Decider, Ended, Given, Timer, Waits
from shared.errors import BrokenRule, UnknownReference, WrongState
from shared.rules import Entered, correction, end_of, happened, morning_of, once

WARNINGS = (90, 30)  # days before a term ends
TERM_ENDED, COMPOSITION = "term-ended", "mark-composition"


def decide(group: WorkingGroup, command: Any, given: Given) -> Sequence[object]:
    """The facts that a wish makes in this state."""
    wish = WISHES.get(type(command))
    if wish is None:
        raise TypeError(f"a working group knows no {type(command).__name__}")
    return wish(group, command, given)


def standing(group: WorkingGroup) -> None:
    """Raises WrongState unless the group was established and is not dissolved."""
    if group.status is None:
        raise WrongState("not-established")
    if group.status is GroupStatus.DISSOLVED:
        raise WrongState("already-dissolved")


def within_term(group: WorkingGroup) -> None:
    """Raises WrongState unless the group stands and its term runs."""
    standing(group)
    if group.status is GroupStatus.EXPIRED:
        raise WrongState("term-is-over")


def new_decree(group: WorkingGroup, decree: Decree, given: Given) -> None:
    """Raises BrokenRule for a decree to come, and for one that was entered before."""
    happened(decree.date, given, "/decree/date")
    if decree.number.casefold() in group.decrees:
        raise BrokenRule("decree-already-cited", "/decree/number")


def establish(group: WorkingGroup, wish: EstablishWorkingGroup, given: Given) -> Sequence[object]:
    """PP 14/2016 art. 54 asks for one working group per province."""
    if group.status:
        raise WrongState("already-established")
    new_decree(group, wish.decree, given)
    right_way_round(wish)
    return [WorkingGroupEstablished(working_group_id=given.new_id(0), **vars(wish))]


def right_way_round(wish: EstablishWorkingGroup | RenewTerm) -> None:
    """Raises BrokenRule for a term that ends before it has begun."""
    if wish.term_end <= wish.term_start:
        raise BrokenRule("term-ends-before-it-starts", "/term_end")


def amend(group: WorkingGroup, wish: AmendDecree, given: Given) -> Sequence[object]:
    """The decree may be amended while its term runs and after."""
    standing(group)
    new_decree(group, wish.decree, given)
    return [DecreeAmended(working_group_id=group.id, decree=wish.decree, subject=wish.subject)]


def renew(group: WorkingGroup, wish: RenewTerm, given: Given) -> Sequence[object]:
    """Terms never overlap; before the running one is over, the next one must follow it without a day between."""
    standing(group)
    new_decree(group, wish.decree, given)
    right_way_round(wish)
    if wish.term_start <= group.term_end:
        raise BrokenRule("terms-overlap", "/term_start", end=group.term_end)
    if group.status is GroupStatus.ESTABLISHED and wish.term_start > group.term_end + ONE_DAY:
        raise BrokenRule("term-leaves-a-gap", "/term_start", end=group.term_end)
    return [TermRenewed(working_group_id=group.id, **vars(wish))]


def dissolve(group: WorkingGroup, wish: DissolveWorkingGroup, given: Given) -> Sequence[object]:
    """What a decree established, a decree dissolves; another group may be established then."""
    standing(group)
    new_decree(group, wish.decree, given)
    return [WorkingGroupDissolved(working_group_id=group.id, decree=wish.decree, reason=wish.reason)]


def designate(group: WorkingGroup, wish: DesignateSecretariat, given: Given) -> Sequence[object]:
    """There is one secretariat; `given.known["member"]` is the directory's row of the member it belongs to."""
    standing(group)
    if (group.secretariat, group.host) == (wish.unit, wish.member_id):
        return []
    active_member(given.known["member"], "/member_id")
    on = happened(wish.on, given)
    return [SecretariatDesignated(working_group_id=group.id, unit=wish.unit, member_id=wish.member_id, on=on)]


def define(group: WorkingGroup, wish: DefineTaskForce, given: Given) -> Sequence[object]:
    """`given.known["lead"]` is the directory's row of the member that is to lead."""
    within_term(group)
    active_member(given.known["lead"], "/lead_id")
    if wish.name.casefold() in {one.name.casefold() for one in group.task_forces}:
        raise BrokenRule("task-force-already-defined", "/name")
    return [TaskForceDefined(working_group_id=group.id, task_force_id=given.new_id(1), **vars(wish))]


def dissolve_task_force(group: WorkingGroup, wish: DissolveTaskForce, given: Given) -> Sequence[object]:
    """Only what is at work can end."""
    standing(group)
    if wish.task_force_id not in {one.id for one in group.task_forces}:
        raise UnknownReference("unknown-task-force", "/task_force_id")
    return [TaskForceDissolved(working_group_id=group.id, **vars(wish))]


def publish(group: WorkingGroup, wish: PublishWorkCalendar, given: Given) -> Sequence[object]:
    """A year's list replaces the one before; the same list again is nothing new."""
    standing(group)
    once([one.date for one in wish.holidays], "/holidays")
    for n, one in enumerate(wish.holidays):
        if one.date.year != wish.year:
            raise BrokenRule("holiday-of-another-year", f"/holidays/{n}/date", year=wish.year)
    holidays = tuple(sorted(wish.holidays, key=lambda one: one.date))
    published = WorkCalendarPublished(working_group_id=group.id, year=wish.year, holidays=holidays, source=wish.source)
    return [] if group.calendars.get(wish.year) == published else [published]


def mark_composition(group: WorkingGroup, wish: MarkComposition, given: Given) -> Sequence[object]:
    """Looked at whenever members have changed, whether or not the term runs; what was told is not told again."""
    standing(group)
    return marked(group.id, group.gaps, given)


ENTERED: Entered = {
    WorkingGroupField.DECREE_NUMBER: (Decree, "number"),
    WorkingGroupField.ISSUER: (Decree, "issuer"),
    WorkingGroupField.LEGAL_BASIS: (Decree, "legal_basis"),
    WorkingGroupField.SECRETARIAT: (DesignateSecretariat, "unit"),
}


def correct(group: WorkingGroup, wish: CorrectWorkingGroup, given: Given) -> Sequence[object]:
    """The decree stays what it is: only how it is cited was wrong; two decrees never have one number."""
    standing(group)
    told = correction(group, wish, ENTERED)
    if wish.field is WorkingGroupField.DECREE_NUMBER and told["new"].casefold() in group.decrees - {told["old"].casefold()}:
        raise BrokenRule("decree-already-cited", "/value")
    return [WorkingGroupCorrected(working_group_id=group.id, **told)]


def warn(group: WorkingGroup, wish: MarkTermExpiring, given: Given) -> Sequence[object]:
    """Each warning is said once a term, and not when the term is over."""
    within_term(group)
    left = (group.term_end - given.today).days
    if wish.days in group.warned or left < 0:
        return []
    if left > wish.days:
        raise BrokenRule("term-not-yet-expiring", end=group.term_end)
    return [TermExpiring(working_group_id=group.id, term_end=group.term_end, days=wish.days)]


def end(group: WorkingGroup, wish: MarkTermEnded, given: Given) -> Sequence[object]:
    """A term ends with its last day."""
    standing(group)
    if group.status is GroupStatus.EXPIRED:
        return []
    if given.today <= group.term_end:
        raise BrokenRule("term-not-over", end=group.term_end)
    return [TermEnded(working_group_id=group.id, term_end=group.term_end)]


WISHES: dict[type, Any] = {
    EstablishWorkingGroup: establish,
    AmendDecree: amend,
    RenewTerm: renew,
    DissolveWorkingGroup: dissolve,
    DesignateSecretariat: designate,
    DefineTaskForce: define,
    DissolveTaskForce: dissolve_task_force,
    PublishWorkCalendar: publish,
    CorrectWorkingGroup: correct,
    MarkComposition: mark_composition,
    MarkTermExpiring: warn,
    MarkTermEnded: end,
}


def holds(group: WorkingGroup) -> frozenset[str]:
    """There is one working group at a time, whether or not its term runs."""
    return frozenset() if group.status in (None, GroupStatus.DISSOLVED) else frozenset({"working-group"})


def timers(group: WorkingGroup, fact: Any, given: Given) -> Sequence[Timer | Ended]:
    """A term is warned of before it ends, and ends by itself; a new term starts the same clocks anew.

    The members of a working group that was dissolved are there when another one is established: so its composition is looked at.
    """
    match fact:
        case WorkingGroupEstablished() | TermRenewed():
            marks = {days: group.term_end - timedelta(days=days) for days in WARNINGS}
            # Entered late, a term starts no warning that a nearer one has overtaken.
            due = [days for days in WARNINGS if all(marks[n] > given.today for n in WARNINGS if n < days)]
            warnings = [Timer(expiring(days), morning_of(marks[days]), MarkTermExpiring(days=days)) for days in due]
            look = [Timer(COMPOSITION, given.now, MarkComposition())] if isinstance(fact, WorkingGroupEstablished) else []
            return [*warnings, Timer(TERM_ENDED, end_of(group.term_end), MarkTermEnded()), *look]
        case WorkingGroupDissolved():
            return [*(Ended(expiring(days)) for days in WARNINGS), Ended(TERM_ENDED)]
    return []


def expiring(days: int) -> str:
    """The name of the clock that warns so many days before."""
    return f"term-expiring-{days}"


def waiting(group: WorkingGroup) -> Sequence[Waits]:
    """A secretariat to be named, and a term to be renewed once its end is near."""
    waits = []
    if group.status is GroupStatus.ESTABLISHED and group.host is None:
        waits.append(Waits("chair", DesignateSecretariat))
    if group.status is GroupStatus.EXPIRED or (group.status and group.warned and group.status is GroupStatus.ESTABLISHED):
        waits.append(Waits("secretariat", RenewTerm, group.term_end))
    return waits


def relations(group: WorkingGroup, actor: Actor) -> frozenset[str]:
    """`host`: of the member that the secretariat belongs to; `task-force-lead`: of a member that leads a task force."""
    leads = {one.lead_id for one in group.task_forces}
    is_so = {"host": group.host is not None and actor.organisation == group.host, "task-force-lead": actor.organisation in leads}
    return frozenset(name for name, so in is_so.items() if so)


working_group = Decider("working-group", WorkingGroup(), decide, evolve, holds, timers, waiting, relations, phases=(composing,))
