"""What membership shows besides its registers and things: the affairs matrix with its gaps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from services.membership.domain.terms import Affair, Answer, Status
from services.membership.registers.affairs_matrix import affairs_matrix
from services.membership.registers.composition import composition_gaps
from services.membership.registers.directory import directory
from services.membership.registers.invitations import invitations
from services.membership.registers.public_members import public_members
from services.membership.registers.task_forces import task_forces
from services.membership.registers.working_groups import present_group
from shared.identity.roles import CHAIR, MEMBER, SECRETARIAT, STEERING
from shared.web.access import who
from shared.web.drawing import page
from shared.web.own_pages import Figure, Options, Pages, holders
from shared.web.rights import seen_among
from shared.web.sight import reading, told
from shared.web.site import Site


def active_members(registers: Any, id: str | None) -> Options:
    """The active members, by name, without the one that the command is about."""
    rows = registers.rows(directory, status=Status.ACTIVE)
    return sorted(((key, seat.name) for key, seat in rows if key != id), key=lambda one: one[1])


def forces_at_work(registers: Any, id: str | None) -> Options:
    """The task forces of this working group that are at work."""
    rows = registers.rows(task_forces, at_work=True)
    return [(key.rpartition("/")[2], force.name) for key, force in rows if id and key.startswith(id)]


def accepted_invitations(registers: Any, id: str | None) -> Options:
    """The invitations that a proposal may rest on."""
    return [(key, one.name) for key, one in registers.rows(invitations, answer=Answer.ACCEPTED)]


def name_of(registers: Any, id: UUID) -> str | None:
    """An organisation's name."""
    seat = registers.row(directory, str(id))
    return seat.name if seat else None


def invited(registers: Any, id: UUID) -> str | None:
    """The name that an invitation went to."""
    one = registers.row(invitations, str(id))
    return one.name if one else None


def figures(registers: Any) -> list[Figure]:
    """How many organisations sit in the working group, and how many seats and affairs are told to be filled by nobody."""
    active, group = registers.count(public_members, status=Status.ACTIVE), present_group(registers)
    lacking = len(group.gaps.affairs + group.gaps.agencies + group.gaps.partners) if group else 0
    return [
        Figure(active, "anggota aktif", "/membership/public-members/?status=active"),
        Figure(lacking, "celah dalam susunan", "/membership/working-groups/"),
    ]


def extend(site: Site, blueprint: Blueprint) -> None:
    """The route `/matriks-urusan`."""

    @blueprint.get("/matriks-urusan")
    def matrix() -> Response:
        reading(site, affairs_matrix)
        registers = site.runtime.store.registers()
        rows = sorted(registers.rows(affairs_matrix), key=lambda one: (one[1].status != Status.ACTIVE, one[1].name))
        told(site, affairs_matrix, [key for key, _ in rows])
        lines = [(key, line, [getattr(line, affair.lower()) for affair in Affair]) for key, line in rows]
        lacking = [gap.asked for gap in composition_gaps(registers)]
        seen = seen_among(site, site.service.aggregate("member"), [UUID(key) for key, _ in rows])
        return page(
            site,
            "membership/affairs_matrix",
            who(site),
            lines=lines,
            linked={str(id) for id in seen},
            affairs=list(Affair),
            gaps=[one for one in lacking if isinstance(one, Affair)],
            seats=[one for one in lacking if not isinstance(one, Affair)],
            today=site.runtime.clock.today(),
        )


PAGES = Pages(
    choices={
        "member_id": active_members,
        "lead_id": active_members,
        "to": active_members,
        "successor_id": active_members,
        "task_force_id": forces_at_work,
        "invitation_id": accepted_invitations,
        "account": holders(SECRETARIAT, CHAIR, STEERING, MEMBER),
    },
    names=(name_of, invited),
    figures=figures,
    extend=extend,
)
