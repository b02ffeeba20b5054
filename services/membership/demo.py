"""The demo of membership: a working group and its members; every organisation is made up or named by its role."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.membership.domain.member import AdmitMember, ProposeMember, SuspendMember, VerifyMember
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
from services.membership.domain.working_group import EstablishWorkingGroup
from shared.ops.steps import Send, Step

AFTER: tuple[str, ...] = ()
DECREE = Decree(
    number="000/Kep.DEMO-PKP/2025",
    date=date(2025, 1, 2),
    issuer="Gubernur",
    legal_basis="PP 14/2016 pasal 54; Permen PUPR 12/2020",
)
LEFT_VERIFIED = "developers-of-small-homes"
SUSPENDED = "developers"


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


def seated(n: int, name: str, organisation: dict[str, Any]) -> Iterator[Step]:
    """One organisation's way to its seat."""
    letter = Source(number=f"005/{n:03d}/DEMO", date=date(2025, 1, 20), sender=organisation["name"])
    yield Send("sekretariat", ProposeMember(**organisation, on_behalf_of=letter), makes=name)
    yield Send("sekretariat", VerifyMember(nomination=letter), to=name)
    if name != LEFT_VERIFIED:
        bodies = (Body.POKJA, Body.FORUM_PKP)
        yield Send("ketua", AdmitMember(bodies=bodies, core_officer=n == 1, decree=DECREE, on=date(2025, 2, 3)), to=name)


STEPS: tuple[Step, ...] = (
    Send(
        "sekretariat",
        EstablishWorkingGroup(decree=DECREE, term_start=date(2025, 1, 2), term_end=date(2027, 12, 31)),
        makes="group",
    ),
    *(step for n, (name, one) in enumerate(ORGANISATIONS.items(), 1) for step in seated(n, name, one)),
    Send("ketua", SuspendMember(reason="Tiga kali berturut-turut tidak hadir dalam rapat.", on=date(2025, 5, 5)), to=SUSPENDED),
)
