"""An identity provider of the tests' own: a real HTTP server that says, signs and forgets what a test wants."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

from joserfc import jws
from joserfc.jwk import RSAKey

CLIENT, SECRET, AUDIENCE = "pkp-web", "a secret: with / signs & é", "pkp-api"
Json = dict[str, Any]


class Issuer:
    """One provider at a port of its own. `answers` is what it was asked; `down` and `tells` change what it says."""

    def __init__(self, key: RSAKey) -> None:
        self.keys: dict[str, Any] = {"one": key}
        self.answers: list[str] = []
        self.codes: dict[str, Json] = {}
        self.id_claims: Json = {}
        self.tells: dict[str, Callable[[], tuple[int, bytes]]] = {}
        self.down = False
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer({})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
                self._answer(dict(parse_qsl(body)))

            def _answer(self, form: dict[str, str]) -> None:
                path = urlsplit(self.path).path
                issuer.answers.append(path)
                status, body = issuer._said(path, form, self.headers.get("Authorization", ""))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                if status in (302, 307):
                    self.send_header("Location", f"{issuer.url}/elsewhere")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def settings(self) -> dict[str, str]:
        """What an operator sets."""
        return {"PKP_OIDC_ISSUER": self.url, "PKP_OIDC_CLIENT_SECRET": SECRET}

    # --- what it says ---------------------------------------------------------------------------------------------

    def description(self) -> Json:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/auth",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "end_session_endpoint": f"{self.url}/logout",
            "authorization_response_iss_parameter_supported": True,
        }

    def _said(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, bytes]:
        if self.down:
            return 500, b"a stack trace"
        if path in self.tells:
            return self.tells[path]()
        if path == "/.well-known/openid-configuration":
            return 200, json.dumps(self.description()).encode()
        if path == "/keys":
            shown = [{**key.as_dict(private=False), "kid": kid, "use": "sig"} for kid, key in self.keys.items()]
            return 200, json.dumps({"keys": shown}).encode()
        if path == "/token":
            return self._redeemed(form, authorization)
        return 404, b""

    def _redeemed(self, form: dict[str, str], authorization: str) -> tuple[int, bytes]:
        """A code is taken once, from the client that it was made for, with the verifier of its challenge."""
        pair = f"{quote(CLIENT, safe='')}:{quote(SECRET, safe='')}"
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        right = (
            asked is not None
            and authorization == f"Basic {base64.b64encode(pair.encode()).decode()}"
            and form.get("grant_type") == "authorization_code"
            and form.get("redirect_uri") == asked["redirect_uri"]
            and asked["code_challenge"] == challenge
        )
        if not right or asked is None:
            return 400, b'{"error": "invalid_grant"}'
        token = self.sign({**self.id(), "nonce": asked["nonce"], **self.id_claims})
        return 200, json.dumps({"id_token": token, "access_token": "not for us", "token_type": "Bearer"}).encode()

    # --- what it signs --------------------------------------------------------------------------------------------

    def id(self, subject: str = "person-1") -> Json:
        """The claims of an ID token as Keycloak makes it, but its nonce."""
        now = int(time.time())
        return {
            "iss": self.url,
            "aud": CLIENT,
            "azp": CLIENT,
            "typ": "ID",
            "sub": subject,
            "iat": now,
            "exp": now + 300,
            "acr": "1",
        }

    def access(self, client: str = "agency") -> Json:
        """The claims of a program's access token as Keycloak makes it."""
        now = int(time.time())
        own = {"sub": "c0ffee", "azp": client, "client_id": client, "typ": "Bearer", "jti": secrets.token_hex(8)}
        return {"iss": self.url, "aud": AUDIENCE, "iat": now, "exp": now + 300, **own}

    def sign(self, claims: Json | str, kid: Any = "one", alg: str = "RS256", key: Any = None, **header: Any) -> str:
        """A token, signed with the key of its `kid` unless another is given."""
        body = claims if isinstance(claims, str) else json.dumps(claims)
        given = {"alg": alg, "typ": "JWT", "kid": kid, **header}
        return signed(
            {name: value for name, value in given.items() if value is not None}, body, self.keys["one"] if key is None else key
        )

    # --- a browser at it ------------------------------------------------------------------------------------------

    def approve(self, address: str, **also: str) -> str:
        """What a person who signs in there is sent back with: path and query of the address to come back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(24)
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.url, **also}
        return f"{urlsplit(asked['redirect_uri']).path}?{urlencode(answer)}"


def signed(header: Json | str, body: str, key: Any) -> str:
    """A token made by hand, for no library would sign half of what is tried here; bytes for a key are a shared secret."""
    head = _base64((header if isinstance(header, str) else json.dumps(header)).encode())
    text = f"{head}.{_base64(body.encode())}"
    algorithm = "RS256" if isinstance(header, str) else str(header.get("alg"))
    if algorithm.lower() == "none":
        return f"{text}."
    if isinstance(key, bytes):
        return f"{text}.{_base64(hmac.digest(key, text.encode(), 'sha256'))}"
    model = jws.JWSRegistry.algorithms.get(algorithm, jws.JWSRegistry.algorithms["RS256"])
    return f"{text}.{_base64(model.sign(text.encode(), key))}"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
