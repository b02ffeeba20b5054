"""The front door of membership: who sits in the working group."""

from __future__ import annotations

from typing import Any

from services.membership.domain.member import (
    AdmitMember,
    AssignAffairs,
    ProposeMember,
    ReinstateMember,
    RejectMember,
    SuspendMember,
    VerifyMember,
    member,
)
from services.membership.domain.working_group import EstablishWorkingGroup, working_group
from services.membership.registers.affairs_matrix import affairs_matrix
from services.membership.registers.directory import directory
from services.membership.registers.working_groups import Term, established_group, working_groups
from shared.identity.roles import CHAIR, MEMBER, PARTNER, SECRETARIAT
from shared.service import Aggregate, Does, Service


def the_group(registers: Any, command: Any, id: str) -> Term | None:
    """The established working group, whose term an admission must fall into."""
    return established_group(registers)


service = Service(
    name="membership",
    aggregates=(
        Aggregate(
            decider=working_group,
            path="working-groups",
            register=working_groups,
            commands=(Does(EstablishWorkingGroup, None, (SECRETARIAT,)),),
        ),
        Aggregate(
            decider=member,
            path="members",
            register=directory,
            commands=(
                Does(ProposeMember, None, (SECRETARIAT, MEMBER, PARTNER)),
                Does(VerifyMember, "verify", (SECRETARIAT,)),
                Does(AdmitMember, "admit", (CHAIR,), known={"group": the_group}),
                Does(RejectMember, "reject", (CHAIR,)),
                Does(AssignAffairs, "assign-affairs", (SECRETARIAT,)),
                Does(SuspendMember, "suspend", (CHAIR,)),
                Does(ReinstateMember, "reinstate", (CHAIR,)),
            ),
        ),
    ),
    registers=(affairs_matrix,),
)
