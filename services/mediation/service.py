"""The front door of mediation: conflicts over housing, from a registered case to a signed agreement."""

from __future__ import annotations

from services.mediation.domain.case import DraftAgreement, RegisterCase, SignAgreement, case
from services.mediation.foreign import MemberJoined, MemberReinstated, MemberSuspended
from services.mediation.registers.cases import cases
from services.mediation.registers.obligations import obligations
from services.mediation.registers.organisations import named_as_advised, named_as_parties, organisations
from services.mediation.registers.parties import parties
from services.mediation.registers.public_cases import public_cases
from shared.identity.roles import MEDIATOR, MEMBER, PARTNER, PARTY, SECRETARIAT
from shared.service import Aggregate, Does, Listens, Service

service = Service(
    name="mediation",
    aggregates=(
        Aggregate(
            decider=case,
            path="cases",
            register=cases,
            commands=(
                Does(RegisterCase, None, (SECRETARIAT, MEMBER, PARTNER, PARTY), known={"organisations": named_as_parties}),
                Does(DraftAgreement, "draft-agreement", (MEDIATOR,), {"organisations": named_as_advised}),
                Does(SignAgreement, "sign", (PARTY, SECRETARIAT)),
            ),
        ),
    ),
    listens=(Listens("membership", (MemberJoined, MemberSuspended, MemberReinstated), (organisations,)),),
    registers=(parties, obligations, public_cases),
)
