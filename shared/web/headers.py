"""The headers of every response: no foreign content, no framing, nothing guessed, nothing leaked."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, g

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
POLICY = "Content-Security-Policy"
HSTS = "max-age=31536000; includeSubDomains"


def nonce() -> str:
    """This response's nonce, for the few scripts and styles that stand in a page."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    found: str = g.csp_nonce
    return found


def policy() -> str:
    """The content security policy of a page."""
    own = f"'self' 'nonce-{nonce()}'" if "csp_nonce" in g else "'self'"
    return (
        f"default-src 'none'; script-src {own}; style-src {own}; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def secure(app: Flask, public_url: str) -> None:
    """Send the headers with every answer of `app`, whoever made it; a view that sets its own policy keeps it."""
    fixed = [*FIXED.items(), ("Strict-Transport-Security", HSTS)] if public_url.startswith("https:") else [*FIXED.items()]
    within = app.wsgi_app

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            added = fixed if any(name == POLICY for name, _ in headers) else [*fixed, (POLICY, policy())]
            return start_response(status, [*headers, *added], *error)

        return within(environ, begin)

    app.wsgi_app = answer  # type: ignore[method-assign]
    app.jinja_env.globals["csp_nonce"] = nonce
