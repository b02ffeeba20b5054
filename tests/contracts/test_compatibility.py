"""The compatibility check gives the answers of Confluent's registry, and the house's own where it promises more."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.compatibility import breaking, breaking_api, cannot_read


def closed(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def opened(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


TEXT, NUMBER, WHOLE = {"type": "string"}, {"type": "number"}, {"type": "integer"}

# What changed, the old schema, the new one, and whether Confluent's Schema Registry calls it BACKWARD and FORWARD
# compatible (its documentation: Schema Evolution and Compatibility; JSON Schema compatibility rules).
REGISTRY = [
    ("nothing", opened(a=TEXT), opened(a=TEXT), True, True),
    ("no bound", {**WHOLE, "minimum": 1, "maximum": 2}, {**WHOLE, "minimum": 1, "maximum": 2}, True, True),
    ("title and description", {**TEXT, "title": "a"}, {**TEXT, "description": "b"}, True, True),
    ("type changed", {"type": "object"}, {"type": "array"}, False, False),
    ("type of a property changed", opened(a=TEXT), opened(a=NUMBER), False, False),
    ("type widened", WHOLE, NUMBER, True, False),
    ("type narrowed", NUMBER, WHOLE, False, True),
    ("a type added to the types", {"type": ["string"]}, {"type": ["string", "null"]}, True, False),
    ("a type taken from the types", {"type": ["string", "null"]}, TEXT, False, True),
    ("type said first now", {}, TEXT, False, True),
    ("minLength increased", {**TEXT, "minLength": 10}, {**TEXT, "minLength": 11}, False, True),
    ("minLength decreased", {**TEXT, "minLength": 11}, {**TEXT, "minLength": 10}, True, False),
    ("minLength added", TEXT, {**TEXT, "minLength": 1}, False, True),
    ("maxLength increased", {**TEXT, "maxLength": 10}, {**TEXT, "maxLength": 12}, True, False),
    ("maxLength decreased", {**TEXT, "maxLength": 12}, {**TEXT, "maxLength": 10}, False, True),
    ("maxLength removed", {**TEXT, "maxLength": 12}, TEXT, True, False),
    ("pattern added", TEXT, {**TEXT, "pattern": "^a$"}, False, True),
    ("pattern removed", {**TEXT, "pattern": "^a$"}, TEXT, True, False),
    ("pattern changed", {**TEXT, "pattern": "^a$"}, {**TEXT, "pattern": "^b$"}, False, False),
    ("maximum increased", {**NUMBER, "maximum": 10}, {**NUMBER, "maximum": 11}, True, False),
    ("maximum decreased", {**NUMBER, "maximum": 11}, {**NUMBER, "maximum": 10}, False, True),
    ("maximum removed", {**NUMBER, "maximum": 10}, NUMBER, True, False),
    ("minimum increased", {**NUMBER, "minimum": 10}, {**NUMBER, "minimum": 11}, False, True),
    ("minimum removed", {**NUMBER, "minimum": 10}, NUMBER, True, False),
    ("member added to an enumeration", {"enum": ["red"]}, {"enum": ["red", "blue"]}, True, False),
    ("member taken from an enumeration", {"enum": ["red", "blue"]}, {"enum": ["red"]}, False, True),
    ("members exchanged", {"enum": ["red"]}, {"enum": ["blue"]}, False, False),
    ("enumeration opened", {"enum": ["red"]}, {}, True, False),
    ("minItems increased", {"type": "array", "minItems": 1}, {"type": "array", "minItems": 2}, False, True),
    ("maxItems increased", {"type": "array", "maxItems": 1}, {"type": "array", "maxItems": 2}, True, False),
    ("uniqueItems added", {"type": "array"}, {"type": "array", "uniqueItems": True}, False, True),
    ("type of the items changed", {"type": "array", "items": TEXT}, {"type": "array", "items": NUMBER}, False, False),
    ("required removed", {**opened(a=TEXT), "required": ["a"]}, opened(a=TEXT), True, False),
    ("required added", opened(a=TEXT), {**opened(a=TEXT), "required": ["a"]}, False, True),
    (
        "required added, with a default",
        closed(a=TEXT),
        {**closed(a=TEXT, b={**TEXT, "default": "x"}), "required": ["b"]},
        True,
        False,
    ),
    ("required added to a closed model", closed(a=TEXT), {**closed(a=TEXT, b=TEXT), "required": ["b"]}, False, False),
    ("optional added to a closed model", closed(a=TEXT), closed(a=TEXT, b=TEXT), True, False),
    ("optional removed from a closed model", closed(a=TEXT, b=TEXT), closed(a=TEXT), False, True),
    ("property added to an open model", opened(a=TEXT), opened(a=TEXT, b=TEXT), False, True),
    ("property removed from an open model", opened(a=TEXT, b=TEXT), opened(a=TEXT), True, False),
    ("model opened", closed(a=TEXT), opened(a=TEXT), True, False),
    ("model closed", opened(a=TEXT), closed(a=TEXT), False, True),
    (
        "deep inside",
        opened(a={"type": "array", "items": opened(b=TEXT)}),
        opened(a={"type": "array", "items": opened(b=WHOLE)}),
        False,
        False,
    ),
]


@pytest.mark.parametrize(("what", "old", "new", "backward", "forward"), REGISTRY, ids=[case[0] for case in REGISTRY])
def test_the_answers_are_those_of_the_registry(what, old, new, backward, forward):
    assert (cannot_read(new, old, strict=True) == []) is backward
    assert (cannot_read(old, new, strict=True) == []) is forward


# --- what the house promises about facts ----------------------------------------------------------------------------

FACT = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 80},
        "kind": {"type": "string", "x-extensible-enum": ["budget", "policy"]},
        "note": {"type": "string", "default": ""},
    },
    "required": ["name", "kind"],
    "x-visibility": "public",
}


def changed(**properties: Any) -> dict[str, Any]:
    """FACT with other properties; None removes one."""
    merged = {**FACT["properties"], **properties}
    return {**FACT, "properties": {name: told for name, told in merged.items() if told is not None}}


@pytest.mark.parametrize(
    "new",
    [
        FACT,
        changed(later={"type": ["string", "null"], "default": None}),
        changed(kind={"type": "string", "x-extensible-enum": ["budget", "policy", "awareness"]}),
        {**FACT, "description": "Said better."},
    ],
    ids=["nothing", "a field with a default added", "a member of an enumeration added", "another sentence"],
)
def test_a_fact_may_grow(new):
    assert breaking(FACT, new) == []


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (changed(note=None), "/: note was removed"),
        (changed(name=None), "/: name was removed"),
        (changed(name={"type": "integer"}), "today's code cannot read older data: /name: string may come, integer is read"),
        (
            changed(name={"type": "string", "maxLength": 50}),
            "today's code cannot read older data: /name: maxLength 80 may come, 50 is read",
        ),
        (
            changed(name={"type": "string", "maxLength": 90}),
            "older readers cannot read today's data: /name: maxLength 90 may come, 80 is read",
        ),
        (
            {**changed(more={"type": "string"}), "required": ["name", "kind", "more"]},
            "today's code cannot read older data: /: more may be missing and has no default",
        ),
        ({**FACT, "required": ["name"]}, "older readers cannot read today's data: /: kind may be missing and has no default"),
        (
            changed(note={"type": "string", "default": "-"}),
            "/note: the default '' became '-'; older data would mean another thing",
        ),
        (
            changed(kind={"type": "string", "x-extensible-enum": ["policy"]}),
            "/kind: budget left the enumeration, older data hold it",
        ),
        (
            changed(kind={"type": "string", "enum": ["budget", "policy"]}),
            "today's code cannot read older data: /kind: any value may come, only budget, policy are read",
        ),
        ({**FACT, "x-visibility": "interagency"}, "/: the fact is no longer public"),
        (
            {**FACT, "additionalProperties": False},
            "today's code cannot read older data: /: undeclared fields may come and are refused",
        ),
        ({**FACT, "oneOf": [{}]}, "today's code cannot read older data: /: oneOf changed, which this check cannot judge"),
    ],
)
def test_a_broken_promise_is_told_in_a_sentence(new, sentence):
    assert sentence in breaking(FACT, new)


# --- what the house promises about commands ----------------------------------------------------------------------


def document(path: str, name: str, request: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    operation = {"operationId": name, "requestBody": {"content": content}}
    return {"paths": {path: {"parameters": [], "post": operation}}, "components": {"schemas": {name: request}}}


def test_an_api_may_take_more_and_never_less():
    old = document("/members", "ProposeMember", closed(a={**TEXT, "maxLength": 10}))
    assert breaking_api(old, old) == []
    assert breaking_api(old, document("/members", "ProposeMember", closed(a={**TEXT, "maxLength": 20}, b=TEXT))) == []
    assert breaking_api(old, document("/members", "ProposeMember", closed(a={**TEXT, "maxLength": 5}))) == [
        "ProposeMember: requests that were taken are refused: /a: maxLength 10 may come, 5 is read"
    ]
    assert breaking_api(old, document("/others", "ProposeMember", old["components"]["schemas"]["ProposeMember"])) == [
        "ProposeMember: moved from POST /members to POST /others"
    ]
    assert breaking_api(old, {"paths": {}}) == ["ProposeMember: the operation is gone"]


# --- nothing is overlooked ------------------------------------------------------------------------------------------

PROPERTIES: list[dict[str, Any]] = [
    TEXT,
    {"type": ["string", "null"]},
    {"type": "string", "minLength": 1},
    {"type": "string", "maxLength": 2},
    {"type": "string", "enum": ["a", "b"]},
    {"type": "string", "enum": ["a"]},
    {"type": "string", "x-extensible-enum": ["a", "b"]},
    WHOLE,
    {"type": "integer", "minimum": 0, "maximum": 1},
    {"type": "array", "items": TEXT},
    {"type": "array", "items": {"type": "string", "maxLength": 1}, "minItems": 1, "uniqueItems": True},
]


@st.composite
def schemas(draw: st.DrawFn) -> dict[str, Any]:
    properties = draw(st.dictionaries(st.sampled_from("abc"), st.sampled_from(PROPERTIES), max_size=3))
    required = draw(st.lists(st.sampled_from(sorted(properties)), unique=True)) if properties else []
    made = {"type": "object", "properties": properties, "required": required}
    return {**made, "additionalProperties": False} if draw(st.booleans()) else made


VALUES = st.sampled_from(["", "a", "b", "abc", None, 0, 1, 7, [], ["a"], ["a", "a"], ["abc"]])


@given(schemas(), schemas(), st.dictionaries(st.sampled_from("abc"), VALUES))
def test_what_is_called_readable_is_readable(reader, writer, data):
    """Whatever data the writer may send, a reader that the check lets pass takes it."""
    sendable = data.keys() <= writer["properties"].keys() and jsonschema_rs.is_valid(writer, data)
    if sendable and cannot_read(reader, writer) == []:
        assert jsonschema_rs.is_valid(reader, data)
