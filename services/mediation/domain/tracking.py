"""The code by which whoever asked for mediation follows the case without an account."""

from __future__ import annotations

from uuid import UUID

# Without 0, 1, I, L, O and U: a code is read aloud over the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def tracking_code(id: UUID) -> str:
    """Ten unambiguous characters (49 bits) from the random end of an id."""
    rest, code = id.int & (2**62 - 1), ""
    for _ in range(10):
        rest, place = divmod(rest, len(_ALPHABET))
        code += _ALPHABET[place]
    return code
