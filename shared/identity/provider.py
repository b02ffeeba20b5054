"""The identity provider of a province (OpenID Connect): what it says of itself, its keys, and what it is asked.

It is asked seldom and never waited for long: its description and keys are kept for ten minutes, and for a day when it is away; an
unknown key is a reason to ask again twice a minute at most; redirects are not followed, and answers are bounded in time and size.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from shared.identity.signed import Expected, Key
from shared.settings import Settings

log = logging.getLogger(__name__)

FRESH, KEPT, PAUSE = 600.0, 86_400.0, 30.0  # seconds: taken as it is; kept while it is away; between two questions about keys
DEADLINE, STEP = 5.0, 3.0  # seconds: for an answer in all; for connecting, and for each piece of it
MOST_BYTES = 256 * 1024  # of an answer
AT_ONCE = 3  # people for whom a process asks at the same time: the others are told to try again
BACK = "/masuk/instansi/kembali"  # where people come back to


class Away(Exception):
    """The provider cannot be reached, or does not say what one of its kind must."""


class Denied(Exception):
    """The provider does not know the code, or not any more."""


@dataclass(frozen=True)
class Known:
    """What the provider says of itself; `keys` by their `kid`, `at` of this process's clock."""

    authorize: str
    token: str
    end: str
    names_itself: bool  # in every answer (RFC 9207)
    keys: Mapping[str, Key]
    at: float


@dataclass(frozen=True)
class Trust:
    """What an operator says of the provider; see the settings PKP_OIDC_*."""

    expected: Expected
    discovery: str
    secret: str
    scopes: str
    origin: str


def provider_of(settings: Settings) -> Provider | None:
    """The provider that the settings name, one per process; None without one."""
    if not settings.oidc_issuer:
        return None
    expected = Expected(
        settings.oidc_issuer, settings.oidc_client_id, settings.oidc_audience, settings.oidc_acr, settings.oidc_roles_claim
    )
    secret = settings.oidc_client_secret
    return _provider(Trust(expected, settings.oidc_discovery_url, secret, settings.oidc_scopes, settings.public_url))


