"""A fact on its way between services: CloudEvents 1.0, as JSON in feeds and as headers with a value on Kafka."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from shared.errors import Unreadable
from shared.facts import aggregate_id
from shared.registers.register import About
from shared.store.recorded import Recorded, moment

BATCH_TYPE = "application/cloudevents-batch+json"
LINEAGE_TYPE = "id.pkp.lineage.v1"
Headers = list[tuple[str, str | bytes]]


class Envelope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="specversion", tag="1.0"):
    """One fact with its CloudEvents attributes.

    `position` is the fact's place in its service's log, `previous` that of the fact before it in the same topic or view
    (0: none). `sequence` is the version in its stream, padded so that text order is order. `data` is JSON as it was stored;
    bytes that are no JSON stand in `data_base64` instead.
    """

    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: str
    sequence: str
    position: int
    previous: int
    incarnation: str
    partitionkey: str
    correlationid: str
    recordedtime: str
    dataclassification: str
    causationid: str | None = None
    traceparent: str | None = None
    data: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    data_base64: str | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.previous < self.position < 2**63):
            raise ValueError("position and previous are no two places of a log")
        if "\0" in f"{self.id}{self.source}{self.type}{self.subject}{self.incarnation}":
            raise ValueError("an attribute holds a NUL character")

    @property
    def about(self) -> About:
        """What folds and reactions may know of the fact; raises ValueError for a subject that names no stream."""
        id = aggregate_id(self.subject)
        return About(str(id), id, self.subject, int(self.sequence), self.position, moment(self.recordedtime))

    @property
    def payload(self) -> bytes:
        """The data as bytes of JSON; empty when it is none."""
        return b"" if isinstance(self.data, msgspec.UnsetType) else bytes(self.data)

    @property
    def recorded_at(self) -> datetime:
        """When the fact was recorded, UTC."""
        return moment(self.recordedtime)


_encoder = msgspec.json.Encoder()
_batch_decoder = msgspec.json.Decoder(list[Envelope])
_decoder = msgspec.json.Decoder(Envelope)
_REQUIRED = ("id", "source", "type", "subject", "time", "sequence", "incarnation", "recordedtime", "dataclassification")


def source_of(province: str, service: str) -> str:
    """The CloudEvents source of a service's log: `/provinces/32/membership`."""
    return f"/provinces/{province}/{service}"


def envelope(source: str, recorded: Recorded, previous: int) -> Envelope:
    """The envelope of a stored fact; `previous` belongs to the topic or view that it is sent in."""
    return Envelope(
        id=recorded.id,
        source=source,
        type=recorded.type,
        subject=recorded.stream,
        time=recorded.recorded_at,
        datacontenttype="application/json",
        sequence=f"{recorded.version:010d}",
        position=recorded.position,
        previous=previous,
        incarnation=recorded.incarnation,
        partitionkey=recorded.stream,
        correlationid=recorded.correlation_id,
        recordedtime=recorded.recorded_at,
        dataclassification=recorded.visibility,
        causationid=recorded.causation_id,
        traceparent=recorded.traceparent,
        data=msgspec.Raw(recorded.data.encode()),
    )


def chained(source: str, recorded: Iterable[Recorded], previous: int) -> list[Envelope]:
    """The envelopes of consecutive facts of one topic or view; `previous` is the position of the fact before the first."""
    made = []
    for one in recorded:
        made.append(envelope(source, one, previous))
        previous = one.position
    return made


def to_json(one: Envelope) -> str:
    """The envelope in CloudEvents' JSON format."""
    return _encoder.encode(one).decode()


def from_json(text: str | bytes) -> Envelope:
    """The envelope in JSON; raises Unreadable."""
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unreadable("not an envelope") from error


def to_batch(envelopes: list[Envelope]) -> bytes:
    """A batch in CloudEvents' JSON batch format."""
    return _encoder.encode(envelopes)


def from_batch(body: bytes) -> list[Envelope]:
    """The envelopes of a batch; raises Unreadable."""
    try:
        return _batch_decoder.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unreadable("not a batch of envelopes") from error


def to_headers(one: Envelope) -> Headers:
    """The Kafka headers of an envelope in binary mode; its key is `partitionkey`, its value `payload`."""
    headers: Headers = [
        ("ce_specversion", "1.0"),
        ("ce_id", one.id),
        ("ce_source", one.source),
        ("ce_type", one.type),
        ("ce_subject", one.subject),
        ("ce_time", one.time),
        ("ce_sequence", one.sequence),
        ("ce_position", str(one.position)),
        ("ce_previous", str(one.previous)),
        ("ce_incarnation", one.incarnation),
        ("ce_partitionkey", one.partitionkey),
        ("ce_correlationid", one.correlationid),
        ("ce_recordedtime", one.recordedtime),
        ("ce_dataclassification", one.dataclassification),
        ("content-type", one.datacontenttype),
    ]
    if one.causationid is not None:
        headers.append(("ce_causationid", one.causationid))
    if one.traceparent is not None:
        headers.append(("ce_traceparent", one.traceparent))
    return headers


def texts(headers: Iterable[tuple[str, Any]] | None) -> dict[str, str]:
    """Kafka headers as text by name, the last of a name; those that are no UTF-8 text are left out."""
    found: dict[str, str] = {}
    for name, value in headers or ():
        try:
            found[name] = value.decode() if isinstance(value, bytes) else str(value)
        except UnicodeDecodeError:
            continue
    return found


def from_headers(headers: dict[str, str], value: bytes | None) -> Envelope:
    """The envelope of a Kafka record in binary mode.

    Raises Unreadable when attributes are missing. A value that is no JSON is kept as bytes, for whoever decodes it to park.
    """
    try:
        known: dict[str, Any] = {name: headers[f"ce_{name}"] for name in _REQUIRED}
        if headers.get("ce_specversion") != "1.0":
            raise Unreadable("not CloudEvents 1.0")
        return Envelope(
            **known,
            datacontenttype=headers.get("content-type", "application/json"),
            position=int(headers["ce_position"]),
            previous=int(headers["ce_previous"]),
            partitionkey=headers.get("ce_partitionkey", known["subject"]),
            correlationid=headers.get("ce_correlationid", ""),
            causationid=headers.get("ce_causationid"),
            traceparent=headers.get("ce_traceparent"),
            **_data(value),
        )
    except (KeyError, ValueError) as error:
        raise Unreadable(f"not an envelope: {error}") from error


def _data(value: bytes | None) -> dict[str, Any]:
    try:
        value = value or b""
        value.decode()
        return {"data": msgspec.json.decode(value, type=msgspec.Raw)}
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return {"data_base64": base64.b64encode(value or b"").decode()}
