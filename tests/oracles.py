"""What must hold after any run, however it was disturbed: of commands (O1), of the log (O2), of read models (O4)."""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.errors import Busy
from shared.execute import Caller, Runtime
from shared.registers.rebuild import digest, facts_between, fold_all, live_rows, rebuild, replay_check
from shared.store import Recorded, open_store
from shared.store.recorded import COLUMNS, content_hash
from shared.store.tables import events
from tests.workload import Seen, caller

QUOTED = ("case", "into", "by")  # "case_number" and the like: the number of another thing
NUMBER = re.compile("".join(rf'(?<!"{one}_number":)' for one in QUOTED) + r'"([A-Z]{3})/\d{2}/(\d{4})/(\d{4,})"')

# --- O1: commands ----------------------------------------------------------------------------------------------------


def check_commands(runtime: Runtime, seen: Mapping[str, Seen], sender: Callable[[str], Caller] = caller) -> None:
    """O1: every acknowledged command is stored once and whole, refused ones left nothing, unknown ones 0 or 1 times.

    `sender(key)` is who sent the command of a key. What reactions and timers did has a cause in the log, and is not looked at.
    """
    stored: dict[str, list[Recorded]] = defaultdict(list)
    for one in everything(runtime.store):
        if one.causation_id is None:
            stored[one.command_id].append(one)
    broken = [one.told for one in seen.values() if one.word == "broken"]
    assert not broken, f"answers that no caller should get: {broken[:5]} and {len(broken)} in all"
    ids = {key: runtime.command_id(sender(key)) for key in seen}
    for key, one in seen.items():
        kept = runtime.store.outcome(ids[key])
        facts = stored.get(ids[key], [])
        if one.word == "fail":
            assert (facts, kept) == ([], None), f"{key} was refused and left something"
        if one.word == "ok":
            assert kept is not None, f"{key} was acknowledged and its record is lost"
            assert [fact.type for fact in facts] == one.told["facts"], f"{key} was acknowledged with {one.told}, stored: {facts}"
            if facts:
                assert (facts[-1].version, facts[-1].position) == (one.told["version"], one.told["position"]), key
    unasked = set(stored) - set(ids.values())
    assert not unasked, f"facts that nobody asked for: {[stored[one] for one in unasked][:3]} and {len(unasked)} in all"


def check_records(runtime: Runtime) -> None:
    """O1, whatever the drivers know: the facts of a command are all there, once, beside its record, or none of them."""
    with runtime.store.db.snapshot() as session:
        kept = {row[0]: row[1:] for row in session.rows("SELECT command_id, stream, version, position, facts FROM commands")}
        log = _log(session)
    made: dict[str, list[Recorded]] = defaultdict(list)
    for one in log:
        made[one.command_id].append(one)
    assert set(made) <= set(kept), f"facts without a command's record: {len(set(made) - set(kept))}"
    for command_id, (stream, version, position, types) in kept.items():
        facts = made.get(command_id, [])
        assert [one.type for one in facts] == json.loads(types), f"partly stored: {facts}"
        if facts:
            first = facts[0]
            assert [one.position for one in facts] == list(range(first.position, position + 1)), f"torn apart: {facts}"
            assert [one.version for one in facts] == list(range(first.version, version + 1)), f"torn apart: {facts}"
            assert {one.stream for one in facts} == {stream}


# --- O2: the log -----------------------------------------------------------------------------------------------------


def check_log(log: Sequence[Recorded]) -> None:
    """O2: positions 1..N and versions 1..n of every stream without a hole, times that never run back, hashes that hold."""
    assert [one.position for one in log] == list(range(1, len(log) + 1)), "positions have holes or doubles"
    versions: Counter[str] = Counter()
    for one in log:
        versions[one.stream] += 1
        assert one.version == versions[one.stream], f"{one.stream} has a hole or double before version {one.version}"
        assert one.hash == content_hash(one.id, one.type, one.stream, one.version, one.recorded_at, one.data), one
    times = [one.recorded_at for one in log]
    assert times == sorted(times), "times run back"
    assert len({one.id for one in log}) == len(log), "an id came twice"


