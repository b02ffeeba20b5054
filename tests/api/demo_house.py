"""The platform with the demo's data in one process: commands through the WSGI origin, facts carried by hand."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from shared.bus.feed import batch
from shared.delivery.attempts import Hand
from shared.delivery.inbox import BATCH, Inbox
from shared.delivery.reactions import Reactions
from shared.delivery.sibling import siblings
from shared.execute import Runtime
from shared.ops.demo import Loader, stand_ins
from shared.ops.steps import Learn, Send
from shared.service import Service
from shared.shape import plain
from shared.store.session import Database
from tests.policy.house import House, empty_house

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What a refusal may leave behind: that somebody was refused, and how often a stranger has tried.
TRACES = {"audit_trail", "throttle"}


def demo_house(folder: Path) -> House:
    """The four services with everything that `pkp demo` loads, on SQLite."""
    house = empty_house(folder)
    runtimes = [house.runtime(name) for name in house.apps]
    known = {one.service.name: one.service for one in runtimes}
    loader = HandLoader("http://localhost", known, house.accounts, runtimes[0].clock.today())
    loader.house, loader.carriers = house, [Carrier(one, runtimes) for one in runtimes]
    loader.run(stand_ins(house.settings, house.accounts))
    return house


class Carrier:
    """One service's worker without its threads: takes what siblings tell, and reacts."""

    def __init__(self, runtime: Runtime, tellers: list[Runtime]) -> None:
        hand, stores = Hand(), {one.service.name: one.store for one in tellers}
        heard = siblings(runtime.service, runtime.store.province)
        self._inboxes = [(Inbox(runtime.store, one, hand), stores[one.name]) for one in heard]
        for inbox, _ in self._inboxes:
            inbox.open()
        self._reactions = Reactions(runtime, heard, hand) if runtime.service.reacts else None

    def carry(self) -> None:
        """Everything that is told by now."""
        for inbox, teller in self._inboxes:
            told = batch(teller, "interagency", inbox.held.position, BATCH)
            inbox.adopt(told.lineage)
            inbox.take(told.envelopes)
        while self._reactions and self._reactions.step():
            pass


class HandLoader(Loader):
    """Loads the demo into a house, and carries what was told before every step."""

    house: House
    carriers: list[Carrier]

    def _client(self, account: str) -> httpx.Client:
        if account not in self._clients:
            headers = {"Authorization": f"Bearer {self.accounts.token(account)}"}
            through = httpx.WSGITransport(self.house.origin)
            self._clients[account] = httpx.Client(base_url=self.origin, headers=headers, transport=through)
        return self._clients[account]

    def _carry(self) -> None:
        for carrier in self.carriers * 2:  # a reaction may be news to those who were asked before
            carrier.carry()

    def _send(self, service: Service, key: str, step: Send) -> None:
        self._carry()
        super()._send(service, key, step)

    def _learn(self, service: Service, step: Learn) -> None:
        self._carry()
        super()._learn(service, step)


# --- what is stored -----------------------------------------------------------------------------------------------


class Stored:
    """Everything that some databases keep: the rows of every table, compared from question to question."""

    def __init__(self, *databases: Database) -> None:
        self._connections = [sqlite3.connect(one.url.removeprefix("sqlite:///"), check_same_thread=False) for one in databases]
        self._versions = [-1] * len(databases)
        self._rows: dict[tuple[int, str], set[tuple[Any, ...]]] = {}
        self.changed()

    def changed(self) -> list[str]:
        """The tables whose rows differ from those of the question before; traces of refusals are none."""
        return [name for number in range(len(self._connections)) for name in self._changed(number)]

    def _changed(self, number: int) -> Iterator[str]:
        connection = self._connections[number]
        before, self._versions[number] = self._versions[number], connection.execute("PRAGMA data_version").fetchone()[0]
        if before == self._versions[number]:
            return  # nobody has committed anything
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            rows = set(connection.execute(f'SELECT * FROM "{name}"').fetchall())
            if name not in TRACES and self._rows.get((number, name)) != rows:
                self._rows[number, name] = rows
                yield name


def stored(house: House, service: str) -> Stored:
    """What a service keeps: its log with all beside it, the keys of its subjects, the accounts."""
    at = house.runtime(service)
    return Stored(at.store.db, at.keys.database, house.accounts.database)


def ids(house: House, service: str) -> dict[str, list[str]]:
    """The ids that stand in a service's registers, by the column that holds them; `id` are those of its aggregates."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    site = house.site(service)
    for _, register, aggregate in site.listings:
        for kept in site.runtime.store.registers().page(register, limit=100).items:
            if aggregate is not None:
                found[aggregate.path].add(kept.id)
            _gather(found, "id", kept.id)
            for name, value in plain(kept.row).items():
                _gather(found, name, value)
    found["account"] = {one.id for one in house.accounts.list()}
    return {name: sorted(values) for name, values in found.items()}


def _gather(found: defaultdict[str, set[str]], name: str, value: Any) -> None:
    match value:
        case str() if ID.fullmatch(value):
            found[name].add(value)
        case list():
            for one in value:
                _gather(found, name, one)
        case dict():
            for below, one in value.items():
                _gather(found, below, one)
