"""One example of every fact and command."""

from typing import Any
from uuid import UUID

from tests.policy.dispute.domain.dispute import (
    ChooseMediator,
    CloseDispute,
    DisputeClosed,
    DisputeListed,
    DisputeOpened,
    MediatorChosen,
    OpenDispute,
    Party,
    SecretTold,
    TellSecret,
)

ID = UUID("00000000-0000-4000-8000-0000000000d1")
ONE, OTHER = Party(party_id=UUID(int=1), organisation_id=UUID(int=11)), Party(party_id=UUID(int=2), organisation_id=UUID(int=12))

EXAMPLES: dict[type, Any] = {
    DisputeOpened: DisputeOpened(dispute_id=ID, title="Batas tanah", parties=(ONE, OTHER)),
    DisputeListed: DisputeListed(dispute_id=ID, stage="open"),
    MediatorChosen: MediatorChosen(dispute_id=ID, account="somebody"),
    SecretTold: SecretTold(dispute_id=ID, party_id=ONE.party_id, what="rahasia"),
    DisputeClosed: DisputeClosed(dispute_id=ID),
    OpenDispute: OpenDispute(title="Batas tanah"),
    ChooseMediator: ChooseMediator(account="somebody"),
    TellSecret: TellSecret(party_id=ONE.party_id, what="rahasia"),
    CloseDispute: CloseDispute(),
}