class Provider:
    """One provider, as one process knows it."""

    def __init__(self, trust: Trust, clock: Callable[[], float] = time.monotonic) -> None:
        self.trust, self.expected = trust, trust.expected
        self._clock = clock
        self._known: Known | None = None
        self._asked_at = -PAUSE
        self._asking = threading.Lock()
        self._busy = threading.BoundedSemaphore(AT_ONCE)

    @property
    def back(self) -> str:
        """The address that people come back to: of our settings, whatever host a request names."""
        return self.trust.origin + BACK

    def known(self) -> Known:
        """What it says of itself. Raises Away."""
        if self._known is None or self._clock() > self._known.at + FRESH:
            self._learn()
        if self._known is None or self._clock() > self._known.at + KEPT:
            raise Away
        return self._known

    def key(self, kid: str) -> Key | None:
        """One of its keys, asked for again when it is unknown, but not more often than each PAUSE. Raises Away."""
        found = self.known().keys.get(kid)
        if found is None:
            self._learn()
            found = self.known().keys.get(kid)
        return found

    def sign_in_address(self, state: str, nonce: str, verifier: str) -> str:
        """Where somebody signs in. Raises Away."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code",
            "client_id": self.expected.client,
            "redirect_uri": self.back,
            "scope": self.trust.scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **({"acr_values": " ".join(self.expected.acr)} if self.expected.acr else {}),
        }
        return _with(self.known().authorize, asked)

    def sign_out_address(self) -> str:
        """Where somebody ends the session at the provider, too, and comes home from; empty when it offers none. Raises Away."""
        end = self.known().end
        asked = {"client_id": self.expected.client, "post_logout_redirect_uri": self.trust.origin + "/"}
        return _with(end, asked) if end else ""

    def redeem(self, code: str, verifier: str) -> str:
        """The ID token for a code, which the provider takes once. Raises Denied, Away."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.back, "code_verifier": verifier}
        if not self._busy.acquire(timeout=STEP):
            raise Away
        try:
            status, answer = self._ask("POST", self.known().token, form)
        finally:
            self._busy.release()
        token = answer.get("id_token")
        if status != 200 or not isinstance(token, str):
            log.warning("the identity provider gave no token: status %d", status)
            raise Denied if status < 500 else Away
        return token

    def _learn(self) -> None:
        """Ask for description and keys, unless somebody does or did so just now; what is known stays when it is away."""
        waits = self._known is None
        if not self._asking.acquire(blocking=waits, timeout=3 * DEADLINE if waits else -1):
            return
        try:
            if self._clock() < self._asked_at + PAUSE:
                return
            self._asked_at = self._clock()
            self._known = self._described()
        except Away:
            log.warning("the identity provider cannot be asked for its keys")
        finally:
            self._asking.release()

    def _described(self) -> Known:
        status, told = self._ask("GET", self.trust.discovery)
        if status != 200 or told.get("issuer") != self.expected.issuer:
            raise Away
        public = urlsplit(self.expected.issuer).scheme
        inner = {"http", "https"} if urlsplit(self.trust.discovery).scheme == "http" else {"https"}
        authorize, end = (_address(told, name, {public}) for name in ("authorization_endpoint", "end_session_endpoint"))
        token, keys = (_address(told, name, inner) for name in ("token_endpoint", "jwks_uri"))
        if not (authorize and token and keys):
            raise Away
        status, found = self._ask("GET", keys)
        if status != 200 or not isinstance(found.get("keys"), list):
            raise Away
        names_itself = told.get("authorization_response_iss_parameter_supported") is True
        return Known(authorize, token, end, names_itself, _usable(found["keys"]), self._clock())

    def _ask(self, method: str, url: str, form: Mapping[str, str] | None = None) -> tuple[int, dict[str, Any]]:
        """Status and JSON object of an answer. Raises Away."""
        until, body = time.monotonic() + DEADLINE, bytearray()
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if form is not None:
            # RFC 6749, 2.3.1: both parts in the encoding of forms.
            pair = f"{quote(self.expected.client, safe='')}:{quote(self.trust.secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        try:
            with (
                httpx.Client(timeout=STEP, verify=_trusted()) as client,
                client.stream(method, url, data=form, headers=headers) as response,
            ):
                for piece in response.iter_raw():
                    body += piece
                    if len(body) > MOST_BYTES or time.monotonic() > until:
                        raise Away
            found = json.loads(body)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError):
            raise Away from None
        if not isinstance(found, dict):
            raise Away
        return response.status_code, found


@cache
def _trusted() -> ssl.SSLContext:
    """This machine's authorities, read once: to read them takes longer than the question."""
    return httpx.create_ssl_context()


@cache
def _provider(trust: Trust) -> Provider:
    return Provider(trust)


def _address(told: Mapping[str, Any], name: str, schemes: set[str]) -> str:
    """An address out of the description; empty when it is none, or less guarded than what it belongs to."""
    found = told.get(name)
    try:
        parts = urlsplit(found) if isinstance(found, str) else None
    except ValueError:
        return ""
    return str(found) if parts and parts.scheme in schemes and parts.hostname and not parts.fragment else ""


def _usable(told: list[Any]) -> dict[str, Key]:
    """The keys that signatures can be checked with: public ones with a name, for signing."""
    found: dict[str, Key] = {}
    for one in told:
        if isinstance(one, dict) and isinstance(one.get("kid"), str) and one.get("use", "sig") == "sig":
            try:
                key = JWKRegistry.import_key(one)
            except (JoseError, ValueError, TypeError, KeyError):
                continue
            if isinstance(key, ECKey | OKPKey) or (isinstance(key, RSAKey) and key.public_key.key_size >= 2048):
                found[one["kid"]] = key
    return found


def _with(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"
