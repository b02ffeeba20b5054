"""The inbox: every fact of a sibling kept and folded once, in order, together with the position that says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog

from shared.bus.lineage import Lineage, Relation, branch_end, holds, relation, shared_up_to
from shared.delivery import attempts
from shared.delivery.attempts import Hand, is_connection_error
from shared.delivery.held import Held, Mark, Moved, advance, close_row, load, locked, open_row
from shared.delivery.keeping import ASIDE, PARKED, Item, keep, read, set_aside
from shared.delivery.postbox import alarm
from shared.delivery.sibling import Sibling
from shared.envelope import Envelope
from shared.errors import UnsafeStore
from shared.ops import metrics
from shared.store import Store

BATCH = 500  # envelopes that share a transaction

log = structlog.get_logger()


class Gap(Exception):
    """Facts are missing before one that came; they must be fetched from the producer's feed up to `upto`."""

    def __init__(self, upto: int) -> None:
        super().__init__(upto)
        self.upto = upto


class UnknownLife(Exception):
    """A fact comes from a life of the log that nobody has told of: the producer must be asked for its lineage."""

    def __init__(self, incarnation: str) -> None:
        super().__init__(incarnation)
        self.incarnation = incarnation


class Inbox:
    """What one service keeps of one sibling. Made per process; `open` first, `close` at an orderly end."""

    def __init__(self, store: Store, sibling: Sibling, hand: Hand, news: Callable[[], None] = lambda: None) -> None:
        self.store = store
        self.sibling = sibling
        self.held = Held(sibling.source)
        self._hand = hand
        self._news = news
        self._careful = 0

    def open(self) -> bool:
        """Read what is held; whether the process before died.

        Then facts are taken one by one until past what it can have had in hand.
        """
        with self.store.db.writing() as session:
            self.held, died = open_row(session, self.sibling.source)
        self._careful = BATCH if died else 0
        return died

    def reload(self) -> None:
        """Read again what is held, after an outcome that is not known or when somebody else moved it."""
        with self.store.db.reading() as session:
            self.held = load(session, self.sibling.source)

    def close(self) -> None:
        """An orderly end."""
        with self.store.db.writing() as session:
            close_row(session, self.sibling.source)

    # --- facts ----------------------------------------------------------------------------------------------------

    def take(self, envelopes: Sequence[Envelope], mark: Mark | None = None) -> None:
        """Take envelopes in the order they came; `mark` is where to read on once all of them are taken.

        What is held already changes nothing. Raises Gap or UnknownLife after taking what came before the trouble, Moved
        when another process takes from this source, and what the database raises.
        """
        fresh, seen, trouble = self._sort(envelopes)
        mark = None if trouble else mark
        for at in range(0, len(fresh), BATCH):
            portion = fresh[at : at + BATCH]
            self._apply(portion, mark if at + BATCH >= len(fresh) else None)
        self._compare(seen)  # last, for a fact may be repeated in the batch that brings it
        if trouble:
            raise trouble
        if mark and mark != self.held.mark:
            self._write_mark(mark)

    def _sort(self, envelopes: Sequence[Envelope]) -> tuple[list[Envelope], list[Envelope], Exception | None]:
        """Those that continue what is held, those that repeat it, and what stands in the way of the rest."""
        fresh: list[Envelope] = []
        seen: list[Envelope] = []
        position = self.held.position
        for one in envelopes:
            if one.source != self.sibling.source:
                self._alarm(f"source {one.source}", "a fact of another source came", one)
            elif not self._known(one):
                return fresh, seen, UnknownLife(one.incarnation)
            elif not holds(self.held.lineage, one.incarnation, one.position):
                metrics.consumed.labels(self.store.service.name, self.sibling.name, "dead").inc(1)
            elif one.position <= position:
                seen.append(one)
            elif one.previous > position:
                return fresh, seen, Gap(one.previous)
            else:
                if one.previous < position:
                    self._alarm(f"chain {one.position}", f"the fact before it is {one.previous} there and {position} here", one)
                fresh.append(one)
                position = one.position
        return fresh, seen, None

    def _known(self, one: Envelope) -> bool:
        return one.incarnation in self.held.dead or branch_end(self.held.lineage, one.incarnation) is not None

    def _compare(self, seen: Sequence[Envelope]) -> None:
        """The same position must hold the same fact, for ever."""
        for at in range(0, len(seen), BATCH):
            portion = seen[at : at + BATCH]
            with self.store.db.reading() as session:
                rows = session.rows(
                    f"SELECT position, id FROM envelopes WHERE source = :source AND {session.among('position', 'positions')}"
                    f" AND state <> '{ASIDE}'",
                    source=self.sibling.source,
                    positions=[one.position for one in portion],
                )
            kept = {row[0]: row[1] for row in rows}
            for one in portion:
                if kept.get(one.position) != one.id:
                    self._alarm(f"position {one.position}", f"another fact came at a position that is held: {one.id}", one)
            metrics.consumed.labels(self.store.service.name, self.sibling.name, "repeated").inc(len(portion))

    def _alarm(self, key: str, reason: str, one: Envelope) -> None:
        about = {"incarnation": one.incarnation, "position": one.position, "type": one.type}
        alarm(self.store, self.sibling.source, key, reason, **about)

    # --- applying -------------------------------------------------------------------------------------------------

    def _apply(self, portion: Sequence[Envelope], mark: Mark | None) -> None:
        """One transaction for all; one that raises is halved until the fact that raises is alone."""
        if self._careful:
            self._apply_carefully(portion, mark)
            return
        try:
            with self._hand.several():
                self._transact(portion, mark)
        except Exception as error:
            if _is_no_fault(error):
                raise
            if len(portion) == 1:
                self._alone(portion[0], mark)
            else:
                middle = len(portion) // 2
                self._apply(portion[:middle], None)
                self._apply(portion[middle:], mark)

    def _apply_carefully(self, portion: Sequence[Envelope], mark: Mark | None) -> None:
        careful = portion[: self._careful]
        for one in careful:
            self._alone(one, mark if one is portion[-1] else None)
            self._careful -= 1
        if len(careful) < len(portion):
            self._apply(portion[len(careful) :], mark)

    def _alone(self, one: Envelope, mark: Mark | None) -> None:
        """One fact in hand and nothing beside it: the attempt is counted first, a fact that raises or kills is parked."""
        task = f"fact {one.source} {one.incarnation} {one.position}"
        with self._hand.alone():
            count = attempts.begin(self.store.db, task)
            try:
                if count > attempts.LIMIT:
                    self._transact([one], mark, task, f"the process died {count - 1} times with this fact in hand")
                    return
                self._transact([one], mark, task)
            except Exception as error:
                if _is_no_fault(error):
                    attempts.take_back(self.store.db, task)
                    raise
                self._transact([one], mark, task, f"{type(error).__name__}: {error}")

    def _transact(self, portion: Sequence[Envelope], mark: Mark | None, task: str | None = None, parked: str = "") -> None:
        """Keep, fold and move on in one transaction. `parked` is why the only fact of the portion is not applied."""
        items = [Item(one, PARKED, reason=parked) for one in portion] if parked else [read(self.sibling, one) for one in portion]
        before = self.held
        with self.store.db.writing() as session:
            locked(session, before)
            applied = keep(session, self.store.service.name, self.sibling, items, before.applied)
            if task:
                attempts.end(session, task)
            after = replace(before, position=portion[-1].position, applied=applied, mark=mark or before.mark)
            advance(session, before, after)
        self.held = after
        metrics.consumed.labels(self.store.service.name, self.sibling.name, "applied").inc(applied - before.applied)
        metrics.lag_seconds.labels(self.store.service.name, self.sibling.name).set(metrics.age(portion[-1].recordedtime))
        if applied > before.applied:
            self._news()

    def _write_mark(self, mark: Mark) -> None:
        before = self.held
        after = replace(before, mark=mark)
        with self.store.db.writing() as session:
            locked(session, before)
            advance(session, before, after)
        self.held = after

    # --- lineage --------------------------------------------------------------------------------------------------

    def relation(self, told: Lineage) -> Relation:
        """How a told lineage stands to the held one; one that ends in a life that was left is an older one."""
        if told and told[-1].id in self.held.dead:
            return Relation.OLDER
        return relation(self.held.lineage, told)

    def adopt(self, told: Lineage) -> Relation:
        """Take over a lineage that the producer tells: what is held beyond the fork is set aside, kept and marked.

        An older telling changes nothing. Raises Moved.
        """
        found = self.relation(told)
        if found in (Relation.SAME, Relation.OLDER):
            return found
        before = self.held
        fork = shared_up_to(before.lineage, told)
        left = {life.id for life in before.lineage} - {life.id for life in told}
        with self.store.db.writing() as session:
            locked(session, before)
            position = before.position
            if before.lineage and fork < position:
                position = set_aside(session, self.store.service.name, self.sibling, fork, told[-1].id)
            after = replace(before, incarnation=told[-1].id, position=position, lineage=told, dead=before.dead | left)
            advance(session, before, after)
        self.held = after
        words = {"service": self.store.service.name, "source": self.sibling.source, "life": after.incarnation}
        if before.lineage:
            log.warning("sibling-began-a-new-life", **words, kept=after.position, set_aside=before.position - after.position)
        else:
            log.info("sibling-found", **words)
        return found

    def leave(self, incarnation: str) -> None:
        """The producer does not know this life of its log: whatever comes of it is skipped from now on."""
        before = self.held
        after = replace(before, dead=before.dead | {incarnation})
        with self.store.db.writing() as session:
            locked(session, before)
            advance(session, before, after)
        self.held = after


def _is_no_fault(error: BaseException) -> bool:
    return is_connection_error(error) or isinstance(error, (Moved, UnsafeStore))
