"""Cases beside the one that is followed: one that was settled and kept, one in which a party stayed away twice."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.mediation.domain.agreeing import DraftAgreement, SignAgreement
from services.mediation.domain.appointing import AppointMediator
from services.mediation.domain.closing import ReviewSettlement
from services.mediation.domain.consenting import RecordConsent
from services.mediation.domain.failing import DeclareImpasse
from services.mediation.domain.keeping import RecordPerformance
from services.mediation.domain.mediating import RecordSession, ScheduleSession
from services.mediation.domain.registering import RegisterCase
from services.mediation.domain.screening import ScreenCase, ScreeningOutcome
from services.mediation.domain.terms import (
    Attendance,
    Checks,
    Clause,
    Findings,
    ImpasseReason,
    NewParty,
    PartyKind,
    PromisedAct,
    RootCause,
    Scope,
    SessionKind,
    Source,
    StatedInterest,
    Venue,
)
from shared.ops.steps import PROVINCE, Learn, Send, Step, hashed, named

SECRETARIAT, OF_THE_STAFF = "sekretariat", "Sekretariat mediasi"
DEVELOPER = NewParty(kind=PartyKind.PROVIDER, name="PT Pengembang Contoh", is_complainant=False, spokesperson="Direksi")


def group(kind: PartyKind, name: str, spokesperson: str, **more: Any) -> NewParty:
    """A group that complains."""
    return NewParty(kind=kind, name=name, is_complainant=True, spokesperson=spokesperson, **more)


def record(number: str, day: date, sender: str = OF_THE_STAFF) -> Source:
    """A paper of the demo."""
    return Source(number=f"{number}/DEMO", date=day, sender=sender)


def accepted(case: str, command: RegisterCase, screened: date, agreed: date | None, by: str = SECRETARIAT) -> tuple[Step, ...]:
    """A case, registered and accepted by `by`; its parties are called `<case>-<n>`, and have agreed to mediate by a day."""
    names = [(f"{case}-{n}", party.name) for n, party in enumerate(command.parties)]
    found = Findings(in_scope=True)
    return (
        Send(SECRETARIAT, command, makes=case),
        *(Learn(by, "parties", {"case_id": named(case), "name": name}, {named(party): "party_id"}) for party, name in names),
        Send(by, ScreenCase(outcome=ScreeningOutcome.ACCEPT, findings=found, on=screened), to=case),
        *(agrees(case, party, agreed, by) for party, _ in names if agreed),
    )


def agrees(case: str, party: str, on: date, by: str = SECRETARIAT) -> Step:
    """A party agrees to mediate, by a record that is entered for it."""
    return Send(by, RecordConsent(party_id=named(party), on=on, on_behalf_of=record("BA-01", on)), to=case)


def appointed(case: str, on: date) -> Step:
    """The chair appoints the mediator of the university."""
    mediator: dict[str, Any] = {
        "organisation": named("university"),
        "account": str(named("account:mediator")),
        "no_interest": True,
    }
    return Send("ketua", AppointMediator(**mediator, certificate="MED-DEMO-042", on=on), to=case)


def session(case: str, day: date, called: date, note: str, absent: int | None = None) -> tuple[Step, ...]:
    """A joint session of two parties; one may have stayed away without a word."""
    this = f"{case}-session-{day}"
    came = tuple(Attendance(party_id=named(f"{case}-{n}"), present=n != absent) for n in range(2))
    call = ScheduleSession(session_kind=SessionKind.JOINT, day=day, hour="09.30", place="Ruang mediasi", on=called)
    return (
        Send("mediator", call, to=case),
        Learn(SECRETARIAT, "sessions", {"case_id": named(case), "day": day}, {named(this): "session_id"}),
        Send("mediator", RecordSession(session_id=named(this), attendance=came, record=note, on=day), to=case),
    )


# --- settled and kept ---------------------------------------------------------------------------------------------

BUYERS = group(PartyKind.BENEFICIARY, "Paguyuban pembeli 64 rumah", "Pengurus paguyuban")
HANDOVER, KEYS, KEYS_TEXT = "handover", "Menyerahkan kunci 64 rumah beserta jalan dan saluran airnya.", hashed("handover")

KEPT: tuple[Step, ...] = (
    *accepted(
        HANDOVER,
        RegisterCase(
            title="Serah terima rumah terlambat, jalan dan saluran belum ada",
            parties=(BUYERS, DEVELOPER),
            area_code=f"{PROVINCE}.16",
            claim="Rumah yang dicicil belum diserahkan sesudah dua tahun, dan jalan lingkungannya belum dibangun.",
            on=date(2025, 8, 4),
            on_behalf_of=record("011", date(2025, 8, 1), BUYERS.name),
        ),
        date(2025, 8, 6),
        date(2025, 8, 7),
    ),
    appointed(HANDOVER, date(2025, 8, 8)),
    *session(HANDOVER, date(2025, 8, 20), date(2025, 8, 11), "Pengembang menyebut tanggal serah terima; pembeli minta jaminan."),
    Send(
        "mediator",
        DraftAgreement(
            scope=Scope.FULL,
            clauses=(
                Clause(heading="Serah terima", wording="Pengembang menyerahkan kunci beserta jalan dan saluran air."),
                Clause(heading="Denda", wording="Setiap minggu terlambat dibayar denda kepada pembeli."),
            ),
            interests=(
                StatedInterest(party_id=named(f"{HANDOVER}-0"), need="Rumah dapat dihuni tahun ini.", clauses=(1, 2)),
                StatedInterest(party_id=named(f"{HANDOVER}-1"), need="Waktu untuk menyelesaikan jalan.", clauses=(1,)),
            ),
            obligations=(PromisedAct(debtor=named(f"{HANDOVER}-1"), act=KEYS, due=date(2025, 11, 28)),),
            checks=Checks(lawful=True, harmless=True, executable=True),
            root_causes=(RootCause.PERMIT,),
            on=date(2025, 9, 10),
        ),
        to=HANDOVER,
    ),
    Learn(SECRETARIAT, "cases", {"title": "Serah terima rumah terlambat, jalan dan saluran belum ada"}, {KEYS_TEXT: "text_hash"}),
    *(
        Send(
            SECRETARIAT,
            SignAgreement(
                party_id=named(f"{HANDOVER}-{n}"),
                text_hash=KEYS_TEXT,
                on=date(2025, 9, 11),
                on_behalf_of=record("BA-12", date(2025, 9, 11)),
            ),
            to=HANDOVER,
        )
        for n in range(2)
    ),
    Learn(SECRETARIAT, "obligations", {"case_id": named(HANDOVER), "act": KEYS}, {named("keys"): "id"}),
    Send(
        SECRETARIAT,
        RecordPerformance(
            obligation_id=named("keys"), evidence=record("BAST-64", date(2025, 11, 20), DEVELOPER.name), on=date(2025, 11, 20)
        ),
        to=HANDOVER,
    ),
    *(
        Send(SECRETARIAT, ReviewSettlement(days=days, finding=finding, on=on), to=HANDOVER)
        for days, on, finding in (
            (30, date(2025, 10, 13), "Pekerjaan jalan dimulai sesuai jadwal."),
            (90, date(2025, 12, 10), "Seluruh kunci telah diserahkan."),
            (180, date(2026, 3, 10), "Penghuni tidak menyampaikan keluhan lagi."),
        )
    ),
)

# --- without an agreement -----------------------------------------------------------------------------------------

WALL = "wall"
FAILED: tuple[Step, ...] = (
    *accepted(
        WALL,
        RegisterCase(
            title="Tembok pembatas menutup jalan warga",
            parties=(group(PartyKind.AFFECTED, "Warga dua rukun tetangga", "Ketua rukun tetangga"), DEVELOPER),
            area_code=f"{PROVINCE}.76",
            claim="Jalan yang dipakai puluhan tahun tertutup tembok perumahan baru.",
            on=date(2025, 9, 15),
            on_behalf_of=record("021", date(2025, 9, 12), "Warga dua rukun tetangga"),
        ),
        date(2025, 9, 17),
        date(2025, 9, 19),
    ),
    appointed(WALL, date(2025, 9, 22)),
    *session(WALL, date(2025, 10, 1), date(2025, 9, 24), "Salah satu pihak tidak hadir tanpa keterangan.", absent=1),
    *session(WALL, date(2025, 10, 10), date(2025, 10, 2), "Salah satu pihak kembali tidak hadir.", absent=1),
    Send(
        "mediator",
        DeclareImpasse(
            reason=ImpasseReason.ABSENT_TWICE, root_causes=(RootCause.PERMIT,), next_venue=Venue.COURT, on=date(2025, 10, 13)
        ),
        to=WALL,
    ),
)

OTHERS: tuple[Step, ...] = (*KEPT, *FAILED)
