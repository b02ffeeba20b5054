"""What advocacy shows besides its registers and things: the four questions about a policy, with the branch that follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.advocacy.domain.judging import branch_of
from services.advocacy.domain.policy import AssessPolicy, Policy
from services.advocacy.domain.terms import Branch
from services.advocacy.registers.advocacies import advocacies
from services.advocacy.registers.evidence import evidence
from services.advocacy.registers.organisations import organisations
from services.advocacy.registers.policies import policies
from services.advocacy.registers.recommendations import recommendations
from shared.web.own_pages import ByHand, Figure, Options, Pages

QUESTIONS = ("contrary_to_public_interest", "pro_public", "effective")


def members(registers: Any, id: str | None) -> Options:
    """The members that advocacy knows and that are active, by name."""
    return sorted(((key, one.name) for key, one in registers.rows(organisations, active=True)), key=lambda one: one[1])


def known_policies(registers: Any, id: str | None) -> Options:
    """The policies of the inventory, without the one that the command is about."""
    rows = registers.rows(policies)
    return sorted(((key, f"{one.number} {one.title}".strip()) for key, one in rows if key != id), key=lambda one: one[1])


def its_evidence(registers: Any, id: str | None) -> Options:
    """The documents attached to this advocacy."""
    rows = registers.rows(evidence)
    return [(str(one.evidence_id), one.title) for key, one in rows if id and key.startswith(id)]


def member_named(registers: Any, id: UUID) -> str | None:
    """A member's name."""
    one = registers.row(organisations, str(id))
    return one.name if one else None


def policy_named(registers: Any, id: UUID) -> str | None:
    """A policy's title."""
    one = registers.row(policies, str(id))
    return one.title if one else None


def recommendation_numbered(registers: Any, id: UUID) -> str | None:
    """A recommendation's number."""
    one = registers.row(recommendations, str(id))
    return one.number if one else None


def advocacy_titled(registers: Any, id: UUID) -> str | None:
    """What it is called."""
    one = registers.row(advocacies, str(id))
    return one.title if one else None


def derived(registers: Any, id: UUID | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """The policy, and the branch that follows from what is answered so far."""
    line = registers.row(policies, str(id))
    if line is None:
        return {"policy": None, "branch": None, "branches": list(Branch)}
    contrary, public, effective = (data.get(name) is True for name in QUESTIONS)
    answered = Policy(status=line.status, contrary_to_public_interest=contrary, pro_public=public, effective=effective)
    return {"policy": line, "branch": branch_of(answered), "branches": list(Branch)}


def figures(registers: Any) -> list[Figure]:
    """How many advocacies have been raised."""
    raised = sum(1 for _, line in registers.rows(advocacies, limit=10_000) if line.number)
    return [Figure(raised, "advokasi diajukan", "/advocacy/advocacies/")]


def story(registers: Any) -> list[tuple[str, UUID]]:
    """What grew from a case."""
    return [("advocacy", UUID(key)) for key, line in registers.rows(advocacies) if str(line.origin_kind) == "case"][:2]


PAGES = Pages(
    choices={
        "lead_id": members,
        "member_id": members,
        "organisation_id": members,
        "organisation_ids": members,
        "addressees": members,
        "owner_id": members,
        "policy_id": known_policies,
        "replaced_by": known_policies,
        "evidence_ids": its_evidence,
    },
    names=(member_named, policy_named, recommendation_numbered, advocacy_titled),
    by_hand={AssessPolicy: ByHand("advocacy/assess_policy", derived)},
    figures=figures,
    story=story,
)
