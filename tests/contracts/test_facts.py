"""What the services tell: every document holds to its standard, every example to its schema, every reader to its writer."""

from __future__ import annotations

import copy
import dataclasses
import json
import typing
from enum import StrEnum
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from shared.contracts.asyncapi import asyncapi, payload
from shared.contracts.compatibility import cannot_read
from shared.contracts.generate import examples_of, installed
from shared.facts import LEAVING, FactTypes, encode, fact, info, is_fact, type_name
from shared.service import Service
from shared.shape import fields_of, json_schema, plain, read

SERVICES = installed()
ASYNCAPI = jsonschema_rs.validator_for(json.loads((Path(__file__).parent / "asyncapi/3.0.0.json").read_text("utf-8")))

every_service = pytest.mark.parametrize("service", SERVICES.values(), ids=lambda service: service.name)


def test_the_four_services_are_here():
    assert {"membership", "advocacy", "mediation", "forum"} <= SERVICES.keys()


# --- schemas and examples -------------------------------------------------------------------------------------------


@every_service
def test_every_example_holds_to_the_schema_of_its_class(service):
    for cls, example in examples_of(service).items():
        schema = json_schema(cls)
        jsonschema_rs.meta.validate(schema)
        jsonschema_rs.validator_for(schema, validate_formats=True).validate(json.loads(encode(example)))


@every_service
def test_every_fact_and_command_has_an_example_that_the_door_takes(service):
    examples = examples_of(service)
    commands = {row.command for _, row in service.does}
    assert commands | set(service.types.names) <= examples.keys()
    for cls in commands:
        assert read(cls, plain(examples[cls])) == examples[cls]


@every_service
def test_a_schema_says_the_same_in_the_drafts_that_readers_use(service):
    """AsyncAPI's schema object is of draft 7, the published file of 2020-12: only keywords that mean the same in both."""
    for cls in service.publishes:
        schema = payload(cls)
        jsonschema_rs.meta.validate({**schema, "$schema": "http://json-schema.org/draft-07/schema#"})
        jsonschema_rs.Draft7Validator(schema).validate(plain(examples_of(service)[cls]))
        for unwanted in ("additionalProperties", '"enum"', "x-personal"):
            assert unwanted not in json.dumps(schema), cls.__name__


# --- AsyncAPI -------------------------------------------------------------------------------------------------------


def document(service: Service) -> dict[str, Any]:
    return asyncapi(service, examples_of(service))


@every_service
def test_the_asyncapi_document_holds_to_its_standard(service):
    ASYNCAPI.validate(document(service))


def test_the_standard_catches_a_wrong_document():
    wrong = copy.deepcopy(document(SERVICES["membership"]))
    wrong["operations"]["tell-public"]["action"] = "publish"
    assert not ASYNCAPI.is_valid(wrong)


@every_service
def test_every_reference_leads_somewhere(service):
    whole = document(service)

    def references(node: Any) -> typing.Iterator[str]:
        if isinstance(node, dict):
            yield from ([node["$ref"]] if "$ref" in node else [])
            node = list(node.values())
        if isinstance(node, list):
            for inner in node:
                yield from references(inner)

    for reference in references(whole):
        place: Any = whole
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


@every_service
def test_exactly_what_leaves_is_told_on_the_channels(service):
    channels = document(service)["channels"]
    public = {cls.__name__ for cls in service.publishes if info(cls).visibility == "public"}
    assert channels["interagency"]["address"] == f"{{province}}.{service.name}.interagency.v1"
    assert channels["public"]["address"] == f"{{province}}.{service.name}.public.v1"
    assert channels["interagency"]["messages"].keys() == {cls.__name__ for cls in service.publishes}
    assert channels["public"]["messages"].keys() == public
    kept_inside = {cls.__name__ for cls in service.types.names if info(cls).visibility not in LEAVING}
    assert not kept_inside & document(service)["components"]["messages"].keys()


