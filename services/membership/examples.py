"""One canonical example of every fact and command of membership: tests, contract and demo use the same."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.membership.domain.composing import CompositionGapCleared, CompositionGapFlagged, MarkComposition
from services.membership.domain.correcting import CorrectMember, MemberCorrected, MemberField, MemberProposalCorrected
from services.membership.domain.invitation import (
    AcceptInvitation,
    CorrectInvitation,
    DeclineInvitation,
    InvitationAccepted,
    InvitationCorrected,
    InvitationDeclined,
    InvitationExpired,
    InvitationField,
    InviteStakeholder,
    MarkInvitationExpired,
    StakeholderInvited,
)
from services.membership.domain.member import (
    AdmitMember,
    AffairsAssigned,
    AssignAffairs,
    ChangeContactChannel,
    ContactChannelChanged,
    LeaveMember,
    MemberJoined,
    MemberLeft,
    MemberProposed,
    MemberReinstated,
    MemberRejected,
    MemberSucceeded,
    MemberSuspended,
    MemberVerified,
    ProposeMember,
    ReachabilityChanged,
    ReinstateMember,
    RejectMember,
    RemoveMember,
    SucceedMember,
    SuspendMember,
    VerifyMember,
)
from services.membership.domain.office import (
    DelegateOffice,
    DelegationEnded,
    EndDelegation,
    MarkDelegationExpired,
    OfficeDelegated,
)
from services.membership.domain.representative import (
    AppointRepresentative,
    ConsentWithdrawn,
    CorrectSeat,
    EndRepresentation,
    ReplaceRepresentative,
    RepresentationEnded,
    RepresentativeAppointed,
    SeatCorrected,
    SeatField,
    SeatFilled,
    WithdrawConsent,
)
from services.membership.domain.terms import (
    Affair,
    AffairDuty,
    AgencyType,
    Body,
    Channel,
    Component,
    ConsentBasis,
    Decree,
    DelegationEnd,
    DelegationKind,
    Duty,
    Function,
    Gaps,
    Handover,
    Holiday,
    LeadKind,
    OfficeName,
    SeatEnd,
    SeatKind,
    Source,
    Subkind,
)
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
    WorkingGroupCorrected,
    WorkingGroupDissolved,
    WorkingGroupEstablished,
    WorkingGroupField,
)

GROUP = UUID("00000000-0000-4000-8000-000000000001")
HOUSING = UUID("00000000-0000-4000-8000-000000000101")
PLANNING = UUID("00000000-0000-4000-8000-000000000102")
TASK_FORCE = UUID("00000000-0000-4000-8000-000000000011")
INVITATION = UUID("00000000-0000-4000-8000-000000000021")
SEAT = UUID("00000000-0000-4000-8000-000000000031")
PERSON = UUID("00000000-0000-4000-8000-000000000032")
CONTACT = UUID("00000000-0000-4000-8000-000000000033")
DELEGATION = UUID("00000000-0000-4000-8000-000000000041")

DECREE = Decree(
    number="000/Kep.DEMO-PKP/2025",
    date=date(2025, 1, 2),
    issuer="Gubernur Jawa Barat",
    legal_basis="PP 14/2016 pasal 54; Permen PUPR 12/2020",
)
NOMINATION = Source(number="800/101/Bappeda", date=date(2025, 1, 20), sender="Bappeda Provinsi")
AFFAIRS = (AffairDuty(affair=Affair.A2, duty=Duty.MAIN), AffairDuty(affair=Affair.A3, duty=Duty.SUPPORT))
NAME = "Badan Perencanaan Pembangunan Daerah"
WHY = "Memegang urusan perencanaan dan pengendalian perumahan dan kawasan permukiman."
SECOND_DECREE = Decree(
    number="111/Kep.DEMO-PKP/2025",
    date=date(2025, 6, 2),
    issuer="Gubernur Jawa Barat",
    legal_basis="PP 14/2016 pasal 54; Permen PUPR 12/2020",
)
INVITING = Source(number="005/210/Pokja", date=date(2025, 5, 12), sender="Sekretariat Pokja PKP")
ANSWER = Source(number="17/UC/2025", date=date(2025, 5, 26), sender="Universitas Contoh")
GOODBYE = Source(number="800/330/Bappeda", date=date(2025, 6, 2), sender="Bappeda Provinsi")
WORK = "Menyiapkan pembahasan anggaran perumahan dan kawasan permukiman."
HOLIDAYS = (
    Holiday(date=date(2025, 1, 1), name="Tahun Baru 2025 Masehi"),
    Holiday(date=date(2025, 8, 17), name="Proklamasi Kemerdekaan"),
)
LAW_OF_DAYS = "SKB 3 Menteri hari libur nasional dan cuti bersama 2025"
LEADS = (Handover(kind=LeadKind.TASK_FORCE, ref=str(TASK_FORCE), to=HOUSING),)
MERGED = "Perangkat daerah dilebur dalam penataan organisasi."
HEAD = "Kepala Bidang Infrastruktur dan Kewilayahan"
MISTYPED = "Salah ketik saat dicatat; suratnya berbunyi lain."
AWAY = Source(number="800/77/Setda", date=date(2025, 6, 2), sender="Sekretariat Daerah")

ALL: tuple[Any, ...] = (
    WorkingGroupEstablished(working_group_id=GROUP, decree=DECREE, term_start=date(2025, 1, 2), term_end=date(2027, 12, 31)),
    MemberProposed(
        member_id=PLANNING,
        name=NAME,
        functions=(Function.IMPLEMENTER,),
        subkind=Subkind.REGIONAL_AGENCY,
        component=Component.REGULATOR,
        agency_type=AgencyType.PLANNING,
        affairs=AFFAIRS,
        reason=WHY,
        on_behalf_of=NOMINATION,
    ),
    MemberVerified(member_id=PLANNING, nomination=NOMINATION),
    MemberJoined(
        member_id=PLANNING,
        name=NAME,
        functions=(Function.IMPLEMENTER,),
        subkind=Subkind.REGIONAL_AGENCY,
        component=Component.REGULATOR,
        agency_type=AgencyType.PLANNING,
        affairs=AFFAIRS,
        bodies=(Body.POKJA,),
        core_officer=True,
        decree=DECREE,
        on=date(2025, 2, 3),
    ),
    MemberRejected(member_id=PLANNING, reason="Tugasnya sudah diwakili oleh perangkat daerah lain."),
    AffairsAssigned(member_id=PLANNING, affairs=AFFAIRS),
    MemberSuspended(member_id=PLANNING, reason="Tiga kali berturut-turut tidak hadir dalam rapat.", on=date(2025, 5, 5)),
    MemberReinstated(member_id=PLANNING, reason="Kembali menghadiri rapat.", on=date(2025, 6, 2)),
    EstablishWorkingGroup(decree=DECREE, term_start=date(2025, 1, 2), term_end=date(2027, 12, 31)),
    ProposeMember(
        name=NAME,
        functions=(Function.IMPLEMENTER,),
        subkind=Subkind.REGIONAL_AGENCY,
        component=Component.REGULATOR,
        agency_type=AgencyType.PLANNING,
        affairs=AFFAIRS,
        reason=WHY,
        on_behalf_of=NOMINATION,
    ),
    VerifyMember(nomination=NOMINATION),
    AdmitMember(bodies=(Body.POKJA,), core_officer=True, decree=DECREE, on=date(2025, 2, 3)),
    RejectMember(reason="Tugasnya sudah diwakili oleh perangkat daerah lain."),
    AssignAffairs(affairs=AFFAIRS),
    SuspendMember(reason="Tiga kali berturut-turut tidak hadir dalam rapat.", on=date(2025, 5, 5)),
    ReinstateMember(reason="Kembali menghadiri rapat.", on=date(2025, 6, 2)),
    DecreeAmended(working_group_id=GROUP, decree=SECOND_DECREE, subject="Susunan gugus tugas"),
    TermRenewed(working_group_id=GROUP, decree=SECOND_DECREE, term_start=date(2028, 1, 1), term_end=date(2030, 12, 31)),
    TermExpiring(working_group_id=GROUP, term_end=date(2027, 12, 31), days=90),
    TermEnded(working_group_id=GROUP, term_end=date(2027, 12, 31)),
    WorkingGroupDissolved(working_group_id=GROUP, decree=SECOND_DECREE, reason="Diganti Pokja dengan susunan baru."),
    SecretariatDesignated(
        working_group_id=GROUP, unit="Bidang Perumahan Dinas Perumahan dan Permukiman", member_id=HOUSING, on=date(2025, 2, 10)
    ),
    TaskForceDefined(
        working_group_id=GROUP, task_force_id=TASK_FORCE, name="Perencanaan dan penganggaran", lead_id=PLANNING, mandate=WORK
    ),
    TaskForceDissolved(working_group_id=GROUP, task_force_id=TASK_FORCE, reason="Tugasnya selesai."),
    WorkCalendarPublished(working_group_id=GROUP, year=2025, holidays=HOLIDAYS, source=LAW_OF_DAYS),
    AmendDecree(decree=SECOND_DECREE, subject="Susunan gugus tugas"),
    RenewTerm(decree=SECOND_DECREE, term_start=date(2028, 1, 1), term_end=date(2030, 12, 31)),
    DissolveWorkingGroup(decree=SECOND_DECREE, reason="Diganti Pokja dengan susunan baru."),
    DesignateSecretariat(unit="Bidang Perumahan Dinas Perumahan dan Permukiman", member_id=HOUSING, on=date(2025, 2, 10)),
    DefineTaskForce(name="Perencanaan dan penganggaran", lead_id=PLANNING, mandate=WORK),
    DissolveTaskForce(task_force_id=TASK_FORCE, reason="Tugasnya selesai."),
    PublishWorkCalendar(year=2025, holidays=HOLIDAYS, source=LAW_OF_DAYS),
    MarkTermExpiring(days=90),
    MarkTermEnded(),
    StakeholderInvited(
        invitation_id=INVITATION,
        name="Pusat Studi Permukiman Universitas Contoh",
        subkind=Subkind.UNIVERSITY,
        component=Component.COMMUNITY,
        reason="Meneliti permukiman di bantaran sungai.",
        letter=INVITING,
        on=date(2025, 5, 12),
        expires_on=date(2025, 6, 11),
    ),
    InvitationAccepted(invitation_id=INVITATION, on=date(2025, 5, 26), on_behalf_of=ANSWER),
    InvitationDeclined(invitation_id=INVITATION, reason="Belum ada tenaga.", on=date(2025, 5, 26), on_behalf_of=ANSWER),
    InvitationExpired(invitation_id=INVITATION, expired_on=date(2025, 6, 11)),
    InviteStakeholder(
        name="Pusat Studi Permukiman Universitas Contoh",
        subkind=Subkind.UNIVERSITY,
        component=Component.COMMUNITY,
        reason="Meneliti permukiman di bantaran sungai.",
        letter=INVITING,
    ),
    AcceptInvitation(on=date(2025, 5, 26), on_behalf_of=ANSWER),
    DeclineInvitation(reason="Belum ada tenaga.", on=date(2025, 5, 26), on_behalf_of=ANSWER),
    MarkInvitationExpired(),
    MemberLeft(member_id=PLANNING, removed=False, reason=MERGED, handover=LEADS, on=date(2025, 6, 9), on_behalf_of=GOODBYE),
    MemberSucceeded(member_id=PLANNING, successor_id=HOUSING, affairs=AFFAIRS, decree=SECOND_DECREE, on=date(2025, 6, 9)),
    ContactChannelChanged(
        member_id=PLANNING,
        contact_id=CONTACT,
        channel=Channel.EMAIL,
        contact="infrastruktur@bappeda.contoh.go.id",
        unreachable=False,
        on_behalf_of=NOMINATION,
    ),
    ReachabilityChanged(member_id=PLANNING, unreachable=False),
    LeaveMember(reason=MERGED, handover=LEADS, on=date(2025, 6, 9), on_behalf_of=GOODBYE),
    RemoveMember(reason="Dua tahun tidak pernah hadir.", handover=LEADS, on=date(2025, 6, 9)),
    SucceedMember(successor_id=HOUSING, decree=SECOND_DECREE, on=date(2025, 6, 9)),
    ChangeContactChannel(channel=Channel.EMAIL, contact="infrastruktur@bappeda.contoh.go.id", on_behalf_of=NOMINATION),
    RepresentativeAppointed(
        seat_id=SEAT,
        representative_id=PERSON,
        member_id=PLANNING,
        seat=SeatKind.HEAD,
        position=HEAD,
        name="Kepala Bidang (contoh)",
        contact="kabid@bappeda.contoh.go.id",
        basis=ConsentBasis.CONSENT,
        on=date(2025, 2, 10),
        on_behalf_of=NOMINATION,
    ),
    SeatFilled(
        seat_id=SEAT,
        member_id=PLANNING,
        seat=SeatKind.HEAD,
        position=HEAD,
        representative_id=PERSON,
        on=date(2025, 2, 10),
    ),
    RepresentationEnded(
        seat_id=SEAT, member_id=PLANNING, representative_id=PERSON, reason=SeatEnd.TRANSFERRED, on=date(2025, 5, 30)
    ),
    ConsentWithdrawn(
        seat_id=SEAT, representative_id=PERSON, on=date(2025, 5, 30), stop_by=date(2025, 6, 2), on_behalf_of=NOMINATION
    ),
    AppointRepresentative(
        member_id=PLANNING,
        seat=SeatKind.HEAD,
        position=HEAD,
        name="Kepala Bidang (contoh)",
        contact="kabid@bappeda.contoh.go.id",
        basis=ConsentBasis.CONSENT,
        on=date(2025, 2, 10),
        on_behalf_of=NOMINATION,
    ),
    ReplaceRepresentative(
        position=HEAD,
        name="Kepala Bidang pengganti (contoh)",
        contact="kabid.baru@bappeda.contoh.go.id",
        basis=ConsentBasis.OFFICIAL_DUTY,
        on=date(2025, 5, 30),
        on_behalf_of=NOMINATION,
    ),
    EndRepresentation(reason=SeatEnd.TRANSFERRED, on=date(2025, 5, 30), on_behalf_of=NOMINATION),
    WithdrawConsent(on=date(2025, 5, 30), on_behalf_of=NOMINATION),
    OfficeDelegated(
        delegation_id=DELEGATION,
        office=OfficeName.CHAIR,
        account="acc-7f6f2a",
        kind=DelegationKind.PLH,
        valid_from=date(2025, 6, 9),
        valid_until=date(2025, 6, 20),
        letter=AWAY,
    ),
    DelegationEnded(
        delegation_id=DELEGATION,
        office=OfficeName.CHAIR,
        account="acc-7f6f2a",
        end=DelegationEnd.ENDED_EARLY,
        on=date(2025, 6, 10),
    ),
    DelegateOffice(
        office=OfficeName.CHAIR,
        account="acc-7f6f2a",
        kind=DelegationKind.PLH,
        valid_from=date(2025, 6, 9),
        valid_until=date(2025, 6, 20),
        letter=AWAY,
    ),
    EndDelegation(on=date(2025, 6, 10)),
    MarkDelegationExpired(),
    CompositionGapFlagged(
        working_group_id=GROUP,
        gaps=Gaps(affairs=(Affair.A5,), agencies=(AgencyType.LAND,), partners=(Subkind.NGO, Subkind.UNIVERSITY)),
    ),
    CompositionGapCleared(working_group_id=GROUP, gaps=Gaps(partners=(Subkind.NGO,))),
    MarkComposition(),
    WorkingGroupCorrected(
        working_group_id=GROUP,
        field=WorkingGroupField.ISSUER,
        old="Gubernur Jawa Barat",
        new="Gubernur Provinsi Jawa Barat",
        reason=MISTYPED,
    ),
    CorrectWorkingGroup(field=WorkingGroupField.ISSUER, value="Gubernur Provinsi Jawa Barat", reason=MISTYPED),
    MemberCorrected(
        member_id=PLANNING, field=MemberField.NAME, old=NAME, new="Badan Perencanaan Pembangunan Provinsi", reason=MISTYPED
    ),
    MemberProposalCorrected(
        member_id=PLANNING, field=MemberField.NAME, old=NAME, new="Badan Perencanaan Pembangunan Provinsi", reason=MISTYPED
    ),
    CorrectMember(field=MemberField.NAME, value="Badan Perencanaan Pembangunan Provinsi", reason=MISTYPED),
    InvitationCorrected(
        invitation_id=INVITATION,
        field=InvitationField.NAME,
        old="Pusat Studi Permukiman Universitas Contoh",
        new="Pusat Studi Perumahan Universitas Contoh",
        reason=MISTYPED,
    ),
    CorrectInvitation(field=InvitationField.NAME, value="Pusat Studi Perumahan Universitas Contoh", reason=MISTYPED),
    SeatCorrected(seat_id=SEAT, field=SeatField.POSITION_TITLE, old=HEAD, new="Kepala Bidang Infrastruktur", reason=MISTYPED),
    CorrectSeat(field=SeatField.POSITION_TITLE, value="Kepala Bidang Infrastruktur", reason=MISTYPED),
)

EXAMPLES: dict[type, Any] = {type(one): one for one in ALL}
