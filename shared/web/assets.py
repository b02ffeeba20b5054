"""Stylesheets and scripts of this origin: compressed once, kept by browsers for an hour. Pages never are: they hold secrets.

A page whose length tells of its content leaks a form's token to whoever can measure it (BREACH); an asset holds none.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request

FOLDERS = ("/static/", "/bootstrap/")
TYPES = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")
KEPT = 3600  # seconds
LEAST = 1024  # bytes


def serve(app: Flask) -> None:
    """Let `app` serve its assets so."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = KEPT

    @app.after_request
    def compress(response: Response) -> Response:
        if not request.path.startswith(FOLDERS) or response.status_code != 200 or response.mimetype not in TYPES:
            return response
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"] and "Content-Encoding" not in response.headers and request.method == "GET":
            response.direct_passthrough = False
            body = response.get_data()
            if len(body) >= LEAST:
                response.set_data(_smaller(body))
                response.headers["Content-Encoding"] = "gzip"
                response.headers["ETag"] = response.headers.get("ETag", '""')[:-1] + '-gzip"'
        return response


@lru_cache(maxsize=32)
def _smaller(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
