"""Text that leaves our hands, or lies in a table, and must be neither read nor changed there: AES-256-GCM."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def sealed(secret_key: str, purpose: str, bound_to: str, text: str) -> str:
    """The text as it is kept, in base64 for URLs and cookies, under a key of its purpose, bound to what it belongs to."""
    nonce = secrets.token_bytes(12)
    return base64.urlsafe_b64encode(
        nonce + AESGCM(_key(secret_key, purpose)).encrypt(nonce, text.encode(), bound_to.encode())
    ).decode()


def unsealed(secret_keys: Sequence[str], purpose: str, bound_to: str, kept: str) -> str | None:
    """The text; None when it was sealed under none of these keys, for another purpose or thing, or was touched since."""
    for one in secret_keys:
        with contextlib.suppress(InvalidTag, binascii.Error, ValueError):
            raw = base64.b64decode(kept.replace("+", "-").replace("/", "_").encode("ascii"), altchars=b"-_", validate=True)
            return AESGCM(_key(one, purpose)).decrypt(raw[:12], raw[12:], bound_to.encode()).decode()
    return None


def _key(secret_key: str, purpose: str) -> bytes:
    return hmac.new(secret_key.encode(), purpose.encode(), hashlib.sha256).digest()
