"""What a service tells and listens to, as an AsyncAPI 3.0 document that needs no running service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.envelope import LINEAGE_TYPE
from shared.facts import PUBLIC, info, sentence, type_name
from shared.service import Listens, Service
from shared.shape import json_schema, plain

Json = dict[str, Any]

VERSION = "1.0.0"
PROVINCE = {
    "description": "The province's two-digit code of the Ministry of Home Affairs (Kemendagri).",
    "examples": ["32"],
}
# One partition, kept for ever, not compacted: the topic is the log.
KAFKA_TOPIC = {"kafka": {"partitions": 1, "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": -1}}}
KAFKA_KEY = {"kafka": {"key": {"type": "string", "description": "The stream id, `32/member/<uuid>`."}}}

ATTRIBUTES = {
    "ce_specversion": "Always 1.0.",
    "ce_id": "The fact's id; together with the source it names the fact for ever.",
    "ce_source": "The log that holds the fact: `/provinces/<code>/<service>`.",
    "ce_type": "What happened, the same name in every province.",
    "ce_subject": "The stream id: `<province>/<aggregate>/<uuid>`.",
    "ce_time": "When the fact was recorded, UTC (RFC 3339).",
    "ce_sequence": "The fact's version in its stream.",
    "ce_position": "The fact's position in its service's log.",
    "ce_previous": "The position of the fact before it in the same channel, 0 at the start; above what you hold: a gap.",
    "ce_incarnation": "The incarnation of the log that wrote the fact.",
    "ce_partitionkey": "The record's key.",
    "ce_correlationid": "The first command of the chain that led here.",
    "ce_causationid": "The command or fact that led directly here.",
    "ce_recordedtime": "When the fact was recorded, UTC (RFC 3339).",
    "ce_dataclassification": "The visibility: public or interagency.",
    "ce_traceparent": "The trace that the fact was made in (W3C Trace Context).",
    "content-type": "The media type of the value: application/json.",
}
SOMETIMES = ("ce_causationid", "ce_traceparent")


def asyncapi(service: Service, examples: Mapping[type, Any]) -> Json:
    """The AsyncAPI 3.0 document of a service as JSON data; `examples` maps each fact that leaves to an instance of it.

    Raises KeyError for a fact that leaves without an example.
    """
    public = [cls for cls in service.publishes if info(cls).visibility == PUBLIC]
    channels = {
        "interagency": _channel(service.name, "interagency", "Every fact that leaves the service.", service.publishes),
        "public": _channel(service.name, "public", "The public facts, for other provinces and for everyone.", public),
    }
    operations = {f"tell-{name}": _operation("send", name, list(told["messages"])) for name, told in channels.items()}
    messages = {cls.__name__: _message(service.name, cls, examples[cls]) for cls in service.publishes}
    schemas = {"CloudEvent": _headers(), **{cls.__name__: payload(cls) for cls in service.publishes}}
    for listening in service.listens:
        _add_listening(listening, channels, operations, messages, schemas)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": f"{service.name}: facts", "version": VERSION, "description": DESCRIPTION},
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas},
    }


DESCRIPTION = (
    "Facts are CloudEvents 1.0: on Kafka in binary mode, in the HTTP feed as a structured batch. Fields and members of "
    "enumerations (`x-extensible-enum`) may be added at any time: ignore what you do not know. Nothing is removed or "
    f"changed within a major version. A record of type `{LINEAGE_TYPE}` is no fact: it begins each incarnation of the log."
)


def payload(cls: type) -> Json:
    """The JSON Schema of a fact without its dialect: only keywords that AsyncAPI's own schema object shares."""
    return {keyword: value for keyword, value in json_schema(cls).items() if keyword != "$schema"}


def _add_listening(listening: Listens, channels: Json, operations: Json, messages: Json, schemas: Json) -> None:
    """What is read of one sibling: only the fields that this service needs."""
    source = listening.source
    names = {cls: f"{source}.{cls.__name__}" for cls in listening.facts}
    channel = _channel(source, "interagency", f"What this service reads of {source}.", ())
    channels[source] = {**channel, "messages": {name: _ref("messages", name) for name in names.values()}}
    operations[f"hear-{source}"] = _operation("receive", source, list(names.values()))
    for cls, name in names.items():
        messages[name] = _message(source, cls, None, name)
        schemas[name] = payload(cls)


def _channel(service: str, name: str, description: str, facts: Any) -> Json:
    return {
        "address": f"{{province}}.{service}.{name}.v1",
        "title": f"{service}, {name}",
        "description": description,
        "parameters": {"province": PROVINCE},
        "messages": {cls.__name__: _ref("messages", cls.__name__) for cls in facts},
        "bindings": KAFKA_TOPIC,
    }


def _operation(action: str, channel: str, messages: list[str]) -> Json:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in messages],
    }


def _message(service: str, cls: type, example: Any, schema: str | None = None) -> Json:
    visibility = info(cls).visibility.value
    made = {
        "name": cls.__name__,
        "title": cls.__name__,
        "summary": sentence(cls),
        "contentType": "application/json",
        "tags": [{"name": visibility}],
        "headers": {
            "type": "object",
            "allOf": [_ref("schemas", "CloudEvent")],
            "properties": {"ce_type": {"const": type_name(service, cls)}},
        },
        "payload": _ref("schemas", schema or cls.__name__),
        "correlationId": {"location": "$message.header#/ce_correlationid"},
        "bindings": KAFKA_KEY,
    }
    return made if example is None else {**made, "examples": [{"name": cls.__name__, "payload": plain(example)}]}


def _headers() -> Json:
    told = {name: {"type": "string", "description": text} for name, text in ATTRIBUTES.items()}
    about = "CloudEvents attributes as Kafka headers."
    always = [name for name in ATTRIBUTES if name not in SOMETIMES]
    return {"type": "object", "description": about, "properties": told, "required": always}


def _ref(kind: str, name: str) -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}
