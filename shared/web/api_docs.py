"""What OpenAPI 3.1 says of each route, from the same table that makes the routes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask import Flask, Response
from flask_smorest import Api, Blueprint

from shared.contracts.openapi import ShapePlugin
from shared.facts import sentence
from shared.identity.roles import PUBLIC
from shared.registers.register import Register
from shared.service import Aggregate, Does
from shared.shape import json_schema, schema_for
from shared.web.body import MOST_TEXT
from shared.web.listing import filters
from shared.web.problems import ProblemSchema
from shared.web.sight import readers
from shared.web.site import Site
from shared.web.texts import words

Json = dict[str, Any]
View = Callable[..., Response]
NAME = "api"


@dataclass(frozen=True)
class Route:
    """A rule, what answers it, and how to say what the document says of it: few processes are ever asked for that."""

    rule: str
    name: str
    view: View
    told: Callable[[], Json]
    method: str = "GET"


PROBLEM = {"$ref": "#/components/responses/Problem"}
KNOWN: list[Json] = [{"bearer": []}]
ETAG = {"ETag": {"description": "The version, for If-Match and If-None-Match.", "schema": {"type": "string"}}}
WHOLE = {"type": "integer"}
TAG = r'(W/)?"[\x21\x23-\x7e]*"'
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "1 to 200 printable ASCII characters; the same key with the same body gives the same answer, for ever.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[\x20-\x7e]*[\x21-\x7e][\x20-\x7e]*$"},
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag that was seen; 412 with the present version when the thing has moved on.",
    "schema": {"type": "string", "pattern": rf"^(\*|{TAG}(, *{TAG})*)$"},
}
AS_OF = {
    "name": "as_of",
    "in": "query",
    "description": "The register as it stood at the end of this day in the province, by time of record; today's rights apply.",
    "schema": {"type": "string", "format": "date"},
}
DONE = {
    "type": "object",
    "required": ["id", "version", "position", "facts"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "version": {**WHOLE, "description": "The version of the thing after the command."},
        "position": {**WHOLE, "description": "The position of the service's log after the command."},
        "facts": {"type": "array", "items": {"type": "string"}, "description": "Types of the facts that were made."},
    },
}
FACTS = {
    "type": "object",
    "properties": {
        "version": WHOLE,
        "position": WHOLE,
        "type": {"type": "string"},
        "fact": {"type": "string"},
        "visibility": {"type": "string"},
        "recorded_at": {"type": "string", "format": "date-time"},
        "sentence": {"type": "string", "description": "What happened, in Indonesian."},
        "data": {"type": "object"},
    },
}
LEGAL = {
    "type": "array",
    "description": "What this caller may do now.",
    "items": {"type": "object", "properties": {name: {"type": "string"} for name in ("command", "label", "href")}},
}


def command(site: Site, aggregate: Aggregate, row: Does) -> Json:
    """A command's operation; its id is the name of the command's class."""
    done: Json = {"description": "Done, and on disk.", "content": _json(DONE), "headers": dict(ETAG)}
    if row.creates:
        done["headers"]["Location"] = {"schema": {"type": "string", "format": "uri-reference"}}
    body = {"required": True, "content": _json(schema_for(row.command))}
    parameters = [KEY] if row.creates else [KEY, IF_MATCH]
    who = None if PUBLIC in row.roles else (frozenset(map(str, row.roles)), frozenset(row.relations))
    told = _operation(aggregate.path, row.command.__name__, sentence(row.command), who, done, "may send it")
    told["responses"] = {"201" if row.creates else "200": done, **_problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503)}
    return {**told, "parameters": parameters, "requestBody": body}


def listing(site: Site, path: str, register: Register[Any], aggregate: Aggregate | None) -> Json:
    """The list of a register."""
    found = {
        "type": "object",
        "properties": {"items": {"type": "array", "items": _row(register)}, "next": {"type": ["string", "null"]}},
    }
    answer = {
        "description": "A page of rows; `next` is the cursor of the following one.",
        "content": _json(found),
        "headers": {"Link": {"description": 'The following page, rel="next".', "schema": {"type": "string"}}},
    }
    told = _operation(
        path,
        f"list{_pascal(path)}",
        f"The register {words(register.name).lower()}.",
        readers(site, register),
        answer,
        "may read it",
    )
    parameters = [
        {"name": "cursor", "in": "query", "schema": {"type": "string", "maxLength": MOST_TEXT}},
        {"name": "limit", "in": "query", "schema": {**WHOLE, "minimum": 1, "maximum": 100, "default": 50}},
        *([AS_OF] if register.source == "own" else []),
        *(
            {"name": name, "in": "query", "description": "Equals.", "schema": _filter(kind)}
            for name, kind in filters(register).items()
        ),
    ]
    return {**told, "parameters": parameters}


def show(site: Site, path: str, register: Register[Any], aggregate: Aggregate) -> Json:
    """One aggregate."""
    row = _row(register)
    row["properties"]["legal"] = LEGAL
    answer = {"description": "The row, its version, and what may be done now.", "content": _json(row), "headers": ETAG}
    told = _operation(
        path,
        f"show{_pascal(aggregate.name)}",
        f"One {words(aggregate.name).lower()}.",
        readers(site, register),
        answer,
        "may read it",
    )
    return {**told, "parameters": [AS_OF]} if register.source == "own" else told


def row(site: Site, path: str, register: Register[Any]) -> Json:
    """One row of a register that lists no aggregate."""
    answer = {"description": "The row.", "content": _json(_row(register)), "headers": ETAG}
    title = f"One row of {words(register.name).lower()}."
    return _operation(path, f"show{_pascal(path)}", title, readers(site, register), answer, "may read it")


def timeline(site: Site, path: str, register: Register[Any], aggregate: Aggregate) -> Json:
    """The facts of one aggregate."""
    found = {"type": "object", "properties": {"items": {"type": "array", "items": FACTS}}}
    answer = {"description": "The facts that the caller may read, oldest first.", "content": _json(found)}
    title = f"What happened to one {words(aggregate.name).lower()}."
    return _operation(path, f"timelineOf{_pascal(aggregate.name)}", title, readers(site, register), answer, "may read it")


Who = tuple[frozenset[str], frozenset[str]] | None  # roles and relations; None: everyone


def _operation(tag: str, id: str, title: str, who: Who, answer: Json, may: str) -> Json:
    roles, relations = who or (frozenset(["everyone"]), frozenset[str]())
    told = {
        "tags": [tag],
        "operationId": id,
        "summary": title,
        "description": f"Who {may}: {_named(roles, relations)}.",
        "x-roles": sorted(roles),
        "security": [{}, *KNOWN] if who is None else KNOWN,
        "responses": {"200": answer, **_problems(400, 401, 403, 404, 503)},
    }
    return {**told, "x-relations": sorted(relations)} if relations else told


def _named(roles: frozenset[str], relations: frozenset[str]) -> str:
    """Roles and relations as documents name them."""
    return ", ".join([*sorted(roles), *(f"whoever is its {name}" for name in sorted(relations))]) or "nobody"


def _problems(*codes: int) -> Json:
    return {**{str(code): PROBLEM for code in codes}, "default": PROBLEM}


def _json(schema: Any) -> Json:
    return {"application/json": {"schema": schema}}


def _row(register: Register[Any]) -> Json:
    """The schema of a row; columns that no contract can hold are left open."""
    try:
        made = json_schema(register.row, at_door=False)
    except TypeError:
        made = {"type": "object", "properties": {}}
    own = {"id": {"type": "string"}, "version": WHOLE, "position": WHOLE}
    return {"type": "object", "properties": {**own, **made["properties"]}, "required": list(own)}


def _filter(kind: type) -> Json:
    """The schema of the values by which a column is filtered."""
    if issubclass(kind, StrEnum):
        return {"type": "string", "enum": [member.value for member in kind]}
    known: dict[type, Json] = {
        bool: {"type": "boolean"},
        int: {**WHOLE, "minimum": -(2**63), "maximum": 2**63 - 1},
        date: {"type": "string", "format": "date"},
        UUID: {"type": "string", "format": "uuid"},
    }
    return known.get(kind, {"type": "string", "maxLength": MOST_TEXT})


def _pascal(path: str) -> str:
    return "".join(word.capitalize() for word in re.split("[-_]", path))


def document(app: Flask, service: str, served: Iterable[Route]) -> Json:
    """The OpenAPI document of an application's API, made when it is first asked for: to write it takes longer than to start."""
    app.config.update(API_TITLE=f"Pokja PKP: {service}", API_VERSION="1.0.0", OPENAPI_VERSION="3.1.0")
    made = _Api(app, spec_kwargs={"marshmallow_plugin": ShapePlugin(), "servers": [{"url": "/"}]})
    made.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "pkp_…"})
    problem = {"description": "What is wrong.", "content": {"application/problem+json": {"schema": ProblemSchema}}}
    made.spec.components.response("Problem", problem)
    routes = Blueprint(NAME, __name__)
    for one in served:
        told = one.told()
        tags = told.pop("tags")
        routes.route(one.rule, methods=[one.method], endpoint=one.name, tags=tags)(routes.doc(**told)(one.view))
    routes.register_views_in_doc(made, app, made.spec, name=NAME, parameters=None)
    found: Json = made.spec.to_dict()
    return found


class _Api(Api):  # type: ignore[misc]
    """Without error handlers of its own: every error is answered in one place."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        pass
