"""Second factors: codes of an authenticator app (RFC 6238), and recovery codes for a lost phone."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time

import pyotp

STEP = 30  # seconds
DRIFT = 1  # steps that a phone's clock may be off
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without signs that look alike


def new_secret() -> str:
    """The secret of an authenticator app, in base32: 160 bits."""
    return pyotp.random_base32()


def address(secret: str, name: str, issuer: str) -> str:
    """The otpauth: address that puts the secret into an app."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def step_of(secret: str, code: str, after: int, at: float | None = None) -> int | None:
    """The time step whose code this is, if it is near and later than `after`; None for a wrong code or one used before."""
    code = code.replace(" ", "")
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        return None
    app, now = pyotp.TOTP(secret), int((time.time() if at is None else at) // STEP)
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(app.generate_otp(step), code) and step > after:
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Ten codes of about 50 bits, each to be used once: `abcde-fghjk`."""
    made = ["".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    return [f"{one[:5]}-{one[5:]}" for one in made]


def recovery_hash(secret_key: str, account: str, code: str) -> str:
    """What is kept of a recovery code: a keyed hash, for 50 bits alone could be guessed from a stolen table."""
    bare = "".join(sign for sign in code.lower() if sign in _ALPHABET)
    return hmac.new(secret_key.encode(), f"recovery:{account}:{bare}".encode(), hashlib.sha256).hexdigest()
