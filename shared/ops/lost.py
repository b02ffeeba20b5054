"""Facts that a restored store has lost, as far as others hold them: siblings whose stores can be read here, and its topic."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shared.bus.broker import broker, has_broker
from shared.bus.feed import VIEWS
from shared.delivery.attempts import is_connection_error
from shared.delivery.checkpoints import load as checkpoint
from shared.delivery.keeping import ASIDE
from shared.delivery.sibling import siblings
from shared.envelope import source_of, texts
from shared.execute import Runtime
from shared.ops import console
from shared.ops.highwater import lacks_table
from shared.settings import Settings


@dataclass(frozen=True, order=True)
class Lost:
    """One fact beyond a store's head: no content but the register numbers in it, `ADV/32/2026/0004`."""

    position: int
    id: str
    type: str
    subject: str
    numbers: tuple[str, ...] = ()


def lost(runtime: Runtime, settings: Settings) -> list[Lost]:
    """The facts of this service that siblings or its topic hold beyond its head, in order. Who cannot be asked is left out."""
    found = {one.id: one for one in (*_of_siblings(runtime, settings), *_of_topic(runtime, settings))}
    return sorted(found.values())


def numbers(facts: list[Lost]) -> dict[str, int]:
    """The last number of each `SERIES/year` that the facts hold."""
    last: dict[str, int] = {}
    for number in (number for one in facts for number in one.numbers):
        series, _, year, count = number.split("/")
        last[f"{series}/{year}"] = max(int(count), last.get(f"{series}/{year}", 0))
    return last


def _numbers_in(body: str, province: str) -> tuple[str, ...]:
    """A number stands alone in its field (see `facts.numbered`)."""
    return tuple(re.findall(rf'"([A-Z]{{3}}/{province}/\d{{4}}/\d{{4,}})"', body))


def _of_siblings(runtime: Runtime, settings: Settings) -> list[Lost]:
    store, found = runtime.store, list[Lost]()
    source, head = source_of(store.province, store.service.name), store.head()
    for other in console.runtimes(settings).values():
        if not any(one.source == source for one in siblings(other.service, settings.province)):
            continue
        try:
            with other.store.db.reading() as session:
                rows = session.rows(
                    f"SELECT position, id, type, subject, body FROM envelopes WHERE source = :source AND position > :head"
                    f" AND state <> '{ASIDE}'",
                    source=source,
                    head=head,
                )
        except Exception as error:
            if not is_connection_error(error) and not lacks_table(error):
                raise
            continue
        found += [
            Lost(position, id, type, subject, _numbers_in(body, store.province)) for position, id, type, subject, body in rows
        ]
    return found


def _of_topic(runtime: Runtime, settings: Settings) -> list[Lost]:
    """What the topic holds behind the place where the store last knew its own end."""
    if not has_broker(settings):
        return []
    from shared.bus import kafka, topics

    store, found = runtime.store, list[Lost]()
    lives, head = [life.id for life in store.lineage()], store.head()
    kafkas = broker(settings, store.service.name)
    topic = kafka.topic_name(store.province, store.service.name, next(view for view in VIEWS if view != "public"))
    with store.db.reading() as session:
        known = checkpoint(session, topic)
    try:
        offset = known.offset + 1 if topics.Topics(kafkas).id(topic) == known.topic_id else 0
        for record in kafka.read_up_to(kafkas, topic, offset):
            about = texts(record.headers)
            position, life = about.get("ce_position", ""), about.get("ce_incarnation")
            if position.isdecimal() and int(position) > head and life not in lives[:-1]:
                body = (record.value or b"").decode("utf-8", "replace")
                id, type, subject = (about.get(f"ce_{name}", "") for name in ("id", "type", "subject"))
                found.append(Lost(int(position), id, type, subject, _numbers_in(body, store.province)))
    except kafka.Unreachable:
        return []
    return found
