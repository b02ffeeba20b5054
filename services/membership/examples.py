"""One canonical example of every fact and command of membership: tests, contract and demo use the same."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.membership.domain.member import (
    AdmitMember,
    AffairsAssigned,
    AssignAffairs,
    MemberJoined,
    MemberProposed,
    MemberReinstated,
    MemberRejected,
    MemberSuspended,
    MemberVerified,
    ProposeMember,
    ReinstateMember,
    RejectMember,
    SuspendMember,
    VerifyMember,
)
from services.membership.domain.terms import (
    Affair,
    AffairDuty,
    AgencyType,
    Body,
    Component,
    Decree,
    Duty,
    Function,
    Source,
    Subkind,
)
from services.membership.domain.working_group import EstablishWorkingGroup, WorkingGroupEstablished

GROUP = UUID("00000000-0000-4000-8000-000000000001")
PLANNING = UUID("00000000-0000-4000-8000-000000000102")

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
)

EXAMPLES: dict[type, Any] = {type(one): one for one in ALL}
