"""What comes in over HTTP, read strictly: JSON bodies, idempotency keys, preconditions, query values."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from flask import Request, request

from shared.web.problems import Problem

MOST_BYTES = 256 * 1024
MOST_DEPTH = 32
MOST_TEXT = 500  # characters of one query parameter
_KEY = re.compile(r"[\x20-\x7e]{1,200}")
_ETAG = re.compile(r'(W/)?"([\x21\x23-\x7e]*)"')
_TRACE = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def asked() -> Request:
    """The request itself: its proxy looks for it anew at each word."""
    found: Request = request._get_current_object()  # type: ignore[attr-defined]
    return found


def read_json(request: Request) -> Any:
    """The JSON value of a body; an empty body counts as `{}`. Raises Problem 400, 413 or 415.

    Duplicate names, NaN and infinities, control characters, lone surrogates and deep nesting are refused (RFC 7493).
    """
    raw = request.get_data(cache=False)
    if len(raw) > MOST_BYTES:
        raise Problem(413, "body-too-large")
    if not raw:
        return {}
    if request.mimetype != "application/json" or request.mimetype_params.get("charset", "utf-8").lower() != "utf-8":
        raise Problem(415, "not-json", headers={"Accept-Post": "application/json"})
    try:
        text = raw.decode("utf-8")
        data = _DECODER.decode(text)
        # Only an escape, or a DEL, brings a character past the decoder that cannot be kept; only a bracket opens a level.
        if "\\" in text or "\x7f" in text or text.count("{") + text.count("[") >= MOST_DEPTH:
            _sound(data)
    except RecursionError:
        raise Problem(400, "json-too-deep") from None
    except ValueError:
        raise Problem(400, "malformed-json") from None
    return data


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise Problem(400, "json-name-twice")
    return made


def _no_number(name: str) -> NoReturn:
    raise Problem(400, "json-not-a-number")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise Problem(400, "json-not-a-number")
    return number


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_number, parse_float=_finite)


def _sound(data: Any) -> None:
    """Raises Problem for a text that cannot be kept, and for nesting that nothing here needs."""
    level = [data]
    for _ in range(MOST_DEPTH):
        texts = [one for one in level if isinstance(one, str)]
        texts += [name for one in level if isinstance(one, dict) for name in one]
        if any(_CONTROL.search(text) for text in texts):
            raise Problem(400, "unreadable-text")
        level = [
            below for one in level if isinstance(one, dict | list) for below in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return
    raise Problem(400, "json-too-deep")


def idempotency_key(request: Request) -> str:
    """The key under which the caller may repeat the request; raises Problem 400."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        raise Problem(400, "idempotency-key-required")
    if not _KEY.fullmatch(given) or not given.strip():
        raise Problem(400, "idempotency-key-malformed")
    return given


def if_match(request: Request, current: int) -> int | None:
    """The version that the caller saw, None when it said nothing; `current` is that of the thing now.

    Raises Problem 400 for a malformed header, and 412 when no tag in it can be this thing's (weak tags never are).
    """
    given = request.headers.get("If-Match")
    if given is None or given.strip() == "*":
        return None
    tags = [_ETAG.fullmatch(one.strip()) for one in given.split(",")]
    if not all(tags):
        raise Problem(400, "if-match-malformed")
    strong = [tag[2] for tag in tags if tag and not tag[1]]
    versions = [int(tag) for tag in strong if re.fullmatch(r"[0-9]{1,18}", tag)]
    if not versions:
        raise Problem(412, "version-mismatch", more={"current": current})
    return current if current in versions else versions[0]


def traceparent(request: Request) -> str | None:
    """The caller's trace (W3C Trace Context); one that cannot be read is none."""
    given = request.headers.get("traceparent", "")
    return given if _TRACE.fullmatch(given) else None


def query(request: Request, known: set[str]) -> dict[str, str]:
    """The query parameters, each once and readable; raises Problem 400 for others."""
    found: dict[str, str] = {}
    for name, values in request.args.lists():
        if name not in known:
            raise Problem(400, "parameter-unknown", errors=[{"parameter": name[:100], "slug": "parameter-unknown"}])
        if len(values) > 1 or _CONTROL.search(values[0]) or len(values[0]) > MOST_TEXT:
            raise Problem(400, "parameter-malformed", errors=[{"parameter": name, "slug": "parameter-malformed"}])
        found[name] = values[0]
    return found
