"""Rules that more than one wish of advocacy must keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.advocacy.domain.terms import Branch, BudgetBlock, Kind, PolicyStatus, Target
from shared.decider import Given
from shared.errors import BrokenRule, UnknownReference, WrongState
from shared.rules import of_the_province, once


def require(status: Any, slug: str, *statuses: Any) -> None:
    """Raises WrongState unless the thing stands in one of these statuses."""
    if status not in statuses:
        raise WrongState(slug)


def active_member(row: Any, pointer: str) -> None:
    """`row` is that of the register of organisations; raises UnknownReference or BrokenRule unless the member is active."""
    if row is None:
        raise UnknownReference("unknown-member", pointer)
    if not row.active:
        raise BrokenRule("member-not-active", pointer, name=row.name)


def areas_within(codes: Sequence[str], given: Given) -> None:
    """Raises BrokenRule unless there are areas, each once, and each is the province or lies inside it (Kemendagri codes)."""
    if not codes:
        raise BrokenRule("no-area-named", "/area_codes")
    for index, code in enumerate(codes):
        of_the_province(code, given, f"/area_codes/{index}")
    once(codes, "/area_codes")


def able_to_lead(lead_id: UUID, target: Target, given: Given) -> None:
    """The lead is an active member, and nobody leads an advocacy that is aimed at itself."""
    active_member(given.known["lead"], "/lead_id")
    if target.organisation_id == lead_id:
        raise BrokenRule("lead-is-target", "/target/organisation_id")
    if target.organisation_id and given.known["target"] is None:
        raise UnknownReference("unknown-member", "/target/organisation_id")


def block_of(kind: Kind, blocks: Mapping[Kind, object | None]) -> None:
    """Raises BrokenRule unless the block of this kind is there and no other."""
    for one, block in blocks.items():
        if block is None and one is kind:
            raise BrokenRule("block-of-its-kind-missing", f"/{one}")
        if block is not None and one is not kind:
            raise BrokenRule("block-of-another-kind", f"/{one}")


def sound_budget(budget: BudgetBlock, given: Given) -> None:
    """A budget can be moved until the year after it is accounted for; asking for less than there is moves nothing."""
    if budget.fiscal_year < given.today.year - 1:
        raise BrokenRule("fiscal-year-is-closed", "/budget/fiscal_year")
    if budget.ask < budget.baseline:
        raise BrokenRule("asks-for-less-than-there-is", "/budget/ask")


def branch_of(policy: Any) -> Branch:
    """What to work for, the first match wins; NONE when the policy is adequate as it is.

    `policy` tells `status`, `contrary_to_public_interest`, `pro_public` and `effective`.
    """
    if policy.status in (PolicyStatus.NONE, PolicyStatus.REVOKED):
        return Branch.CREATE
    if policy.contrary_to_public_interest:
        return Branch.REVOKE_REPLACE
    if not policy.pro_public:
        return Branch.IMPROVE
    if policy.status is PolicyStatus.DRAFT:
        return Branch.CREATE
    return Branch.NONE if policy.effective else Branch.ENFORCE


def worth_raising(branch: Branch | None, pointer: str) -> Branch:
    """The branch of a policy that was assessed and is not adequate; raises BrokenRule for any other."""
    if branch is None:
        raise BrokenRule("policy-not-assessed", pointer)
    if branch is Branch.NONE:
        raise BrokenRule("policy-is-adequate", pointer)
    return branch


def of_inventory(policy_id: UUID | None, given: Given) -> Any:
    """The inventory's row of a policy that is named, None when none is; raises UnknownReference when it is not there."""
    if policy_id is None:
        return None
    if given.known["policy"] is None:
        raise UnknownReference("unknown-policy", "/policy_id")
    return given.known["policy"]


def known_members(ids: Sequence[UUID], given: Given, pointer: str) -> None:
    """`given.known["organisations"]` maps each to its row; raises UnknownReference for one that is not known here."""
    once(ids, pointer)
    for index, id in enumerate(ids):
        if given.known["organisations"].get(id) is None:
            raise UnknownReference("unknown-member", f"{pointer}/{index}")


def met_somebody(organisation_ids: Sequence[UUID], counterpart: str, given: Given) -> None:
    """An engagement is with members that are known here, or with somebody outside who is named."""
    known_members(organisation_ids, given, "/organisation_ids")
    if not organisation_ids and not counterpart.strip():
        raise BrokenRule("engagement-with-nobody", "/counterpart")
