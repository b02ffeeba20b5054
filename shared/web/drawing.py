"""How every page of a service is drawn: its layout, its words with names for ids, and that nobody keeps a copy."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any
from uuid import UUID

from flask import Flask, Response, g, render_template
from jinja2.bccache import Bucket, BytecodeCache

from shared.decider import Actor
from shared.registers.register import Register
from shared.registers.table import Kept
from shared.web.languages import language
from shared.web.own_pages import own_pages
from shared.web.site import Site
from shared.web.texts import Texts


class Compiled(BytecodeCache):
    """Templates are compiled once in a process, not once for each of its applications."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, if another application compiled the same source."""
        if code := self._kept.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


_compiled = Compiled()


def share_templates(app: Flask) -> None:
    """Let this application take templates that another of the process compiled; to be called before it draws anything."""
    app.jinja_options = {**app.jinja_options, "bytecode_cache": _compiled}


def page(site: Site, template: str, actor: Actor | None, status: int = 200, **values: Any) -> Response:
    """A page of this service out of `templates/<template>.html`."""
    body = render_template(f"{template}.html", site=site, texts=words_of(site), service=site.service, actor=actor, **values)
    return private(Response(body, status))


def private(response: Response) -> Response:
    """The response, for its reader only."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Vary"] = "Authorization, Cookie"
    return response


def away(location: str) -> Response:
    """On to another page of this origin, which is asked for anew (303)."""
    return private(Response("", 303, {"Location": location}))


def words_of(site: Site) -> Texts:
    """The service's texts, in which an id reads as the name that people know; looked up once per request."""
    if "words" not in g:
        registers, namings = site.runtime.store.registers(), own_pages(site.service).names

        @cache
        def named(id: UUID) -> str | None:
            return next((name for naming in namings if (name := naming(registers, id))), None)

        g.words = dataclasses.replace(site.texts, named=named, spoken=language())
    found: Texts = g.words
    return found


def called(register: Register[Any], kept: Kept, texts: Texts) -> str:
    """What people call a row: its name or title if it has one, else the first column that is shown and not empty."""
    known = {field.name for field in dataclasses.fields(register.row)}
    for column in ("name", "title", "issue", *register.shown):
        if column in known and getattr(kept.row, column):
            return texts.shown(getattr(kept.row, column))
    return kept.id
