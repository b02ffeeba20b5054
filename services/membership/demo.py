"""The demo of membership: a working group and its members; every organisation is made up or named by its role.

Persons appear as role titles alone; contacts are addresses that lead nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.membership.domain.invitation import AcceptInvitation, InviteStakeholder
from services.membership.domain.member import (
    AdmitMember,
    ChangeContactChannel,
    ProposeMember,
    SucceedMember,
    SuspendMember,
    VerifyMember,
)
from services.membership.domain.representative import AppointRepresentative
from services.membership.domain.terms import (
    Affair,
    AffairDuty,
    AgencyType,
    Body,
    Channel,
    Component,
    ConsentBasis,
    Decree,
    Duty,
    Function,
    SeatKind,
    Source,
    Subkind,
)
from services.membership.domain.working_group import (
    CorrectWorkingGroup,
    DefineTaskForce,
    DesignateSecretariat,
    EstablishWorkingGroup,
    WorkingGroupField,
)
from shared.ops.steps import Acts, Send, Step, ago, named

AFTER: tuple[str, ...] = ()
DECREE = Decree(
    number="000/Kep.DEMO-PKP/2025",
    date=date(2025, 1, 2),
    issuer="Gubernur",
    legal_basis="PP 14/2016 pasal 54; Permen PUPR 12/2020",
)
LEFT_VERIFIED = "developers-of-small-homes"
SUSPENDED = "developers"
JOINED, JOINED_FOR_A5 = date(2025, 2, 3), date(2025, 3, 17)  # for six weeks nobody bore affair A5 as a main duty


def agency(
    name: str, kind: AgencyType, *affairs: tuple[Affair, Duty], functions: tuple[Function, ...] = (Function.IMPLEMENTER,)
) -> dict[str, Any]:
    """A government agency with its affairs."""
    subkind = Subkind.VERTICAL_AGENCY if kind is AgencyType.LAND else Subkind.REGIONAL_AGENCY
    return {
        "name": name,
        "functions": functions,
        "subkind": subkind,
        "component": Component.REGULATOR,
        "agency_type": kind,
        "affairs": tuple(AffairDuty(affair=affair, duty=duty) for affair, duty in affairs),
        "reason": "Memegang urusan perumahan dan kawasan permukiman sesuai tugasnya.",
    }


def participant(name: str, subkind: Subkind, component: Component) -> dict[str, Any]:
    """An organisation that takes part without an affair of its own."""
    return {
        "name": name,
        "functions": (Function.PARTICIPATORY,),
        "subkind": subkind,
        "component": component,
        "reason": "Mewakili pelaku pembangunan perumahan di luar pemerintah daerah.",
    }


A1, A2, A3, A4, A5 = Affair
MAIN, SUPPORT = Duty.MAIN, Duty.SUPPORT
BOTH = (Function.COORDINATOR, Function.IMPLEMENTER)
ORGANISATIONS: dict[str, dict[str, Any]] = {
    "housing": agency("Dinas Perumahan dan Permukiman", AgencyType.HOUSING, (A1, MAIN), (A2, SUPPORT), functions=BOTH),
    "planning": agency("Badan Perencanaan Pembangunan Daerah", AgencyType.PLANNING, (A2, MAIN), (A3, SUPPORT)),
    "finance": agency("Badan Pengelolaan Keuangan dan Aset Daerah", AgencyType.FINANCE, (A3, MAIN)),
    "buildings": agency("Dinas Pekerjaan Umum Bidang Cipta Karya", AgencyType.PUBLIC_WORKS_CIPTA_KARYA, (A4, MAIN)),
    "roads": agency("Dinas Pekerjaan Umum Bidang Bina Marga", AgencyType.PUBLIC_WORKS_BINA_MARGA, (A4, MAIN), (A5, SUPPORT)),
    "health": agency("Dinas Kesehatan", AgencyType.HEALTH, (A5, MAIN)),
    "environment": agency("Dinas Lingkungan Hidup", AgencyType.ENVIRONMENT, (A5, MAIN)),
    "land": agency("Kantor Wilayah Pertanahan", AgencyType.LAND, (A5, MAIN)),
    "water": participant("Perusahaan Air Minum Daerah Contoh", Subkind.AUTONOMOUS_BODY, Component.OPERATOR),
    "university": participant("Pusat Studi Permukiman Universitas Contoh", Subkind.UNIVERSITY, Component.COMMUNITY),
    "housing-rights": participant("Lembaga Hak atas Hunian Contoh", Subkind.NGO, Component.COMMUNITY),
    "bank": participant("Bank Pembangunan Daerah Contoh", Subkind.FINANCIAL_INSTITUTION, Component.OPERATOR),
    SUSPENDED: participant("Asosiasi Pengembang Perumahan Contoh", Subkind.PRIVATE_ASSOCIATION, Component.OPERATOR),
    LEFT_VERIFIED: participant("Asosiasi Pengembang Rumah Sederhana Contoh", Subkind.PRIVATE_ASSOCIATION, Component.OPERATOR),
}


LATER: dict[str, dict[str, Any]] = {
    "electricity": participant("Unit Induk Distribusi Listrik Contoh", Subkind.AUTONOMOUS_BODY, Component.OPERATOR),
    "telecoms": participant("Witel Telekomunikasi Contoh", Subkind.AUTONOMOUS_BODY, Component.OPERATOR),
    "mortgage-bank": participant("Bank Perumahan Nasional Contoh", Subkind.FINANCIAL_INSTITUTION, Component.OPERATOR),
    "settlements": agency("Dinas Permukiman Provinsi (sebelum penataan)", AgencyType.OTHER, (A1, SUPPORT)),
}


def letter(n: int, organisation: dict[str, Any]) -> Source:
    """The letter by which an organisation nominated itself."""
    return Source(number=f"005/{n:03d}/DEMO", date=date(2025, 1, 20), sender=organisation["name"])


def seated(n: int, name: str, organisation: dict[str, Any]) -> Iterator[Step]:
    """One organisation's way to its seat."""
    nomination = letter(n, organisation)
    yield Send("sekretariat", ProposeMember(**organisation, on_behalf_of=nomination), makes=name)
    yield Send("sekretariat", VerifyMember(nomination=nomination), to=name)
    if name != LEFT_VERIFIED:
        late = any(one.affair is A5 and one.duty is MAIN for one in organisation.get("affairs", ()))
        on, bodies = JOINED_FOR_A5 if late else JOINED, (Body.POKJA, Body.FORUM_PKP)
        yield Send("ketua", AdmitMember(bodies=bodies, core_officer=n == 1, decree=DECREE, on=on), to=name)


