"""Whatever is wished of membership's aggregates, in whatever order: the rules hold, and a replay gives the same."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis.strategies import builds, just, lists, none, one_of, sampled_from

from services.membership.domain import composing, convening, correcting
from services.membership.domain import invitation as inviting
from services.membership.domain import member as seating
from services.membership.domain import office as delegating
from services.membership.domain import representative as representing
from services.membership.domain import seating as deciding
from services.membership.domain import working_group as grouping
from services.membership.domain.terms import (
    Affair,
    AffairDuty,
    Answer,
    ConsentBasis,
    DelegationKind,
    Duty,
    Function,
    Gaps,
    GroupStatus,
    Handover,
    Holiday,
    LeadKind,
    OfficeName,
    SeatEnd,
    SeatKind,
    Status,
    Subkind,
)
from services.membership.examples import AWAY, DECREE, EXAMPLES, HOUSING, INVITING, NOMINATION, PLANNING, TASK_FORCE
from services.membership.registers.directory import directory
from services.membership.registers.invitations import invitations
from services.membership.registers.offices import offices
from services.membership.registers.roster import roster
from services.membership.registers.working_groups import working_groups
from services.membership.service import service
from shared.decider import Actor
from shared.testing import SOME_ID, folded
from tests.sequences import any_sequence, corrected_rightly, corrections, told

ACTORS = sampled_from(
    [
        Actor("a", frozenset({"secretariat"})),
        Actor("b", frozenset({"chair"})),
        Actor("c", frozenset({"member"}), PLANNING),
        Actor("d", frozenset({"machine"})),
    ]
)
DAYS = one_of(none(), sampled_from([date(2025, 2, 3) + timedelta(days=40 * n) for n in range(20)]))
LETTERS = one_of(none(), just(NOMINATION))
DECREES = sampled_from([replace(DECREE, number=f"{n}/2025", date=date(2025, 1, 2)) for n in range(30)])
SEAT = folded(directory, [EXAMPLES[seating.MemberProposed], EXAMPLES[seating.MemberJoined]])[str(SOME_ID)]
ROWS = sampled_from([None, SEAT, SEAT, SEAT, replace(SEAT, status=Status.SUSPENDED)])
WHY = just("Alasan yang cukup jelas.")


def line(register, facts):
    """The register's row of the aggregate."""
    return folded(register, facts).get(str(SOME_ID))


# --- the working group --------------------------------------------------------------------------------------------

STARTS = sampled_from([date(2025, 1, 2), date(2025, 9, 1), date(2026, 1, 1), date(2028, 1, 1)])
ENDS = sampled_from([date(2025, 8, 31), date(2025, 12, 31), date(2026, 8, 31), date(2028, 12, 31)])
SELDOM_NEW = sampled_from([*19 * [DECREE], replace(DECREE, number="99/2025")])
ESTABLISHED = EXAMPLES[grouping.WorkingGroupEstablished]
NAMES = sampled_from(["Perencanaan", "PERENCANAAN", "Pertanahan"])
FORCES = sampled_from([TASK_FORCE, UUID(int=4)])
GAPS = builds(Gaps, affairs=sampled_from([(), (Affair.A5,), (Affair.A1, Affair.A5)]), partners=sampled_from([(), (Subkind.NGO,)]))
CLOSED = sampled_from([Holiday(date=date(year, 1, 1), name="Tahun Baru") for year in (2025, 2026)])


