"""What can go wrong, each with a stable slug that pages, API and operators share."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A rule says no; nothing is stored.

    `slug` is stable, `pointer` a JSON pointer into the command, `about` fills the sentence.
    """

    status = 422

    def __init__(self, slug: str, pointer: str | None = None, **about: Any) -> None:
        super().__init__(slug)
        self.slug = slug
        self.pointer = pointer
        self.about = about


class BrokenRule(Refused):
    """The command breaks a rule of the domain (422)."""


class WrongState(Refused):
    """The thing is not in a state in which this may be done (409); the answer lists the legal commands."""

    status = 409


class UnknownReference(Refused):
    """The command names something that this service does not know, or not yet (422); a reaction waits for it instead."""


class NotAllowed(Refused):
    """The caller may not do this (403)."""

    status = 403


class NotFound(Refused):
    """There is no such thing, or the caller may not see it (404)."""

    status = 404


class Hidden(NotFound):
    """There is such a thing and the caller may not see it: answered as if there were none, and audited."""


class VersionMismatch(Refused):
    """The stream has moved on since the version that the caller named with If-Match (412)."""

    status = 412

    def __init__(self, current: int) -> None:
        super().__init__("version-mismatch", current=current)
        self.current = current


class KeyReused(Refused):
    """The idempotency key was used before, with another command (422)."""

    def __init__(self) -> None:
        super().__init__("idempotency-key-reused")


class InvalidShape(Refused):
    """What came in does not have the shape of its command (422).

    `errors` lists {pointer, slug, about}, each pointer a JSON pointer.
    """

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__("invalid-shape", count=len(errors))
        self.errors = errors


class Busy(Exception):
    """The store could not be had in time, or was lost while it answered (503). `retry_after` in seconds.

    Whether the command was stored is not known when the connection broke at the commit: sending it again under the same
    key is safe either way, and tells.
    """

    def __init__(self, reason: str, retry_after: int = 2) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class UnsafeStore(Exception):
    """The store does not keep the promises that an acknowledgement makes; the process refuses to serve."""


class Unreadable(Exception):
    """A stored or received fact has a type, version or shape that this code cannot read; it is parked, never dropped."""
