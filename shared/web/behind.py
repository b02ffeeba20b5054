"""Behind the scenes: what a service has published, what has come to it from its siblings, and how long that took."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from shared.envelope import from_json, source_of
from shared.identity.demo_clock import DemoClock
from shared.service import Listens
from shared.store.recorded import moment
from shared.web.access import who
from shared.web.drawing import words_of
from shared.web.history import foreign_sentence
from shared.web.sight import visibilities
from shared.web.site import Site

LATEST = 8
LONGEST = timedelta(hours=1)  # more than this is no delay: the clock was moved in between


@dataclass(frozen=True)
class Published:
    """A fact that left this service."""

    position: int
    sentence: str
    type: str
    at: str


@dataclass(frozen=True)
class Arrived:
    """A fact that came from a sibling; `delay` in milliseconds from its record there to its keeping here, None: not known."""

    source: str
    position: int
    sentence: str
    state: str
    delay: int | None
    reactions: tuple[str, ...]


def published(site: Site) -> list[Published]:
    """The latest facts that left this service, the newest first, as this viewer may see them."""
    texts, head = words_of(site), site.runtime.store.head()
    recent = site.runtime.store.log(max(0, head - 400), 400, sorted(visibilities(who(site))))
    return [
        Published(
            one.position,
            texts.fact(site.service.types.decode(one.type, one.data)),
            one.type,
            texts.shown(moment(one.recorded_at)),
        )
        for one in recent[: -LATEST - 1 : -1]
    ]


def arrived(site: Site) -> list[Arrived]:
    """The latest facts of siblings here, the newest first; only for those who may see what services tell each other."""
    if len(visibilities(who(site))) < 2:
        return []
    found = [one for listening in site.service.listens for one in _of(site, listening)]
    return [one for _, one in sorted(found, key=lambda pair: pair[0], reverse=True)[:LATEST]]


def _of(site: Site, listening: Listens) -> Iterator[tuple[str, Arrived]]:
    source, texts = source_of(site.settings.province, listening.source), words_of(site)
    with site.runtime.store.db.reading() as session:
        rows = session.rows(
            "SELECT position, type, state, kept_at, body FROM envelopes"
            " WHERE source = :source AND state <> 'skipped' ORDER BY position DESC LIMIT :latest",
            source=source,
            latest=LATEST,
        )
        outcomes = session.rows(
            "SELECT position, reaction, outcome FROM reaction_outcomes WHERE source = :source AND outcome <> 'nothing'"
            " ORDER BY position DESC LIMIT 100",
            source=source,
        )
    for position, type, state, kept_at, body in rows:
        made = tuple(f"{reaction}: {outcome}" for at, reaction, outcome in outcomes if at == position)
        sentence = foreign_sentence(site, texts, listening.source, type, body)
        yield kept_at or "", Arrived(listening.source, position, sentence, state, _delay(site, kept_at, body), made)


def _delay(site: Site, kept_at: str | None, body: str) -> int | None:
    if kept_at is None:
        return None
    ahead = site.runtime.clock.ahead() if isinstance(site.runtime.clock, DemoClock) else timedelta()
    took = moment(kept_at) + ahead - from_json(body).recorded_at
    return int(took.total_seconds() * 1000) if timedelta() <= took < LONGEST else None