STORY: tuple[Step, ...] = (
    Send(
        "sekretariat",
        EstablishWorkingGroup(decree=DECREE, term_start=date(2025, 1, 2), term_end=date(2027, 12, 31)),
        makes="group",
    ),
    *(step for n, (name, one) in enumerate(ORGANISATIONS.items(), 1) for step in seated(n, name, one)),
    Send("ketua", SuspendMember(reason="Tiga kali berturut-turut tidak hadir dalam rapat.", on=date(2025, 5, 5)), to=SUSPENDED),
)

# --- who does the work, and how everybody is reached --------------------------------------------------------------

TASK_FORCES = (
    ("Gugus Tugas Perencanaan dan Anggaran", "planning", "Menyelaraskan rencana dan mengawal anggaran perumahan."),
    (
        "Gugus Tugas Kumuh dan Rumah Tidak Layak Huni",
        "buildings",
        "Memadukan data dan penanganan kumuh dan rumah tidak layak huni.",
    ),
    ("Gugus Tugas Pertanahan dan Intermediasi", "land", "Menyiapkan penyelesaian persoalan tanah untuk perumahan."),
    ("Gugus Tugas Komunikasi", "housing", "Menyebarluaskan kebijakan dan menjaring masukan warga."),
)
SEATS = {
    "housing": ("Kepala Dinas", SeatKind.HEAD),
    "planning": ("Kepala Bidang Infrastruktur dan Kewilayahan", SeatKind.HEAD),
    "finance": ("Kepala Bidang Anggaran", SeatKind.HEAD),
    "buildings": ("Kepala Bidang Cipta Karya", SeatKind.HEAD),
    "roads": ("Kepala Bidang Bina Marga", SeatKind.HEAD),
    "health": ("Kepala Seksi Kesehatan Lingkungan", SeatKind.TECHNICAL),
    "environment": ("Kepala Bidang Pengendalian Pencemaran", SeatKind.HEAD),
    "land": ("Kepala Bidang Pengadaan Tanah", SeatKind.HEAD),
    "water": ("Manajer Pelayanan", SeatKind.HEAD),
    "university": ("Ketua Pusat Studi", SeatKind.HEAD),
    "housing-rights": ("Koordinator", SeatKind.HEAD),
    "bank": ("Kepala Divisi Kredit Pemilikan Rumah", SeatKind.HEAD),
}
UNREACHABLE = "telecoms"  # somebody's contact is left to be asked for
REACHED = [name for name in (*ORGANISATIONS, *LATER) if name not in (LEFT_VERIFIED, SUSPENDED, "settlements", UNREACHABLE)]
SUCCESSION = Decree(
    number="000/Kep.DEMO-SOTK/2025", date=date(2025, 6, 30), issuer="Gubernur", legal_basis="UU 23/2014; PP 18/2016"
)

