"""Passwords: argon2id, a few at a time, since each takes 64 MiB."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shared.errors import BrokenRule, Busy

LEAST, MOST = 12, 200
AT_ONCE, PATIENCE = 2, 10.0  # hashes under way in one process; seconds to wait for one's turn

_hasher = PasswordHasher()
_turns = threading.BoundedSemaphore(AT_ONCE)
# What a name without a password is checked against, so that the time of an answer tells nobody which names there are.
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$b29vb29vb29vb29vb29vbw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def require_strength(password: str, name: str) -> None:
    """Raises BrokenRule for a password that is short, or hardly more than a name or one sign."""
    if len(password) < LEAST:
        raise BrokenRule("password-too-short", "/password", least=LEAST)
    if len(password) > MOST:
        raise BrokenRule("password-too-long", "/password", most=MOST)
    if len(set(password)) < 5 or password.lower().replace(name.lower(), "").replace("password", "") in {"", "123", "1234"}:
        raise BrokenRule("password-too-simple", "/password")


def hashed_password(password: str) -> str:
    """What is kept of a password. Raises Busy."""
    with _Turn():
        return _hasher.hash(password)


def is_right(kept: str | None, password: str) -> bool:
    """Whether this is the password; it takes the same time where none is kept. Raises Busy."""
    with _Turn():
        try:
            return _hasher.verify(kept or _NOBODYS, password[: MOST + 1]) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Whether a hash was made with weaker parameters than those of today."""
    return _hasher.check_needs_rehash(kept)


class _Turn:
    """One of the few places for a hash under way."""

    def __enter__(self) -> None:
        if not _turns.acquire(timeout=PATIENCE):
            raise Busy("too many passwords at once")

    def __exit__(self, *error: object) -> None:
        _turns.release()
