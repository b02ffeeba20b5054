"""The front door's pages are composed of fragments, one per service: by the gateway, or here when all live in one process."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Response, request
from markupsafe import Markup

from shared.web.menu import SERVICES

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
WITHIN = 1.0  # seconds that all fragments of a page have together
AT_ONCE = 16
GATEWAY = "HTTP_X_PKP_COMPOSES"  # set by the gateway on the pages that it composes, removed by it from all other requests


@dataclass(frozen=True)
class Piece:
    """One service's part of a page; `body` is None when it failed or was too slow. `stub`: the gateway may need one instead."""

    service: str
    body: Markup | None
    stub: bool = False


@dataclass(frozen=True)
class Composer:
    """Composes pages of the services in this process, or leaves it to the gateway."""

    apps: Mapping[str, WSGI]

    def pieces(self, fragment: str) -> list[Piece]:
        """The parts of the page that is drawn, in the order of the menu."""
        if request.environ.get(GATEWAY) == "ssi":
            return [Piece(name, _include(name, fragment), stub=True) for name in SERVICES]
        environ = {name: value for name, value in request.environ.items() if isinstance(value, str)}
        asked = {name: self._ask(app, name, fragment, environ) for name, app in sorted(self.apps.items(), key=_in_menu)}
        wait(asked.values(), timeout=WITHIN)
        return [Piece(name, _body(future)) for name, future in asked.items()]

    def _ask(self, app: WSGI, name: str, fragment: str, environ: Mapping[str, str]) -> Future[Markup | None]:
        path = f"/{name}/fragments/{fragment}"
        inside = {
            **environ,
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "REQUEST_URI": path,
            "RAW_URI": path,
            "HTTP_ACCEPT": "text/html",
            "CONTENT_LENGTH": "0",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        return _pool(os.getpid()).submit(_draw, app, inside)


def _in_menu(one: tuple[str, WSGI]) -> tuple[int, str]:
    return (SERVICES.index(one[0]) if one[0] in SERVICES else len(SERVICES), one[0])


@cache
def _pool(process: int) -> ThreadPoolExecutor:
    """The threads of this process: made after the fork."""
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fragment")


def _draw(app: WSGI, environ: dict[str, Any]) -> Markup | None:
    """The body of one fragment; its headers, cookies above all, stay behind."""
    answer = Response.from_app(app, environ, buffered=True)
    return Markup(answer.get_data(as_text=True)) if answer.status_code == 200 else None


def _body(future: Future[Markup | None]) -> Markup | None:
    """What came in time."""
    if not future.done():
        future.cancel()
        return None
    return None if future.exception() else future.result()


def _include(name: str, fragment: str) -> Markup:
    """The directive by which the gateway includes a fragment; nothing that anybody entered stands in it."""
    asked = "?$args" if fragment == "search" else ""
    return Markup('<!--# include virtual="/{0}/fragments/{1}{2}" stub="{0}" -->').format(name, fragment, asked)