def check_numbers(runtime: Runtime) -> None:
    """Register numbers are 1..n in each series and year, each given to one stream, and the counters say the same.

    A stream may tell its number more than once; another's stands under another name (`case_number`), and series that this
    store does not count are quoted from siblings.
    """
    owners: dict[tuple[str, int], dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in everything(runtime.store):
        for series, year, number in NUMBER.findall(one.data):
            owners[series, int(year)][int(number)].add(one.stream)
    with runtime.store.db.reading() as session:
        counted = {(row[0], row[1]): row[2] for row in session.rows("SELECT series, year, last FROM numbers")}
    for series, given in ((one, owners[one]) for one in counted):
        assert sorted(given) == list(range(1, len(given) + 1)), f"{series} has holes: {sorted(given)}"
        twice = {number: len(streams) for number, streams in given.items() if len(streams) > 1}
        assert not twice, f"{series} gave numbers twice: {twice}"
        assert counted[series] == len(given), f"{series} counts {counted[series]} of {len(given)}"


def check_reservations(runtime: Runtime) -> None:
    """The reserved keys are those that the streams' states hold, and no key is held twice."""
    held: dict[str, str] = {}
    streams: dict[str, list[Recorded]] = defaultdict(list)
    for one in everything(runtime.store):
        streams[one.stream].append(one)
    for stream, recorded in streams.items():
        behind = runtime.service.aggregate(stream.split("/")[1])
        for key in behind.decider.holds(runtime.fold(behind, recorded)):
            assert key not in held, f"{key} is held by {held[key]} and {stream}"
            held[key] = stream
    with runtime.store.db.reading() as session:
        assert dict(session.rows("SELECT key, stream FROM reservations")) == held  # type: ignore[arg-type]


# --- O4: read models -------------------------------------------------------------------------------------------------


def check_registers(runtime: Runtime) -> None:
    """O4: the live rows equal a replay from zero, also one in batches of random size."""
    for name, (live, replayed) in replay_check(runtime.store).items():
        assert live == replayed, f"register {name} differs from a replay"
    registers = runtime.service.own_registers
    with runtime.store.db.snapshot() as session:
        log = list(facts_between(session, 0, 10**15))
        live_ones = {one.name: digest(live_rows(session, one)) for one in registers}
    chance, rows = random.Random(len(log)), None
    while log or rows is None:
        size = chance.randint(1, 50)
        rows = fold_all(registers, log[:size], runtime.service.types.decode, rows=rows)
        log = log[size:]
    for one in registers:
        assert digest(rows[one.name].values()) == live_ones[one.name], f"register {one.name} depends on the batch"


def check_other_backend(runtime: Runtime, url: str) -> None:
    """O4: the same log rebuilt in an empty store at `url`, which may be of the other kind, gives the same rows."""
    other = open_store(url, runtime.service, runtime.store.province)
    other.migrate()
    log = everything(runtime.store)
    with other.db.exclusive() as session:
        session.insert(events, [one._asdict() for one in log])
    for register in runtime.service.own_registers:
        rebuild(other, register)
        with other.db.reading() as there, runtime.store.db.reading() as here:
            assert digest(live_rows(there, register)) == digest(live_rows(here, register)), register.name
    other.close()


def everything(store: Any) -> list[Recorded]:
    """The whole log, as one moment shows it."""
    with store.db.snapshot() as session:
        return _log(session)


def _log(session: Any) -> list[Recorded]:
    return [Recorded(*row) for row in session.rows(f"SELECT {COLUMNS} FROM events ORDER BY position")]


def check_store(runtime: Runtime) -> None:
    """All that one store must show by itself: O1 (records), O2, numbers, reservations, O4."""
    check_log(everything(runtime.store))
    check_records(runtime)
    check_numbers(runtime)
    check_reservations(runtime)
    check_registers(runtime)


# --- readers ---------------------------------------------------------------------------------------------------------


class Tail:
    """A reader that follows a log as every consumer does: what lies behind the last position it saw, and then waits."""

    def __init__(self, store: Any, limit: int = 7) -> None:
        self.seen: list[int] = []
        self._store, self._limit = store, limit
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow)
        self._thread.start()

    def _follow(self) -> None:
        after = 0
        while True:
            last_look = self._ended.is_set()
            try:
                found = self._store.log(after, self._limit)
            except Busy:  # as after a restart of the server: who reads comes back
                time.sleep(0.05)
                continue
            self.seen += [one.position for one in found]
            after = found[-1].position if found else after
            if not found:
                if last_look:
                    return
                self._wait(after)

    def _wait(self, after: int) -> None:
        try:
            self._store.wait(after, 0.2)
        except Busy:
            time.sleep(0.05)

    def end(self) -> None:
        """Read to the end and check that every stored position was seen once and in order."""
        self._ended.set()
        self._thread.join(60)
        assert not self._thread.is_alive()
        stored = [one.position for one in everything(self._store)]
        missed = sorted(set(stored) - set(self.seen))
        assert not missed, f"the reader never saw {len(missed)} facts: {missed[:10]}"
        assert self.seen == stored, "the reader saw facts twice or out of order"
        assert self.seen == list(range(1, len(self.seen) + 1)), "the reader saw holes"
