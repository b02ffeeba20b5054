"""What the forum does of itself when its siblings tell it something."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from services.forum.domain.drafting import DraftRecommendation
from services.forum.domain.following import ReplaceAddressee
from services.forum.domain.terms import CONCLUDED, Affair, Basis, BasisKind
from services.forum.foreign import ConflictResolved, MediationFailed, MemberLeft, MemberSucceeded, RecommendationRequested
from services.forum.registers.answers import answers
from services.forum.registers.organisations import Organisation, organisations
from shared.errors import UnknownReference
from shared.registers.register import About
from shared.service import Wish

# Stored text, so it speaks the language of those who will read the register.
ISSUE = {
    ConflictResolved: "Tindak lanjut penyelesaian perkara {number}",
    MediationFailed: "Tindak lanjut mediasi perkara {number} yang tidak mencapai kesepakatan",
}
REQUESTED = "Saran kelompok kerja atas advokasi {number}"
REQUESTED_TEXT = (
    "Pengusung advokasi {number} meminta saran resmi kelompok kerja, paling lambat {wanted_by:%d-%m-%Y}:\n\n{question}"
)
TEXT = {
    ConflictResolved: (
        "Perkara {number} telah diselesaikan melalui kesepakatan para pihak. "
        "Kelompok kerja menyarankan agar lembaga yang dituju mengambil langkah supaya persoalan serupa tidak berulang."
    ),
    MediationFailed: (
        "Mediasi perkara {number} berakhir tanpa kesepakatan. "
        "Kelompok kerja menyarankan agar lembaga yang dituju mengambil langkah supaya persoalan serupa tidak berulang."
    ),
}


def draft_recommendation_when_conflict_resolved(fact: ConflictResolved, about: About, registers: Any) -> list[Wish]:
    """Where a settlement advises organisations to act, the forum drafts what it would recommend them."""
    return _draft(fact, registers)


def draft_recommendation_when_mediation_failed(fact: MediationFailed, about: About, registers: Any) -> list[Wish]:
    """Where a mediation failed and yet organisations should act, the forum drafts what it would recommend them."""
    return _draft(fact, registers)


def _draft(fact: ConflictResolved | MediationFailed, registers: Any) -> list[Wish]:
    advised = dict(members(fact.advised, "/advised", registers))
    if not advised:
        return []
    held = {one.affair for member in advised.values() for one in member.affairs}
    draft = DraftRecommendation(
        issue=ISSUE[type(fact)].format(number=fact.number),
        basis=(Basis(kind=BasisKind.CASE, ref=fact.number),),
        text=TEXT[type(fact)].format(number=fact.number),
        addressees=tuple(advised),
        affairs=known_affairs(held),
        area_codes=(fact.area_code,),
    )
    return [Wish(draft, "recommendation")]


def draft_recommendation_when_requested(fact: RecommendationRequested, about: About, registers: Any) -> list[Wish]:
    """What an advocacy's lead asks the working group for is drafted, also when none of the addressees is a member any more."""
    draft = DraftRecommendation(
        issue=REQUESTED.format(number=fact.number),
        basis=(Basis(kind=BasisKind.ADVOCACY, ref=fact.number),),
        text=REQUESTED_TEXT.format(number=fact.number, wanted_by=fact.wanted_by, question=fact.question),
        addressees=tuple(dict(members(fact.addressees, "/addressees", registers))),
        affairs=known_affairs(fact.affairs),
        area_codes=fact.area_codes,
    )
    return [Wish(draft, "recommendation")]


def known_affairs(held: Collection[str]) -> tuple[Affair, ...]:
    """Those of the affairs that are known here, in their order."""
    return tuple(affair for affair in Affair if affair in held)


def members(ids: Sequence[UUID], pointer: str, registers: Any) -> Iterator[tuple[UUID, Organisation]]:
    """These organisations, successors in the place of those that were reorganised; who left is left out.

    Raises UnknownReference while membership's news of one is still on its way.
    """
    for n, id in enumerate(ids):
        row, seen = registers.row(organisations, str(id)), {id}
        while row and row.successor and row.successor not in seen:
            id = row.successor
            seen.add(id)
            row = registers.row(organisations, str(id))
        if row is None:
            raise UnknownReference("unknown-member", f"{pointer}/{n}")
        if not row.gone:
            yield id, row


def release_addressee_when_member_left(fact: MemberLeft, about: About, registers: Any) -> list[Wish]:
    """Nobody is waited for that is no member any more."""
    return _replace(fact.member_id, None, registers)


def replace_addressee_when_member_succeeded(fact: MemberSucceeded, about: About, registers: Any) -> list[Wish]:
    """What a reorganised agency still owes is answered by its successor."""
    return _replace(fact.member_id, fact.successor_id, registers)


def _replace(addressee: UUID, successor: UUID | None, registers: Any) -> list[Wish]:
    lines = (line for _, line in registers.rows(answers, addressee=addressee))
    owing = (line for line in lines if line.replaced_on is None and line.progress not in CONCLUDED)
    wish = ReplaceAddressee(addressee=addressee, successor=successor)
    return [Wish(wish, "recommendation", line.recommendation_id) for line in owing]
