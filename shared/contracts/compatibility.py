"""Whether a changed contract keeps what the old one promised: BACKWARD and FORWARD as Confluent's registry defines them.

Backward: today's code reads data of an older version. Forward: an older reader reads today's data. Both are one
question, `cannot_read(reader, writer)`, asked in the two directions. docs/decisions/0010-open-contracts.md tells where the
house is stricter (fields, defaults and members of enumerations stay) and where milder (writers send declared fields only).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]

LOWER = {"minimum": "at least", "minLength": "at least", "minItems": "at least"}
UPPER = {"maximum": "at most", "maxLength": "at most", "maxItems": "at most"}
JUDGED = {*LOWER, *UPPER, "type", "enum", "pattern", "format", "uniqueItems", "properties", "required", "items"}
JUDGED |= {"additionalProperties", "x-extensible-enum", "x-visibility", "default"}
ANNOTATIONS = {"$schema", "$id", "title", "description", "examples", "example", "deprecated", "x-personal"}


def breaking(old: Json, new: Json) -> list[str]:
    """What the JSON Schema `new` of a fact breaks that `old` promised, one sentence each; [] when nothing."""
    return [
        *(f"today's code cannot read older data: {problem}" for problem in cannot_read(new, old)),
        *(f"older readers cannot read today's data: {problem}" for problem in cannot_read(old, new)),
        *_lost(old, new, ""),
    ]


def breaking_api(old: Json, new: Json) -> list[str]:
    """What the OpenAPI document `new` breaks that `old` promised: operations, and requests that were taken before."""
    before, after = dict(_operations(old)), dict(_operations(new))
    found = [f"{name}: the operation is gone" for name in before if name not in after]
    for name in before.keys() & after.keys():
        (route, request), (route_now, request_now) = before[name], after[name]
        if route != route_now:
            found.append(f"{name}: moved from {route} to {route_now}")
        for problem in cannot_read(request_now, request):
            found.append(f"{name}: requests that were taken are refused: {problem}")
    return sorted(found)


def _operations(document: Json) -> Iterator[tuple[str, tuple[str, Json]]]:
    schemas = document.get("components", {}).get("schemas", {})
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            if not isinstance(operation, Mapping) or "operationId" not in operation:
                continue
            media = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            schema = media.get("schema", {})
            request = schemas[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
            yield operation["operationId"], (f"{method.upper()} {path}", request)


def cannot_read(reader: Json, writer: Json, *, strict: bool = False, at: str = "") -> list[str]:
    """Why a reader that holds data to `reader` may refuse data written under `writer`; [] when it reads them all.

    `strict` is the registry's view of an open writer: it may have sent any undeclared field already, with any type.
    Ours never does, so the default leaves that out.
    """
    place = at or "/"
    found = [*_types(reader, writer, place), *_values(reader, writer, place), *_bounds(reader, writer, place)]
    found += _fields(reader, writer, place, strict)
    for name, inner in reader.get("properties", {}).items():
        if name in writer.get("properties", {}):
            found += cannot_read(inner, writer["properties"][name], strict=strict, at=f"{at}/{name}")
    if "items" in reader:
        found += cannot_read(reader["items"], writer.get("items", {}), strict=strict, at=f"{at}/*")
    for keyword in sorted((reader.keys() | writer.keys()) - JUDGED - ANNOTATIONS):
        if reader.get(keyword) != writer.get(keyword):
            found.append(f"{place}: {keyword} changed, which this check cannot judge")
    return found


def _types(reader: Json, writer: Json, place: str) -> Iterator[str]:
    read, written = _type_set(reader), _type_set(writer)
    if read is None:
        return
    if written is None:
        yield f"{place}: any type may come, {_listed(read)} is read"
        return
    unread = written - read - ({"integer"} if "number" in read else set())
    if unread:
        yield f"{place}: {_listed(unread)} may come, {_listed(read)} is read"


def _type_set(schema: Json) -> set[str] | None:
    told = schema.get("type")
    if told is None:
        return None
    return {told} if isinstance(told, str) else set(told)


def _values(reader: Json, writer: Json, place: str) -> Iterator[str]:
    if "enum" in reader:
        unread = [value for value in writer.get("enum", ()) if value not in reader["enum"]]
        if "enum" not in writer:
            yield f"{place}: any value may come, only {_listed(reader['enum'])} are read"
        elif unread:
            yield f"{place}: {_listed(unread)} may come and is not read"
    for keyword in ("pattern", "format"):
        if keyword in reader and reader[keyword] != writer.get(keyword):
            yield f"{place}: the {keyword} {writer.get(keyword, 'any')} may come, {reader[keyword]} is read"
    if reader.get("uniqueItems") and not writer.get("uniqueItems"):
        yield f"{place}: an entry may come twice, a set is read"


def _bounds(reader: Json, writer: Json, place: str) -> Iterator[str]:
    for keyword in LOWER:
        if keyword in reader and (keyword not in writer or writer[keyword] < reader[keyword]):
            yield f"{place}: {keyword} {writer.get(keyword, 'unbounded')} may come, {reader[keyword]} is read"
    for keyword in UPPER:
        if keyword in reader and (keyword not in writer or writer[keyword] > reader[keyword]):
            yield f"{place}: {keyword} {writer.get(keyword, 'unbounded')} may come, {reader[keyword]} is read"


def _fields(reader: Json, writer: Json, place: str, strict: bool) -> Iterator[str]:
    read, written = reader.get("properties", {}), writer.get("properties", {})
    for name in reader.get("required", ()):
        if name not in writer.get("required", ()) and "default" not in read.get(name, {}):
            yield f"{place}: {name} may be missing and has no default"
    closed = reader.get("additionalProperties") is False
    if closed and writer.get("additionalProperties") is not False:
        yield f"{place}: undeclared fields may come and are refused"
    if closed:
        yield from (f"{place}: {name} may come and is refused" for name in written if name not in read)
    if strict and writer.get("additionalProperties") is not False:
        yield from (f"{place}: {name} may have come with another type" for name in read if name not in written)


def _lost(old: Json, new: Json, at: str) -> Iterator[str]:
    """The house's own promises about facts, which both directions of the registry would let pass."""
    place = at or "/"
    if old.get("x-visibility") == "public" and new.get("x-visibility") != "public":
        yield f"{place}: the fact is no longer public"
    if old.get("default") != new.get("default") and "default" in old:
        yield f"{place}: the default {old['default']!r} became {new.get('default')!r}; older data would mean another thing"
    gone = [value for value in old.get("x-extensible-enum", ()) if value not in new.get("x-extensible-enum", (value,))]
    if gone:
        yield f"{place}: {_listed(gone)} left the enumeration, older data hold it"
    for name, inner in old.get("properties", {}).items():
        if name in new.get("properties", {}):
            yield from _lost(inner, new["properties"][name], f"{at}/{name}")
        else:
            yield f"{place}: {name} was removed"
    if "items" in old and "items" in new:
        yield from _lost(old["items"], new["items"], f"{at}/*")


def _listed(values: Any) -> str:
    return ", ".join(sorted(str(value) for value in values))
