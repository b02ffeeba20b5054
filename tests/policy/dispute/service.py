"""The front door of disputes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from shared.facts import RESTRICTED, SECRET
from shared.identity.roles import CHAIR, MEMBER, SECRETARIAT
from shared.registers.register import About, Register
from shared.service import Aggregate, Directory, Does, Reads, Service
from tests.policy.dispute.domain.dispute import (
    ChooseMediator,
    CloseDispute,
    DisputeClosed,
    DisputeListed,
    DisputeOpened,
    MediatorChosen,
    OpenDispute,
    SecretTold,
    TellSecret,
    dispute,
)


@dataclass(frozen=True)
class Line:
    """A dispute in the list."""

    title: str
    mediator: str = ""
    closed: bool = False


@dataclass(frozen=True)
class Side:
    """One party of a dispute."""

    party_id: UUID


@dataclass(frozen=True)
class Secret:
    """What a party told."""

    party_id: UUID
    what: str


@dataclass(frozen=True)
class Stage:
    """What everybody knows of a dispute."""

    stage: str


def closed(line: Any, fact: DisputeClosed, about: About) -> Line:
    return replace(line, closed=True)


def side(row: Side | None, fact: DisputeOpened, about: About) -> Side:
    return Side(UUID(about.key[37:]))


disputes = Register(
    name="disputes",
    row=Line,
    folds={
        DisputeOpened: lambda line, fact, about: Line(fact.title),
        MediatorChosen: lambda line, fact, about: replace(line, mediator=fact.account),
        DisputeClosed: closed,
    },
)
sides = Register(
    name="sides",
    row=Side,
    folds={DisputeOpened: side},
    keys={DisputeOpened: lambda fact, id: [f"{id}/{one.party_id}" for one in fact.parties]},
)
secrets = Register(
    name="secrets",
    row=Secret,
    folds={SecretTold: lambda row, fact, about: Secret(fact.party_id, fact.what)},
    keys={SecretTold: lambda fact, id: [f"{id}/{fact.party_id}"]},
)
stages = Register(name="stages", row=Stage, folds={DisputeListed: lambda row, fact, about: Stage(fact.stage)}, public=True)


class News:
    """What membership would have told: the tests set it."""

    suspended: frozenset[UUID] = frozenset()
    host: UUID | None = None
    offices: dict[str, tuple[str, str, date, date]] = {}  # noqa: RUF012


def active(registers: Any, organisation: UUID) -> bool:
    return organisation not in News.suspended


def host(registers: Any) -> UUID | None:
    return News.host


def offices(registers: Any, account: str, today: date) -> Sequence[tuple[str, str]]:
    kind, office, start, end = News.offices.get(account, ("", "", date.max, date.min))
    return [(kind, office)] if start <= today <= end else []


service = Service(
    name="dispute",
    aggregates=(
        Aggregate(
            decider=dispute,
            path="disputes",
            register=disputes,
            commands=(
                Does(OpenDispute, None, (SECRETARIAT, MEMBER)),
                Does(ChooseMediator, "choose-mediator", (CHAIR,)),
                Does(TellSecret, "tell-secret", (), relations=("party", "mediator")),
                Does(CloseDispute, "close", (SECRETARIAT,), relations=("mediator",)),
            ),
            reads={
                RESTRICTED: Reads((SECRETARIAT, CHAIR), ("party", "mediator")),
                SECRET: Reads((), ("mediator",), own={"party": "party_id"}),
            },
            own_house="party",
        ),
    ),
    registers=(sides, secrets, stages),
    directory=Directory(active=active, host=host, offices=offices),
)
