"""Faulty appends, each a mistake that some well-known store made: the checks must catch every one of them."""

from __future__ import annotations

import fcntl
import os
import random
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from shared.errors import Busy
from shared.execute import Runtime
from shared.registers.table import columns_of
from shared.store.append import Append
from shared.store.command import Outcome, Prepared, Ticket
from shared.store.ledger import Ledger
from shared.store.recorded import stored_time
from shared.store.tables import commands

Results = list[Outcome | BaseException]
WINDOW = timedelta(minutes=5)


class Counter:
    """A counter beside the store, as a sequence is: what was drawn stays drawn."""

    def __init__(self, path: Path, start: Callable[[], int]) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._start = start

    def draw(self, count: int) -> list[int]:
        """The next `count` numbers."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        last = int(os.pread(self._file, 20, 0) or self._start())
        os.pwrite(self._file, b"%-20d" % (last + count), 0)
        fcntl.flock(self._file, fcntl.LOCK_UN)
        return list(range(last + 1, last + count + 1))


class Planted(Append):
    """The append of a runtime, to be broken by a subclass."""

    def __init__(self, runtime: Runtime, folder: Path) -> None:
        store = runtime.store
        super().__init__(store.db, store.folding, store.province)
        self.runtime = runtime
        self.counter = Counter(folder / "counter", store.head)

    def _admitted(self, ledger: Ledger, batch: Sequence[Ticket], plans: Sequence[Prepared]) -> Results:
        return [ledger.admit(ticket, plan) for ticket, plan in zip(batch, plans, strict=True)]

    def _decided(self, session: Any, batch: Sequence[Ticket]) -> tuple[Ledger, Results]:
        """What the true append does under the lock before it writes."""
        plans = self._plans(session, batch)
        ledger = Ledger(self.folding, self.province)
        ledger.read(session, list(zip(batch, plans, strict=True)))
        return ledger, self._admitted(ledger, batch, plans)

    def _plans(self, session: Any, batch: Sequence[Ticket]) -> list[Prepared]:
        return [ticket.prepared or ticket.prepare(session) for ticket in batch]


class CounterOutsideTheLock(Planted):
    """Positions come from a sequence, drawn before the lock: they commit in another order."""

    def _transact(self, batch: list[Ticket]) -> Results:
        with self.database.reading() as session:
            plans = self._plans(session, batch)
        drawn = iter(self.counter.draw(sum(len(plan.drafts) for plan in plans)))
        time.sleep(random.random() * 0.01)
        with self.database.appending() as session:
            ledger = Drawing(self.folding, self.province, lambda: next(drawn))
            ledger.read(session, list(zip(batch, plans, strict=True)))
            results = self._admitted(ledger, batch, plans)
            ledger.write(session)
        return results


class Drawing(Ledger):
    """A ledger that takes positions from elsewhere."""

    def __init__(self, folding: Any, province: str, draw: Callable[[], int]) -> None:
        super().__init__(folding, province)
        self._draw = draw

    def _take_fact(self, *arguments: Any) -> None:
        self.position = self._draw() - 1
        super()._take_fact(*arguments)


class PositionsBurntOnRollback(Planted):
    """Positions come from a sequence, drawn under the lock: a roll-back leaves holes."""

    def _transact(self, batch: list[Ticket]) -> Results:
        with self.database.appending() as session:
            plans = self._plans(session, batch)
            ledger = Drawing(self.folding, self.province, lambda: self.counter.draw(1)[0])
            ledger.read(session, list(zip(batch, plans, strict=True)))
            results = self._admitted(ledger, batch, plans)
            ledger.write(session)
        return results


class LockTakenLast(Planted):
    """Everything is read and decided before the lock; under it only the position is found anew."""

    def _transact(self, batch: list[Ticket]) -> Results:
        with self.database.reading() as early:
            plans = self._plans(early, batch)
            ledger = Ledger(self.folding, self.province)
            ledger.read(early, list(zip(batch, plans, strict=True)))
        time.sleep(random.random() * 0.01)
        with self.database.appending() as session:
            head = session.one("SELECT max(position) FROM events")
            ledger.position = int(head[0] or 0) if head else 0
            results = self._admitted(ledger, batch, plans)
            ledger.write(session)
        return results


class NoLockButRetries(Planted):
    """max + 1 without a lock: the unique index stops the second, who tries again, three times."""

    def _transact(self, batch: list[Ticket]) -> Results:
        for tries in range(3):
            with self.database.reading() as early:
                plans = [ticket.prepare(early) for ticket in batch]
                ledger = Ledger(self.folding, self.province)
                ledger.read(early, list(zip(batch, plans, strict=True)))
            time.sleep(random.random() * 0.01)
            try:
                with self.database.writing() as session:
                    results = self._admitted(ledger, batch, plans)
                    ledger.write(session)
                return results
            except Busy:
                raise
            except Exception:
                if tries == 2:
                    raise
        raise AssertionError


class NotifyInsideTheTransaction(Planted):
    """The hint is part of the transaction: PostgreSQL lets such commits through one by one, in all databases of a server."""

    def _transact(self, batch: list[Ticket]) -> Results:
        with self.database.appending() as session:
            ledger, results = self._decided(session, batch)
            ledger.write(session)
            session.run("NOTIFY pkp")
        return results


class HintBeforeCommit(Planted):
    """Whoever waits is woken before what he waits for can be read."""

    def _transact(self, batch: list[Ticket]) -> Results:
        with self.database.appending() as session:
            ledger, results = self._decided(session, batch)
            ledger.write(session)
            self.runtime.store.heads.reached(ledger.position)
        return results


class AcknowledgedBeforeCommit(Planted):
    """Callers are told before the transaction is committed."""

    def run(self, batch: list[Ticket]) -> None:
        told: Results = [Busy("nothing was tried") for _ in batch]
        try:
            with self.database.appending() as session:
                ledger, told = self._decided(session, batch)
                ledger.write(session)
        except Exception as error:
            if any(isinstance(one, Busy) for one in told):
                told = [error] * len(batch)
        for ticket, result in zip(batch, told, strict=True):
            ticket.result = result
            if ticket is not batch[0]:
                ticket.gate.release()


class RecordInAnotherTransaction(Planted):
    """The command's record is written after its facts were committed."""

    def _transact(self, batch: list[Ticket]) -> Results:
        with self.database.appending() as session:
            ledger, results = self._decided(session, batch)
            kept, ledger.new_commands = ledger.new_commands, []
            ledger.write(session)
        with self.database.writing() as session:
            session.insert(commands, kept)
        return results


