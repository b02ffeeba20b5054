"""The feed: a service's log as pages of CloudEvents, for siblings, agencies and everyone; and its reader."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx
import msgspec

from shared.bus.lineage import Lineage, branch_end, from_json, to_json
from shared.envelope import BATCH_TYPE, Envelope, chained, from_batch, source_of
from shared.errors import Unreadable
from shared.facts import LEAVING, PUBLIC, Visibility
from shared.store import Store

VIEWS: dict[str, Sequence[Visibility]] = {"public": (PUBLIC,), "interagency": LEAVING}
LINEAGE_HEADER, VIEW_HEADER, HEAD_HEADER = "PKP-Lineage", "PKP-View", "PKP-Head"
LONGEST_WAIT = 30.0  # seconds
SLICE = 1.0  # seconds after which a waiting request looks whether the process is asked to stop


class LogForked(Exception):
    """The reader's position is not part of this log: beyond its head, or of a life that was left. It must look at the lineage."""

    def __init__(self, lineage: Lineage) -> None:
        super().__init__("log-forked")
        self.lineage = lineage


@dataclass(frozen=True, slots=True)
class Batch:
    """One page of a view with the log's whole lineage; `head` is the position of the last fact in the view."""

    envelopes: list[Envelope]
    lineage: Lineage
    head: int


def batch(
    store: Store,
    view: str,
    after: int,
    limit: int,
    wait: float = 0.0,
    incarnation: str | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Batch:
    """Up to `limit` facts of a view behind position `after`, waiting up to `wait` seconds for the first.

    `incarnation` is the life of the log that the reader holds `after` from. Raises LogForked.
    """
    visibilities = VIEWS[view]
    _check_position(store, after, incarnation)
    deadline, seen = time.monotonic() + wait, after
    while True:
        head = store.head()
        found = store.log(seen, limit, visibilities)
        left = deadline - time.monotonic()
        if found or left <= 0 or stopping():
            break
        seen = max(seen, head)
        store.wait(seen, min(left, SLICE))
    previous = store.previous(found[0].position, visibilities) if found else 0
    envelopes = chained(source_of(store.province, store.service.name), found, previous)
    # Read after the facts: every life that wrote one of them is in it.
    return Batch(envelopes, tuple(store.lineage()), store.previous(2**62, visibilities))


def _check_position(store: Store, after: int, incarnation: str | None) -> None:
    if after == 0:
        return
    lineage = tuple(store.lineage())
    end = branch_end(lineage, incarnation) if incarnation else 2**62
    if end is None or after > end or after > store.head():
        raise LogForked(lineage)


# --- reading a feed -----------------------------------------------------------------------------------------------


class Unreachable(ConnectionError):
    """The feed could not be read now: tried again after a pause."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a feed answered. `forked`: the position that was asked from is not part of the log that `lineage` describes."""

    envelopes: list[Envelope]
    lineage: Lineage
    head: int
    forked: bool


class FeedReader:
    """Reads one service's feed with a machine token; made in the process that uses it."""

    def __init__(self, url: str, token: str, view: str = "interagency") -> None:
        self.url = url
        self._view = view
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {token}", "Accept": f"{BATCH_TYPE}, application/problem+json"},
            timeout=httpx.Timeout(10.0, connect=3.0),
            trust_env=False,
        )

    def read(self, after: int, incarnation: str, limit: int = 500, wait: float = 0.0) -> Answer:
        """One page behind `after`, waiting up to `wait` seconds for it. Raises Unreachable for every other answer."""
        params: dict[str, str | int | float] = {"after": after, "limit": limit, "wait": wait, "view": self._view}
        if incarnation:
            params["incarnation"] = incarnation
        try:
            response = self._client.get(self.url, params=params, timeout=httpx.Timeout(wait + 10.0, connect=3.0))
        except (httpx.HTTPError, RuntimeError) as error:  # RuntimeError: closed meanwhile
            raise Unreachable(f"{type(error).__name__} at {self.url}") from error
        if response.status_code not in (200, 409):
            raise Unreachable(f"status {response.status_code} from {self.url}")
        try:
            return self._answer(response)
        except (Unreadable, KeyError, ValueError) as error:
            raise Unreachable(f"no feed at {self.url}: {type(error).__name__}") from error

    def _answer(self, response: httpx.Response) -> Answer:
        lineage = from_json(response.headers[LINEAGE_HEADER])
        if not lineage:
            raise Unreadable("a log without a life")
        if response.status_code == 409:
            if not str(msgspec.json.decode(response.content).get("type", "")).endswith("log-forked"):
                raise Unreadable("another conflict")
            return Answer([], lineage, 0, True)
        if response.headers.get(VIEW_HEADER) != self._view:
            raise Unreadable("another view")
        return Answer(from_batch(response.content), lineage, int(response.headers[HEAD_HEADER]), False)

    def close(self) -> None:
        """Close the connections; a read under way may end with Unreachable."""
        self._client.close()


def headers(view: str, lineage: Lineage, head: int) -> dict[str, str]:
    """What every answer of a feed says beside its facts."""
    return {VIEW_HEADER: view, LINEAGE_HEADER: to_json(lineage), HEAD_HEADER: str(head)}
