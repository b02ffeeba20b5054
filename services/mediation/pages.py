"""What mediation shows besides its registers and things: the agreement with its grid, and how far a case is by its code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from services.mediation.domain.agreeing import DraftAgreement, SignAgreement
from services.mediation.domain.mediation_request import RequestMediation
from services.mediation.domain.rules import CaseListed
from services.mediation.registers.cases import cases
from services.mediation.registers.interests import interests
from services.mediation.registers.obligations import obligations
from services.mediation.registers.organisations import organisations
from services.mediation.registers.parties import parties
from services.mediation.registers.public_cases import public_cases
from services.mediation.registers.requests import requests
from services.mediation.registers.sessions import sessions
from services.mediation.registers.tracking import tracked
from shared.identity.roles import MEDIATOR, MEMBER, PARTNER, PARTY
from shared.shape import plain
from shared.web.access import who
from shared.web.body import query
from shared.web.drawing import page
from shared.web.own_pages import ByHand, Figure, Options, Pages, holders
from shared.web.site import Site


def its_parties(registers: Any, id: str | None) -> Options:
    """The parties of this case."""
    return [(str(one.party_id), one.name) for _, one in registers.rows(parties, case_id=id)] if id else []


def its_interests(registers: Any, id: str | None) -> Options:
    """The interests that were recorded in this case."""
    return [(str(one.interest_id), one.need[:100]) for _, one in registers.rows(interests, case_id=id)] if id else []


def its_sessions(registers: Any, id: str | None) -> Options:
    """The sessions of this case, by day and hour."""
    return (
        [(str(one.session_id), f"{one.day.isoformat()} {one.hour}") for _, one in registers.rows(sessions, case_id=id)]
        if id
        else []
    )


def its_obligations(registers: Any, id: str | None) -> Options:
    """What parties owe in this case."""
    rows = registers.rows(obligations, case_id=id) if id else []
    return [(key.rpartition("/")[2], one.act[:100]) for key, one in rows]


def members(registers: Any, id: str | None) -> Options:
    """The members that mediation knows and that are active, by name."""
    return sorted(((key, one.name) for key, one in registers.rows(organisations) if one.active), key=lambda one: one[1])


def other_cases(registers: Any, id: str | None) -> Options:
    """The cases, without this one."""
    return [(key, f"{one.number} {one.title}"[:100]) for key, one in registers.rows(cases) if key != id]


def open_requests(registers: Any, id: str | None) -> Options:
    """The requests for mediation, by their codes."""
    return [(key, one.tracking_code) for key, one in registers.rows(requests) if not one.case_number and not one.answer]


def organisation_named(registers: Any, id: UUID) -> str | None:
    """A member's name."""
    one = registers.row(organisations, str(id))
    return one.name if one else None


def party_named(registers: Any, id: UUID) -> str | None:
    """A party's name."""
    found = registers.rows(parties, limit=1, party_id=id)
    return found[0][1].name if found else None


def case_titled(registers: Any, id: UUID) -> str | None:
    """What it is called."""
    one = registers.row(cases, str(id))
    return one.title if one else None


# --- the agreement ------------------------------------------------------------------------------------------------


def present_text(registers: Any, id: UUID | None) -> dict[str, Any]:
    """What the editor begins with: the present text, and a line for every interest that was recorded."""
    line = registers.row(cases, str(id))
    if line is None:
        return {}
    recorded = [one for _, one in registers.rows(interests, case_id=id)]
    lines = [{"interest_id": str(one.interest_id), "clauses": list(one.clauses), "reason": one.reason} for one in recorded]
    if not lines:
        lines = [{"party_id": str(one.party_id)} for _, one in registers.rows(parties, case_id=id)]
    return {
        "clauses": plain(line.clauses),
        "interests": lines,
        "root_causes": plain(line.root_causes),
        "advised": plain(line.advised),
    }


def balance(registers: Any, id: UUID | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """The grid of the balance rule: clauses across, interests down, and those that nothing answers yet."""
    recorded = {str(one.interest_id): one for _, one in registers.rows(interests, case_id=id)}
    stated = [one for one in data.get("interests", []) if isinstance(one, dict)]
    unanswered = [n for n, one in enumerate(stated) if not one.get("clauses") and not one.get("reason")]
    return {
        "recorded": recorded,
        "parties": dict(its_parties(registers, str(id))),
        "count": len(data.get("clauses", [])) or 1,
        "unanswered": unanswered,
    }


def text_to_sign(registers: Any, id: UUID | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """The text that lies before the parties."""
    return {"line": registers.row(cases, str(id))}


def hash_to_sign(registers: Any, id: UUID | None) -> dict[str, Any]:
    """Who signs, signs this very text."""
    line = registers.row(cases, str(id))
    return {"text_hash": line.text_hash} if line and line.text_hash else {}


# --- without an account -------------------------------------------------------------------------------------------


def code_of(registers: Any, id: UUID) -> dict[str, str]:
    """The tracking code by which somebody who asked goes on."""
    line = registers.row(requests, str(id))
    return {"Kode lacak": line.tracking_code} if line else {}


def extend(site: Site, blueprint: Blueprint) -> None:
    """The route `/lacak`: how far a request or its case is, for whoever holds its code."""

    @blueprint.get("/lacak")
    def track() -> Response:
        code = query(request, {"kode"}).get("kode", "").strip()[:20]
        found = tracked(site.runtime.store.registers(), code) if code else None
        return page(site, "mediation/track", who(site), code=code, found=found)


def figures(registers: Any) -> list[Figure]:
    """How many cases the public register holds."""
    return [Figure(registers.count(public_cases), "perkara dalam register publik", "/mediation/public-cases/")]


def story(registers: Any) -> list[tuple[str, UUID]]:
    """The case that a demo follows: the oldest that was settled."""
    return [("case", UUID(key)) for key, line in registers.rows(cases) if line.settled_on][:1]


PAGES = Pages(
    choices={
        "party_id": its_parties,
        "by_party": its_parties,
        "debtor": its_parties,
        "confirmed_by": its_parties,
        "caucus_with": its_parties,
        "suit_consents": its_parties,
        "consents": its_parties,
        "interest_id": its_interests,
        "session_id": its_sessions,
        "obligation_id": its_obligations,
        "organisation_id": members,
        "organisation": members,
        "advised": members,
        "into": other_cases,
        "case_id": other_cases,
        "request_id": open_requests,
        "account": holders(PARTY, PARTNER, MEMBER),
        "AppointMediator.account": holders(MEDIATOR),
        "SucceedParty.successor": members,
    },
    names=(organisation_named, party_named, case_titled),
    by_hand={
        DraftAgreement: ByHand("mediation/draft_agreement", balance, present_text),
        SignAgreement: ByHand("mediation/sign_agreement", text_to_sign, hash_to_sign),
    },
    thanks={RequestMediation: code_of},
    figures=figures,
    story=story,
    echoes=frozenset({CaseListed}),
    extend=extend,
)
