"""JSON answers."""

from __future__ import annotations

import json
from typing import Any

from flask import Response


def json_response(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer with its names in the order given; it belongs to its caller, who asks again before using it again."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n"
    response = Response(text, status, content_type="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization"
    response.headers.update(headers or {})
    return response
