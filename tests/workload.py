"""A workload that writes down what it was told, with faults inside its own append transactions.

The words are those of Jepsen: a driver writes `invoke` before it sends a command, and then `ok` (acknowledged), `fail`
(refused, so nothing may be stored) or `info` (nobody knows: sending it again with the same key must tell). A command
without a last word is `info`: its driver was killed. `broken` is any answer that no caller should ever get.
"""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import msgspec

from shared.decider import Actor
from shared.errors import Busy, Refused
from shared.execute import Caller, Runtime
from shared.facts import encode

DRIVER = Actor("driver", frozenset({"driver"}))


def caller(key: str) -> Caller:
    """The driver, sending the command of this key; its correlation id is the key, by which oracles find its facts."""
    return Caller("caller", "driver", key, DRIVER, correlation=key)


class Opens(Protocol):
    """Picklable: where a store lies and how a process opens it."""

    def runtime(self) -> Runtime:
        """The service at work, on connections of its own."""
        ...


# --- the history of a run --------------------------------------------------------------------------------------------


class History:
    """A file of JSON lines; every line is one write, so that a killed driver leaves whole lines."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def say(self, word: str, key: str, **more: Any) -> None:
        """Add one word about the command of this key."""
        os.write(self._file, json.dumps({"word": word, "key": key, **more}).encode() + b"\n")


@dataclass
class Seen:
    """What the drivers know of one command: what was sent, the last word, and its answer with how long it took (seconds)."""

    key: str
    word: str = "info"
    sent: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)


def read_history(folder: Path) -> dict[str, Seen]:
    """What all drivers of a run know, by key. Raises AssertionError when one key got two different answers."""
    seen: dict[str, Seen] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            told = json.loads(line)
            one = seen.setdefault(told["key"], Seen(told["key"]))
            if told["word"] == "invoke":
                one.sent = told
            if told["word"] in ("invoke", "info"):
                continue
            if one.word == "ok" and told["word"] == "ok":
                assert _answer(one.told) == _answer(told), f"{one.key} was answered twice, differently"
            one.word, one.told = told["word"], told
    return seen


def _answer(told: Mapping[str, Any]) -> tuple[Any, ...]:
    return told["stream"], told["version"], told["position"], tuple(told["facts"])


def attempt(runtime: Runtime, history: History, wish: Any, aggregate: str, id: UUID | None, key: str) -> UUID | None:
    """Send one command and write down what comes of it; the id of its aggregate when it was acknowledged."""
    sent = {"wish": type(wish).__name__, "body": encode(wish), "aggregate": aggregate, "id": str(id) if id else None}
    history.say("invoke", key, **sent)
    began = time.monotonic()
    try:
        done = runtime.execute(wish, aggregate, id, caller(key))
    except Refused as refused:
        history.say("fail", key, slug=refused.slug)
    except Busy as busy:
        history.say("info", key, reason=str(busy))
    except Exception as error:
        history.say("broken", key, error=f"{type(error).__name__}: {error}"[:300])
    else:
        took = time.monotonic() - began
        history.say("ok", key, stream=done.stream, version=done.version, position=done.position, facts=done.facts, took=took)
        return done.id
    return None


# --- the workload ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Faults:
    """What goes wrong inside append transactions, right before COMMIT; shares of 1, seconds.

    `die` and `stop` name the point ("before" or "after" COMMIT) where the process kills or stops itself when the file
    `marker` is there; it removes it.
    """

    rolled_back: float = 0.0
    stalled: float = 0.0
    stall: float = 0.03
    die: str = ""
    stop: str = ""
    marker: str = ""


@dataclass(frozen=True)
class Load:
    """What one writer process does: `threads` threads send `count` commands each (or until `until` exists).

    `wishes(random, ids)` gives (wish, aggregate, id) where `ids` are those that this thread may use and adds to.
    `planted(runtime, folder)` breaks the append on purpose. It begins when `beside` writers are ready.
    """

    place: Opens
    folder: str
    name: str
    wishes: Callable[[random.Random, list[UUID]], tuple[Any, str, UUID | None]]
    threads: int = 4
    beside: int = 1
    count: int = 50
    until: str = ""
    faults: Faults = Faults()
    ids: tuple[UUID, ...] = ()
    planted: Callable[[Runtime, Path], None] | None = None


def work(load: Load) -> None:
    """Run a load to its end; for a process of its own or of a pool."""
    runtime = load.place.runtime()
    if load.planted:
        load.planted(runtime, Path(load.folder))
    disturb(runtime, load.faults)
    history = History(Path(load.folder) / f"{load.name}.jsonl")
    _meet(Path(load.folder), load.name, load.beside)
    threads = [threading.Thread(target=_drive, args=(load, runtime, history, n)) for n in range(load.threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    runtime.close()


def _meet(folder: Path, name: str, writers: int) -> None:
    """Wait until so many writers are here: a race needs two that run."""
    (folder / f"{name}.ready").touch()
    deadline = time.monotonic() + 60
    while len(list(folder.glob("*.ready"))) < writers:
        assert time.monotonic() < deadline, "the other writers never came"
        time.sleep(0.002)


def _drive(load: Load, runtime: Runtime, history: History, n: int) -> None:
    chance = random.Random(f"{load.name}/{n}")
    ids = list(load.ids)
    for turn in range(load.count if not load.until else 10**9):
        if load.until and Path(load.until).exists():
            return
        wish, aggregate, id = load.wishes(chance, ids)
        made = attempt(runtime, history, wish, aggregate, id, f"{load.name}/{n}/{turn}")
        if made and made not in ids:
            ids.append(made)


def disturb(runtime: Runtime, faults: Faults) -> None:
    """Let these faults happen in this runtime's append transactions."""
    inner = runtime.store.db.appending
    chance = random.Random(os.getpid())

    @contextmanager
    def appending() -> Iterator[Any]:
        with inner() as session:
            yield session
            if chance.random() < faults.stalled or faults.die or faults.stop:
                session.rows("SELECT 1")  # whatever waits in a pipeline is sent and done before what follows
                time.sleep(chance.random() * faults.stall)
            _strike(faults, "before")
            if chance.random() < faults.rolled_back:
                raise Busy("rolled back on purpose")
        _strike(faults, "after")

    runtime.store.db.appending = appending  # type: ignore[method-assign]


def _strike(faults: Faults, point: str) -> None:
    """Die or stop here, when that was asked for."""
    for number, at in ((signal.SIGKILL, faults.die), (signal.SIGSTOP, faults.stop)):
        if at == point and Path(faults.marker).exists():
            Path(faults.marker).unlink()
            os.kill(os.getpid(), number)
            time.sleep(0.1)  # another thread may take a stop, and this one must not go on until it reaches all


def resolve(runtime: Runtime, folder: Path) -> int:
    """Send every command of unknown outcome again with its key, until none is left; how many there were."""
    history, count = History(folder / "~resolved.jsonl"), 0
    for one in read_history(folder).values():
        if one.word == "info":
            wish = msgspec.json.decode(one.sent["body"], type=_class_of(runtime, one.sent["wish"]))
            id = UUID(one.sent["id"]) if one.sent["id"] else None
            attempt(runtime, history, wish, one.sent["aggregate"], id, one.key)
            count += 1
    return count


def _class_of(runtime: Runtime, name: str) -> type:
    return next(row.command for _, row in runtime.service.does if row.command.__name__ == name)
