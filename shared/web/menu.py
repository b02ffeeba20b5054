"""The menu of the platform: one list for every page of every service, since people know one house, not four services."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import get_template_attribute, request
from markupsafe import Markup

from shared.decider import Actor
from shared.identity.roles import OPERATOR, PARTY, PUBLIC, SECRETARIAT, Role
from shared.web.languages import language

ANYBODY = frozenset(Role)
KNOWN = ANYBODY - {PUBLIC}
WITHIN = KNOWN - {PARTY, OPERATOR}
DESK = frozenset({SECRETARIAT})
STRANGERS = frozenset({PUBLIC})
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
EVERY = tuple(one.href for one in (*ALWAYS, *(entry for _, entries in GROUPS for entry in entries)))
SERVICES = tuple(dict.fromkeys(one.service for _, entries in GROUPS for one in entries if one.service))


def menu(running: Iterable[str], roles: Collection[str]) -> list[tuple[str, list[Entry]]]:
    """The groups of the menu for readers of these roles, without what no running service draws and what would refuse them."""
    there = {None, *running}
    shown = [
        (title, [one for one in entries if one.service in there and not one.readers.isdisjoint(roles)])
        for title, entries in GROUPS
    ]
    return [(title, entries) for title, entries in shown if entries]


def drawing(running: Sequence[str]) -> Callable[[Actor | None], Markup]:
    """How the templates of one application draw the menu for a reader: once for all who see the same, for every page has it."""

    @lru_cache(maxsize=1000)
    def drawn(code: str, roles: frozenset[str], here: str | None) -> Markup:
        lines: Markup = get_template_attribute("parts/menu.html", "menu")(ALWAYS, menu(running, roles), here)
        return lines

    return lambda actor: drawn(language(), actor.roles if actor else STRANGERS, here(request.path))


def here(path: str) -> str | None:
    """Where the entry leads below which a page lies; None for a page below none of them."""
    return next((one for one in EVERY if path == one or (one.endswith("/") and one != "/" and path.startswith(one))), None)
