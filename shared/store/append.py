"""The append: commands that wait at the same time share one transaction, in one order, under one lock."""

from __future__ import annotations

import threading
from collections import deque

from shared.errors import Busy
from shared.store.command import Outcome, Ticket
from shared.store.ledger import Folding, Ledger
from shared.store.session import Database

BATCH = 64  # commands that share a transaction at most
PATIENCE = 12.0  # seconds that a command waits for its turn before its caller is told to come back


class Combiner:
    """Lets one thread of a process lead at a time; the leader appends for all that wait, then hands on."""

    def __init__(self, append: Append) -> None:
        self._append = append
        self._mutex = threading.Lock()
        self._queue: deque[Ticket] = deque()
        self._leading = False

    def submit(self, ticket: Ticket) -> Outcome:
        """Append one command. Raises Stale, Repeated, BrokenRule (`<scope>-taken`), Busy, or what its decision raises."""
        ticket.gate.acquire()
        with self._mutex:
            self._queue.append(ticket)
            ticket.leads = not self._leading
            self._leading = True
        if not ticket.leads:
            self._wait(ticket)
        if ticket.leads:
            try:
                self._append.run(self._batch())
            finally:
                self._hand_on()
        if isinstance(ticket.result, Outcome):
            return ticket.result
        raise ticket.result or Busy("the append was interrupted")

    def _wait(self, ticket: Ticket) -> None:
        """Return when the ticket has its result or must lead. Raises Busy when neither comes in time."""
        try:
            if ticket.gate.acquire(timeout=PATIENCE):
                return
        except BaseException:  # a signal ended the wait: if it was this ticket's turn, the next must lead
            with self._mutex:
                waiting = ticket in self._queue
                if waiting:
                    self._queue.remove(ticket)
            if waiting and ticket.leads:
                self._hand_on()
            raise
        with self._mutex:
            if ticket in self._queue and not ticket.leads:  # the turn may have come in the very last moment
                self._queue.remove(ticket)
                raise Busy("too many commands wait")
        if not ticket.leads:
            ticket.gate.acquire()  # it is in hand: its result comes

    def _batch(self) -> list[Ticket]:
        """The next transaction: the first that waits, and those behind it; a command decided under the lock goes alone."""
        with self._mutex:
            batch = [self._queue.popleft()]
            while batch[0].prepared and self._queue and self._queue[0].prepared and len(batch) < BATCH:
                batch.append(self._queue.popleft())
        return batch

    def _hand_on(self) -> None:
        with self._mutex:
            if self._queue:
                self._queue[0].leads = True
                self._queue[0].gate.release()
            else:
                self._leading = False


class Append:
    """One transaction for a batch of commands: read under the lock, set losers aside, write the rest."""

    def __init__(self, database: Database, folding: Folding, province: str) -> None:
        self.database = database
        self.folding = folding
        self.province = province

    def run(self, batch: list[Ticket]) -> None:
        """Give every ticket its result. One that fails never fails its neighbours: the batch then runs one by one."""
        leader = batch[0]
        results: list[Outcome | BaseException] = [Busy("the append was interrupted") for _ in batch]
        try:
            results = self._transact(batch)
        except Busy as busy:
            results = [Busy(str(busy), busy.retry_after) for _ in batch]  # each caller raises its own
        except Exception as error:
            results = [error] if len(batch) == 1 else [self._alone(ticket) for ticket in batch]
        finally:
            for ticket, result in zip(batch, results, strict=True):
                ticket.result = result
                if ticket is not leader:
                    ticket.gate.release()
        self.database.notify()

    def _alone(self, ticket: Ticket) -> Outcome | BaseException:
        try:
            return self._transact([ticket])[0]
        except Exception as error:
            return error

    def _transact(self, batch: list[Ticket]) -> list[Outcome | BaseException]:
        with self.database.appending() as session:
            plans = [ticket.prepared or ticket.prepare(session) for ticket in batch]
            ledger = Ledger(self.folding, self.province)
            ledger.read(session, list(zip(batch, plans, strict=True)))
            results = [ledger.admit(ticket, plan) for ticket, plan in zip(batch, plans, strict=True)]
            ledger.write(session)
        return results