@every_service
def test_a_message_carries_its_type_its_sentence_and_its_example(service):
    parts = document(service)["components"]
    for cls in service.publishes:
        message = parts["messages"][cls.__name__]
        assert message["headers"]["properties"]["ce_type"] == {"const": type_name(service.name, cls)}
        assert len(message["summary"]) > 10, cls.__name__
        (example,) = message["examples"]
        schema = parts["schemas"][message["payload"]["$ref"].rsplit("/", 1)[1]]
        jsonschema_rs.validate(schema, example["payload"])


@every_service
def test_what_a_service_listens_to_is_in_its_document(service):
    operations = document(service)["operations"]
    for listens in service.listens:
        heard = {message["$ref"].rsplit("/", 1)[1] for message in operations[f"hear-{listens.source}"]["messages"]}
        assert heard == {f"{listens.source}.{cls.__name__}" for cls in listens.facts}
        assert operations[f"hear-{listens.source}"]["action"] == "receive"


# --- readers and writers --------------------------------------------------------------------------------------------


@every_service
def test_a_sibling_tells_what_is_listened_to_and_its_facts_can_be_read(service):
    for listens in service.listens:
        sibling = SERVICES[listens.source]
        told = {type_name(sibling.name, one): one for one in sibling.publishes}
        for cls in listens.facts:
            name = type_name(sibling.name, cls)
            assert cannot_read(json_schema(cls), json_schema(told[name])) == []
            assert isinstance(listens.types.decode(name, encode(examples_of(sibling)[told[name]])), cls)


def simpler(cls: type) -> type:
    """`cls` as a reader of its first day would have it: only the fields that must be there, enumerations as text."""
    hints = typing.get_type_hints(cls)
    required = [(field.name, _as_text(hints[field.name])) for field in fields_of(cls) if field.required]
    made = dataclasses.make_dataclass(cls.__name__, required, namespace={"__doc__": cls.__doc__})
    return fact(visibility=info(cls).visibility, major=info(cls).major)(made) if is_fact(cls) else made


def _as_text(hint: Any) -> Any:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return str
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return simpler(hint)
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) in (tuple, frozenset):
        return typing.get_origin(hint)[tuple(_as_text(one) for one in arguments)]
    if arguments:
        return typing.Union[tuple(_as_text(one) for one in arguments)]  # noqa: UP007
    return hint


def strange(data: Any, fields: Any) -> Any:
    """`data` as tomorrow's writer may send it: more fields everywhere, members of enumerations that nobody knows yet."""
    made = {**data, "added_tomorrow": {"deep": [1, 2]}}
    for field in fields:
        value = made.get(field.name)
        if value is None:
            continue
        if field.kind == "choice":
            made[field.name] = ["tomorrow"] if field.many else "tomorrow"
        if field.kind == "part":
            made[field.name] = [strange(one, field.nested) for one in value] if field.many else strange(value, field.nested)
    return made


@every_service
def test_an_old_reader_reads_what_is_written_tomorrow(service):
    for cls in service.publishes:
        old_reader = FactTypes(service.name, [simpler(cls)])
        name = type_name(service.name, cls)
        example = plain(examples_of(service)[cls])
        for data in (example, strange(example, fields_of(cls))):
            heard = old_reader.decode(name, json.dumps(data))
            assert {field.name for field in dataclasses.fields(heard)} == {f.name for f in fields_of(cls) if f.required}
            jsonschema_rs.validate(json_schema(cls), data)


@every_service
def test_todays_reader_reads_what_was_written_before_the_defaults(service):
    for cls in service.publishes:
        old = _without_defaults(plain(examples_of(service)[cls]), fields_of(cls))
        heard = service.types.decode(type_name(service.name, cls), json.dumps(old))
        jsonschema_rs.validate(json_schema(cls), old)
        for field in fields_of(cls):
            if not field.required:
                assert plain(getattr(heard, field.name)) == field.default, f"{cls.__name__}.{field.name}"


def _without_defaults(data: Any, fields: Any) -> Any:
    made = {}
    for field in fields:
        if not field.required:
            continue
        value = data[field.name]
        if field.kind == "part" and value is not None:
            value = (
                [_without_defaults(one, field.nested) for one in value] if field.many else _without_defaults(value, field.nested)
            )
        made[field.name] = value
    return made
