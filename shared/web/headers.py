"""The headers of every response: no foreign content, no framing, nothing guessed, nothing leaked."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
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
    """Set the headers on every response of `app`; a view that sets its own policy keeps it."""

    fixed = {**FIXED, "Strict-Transport-Security": HSTS} if public_url.startswith("https:") else FIXED

    @app.after_request
    def add(response: Response) -> Response:
        given = {name.lower() for name, _ in response.headers}  # looked for once: werkzeug reads all of them for each
        for name, value in {**fixed, "Content-Security-Policy": policy()}.items():
            if name.lower() not in given:
                response.headers.add(name, value)
        return response

    app.jinja_env.globals["csp_nonce"] = nonce
