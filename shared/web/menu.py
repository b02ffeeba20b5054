"""The menu of the platform: one list for every page of every service, since people know one house, not four services."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request


@dataclass(frozen=True)
class Entry:
    """One line of the menu; `service` is the one that must run for it, None for what every process can draw."""

    label: str
    href: str
    service: str | None = None


ALWAYS = (
    Entry("Beranda", "/"),
    Entry("Meja Kerja", "/meja-kerja"),
    Entry("Menunggu Keputusan", "/menunggu-keputusan"),
)
GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "Keanggotaan",
        (
            Entry("Anggota", "/membership/members/", "membership"),
            Entry("Daftar Publik", "/membership/public-members/", "membership"),
            Entry("Matriks Urusan", "/membership/matriks-urusan", "membership"),
            Entry("SK & Masa Tugas", "/membership/working-groups/", "membership"),
            Entry("Gugus Tugas", "/membership/task-forces/", "membership"),
            Entry("Wakil", "/membership/representatives/", "membership"),
            Entry("Undangan", "/membership/invitations/", "membership"),
        ),
    ),
    (
        "Advokasi",
        (
            Entry("Daftar Advokasi", "/advocacy/advocacies/", "advocacy"),
            Entry("Kebijakan", "/advocacy/policies/", "advocacy"),
            Entry("Tata Kelola", "/advocacy/governance-scorecard/", "advocacy"),
        ),
    ),
    (
        "Mediasi",
        (
            Entry("Permohonan", "/mediation/requests/", "mediation"),
            Entry("Perkara", "/mediation/cases/", "mediation"),
            Entry("Jadwal", "/mediation/sessions/", "mediation"),
            Entry("Tenggat", "/mediation/deadlines/", "mediation"),
            Entry("Kewajiban", "/mediation/obligations/", "mediation"),
            Entry("Register Publik", "/mediation/public-cases/", "mediation"),
            Entry("Lacak dengan kode", "/mediation/lacak", "mediation"),
        ),
    ),
    (
        "Forum",
        (
            Entry("Rekomendasi", "/forum/recommendations/", "forum"),
            Entry("Rekomendasi Terbit", "/forum/public-recommendations/", "forum"),
            Entry("Tindak Lanjut", "/forum/answers/", "forum"),
            Entry("Tinjauan", "/forum/reviews/", "forum"),
        ),
    ),
    (
        "Pengelola",
        (
            Entry("Delegasi Jabatan", "/membership/offices/", "membership"),
            Entry("Kalender Kerja", "/membership/work-calendar/", "membership"),
            Entry("Kesehatan Sistem", "/membership/kesehatan", "membership"),
            Entry("Akun saya", "/akun"),
        ),
    ),
    (
        "Untuk Pengembang",
        (Entry("Katalog & Kontrak", "/untuk-pengembang"),),
    ),
)
SERVICES = tuple(dict.fromkeys(one.service for _, entries in GROUPS for one in entries if one.service))


def menu(running: Iterable[str]) -> list[tuple[str, list[Entry]]]:
    """The groups of the menu, without what no running service draws."""
    here = frozenset(running)
    shown = [(title, [one for one in entries if one.service is None or one.service in here]) for title, entries in GROUPS]
    return [(title, entries) for title, entries in shown if entries]


def current(entry: Entry) -> bool:
    """Whether the page that is drawn lies below this entry."""
    return request.path == entry.href or (entry.href.endswith("/") and entry.href != "/" and request.path.startswith(entry.href))