def group_holds(facts, group):
    """Terms never overlap; the clocks tell each thing once a term; one secretariat; names of task forces are unique."""
    assert all(before.end < after.start for before, after in zip(group.terms, group.terms[1:], strict=False))
    ends = told(facts, grouping.WorkingGroupEstablished, grouping.TermRenewed, grouping.TermEnded)
    assert not any(isinstance(a, grouping.TermEnded) and isinstance(b, grouping.TermEnded) for a, b in itertools.pairwise(ends))
    warnings = [(one.term_end, one.days) for one in told(facts, grouping.TermExpiring)]
    assert len(set(warnings)) == len(warnings)
    names = [one.name.casefold() for one in group.task_forces]
    assert len(set(names)) == len(names)
    assert len(told(facts, grouping.WorkingGroupEstablished)) <= 1
    assert bool(convening.holds(group)) is (group.status in (GroupStatus.ESTABLISHED, GroupStatus.EXPIRED))
    if facts:
        row = line(working_groups, facts)
        assert (row.status, row.term_end, row.host_id) == (group.status, group.term_end, group.host)
        corrected_rightly(facts, grouping.WorkingGroupField, row, group)
        assert row.gaps == group.gaps
    told_of = []
    for one in told(facts, composing.CompositionGapFlagged, composing.CompositionGapCleared):
        named = [*one.gaps.affairs, *one.gaps.agencies, *one.gaps.partners]
        assert named
        flagged = isinstance(one, composing.CompositionGapFlagged)
        assert all((gap in told_of) is not flagged for gap in named)
        told_of = [*told_of, *named] if flagged else [gap for gap in told_of if gap not in named]
    if group.status is GroupStatus.DISSOLVED:
        assert isinstance(facts[-1], grouping.WorkingGroupDissolved)


TestWorkingGroup = any_sequence(
    service,
    convening.working_group,
    wishes=one_of(
        builds(grouping.EstablishWorkingGroup, decree=DECREES, term_start=STARTS, term_end=ENDS),
        builds(grouping.RenewTerm, decree=DECREES, term_start=STARTS, term_end=ENDS),
        builds(grouping.AmendDecree, decree=DECREES, subject=WHY),
        builds(grouping.DesignateSecretariat, unit=NAMES, member_id=sampled_from([HOUSING, PLANNING]), on=DAYS),
        builds(grouping.DefineTaskForce, name=NAMES, lead_id=just(PLANNING), mandate=WHY),
        builds(grouping.DissolveTaskForce, task_force_id=FORCES, reason=WHY),
        builds(grouping.PublishWorkCalendar, year=sampled_from([2025, 2026]), holidays=lists(CLOSED).map(tuple), source=WHY),
        builds(grouping.MarkTermExpiring, days=sampled_from([90, 30])),
        just(grouping.MarkTermEnded()),
        just(composing.MarkComposition()),
        corrections(grouping.CorrectWorkingGroup, grouping.WorkingGroupField),
        builds(grouping.DissolveWorkingGroup, decree=SELDOM_NEW, reason=WHY),
        builds(grouping.RenewTerm, decree=DECREES, term_start=STARTS, term_end=ENDS),
    ),
    actors=ACTORS,
    known={"member": ROWS, "lead": ROWS, "gaps": GAPS},
    check=group_holds,
    starts=((), *2 * ((ESTABLISHED,),), (ESTABLISHED, EXAMPLES[grouping.TermEnded])),
    days=40,
)


# --- the member ---------------------------------------------------------------------------------------------------

AFFAIRS = lists(builds(AffairDuty, affair=sampled_from(Affair), duty=sampled_from(Duty)), max_size=3).map(tuple)
FUNCTIONS = lists(sampled_from(Function), min_size=1, max_size=2).map(tuple)
HANDOVERS = sampled_from(
    [(), (Handover(kind=LeadKind.TASK_FORCE, ref=str(TASK_FORCE), to=HOUSING),), (Handover(kind=LeadKind.OTHER, ref="1"),)]
)
ON_THE_WAY = (EXAMPLES[seating.MemberProposed], EXAMPLES[seating.MemberVerified], EXAMPLES[seating.MemberJoined])
AFTER = {
    seating.MemberProposed: {None},
    seating.MemberVerified: {Status.PROPOSED},
    seating.MemberJoined: {Status.VERIFIED},
    seating.MemberRejected: {Status.PROPOSED, Status.VERIFIED},
    seating.MemberSuspended: {Status.ACTIVE},
    seating.MemberReinstated: {Status.SUSPENDED},
    seating.MemberLeft: {Status.ACTIVE, Status.SUSPENDED},
    seating.MemberSucceeded: {Status.ACTIVE},
    seating.AffairsAssigned: {Status.PROPOSED, Status.VERIFIED, Status.ACTIVE},
    correcting.MemberProposalCorrected: {Status.PROPOSED, Status.VERIFIED},
    correcting.MemberCorrected: {Status.ACTIVE, Status.SUSPENDED},
}