AT_WORK: tuple[Step, ...] = (
    *(step for n, (name, one) in enumerate(LATER.items(), 20) for step in seated(n, name, one)),
    Send(
        "ketua",
        DesignateSecretariat(unit="Bidang Perumahan", member_id=named("housing"), on=date(2025, 2, 10)),
        to="group",
    ),
    Send(
        "sekretariat",
        CorrectWorkingGroup(
            field=WorkingGroupField.SECRETARIAT,
            value="Bidang Perumahan, Dinas Perumahan dan Permukiman",
            reason="Nama unit belum lengkap seperti dalam SK.",
        ),
        to="group",
    ),
    *(
        Send("sekretariat", DefineTaskForce(name=name, lead_id=named(lead), mandate=mandate), to="group")
        for name, lead, mandate in TASK_FORCES
    ),
    Send("sekretariat", SucceedMember(successor_id=named("housing"), decree=SUCCESSION, on=date(2025, 7, 1)), to="settlements"),
    *(
        Send("sekretariat", ChangeContactChannel(channel=Channel.EMAIL, contact=f"{name}@lembaga.example"), to=name)
        for name in REACHED
    ),
    *(
        Send(
            "sekretariat",
            AppointRepresentative(
                member_id=named(name),
                seat=seat,
                position=position,
                name=f"Pejabat contoh, {position}"[:120],
                basis=ConsentBasis.OFFICIAL_DUTY,
                on=date(2025, 3, 17),
            ),
            makes=f"seat-{name}",
        )
        for name, (position, seat) in SEATS.items()
    ),
)

# --- what waits, and for whom the accounts of the demo act --------------------------------------------------------


def invitation(number: str, name: str, subkind: Subkind, reason: str) -> InviteStakeholder:
    """An invitation of a few days ago."""
    source = Source(number=f"{number}/DEMO", date=ago(9), sender="Sekretariat Pokja PKP")
    return InviteStakeholder(name=name, subkind=subkind, component=Component.COMMUNITY, reason=reason, letter=source)


WAITING: tuple[Step, ...] = (
    Send(
        "sekretariat",
        invitation("005/101", "Radio Komunitas Contoh", Subkind.MEDIA, "Menyiarkan kebijakan perumahan kepada warga."),
        makes="invited-radio",
    ),
    Send(
        "sekretariat",
        invitation("005/102", "Ikatan Ahli Perumahan Contoh", Subkind.OTHER, "Memberi pendapat ahli kepada forum."),
        makes="invited-experts",
    ),
    Send("sekretariat", AcceptInvitation(on=ago(2)), to="invited-experts"),
    Acts("sekretariat", "housing"),
    Acts("ketua", "housing"),
    Acts("anggota", "planning"),
    Acts("mitra", "housing-rights"),
    Acts("mediator", "university"),
)

STEPS: tuple[Step, ...] = (*STORY, *AT_WORK, *WAITING)
