"""JSON answers."""

from __future__ import annotations

import json
from typing import Any

from flask import Response


def json_response(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer with its names in the order given; it belongs to its caller, who asks again before using it again."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n"
    told = {"Cache-Control": "private, no-cache", "Vary": "Authorization", **(headers or {})}
    return Response(text, status, told, content_type="application/json")
