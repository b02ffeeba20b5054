"""What mediation reads of its siblings' facts: only the fields it needs."""

from __future__ import annotations

from uuid import UUID

from shared.facts import PUBLIC, fact


@fact(visibility=PUBLIC)
class MemberJoined:
    """An organisation took its seat in the working group."""

    member_id: UUID
    name: str


@fact(visibility=PUBLIC)
class MemberSuspended:
    """A member was suspended."""

    member_id: UUID


@fact(visibility=PUBLIC)
class MemberReinstated:
    """A suspended member is a full member again."""

    member_id: UUID