def member_holds(facts, member):
    """Every fact follows from a status that allows it, and the directory says the same as the rules."""
    state = seating.Member()
    for fact in facts:
        assert state.status in AFTER.get(type(fact), {*Status})
        state = seating.evolve(state, fact)
    if member.status in (Status.VERIFIED, Status.ACTIVE, Status.SUSPENDED):
        assert member.affairs or not member.implements
    assert member.implements or not member.affairs
    assert len({one.affair for one in member.affairs}) == len(member.affairs)
    gone = {None, Status.REJECTED, Status.LEFT, Status.SUCCEEDED}
    assert len(deciding.holds(member)) == (member.status not in gone)
    assert all((one.contact is None) is one.unreachable for one in told(facts, seating.ContactChannelChanged))
    if facts:
        seat = line(directory, facts)
        assert (seat.status, seat.affairs, seat.reachable) == (member.status, member.affairs, not member.unreachable)
        assert seat.name == member.name
        corrected_rightly(facts, correcting.MemberField, member)


TestMember = any_sequence(
    service,
    deciding.member,
    wishes=one_of(
        builds(
            replace,
            just(EXAMPLES[seating.ProposeMember]),
            functions=FUNCTIONS,
            subkind=sampled_from(Subkind),
            agency_type=sampled_from([None, EXAMPLES[seating.ProposeMember].agency_type]),
            affairs=AFFAIRS,
            on_behalf_of=LETTERS,
        ),
        just(EXAMPLES[seating.ProposeMember]),
        just(EXAMPLES[seating.VerifyMember]),
        builds(replace, just(EXAMPLES[seating.AdmitMember]), on=DAYS, decree=one_of(none(), just(DECREE))),
        just(EXAMPLES[seating.AdmitMember]),
        just(EXAMPLES[seating.RejectMember]),
        builds(seating.AssignAffairs, affairs=AFFAIRS.filter(len)),
        builds(seating.SuspendMember, reason=WHY, on=DAYS),
        builds(seating.ReinstateMember, reason=WHY, on=DAYS),
        builds(seating.ChangeContactChannel),
        just(EXAMPLES[seating.ChangeContactChannel]),
        corrections(correcting.CorrectMember, correcting.MemberField),
        one_of(
            builds(seating.LeaveMember, reason=WHY, handover=HANDOVERS, on=DAYS, on_behalf_of=LETTERS),
            builds(seating.RemoveMember, reason=WHY, handover=HANDOVERS, on=DAYS),
            builds(seating.SucceedMember, successor_id=sampled_from([HOUSING, PLANNING]), decree=just(DECREE), on=DAYS),
        ),
    ),
    actors=ACTORS,
    known={
        "group": sampled_from(
            [None, *(folded(working_groups, [EXAMPLES[grouping.WorkingGroupEstablished]]).values() for _ in range(1))]
        ).map(lambda found: next(iter(found)) if found else None),
        "invitation": none(),
        "host": sampled_from([None, HOUSING]),
        "leads": sampled_from([{}, {str(TASK_FORCE): "Gugus"}]),
        "takers": ROWS.map(lambda row: {HOUSING: row}),
        "successor": ROWS,
    },
    check=member_holds,
    starts=((), ON_THE_WAY[:1], ON_THE_WAY[:2], *3 * (ON_THE_WAY,)),
)


# --- invitation, seat, office -------------------------------------------------------------------------------------


def invitation_holds(facts, invitation):
    """An invitation has one answer, and none that came too late."""
    answers = told(facts, inviting.InvitationAccepted, inviting.InvitationDeclined, inviting.InvitationExpired)
    assert len(answers) <= 1
    assert (invitation.answer is Answer.OPEN) is (bool(facts) and not answers)
    for one in told(answers, inviting.InvitationAccepted, inviting.InvitationDeclined):
        assert invitation.invited_on <= one.on <= invitation.answer_by
    assert bool(inviting.holds(invitation)) is (invitation.answer is Answer.OPEN)
    if facts:
        corrected_rightly(facts, inviting.InvitationField, line(invitations, facts), invitation)


