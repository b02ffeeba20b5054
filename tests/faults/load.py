"""Load over HTTP while things break: bounded writers that seat members and settle cases, watched by readers of their own."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.mediation import demo as mediation
from services.membership import demo as membership
from services.membership.domain.member import SuspendMember
from services.membership.domain.terms import Component, Subkind
from shared import assembly
from shared.delivery.keeping import ASIDE
from shared.delivery.sibling import siblings
from shared.execute import Caller
from shared.ops.steps import Send, Step
from tests.journeys.apart import Apart
from tests.journeys.driver import Driver, resolve
from tests.oracles import check_commands, check_store, everything
from tests.oracles_between import check_held, check_inbox, check_reactions, check_topic, lag, settled, told_by
from tests.watchers import Reader, Watch
from tests.workload import read_history

TITLE = next(step.command.title for step in mediation.STORY if isinstance(step, Send) and step.makes)


def newcomer(n: int, name: str) -> Iterator[Any]:
    """The steps of one organisation's way to its seat."""
    return membership.seated(n, name, membership.participant(f"Lembaga {name}", Subkind.NGO, Component.COMMUNITY))


@dataclass
class Field:
    """One platform under load, with everything that was sent to it and told by it."""

    platform: Apart
    folder: Path
    first: Driver
    rounds: int = 0

    @contextmanager
    def load(self, members: int = 3, cases: int = 1) -> Iterator[Load]:
        """Writers at work, a reader per told feed and a watch over all inboxes; afterwards everything is settled and checked."""
        self.rounds += 1
        load = Load(self, f"r{self.rounds}")
        load.start(members, cases)
        try:
            yield load
        finally:
            load.stop()
        load.check()

    def driver(self, edition: str, **changed: str) -> Driver:
        """A writer that knows the demo."""
        return self.first.again(edition, **changed)

    @property
    def acknowledged(self) -> int:
        """How many commands were acknowledged so far."""
        return sum(one.word == "ok" for one in read_history(self.folder).values())

    def check_commands(self) -> dict[str, int]:
        """O1 over HTTP: everything acknowledged is stored once. `unanswered` requests were asked again with their keys."""
        resolve(self.first, self.folder)
        seen, accounts = read_history(self.folder), assembly.accounts(self.platform.settings)
        left = [key for key, one in seen.items() if one.word == "info"]
        assert not left, f"asking again told nothing: {left}"
        ids = {one.name: one.id for one in accounts.list()}
        accounts.close()
        lost = 0

        def sender(key: str) -> Caller:
            return Caller("caller", ids[seen[key].sent["account"]], key, None)  # type: ignore[arg-type]

        for name, runtime in self.platform.runtimes.items():
            sent = {key: one for key, one in seen.items() if one.sent["service"] == name}
            check_commands(runtime, sent, sender)
            with runtime.store.db.reading() as session:
                kept = {row[0] for row in session.rows("SELECT command_id FROM commands")}
            lost += len({runtime.command_id(sender(key)) for key, one in sent.items() if one.word == "ok"} - kept)
        unanswered = sum(file.read_text().count('"word": "info"') for file in self.folder.glob("*.jsonl"))
        return {"acknowledged": sum(one.word == "ok" for one in seen.values()), "unanswered": unanswered, "lost": lost}

    def forget(self, service: str) -> int:
        """Strike from the history what a restore of this service has lost; how many acknowledged commands that are."""
        runtime, accounts = self.platform.runtimes[service], assembly.accounts(self.platform.settings)
        ids = {one.name: one.id for one in accounts.list()}
        accounts.close()
        gone = {
            key: one.word
            for key, one in read_history(self.folder).items()
            if one.sent["service"] == service
            and one.word != "fail"
            and runtime.store.outcome(runtime.command_id(Caller("caller", ids[one.sent["account"]], key, None))) is None  # type: ignore[arg-type]
        }
        for file in self.folder.glob("*.jsonl"):
            lines = file.read_text("utf-8").splitlines(keepends=True)
            file.write_text("".join(line for line in lines if json.loads(line)["key"] not in gone), "utf-8")
        return sum(word == "ok" for word in gone.values())

    def carried(self) -> Counter[str]:
        """Counted anew, apart from the oracles: facts that siblings lack or hold twice, commands that had their effect twice."""
        runtimes, counts = self.platform.runtimes, Counter(lost=0, doubled=0)
        for runtime in runtimes.values():
            made = Counter(one.command_id for one in everything(runtime.store))
            with runtime.store.db.reading() as session:
                kept = session.rows("SELECT command_id, facts FROM commands")
            counts["doubled"] += sum(made[id] > len(json.loads(facts)) for id, facts in kept)
            for sibling in siblings(runtime.service, runtime.store.province):
                with runtime.store.db.reading() as session:
                    sql = f"SELECT id FROM envelopes WHERE source = :source AND state <> '{ASIDE}'"
                    held = [id for (id,) in session.rows(sql, source=sibling.source)]
                counts["lost"] += len({one.id for one in told_by(runtimes[sibling.name].store, "interagency")} - set(held))
                counts["doubled"] += len(held) - len(set(held))
        return counts

    def check(self) -> dict[str, int]:
        """O1 to O5 on everything that is there now."""
        runtimes, counts = self.platform.runtimes, self.check_commands()
        stores = {name: one.store for name, one in runtimes.items()}
        carried = self.carried()
        counts |= {"lost": counts["lost"] + carried["lost"], "doubled": carried["doubled"]}
        for runtime in runtimes.values():
            check_store(runtime)
            check_inbox(runtime)
        counts["facts"] = sum(store.head() for store in stores.values())
        counts["held"] = sum(check_held(one, stores) for one in runtimes.values())
        counts["reactions"] = sum(check_reactions(one) for one in runtimes.values())
        if self.platform.broker:
            topics = [check_topic(store, self.platform.broker.bootstrap, v) for store in stores.values() for v in VIEWS]
            counts["records"] = sum(one["records"] for one in topics)
            counts["repeated"] = sum(one["repeated"] for one in topics)
        return counts