class RegisterOutsideTheTransaction(Planted):
    """Register rows are written after the facts were committed."""

    def _transact(self, batch: list[Ticket]) -> Results:
        with self.database.appending() as session:
            ledger, results = self._decided(session, batch)
            changed, ledger.changed = ledger.changed, {}
            ledger.write(session)
        with self.database.writing() as session:
            for name, rows in changed.items():
                session.insert(self.folding.table(name), [columns_of(kept) for kept in rows.values()], upsert=True)
        return results


class LosersFailTheirBatch(Planted):
    """One command of a batch that is refused takes the others with it."""

    def _transact(self, batch: list[Ticket]) -> Results:
        with self.database.appending() as session:
            ledger, results = self._decided(session, batch)
            for one in results:
                if isinstance(one, BaseException):
                    self.lost = one
                    raise one
            ledger.write(session)
        return results

    def _alone(self, ticket: Ticket) -> Outcome | BaseException:
        return self.lost


class KeyLookedUpBeforeTheLockOnly(Planted):
    """Whether a command came before is asked once, before the lock."""

    def _transact(self, batch: list[Ticket]) -> Results:
        with self.database.appending() as session:
            plans = self._plans(session, batch)
            ledger = Ledger(self.folding, self.province)
            ledger.read(session, list(zip(batch, plans, strict=True)))
            ledger.known = {}
            results = self._admitted(ledger, batch, plans)
            ledger.write(session)
        return results


class KeysForgottenAfterAWhile(Planted):
    """Records of commands are kept for five minutes."""

    def _transact(self, batch: list[Ticket]) -> Results:
        edge = stored_time(self.runtime.clock.now() - WINDOW)
        with self.database.writing() as session:
            session.run("DELETE FROM commands WHERE recorded_at < :edge", edge=edge)
        return super()._transact(batch)


class Plant:
    """Puts a faulty append into a runtime; picklable."""

    def __init__(self, variant: type[Planted]) -> None:
        self.variant = variant

    def __call__(self, runtime: Runtime, folder: Path) -> None:
        runtime.store._combiner._append = self.variant(runtime, folder)

    def __repr__(self) -> str:
        return self.variant.__name__
