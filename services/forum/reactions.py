"""What the forum does of itself when its siblings tell it something."""

from __future__ import annotations

from typing import Any

from services.forum.domain.recommendation import DraftRecommendation
from services.forum.domain.terms import Affair, Basis, BasisKind
from services.forum.foreign import ConflictResolved
from services.forum.registers.organisations import Organisation, organisations
from shared.errors import UnknownReference
from shared.registers.register import About
from shared.service import Wish

# Stored text, so it speaks the language of those who will read the register.
ISSUE = "Tindak lanjut penyelesaian perkara {number}"
TEXT = (
    "Perkara {number} telah diselesaikan melalui kesepakatan para pihak. "
    "Kelompok kerja menyarankan agar lembaga yang dituju mengambil langkah supaya persoalan serupa tidak berulang."
)


def draft_recommendation_when_conflict_resolved(fact: ConflictResolved, about: About, registers: Any) -> list[Wish]:
    """Where a settlement advises organisations to act, the forum drafts what it would recommend them."""
    if not fact.advised:
        return []
    held = {one.affair for member in advised(fact, registers) for one in member.affairs}
    draft = DraftRecommendation(
        issue=ISSUE.format(number=fact.number),
        basis=(Basis(kind=BasisKind.CASE, ref=fact.number),),
        text=TEXT.format(number=fact.number),
        addressees=fact.advised,
        affairs=tuple(affair for affair in Affair if affair in held),
        area_codes=(fact.area_code,),
    )
    return [Wish(draft, "recommendation")]


def advised(fact: ConflictResolved, registers: Any) -> list[Organisation]:
    """The advised organisations; raises UnknownReference while membership's news of one is still on its way."""
    found = []
    for n, id in enumerate(fact.advised):
        row = registers.row(organisations, str(id))
        if row is None:
            raise UnknownReference("unknown-member", f"/advised/{n}")
        found.append(row)
    return found
