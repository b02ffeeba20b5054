"""Those who look on while things break: at inboxes from inside (O5), at a feed from outside (O6)."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

import httpx

from shared.bus.feed import LINEAGE_HEADER
from shared.bus.lineage import from_json, shared_up_to
from shared.delivery.sibling import siblings
from shared.execute import Runtime
from shared.store import Store
from tests.ops.platform import PLAIN
from tests.oracles_between import check_moment, check_seen


class Watch:
    """Looks at inboxes all the while: positions never move back within a life, and every moment fits together (O5)."""

    def __init__(self, runtimes: Sequence[Runtime], every: float = 0.4) -> None:
        self.looks = 0
        self._runtimes = [one for one in runtimes if siblings(one.service, one.store.province)]
        self._last: dict[tuple[str, str], tuple[str, int, int]] = {}
        self._every = every
        self._error: BaseException | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while not self._ended.wait(self._every):
                for runtime in self._runtimes:
                    self._look(runtime)
        except BaseException as error:
            self._error = error

    def _look(self, runtime: Runtime) -> None:
        for sibling in siblings(runtime.service, runtime.store.province):
            with runtime.store.db.snapshot() as session:
                life, position, applied = check_moment(session, sibling.source)
            before = self._last.get((runtime.service.name, sibling.name), (life, 0, 0))
            if before[0] == life:
                assert position >= before[1], (
                    f"{runtime.service.name} moved back from {before[1]} to {position} of {sibling.name}"
                )
            assert applied >= before[2], f"numbers of {runtime.service.name} ran back from {before[2]} to {applied}"
            self._last[runtime.service.name, sibling.name] = life, position, applied
            self.looks += 1

    def end(self) -> int:
        """Stop; raises what was seen. How often it looked."""
        self._ended.set()
        self._thread.join(30)
        if self._error:
            raise self._error
        assert self.looks, "nobody looked"
        return self.looks


class Reader:
    """An agency that follows a feed with code of its own, long poll after long poll, whatever happens meanwhile (O6)."""

    def __init__(self, url: str, token: str, view: str = "interagency", limit: int = 20) -> None:
        self.pages = self.troubles = self.forks = 0
        self.seen: list[dict[str, Any]] = []
        self._asked = {"view": view, "limit": limit, "wait": 1}
        self._client = httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=15, verify=PLAIN, trust_env=False)
        self._url, self._lineage = url, ()  # type: tuple[str, Any]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            last = self._ended.is_set()
            try:
                if not self._page() and last:
                    return
            except httpx.HTTPError:
                self.troubles += 1
                self._ended.wait(0.1) if not last else time.sleep(0.1)

    def _page(self) -> bool:
        """Read one page; whether there was something."""
        asked = dict(self._asked, wait=0) if self._ended.is_set() else dict(self._asked)
        if self.seen:
            asked |= {"after": self.seen[-1]["position"], "incarnation": self.seen[-1]["incarnation"]}
        answer = self._client.get(self._url, params=asked)
        if answer.status_code not in (200, 409):
            raise httpx.HTTPStatusError(str(answer.status_code), request=answer.request, response=answer)
        self.pages += 1
        lineage = from_json(answer.headers[LINEAGE_HEADER])
        if answer.status_code == 409:
            fork = shared_up_to(self._lineage, lineage)
            self.seen = [one for one in self.seen if one["position"] <= fork]
            self.forks += 1
        self._lineage = lineage
        new = answer.json() if answer.status_code == 200 else [None]
        self.seen += [one for one in new if one]
        return bool(new)

    def end(self, store: Store, view: str = "interagency") -> int:
        """Read to the end, then check that what was seen is what the log tells, in its order and chained; how many."""
        self._ended.set()
        self._thread.join(60)
        assert not self._thread.is_alive(), "the reader did not come to an end"
        self._client.close()
        check_seen(self.seen, store, view)
        return len(self.seen)
