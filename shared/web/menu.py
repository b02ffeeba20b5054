"""The menu of the platform: one list for every page of every service, since people know one house, not four services."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request

from shared.decider import Actor
from shared.identity.roles import OPERATOR, PARTY, PUBLIC, SECRETARIAT, Role

ANYBODY = frozenset(Role)
KNOWN = ANYBODY - {PUBLIC}
WITHIN = KNOWN - {PARTY, OPERATOR}
DESK = frozenset({SECRETARIAT})
HANDS = frozenset({SECRETARIAT, OPERATOR})


@dataclass(frozen=True)
class Entry:
    """One line of the menu; `service` is the one that must run for it, None for what every process can draw.

    `readers` are those whom the page lets in: the services judge by their policies, of which no other process knows.
    """

    label: str
    href: str
    service: str | None = None
    readers: frozenset[Role] = ANYBODY


ALWAYS = (
    Entry("Beranda", "/"),
    Entry("Meja Kerja", "/meja-kerja"),
    Entry("Menunggu Keputusan", "/menunggu-keputusan"),
)
GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "Keanggotaan",
        (
            Entry("Anggota", "/membership/members/", "membership", KNOWN),
            Entry("Daftar Publik", "/membership/public-members/", "membership"),
            Entry("Matriks Urusan", "/membership/matriks-urusan", "membership", KNOWN),
            Entry("SK & Masa Tugas", "/membership/working-groups/", "membership"),
            Entry("Gugus Tugas", "/membership/task-forces/", "membership"),
            Entry("Wakil", "/membership/representatives/", "membership", KNOWN),
            Entry("Undangan", "/membership/invitations/", "membership", WITHIN),
        ),
    ),
    (
        "Advokasi",
        (
            Entry("Daftar Advokasi", "/advocacy/advocacies/", "advocacy", WITHIN),
            Entry("Kebijakan", "/advocacy/policies/", "advocacy"),
            Entry("Tata Kelola", "/advocacy/governance-scorecard/", "advocacy"),
        ),
    ),
    (
        "Mediasi",
        (
            Entry("Permohonan", "/mediation/requests/", "mediation", DESK),
            Entry("Perkara", "/mediation/cases/", "mediation", KNOWN),
            Entry("Jadwal", "/mediation/sessions/", "mediation", KNOWN),
            Entry("Tenggat", "/mediation/deadlines/", "mediation", KNOWN),
            Entry("Kewajiban", "/mediation/obligations/", "mediation", KNOWN),
            Entry("Register Publik", "/mediation/public-cases/", "mediation"),
            Entry("Lacak dengan kode", "/mediation/lacak", "mediation"),
        ),
    ),
    (
        "Forum",
        (
            Entry("Rekomendasi", "/forum/recommendations/", "forum", WITHIN),
            Entry("Rekomendasi Terbit", "/forum/public-recommendations/", "forum"),
            Entry("Tindak Lanjut", "/forum/answers/", "forum"),
            Entry("Tinjauan", "/forum/reviews/", "forum"),
        ),
    ),
    (
        "Pengelola",
        (
            Entry("Delegasi Jabatan", "/membership/offices/", "membership", WITHIN),
            Entry("Kalender Kerja", "/membership/work-calendar/", "membership"),
            Entry("Kesehatan Sistem", "/membership/kesehatan", "membership", HANDS),
            Entry("Akun saya", "/akun", readers=KNOWN),
        ),
    ),
    (
        "Untuk Pengembang",
        (Entry("Katalog & Kontrak", "/untuk-pengembang"),),
    ),
)
SERVICES = tuple(dict.fromkeys(one.service for _, entries in GROUPS for one in entries if one.service))


def menu(running: Iterable[str], actor: Actor | None) -> list[tuple[str, list[Entry]]]:
    """The groups of the menu for this reader, without what no running service draws and what would refuse him."""
    here, roles = {None, *running}, actor.roles if actor else {PUBLIC}
    shown = [(title, [one for one in entries if one.service in here and one.readers & roles]) for title, entries in GROUPS]
    return [(title, entries) for title, entries in shown if entries]


def current(entry: Entry) -> bool:
    """Whether the page that is drawn lies below this entry."""
    return request.path == entry.href or (entry.href.endswith("/") and entry.href != "/" and request.path.startswith(entry.href))