VIEWS = ("interagency", "public")


@dataclass
class Load:
    """One round of writers. `counts` are what the checks found."""

    field: Field
    name: str
    counts: dict[str, Any] = field(default_factory=dict)
    sent: int = 0
    allowed: int = 0
    _room: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _counting: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _errors: list[BaseException] = field(default_factory=list)

    def start(self, members: int, cases: int) -> None:
        """Begin to write, to read and to watch."""
        platform = self.field.platform
        self._watch = Watch(list(platform.runtimes.values()))
        token = platform.token("sekretariat")
        told = ("membership", "mediation")
        self._readers = {
            name: Reader(f"http://127.0.0.1:{platform.port}/{name}/feed", token, limit=20 if name == "membership" else 3)
            for name in told
        }
        works = [(self._seat, n) for n in range(members)] + [(self._settle, n) for n in range(cases)]
        for work, n in works:
            self._threads.append(threading.Thread(target=self._run, args=(work, n), daemon=True))
            self._threads[-1].start()

    def _run(self, work: Callable[[Driver, int, int], None], n: int) -> None:
        driver = self.field.driver(f"{self.name}-{work.__name__}-{n}")
        try:
            turn = 0
            while not self._ended.is_set():
                work(driver, n, turn := turn + 1)
        except BaseException as error:
            self._errors.append(error)
        finally:
            driver.close()

    def _seat(self, driver: Driver, n: int, turn: int) -> None:
        """One organisation's way to its seat; every fourth is suspended again."""
        name = f"{self.name}-{n}-{turn}"
        steps = [*newcomer(100 + turn % 800, name)]
        if turn % 4 == 0:
            suspend = next(
                one.command for one in membership.STORY if isinstance(one, Send) and isinstance(one.command, SuspendMember)
            )
            steps.append(Send("ketua", suspend, to=name))
        driver.edition = name
        self._do(driver, "membership", steps)

    def _settle(self, driver: Driver, n: int, turn: int) -> None:
        """One case's way to its settlement, of which siblings draft what follows."""
        driver.edition = f"{self.name}-case-{n}-{turn}"
        driver.known[TITLE] = f"{TITLE} ({driver.edition})"
        self._do(driver, "mediation", mediation.STORY)

    def _do(self, driver: Driver, service: str, steps: Iterable[Step]) -> None:
        for _ in driver.walk(service, map(self._permitted, steps)):
            with self._counting:
                self.sent += 1

    def _permitted(self, step: Step) -> Step:
        """The step, once there is room for one more; what was begun is ended without asking."""
        while isinstance(step, Send) and not self._room.acquire(timeout=0.2) and not self._ended.is_set():
            pass
        return step

    def allow(self, commands: int) -> None:
        """Let the writers send so many more."""
        self._room.release(commands)
        self.allowed += commands

    def reach(self, short: int = 0, seconds: float = 90.0) -> None:
        """Wait until what is allowed is acknowledged, up to so many."""
        until = time.monotonic() + seconds
        while self.sent < self.allowed - short and not self._errors:
            assert time.monotonic() < until, f"only {self.sent} of {self.allowed} commands in {seconds} s"
            time.sleep(0.02)

    def stop(self) -> None:
        """Let writers end what they have begun."""
        self._ended.set()
        for thread in self._threads:
            thread.join(60)

    def check(self) -> None:
        """Everything heals by itself, and then all oracles hold."""
        if self._errors:
            raise self._errors[0]
        platform = self.field.platform
        healed = settled(lambda: lag(platform.runtimes, platform.kafka))
        looks = self._watch.end()
        read = sum(reader.end(platform.runtimes[name].store) for name, reader in self._readers.items())
        self.counts |= self.field.check()
        self.counts |= {
            "healed_in": round(healed, 1),
            "looks": looks,
            "read": read,
            "commands": self.sent,
            "lost": 0,
            "doubled": 0,
        }
