"""The contacts: how each organisation is reached; what is said there stays ciphertext here."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.membership.domain.member import ContactChannelChanged
from services.membership.domain.terms import Channel
from shared.facts import personal
from shared.registers.register import About, Register


@dataclass(frozen=True)
class Contact:
    """The channel that was named last; `unreachable` when there is none that works."""

    contact_id: UUID
    channel: Channel | None
    unreachable: bool
    contact: str | None = personal(of="contact_id", default=None)


def changed(row: Contact | None, fact: ContactChannelChanged, about: About) -> Contact:
    """The last word counts."""
    return Contact(fact.contact_id, fact.channel, fact.unreachable, fact.contact)


contacts = Register(
    name="contacts",
    row=Contact,
    folds={ContactChannelChanged: changed},
    shown=("channel", "contact", "unreachable"),
)
