"""JSON answers."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Response


def json_response(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer with its names in the order given; it belongs to its caller, who asks again before using it again."""
    told = {"Cache-Control": "private, no-cache", "Vary": "Authorization", **(headers or {})}
    return Response(msgspec.json.encode(body) + b"\n", status, told, content_type="application/json")