TestInvitation = any_sequence(
    service,
    inviting.invitation,
    wishes=one_of(
        builds(replace, just(EXAMPLES[inviting.InviteStakeholder]), subkind=sampled_from([Subkind.NGO, Subkind.REGIONAL_AGENCY])),
        builds(replace, just(EXAMPLES[inviting.InviteStakeholder]), letter=just(INVITING)),
        builds(inviting.AcceptInvitation, on=DAYS, on_behalf_of=LETTERS),
        builds(inviting.DeclineInvitation, reason=WHY, on=DAYS),
        just(inviting.MarkInvitationExpired()),
        corrections(inviting.CorrectInvitation, inviting.InvitationField),
    ),
    actors=ACTORS,
    known={},
    check=invitation_holds,
    starts=((), (EXAMPLES[inviting.StakeholderInvited],)),
    days=6,
)


def seat_holds(facts, seat):
    """A seat has at most one person; each has come before he goes, and is another subject than all before."""
    people = told(facts, representing.RepresentativeAppointed)
    ended = told(facts, representing.RepresentationEnded)
    assert len(people) - len(ended) == (seat.person is not None)
    assert [one.representative_id for one in ended] == [one.representative_id for one in people[: len(ended)]]
    assert all(came.on <= went.on for came, went in zip(people, ended, strict=False))
    assert len({one.representative_id for one in people}) == len(people)
    assert len({one.member_id for one in people}) <= 1
    assert len(told(facts, representing.SeatFilled)) == len(people)
    assert bool(representing.holds(seat)) is (seat.person is not None and seat.kind is SeatKind.HEAD)
    if facts:
        row = line(roster, facts)
        assert (row.ended_on is None) is (seat.person is not None)
        withdrawn = ended and len(ended) == len(people) and ended[-1].reason is SeatEnd.CONSENT_WITHDRAWN
        assert (row.name is None) is bool(withdrawn)
        corrected_rightly(facts, representing.SeatField, row, seat)


PERSON = {"position": just("Kepala Bidang"), "name": just("Kepala Bidang (contoh)"), "basis": sampled_from(ConsentBasis)}
TestSeat = any_sequence(
    service,
    representing.representative,
    wishes=one_of(
        builds(
            representing.AppointRepresentative,
            member_id=sampled_from([PLANNING, HOUSING]),
            seat=sampled_from(SeatKind),
            on=DAYS,
            on_behalf_of=LETTERS,
            **PERSON,
        ),
        builds(representing.ReplaceRepresentative, on=DAYS, on_behalf_of=LETTERS, **PERSON),
        builds(representing.ReplaceRepresentative, **PERSON),
        builds(representing.EndRepresentation, reason=sampled_from(SeatEnd), on=DAYS),
        builds(representing.WithdrawConsent, on=DAYS),
        corrections(representing.CorrectSeat, representing.SeatField),
    ),
    actors=ACTORS,
    known={"member": ROWS},
    check=seat_holds,
    starts=((), (EXAMPLES[representing.RepresentativeAppointed], EXAMPLES[representing.SeatFilled])),
)


def office_holds(facts, delegation):
    """A delegation ends once, not after its last day, and lends the office on its days only."""
    ended = told(facts, delegating.DelegationEnded)
    assert len(ended) <= 1
    assert delegation.ended is bool(ended)
    assert bool(delegating.holds(delegation)) is delegation.open
    if facts:
        row = line(offices, facts)
        assert not row.holds_on(delegation.valid_until + timedelta(days=1))
        assert not row.holds_on(delegation.valid_from - timedelta(days=1))
        assert not ended or not row.holds_on(ended[0].on + timedelta(days=1))


TestOffice = any_sequence(
    service,
    delegating.office,
    wishes=one_of(
        builds(
            delegating.DelegateOffice,
            office=sampled_from(OfficeName),
            account=sampled_from(["b", "e"]),
            kind=sampled_from(DelegationKind),
            valid_from=sampled_from([date(2025, 6, 9), date(2025, 6, 12), date(2025, 7, 1)]),
            valid_until=sampled_from([date(2025, 6, 11), date(2025, 7, 30)]),
            letter=just(AWAY),
        ),
        builds(delegating.EndDelegation, on=one_of(none(), sampled_from([date(2025, 6, n) for n in range(8, 20)]))),
        just(delegating.MarkDelegationExpired()),
    ),
    actors=ACTORS,
    known={},
    check=office_holds,
    starts=((), (EXAMPLES[delegating.OfficeDelegated],)),
    days=4,
)
