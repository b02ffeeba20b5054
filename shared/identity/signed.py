"""What a token says that the identity provider signed, once everything about it was found right (RFC 7519, 8725, 9068).

Keys come from the provider's own key set alone, by the token's `kid`; whatever else a header offers (`jwk`, `jku`, `x5u`, `crit`)
makes the token unacceptable, and so does a name that stands twice.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry
from joserfc.util import urlsafe_b64decode

ALGORITHMS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "Ed25519": "OKP", "EdDSA": "OKP"}  # with the kind of key
HEADER = frozenset({"alg", "kid", "typ", "x5t", "x5t#S256"})  # no other name may stand in one
MOST = 8192  # characters of a token
LEEWAY = 60  # seconds that clocks may differ
SIGNED_WITHIN = 600  # seconds: how old the token of a sign-in may be
LONGEST = 86_400  # seconds that a token of a program may last: nobody here can take it back
PERSONS = frozenset({"sid", "session_state", "auth_time", "nonce", "at_hash"})  # what only tokens of a person's session hold

Key = RSAKey | ECKey | OKPKey
KeyOf = Callable[[str], Key | None]


class BadToken(Exception):
    """A token that is not accepted; the message is what is wrong, in a word and without a value."""


@dataclass(frozen=True)
class Expected:
    """What tokens must say: who issued them, for whom pages' and programs' tokens are meant, how people must have signed in."""

    issuer: str
    client: str
    audience: str
    acr: tuple[str, ...] = ()
    roles_claim: str = ""


@dataclass(frozen=True)
class Person:
    """Who signed in at the provider, and the roles that it tells (empty unless it is asked)."""

    subject: str
    roles: tuple[str, ...]


def person(token: str, key_of: KeyOf, expected: Expected, nonce: str, at: float | None = None) -> Person:
    """Who an ID token is about, if it answers this very sign-in. Raises BadToken, and whatever `key_of` raises."""
    _, claims = _trusted(token, key_of, expected.issuer, expected.client, at)
    if claims.get("aud") not in (expected.client, [expected.client]):
        raise BadToken("aud")
    if claims.get("azp", expected.client) != expected.client:
        raise BadToken("azp")
    if claims.get("typ", "ID") != "ID":
        raise BadToken("typ")
    if claims.get("nonce") != nonce:
        raise BadToken("nonce")
    if claims["iat"] < _time(at) - SIGNED_WITHIN - LEEWAY:
        raise BadToken("iat")
    if expected.acr and claims.get("acr") not in expected.acr:
        raise BadToken("acr")
    return Person(_text(claims, "sub"), _roles(claims, expected.roles_claim))


def program(token: str, key_of: KeyOf, expected: Expected, at: float | None = None) -> str:
    """The client that got an access token by its own credentials. Raises BadToken, and whatever `key_of` raises."""
    header, claims = _trusted(token, key_of, expected.issuer, expected.audience, at)
    # Keycloak's access tokens have the header's `typ` of any token and say in their claims what they are (RFC 9068 has at+jwt).
    if str(header.get("typ", "")).lower() not in {"at+jwt", "application/at+jwt"} and claims.get("typ") != "Bearer":
        raise BadToken("typ")
    if claims["exp"] - claims["iat"] > LONGEST:
        raise BadToken("exp")
    client = _text(claims, "azp" if "azp" in claims else "client_id")
    own = claims.get("sub") == client or claims.get("client_id") == client
    if not own or claims.get("client_id", client) != client or PERSONS & claims.keys():
        raise BadToken("sub")
    return client


def _trusted(token: str, key_of: KeyOf, issuer: str, audience: str, at: float | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token that the issuer signed for this audience, and that is in force."""
    parts = token.split(".") if len(token) <= MOST and token.isascii() else []
    if len(parts) != 3:
        raise BadToken("form")
    header = _object(parts[0])
    algorithm, kid = header.get("alg"), header.get("kid")
    if not header.keys() <= HEADER or not isinstance(kid, str) or not 0 < len(kid) <= 200:
        raise BadToken("header")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise BadToken("alg")
    claims = _object(parts[1])
    # Before keys are looked for: a token of somebody else is no reason to ask our provider anything.
    if claims.get("iss") != issuer:
        raise BadToken("iss")
    key = key_of(kid)
    if key is None:
        raise BadToken("kid")
    if key.key_type != ALGORITHMS[algorithm] or key.get("alg", algorithm) != algorithm:
        raise BadToken("alg")
    must, for_us = ClaimsOption(essential=True), ClaimsOption(essential=True, value=audience)
    registry = JWTClaimsRegistry(int(_time(at)), LEEWAY, exp=must, iat=must, sub=must, aud=for_us)
    try:
        jws.deserialize_compact(token, key, [algorithm])
        registry.validate(claims)
    except JoseError as error:
        raise BadToken(getattr(error, "claim", None) or error.error) from None
    if any(isinstance(claims.get(name), bool) for name in ("exp", "iat", "nbf")) or claims["exp"] <= claims["iat"]:
        raise BadToken("exp")
    return header, claims


def _object(part: str) -> dict[str, Any]:
    """A JSON object out of its base64; a name that stands twice, or what is no JSON, is refused."""
    try:
        found = json.loads(urlsafe_b64decode(part.encode()), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadToken("form") from None
    if not isinstance(found, dict):
        raise BadToken("form")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _text(claims: Mapping[str, Any], name: str) -> str:
    found = claims.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= 255 or not found.isprintable():
        raise BadToken(name)
    return found


def _roles(claims: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """What the claim at a path (`realm_access.roles`, or a name with dots in it) holds, if it is a list of texts."""
    found: Any = claims if path else ()
    for name in [path] if path in claims else path.split("."):
        found = found.get(name, ()) if isinstance(found, dict) else ()
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def _time(at: float | None) -> float:
    return time.time() if at is None else at
