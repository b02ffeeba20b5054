"""Reactions: a sibling's fact becomes commands of this service, each once, behind the inbox and in its order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from shared.decider import Actor
from shared.delivery import attempts
from shared.delivery.attempts import Hand, is_connection_error
from shared.delivery.held import load
from shared.delivery.keeping import APPLIED, PARKED, QUEUED
from shared.delivery.postbox import REACTION, open_letter, waiting_keys
from shared.delivery.sibling import Sibling
from shared.delivery.tables import reaction_cursors, reaction_outcomes
from shared.envelope import Envelope, from_json
from shared.errors import Refused, UnknownReference, UnsafeStore
from shared.execute import Caller, Runtime
from shared.identity.roles import MACHINE
from shared.ops import metrics
from shared.service import Reacts
from shared.store import Session
from shared.store.recorded import stored_time

PAGE = 100  # envelopes whose outcomes share a transaction

DONE, NOTHING = "done", "nothing"
DECLINED, WAITING = "declined: ", "waiting: "


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one fact in one reaction; `reason` stands when it is parked."""

    envelope: Envelope
    outcome: str
    reason: str = ""


@dataclass(slots=True)
class Reactions:
    """The reactions of one service. `careful` is how many facts are still taken alone, after a death of the process before."""

    runtime: Runtime
    siblings: Sequence[Sibling]
    hand: Hand
    careful: int = 0
    _news: int = -1
    _begun: set[str] = field(default_factory=set)

    def step(self) -> bool:
        """Handle what lies behind the inbox, then what waits for news if there is any; whether anything was handled."""
        worked = False
        for sibling in self.siblings:
            for reacts in sibling.reacts:
                worked |= self._walk(sibling, reacts)
        with self.runtime.store.db.reading() as session:
            row = session.one("SELECT sum(applied) FROM sources")
        news = int(row[0] or 0) if row else 0
        if news != self._news:
            for sibling in self.siblings:
                for reacts in sibling.reacts:
                    self._try_again(sibling, reacts)
            self._news = news
        return worked

    def _walk(self, sibling: Sibling, reacts: Reacts) -> bool:
        """One page of facts behind the reaction's cursor."""
        with self.runtime.store.db.reading() as session:
            cursor = session.one(
                "SELECT applied FROM reaction_cursors WHERE source = :source AND reaction = :reaction",
                source=sibling.source,
                reaction=reacts.name,
            )
            rows = session.rows(
                f"SELECT applied, body FROM envelopes WHERE source = :source AND applied > :cursor AND state = '{APPLIED}'"
                f" AND {session.among('type', 'types')} ORDER BY applied LIMIT :limit",
                source=sibling.source,
                cursor=cursor[0] if cursor else 0,
                types=[name for name, reading in sibling.types.readings.items() if reading.cls is reacts.fact],
                limit=1 if self.careful else PAGE,
            )
        if rows:
            self.handle(sibling, reacts, [from_json(body) for _, body in rows], rows[-1][0])
        return bool(rows)

    def _try_again(self, sibling: Sibling, reacts: Reacts) -> None:
        """What waited for a reference may find it now."""
        with self.runtime.store.db.reading() as session:
            rows = session.rows(
                "SELECT e.body FROM reaction_outcomes o JOIN envelopes e ON e.source = o.source AND e.incarnation = o.incarnation"
                f" AND e.position = o.position WHERE o.source = :source AND o.reaction = :reaction AND e.state = '{APPLIED}'"
                f" AND o.outcome LIKE '{WAITING}%' ORDER BY e.applied",
                source=sibling.source,
                reaction=reacts.name,
            )
        for at in range(0, len(rows), PAGE):
            self.handle(sibling, reacts, [from_json(body) for (body,) in rows[at : at + PAGE]])

    def handle(self, sibling: Sibling, reacts: Reacts, facts: Sequence[Envelope], cursor: int | None = None) -> None:
        """React to facts in order, then keep the outcomes and move the cursor in one transaction.

        A death in between repeats commands of the same ids, which do nothing. Raises what the database raises.
        """
        with self.runtime.store.db.reading() as session:
            blocked = waiting_keys(session, REACTION, sibling.source, (one.subject for one in facts), reacts.name)
        results, parked = [], set[str]()
        for one in facts:
            if one.subject in blocked:
                results.append(Result(one, QUEUED))
                continue
            result = self._carefully(sibling, reacts, one) if self.careful else self._several(sibling, reacts, one)
            results.append(result)
            if result.outcome == PARKED:
                parked.add(one.subject)
                blocked.add(one.subject)
        with self.runtime.store.db.writing() as session:
            if blocked:
                load(session, sibling.source, lock=True)
                if blocked - waiting_keys(session, REACTION, sibling.source, blocked, reacts.name) - parked:
                    return  # a person has just retried one of the keys: look again
            self.record(session, sibling, reacts, results, cursor)
            for task in self._begun:
                attempts.end(session, task)
        self._begun.clear()

    def _several(self, sibling: Sibling, reacts: Reacts, one: Envelope) -> Result:
        with self.hand.several():
            return self.react(sibling, reacts, one)

    def _carefully(self, sibling: Sibling, reacts: Reacts, one: Envelope) -> Result:
        """The attempt is counted before it begins; a fact with which the process died too often is parked."""
        self.careful -= 1
        database, task = self.runtime.store.db, _task(reacts, one)
        with self.hand.alone():
            count = attempts.begin(database, task)
            self._begun.add(task)
            if count > attempts.LIMIT:
                return Result(one, PARKED, f"the process died {count - 1} times with this fact in hand")
            try:
                return self.react(sibling, reacts, one)
            except Exception as error:
                if is_connection_error(error):
                    attempts.take_back(database, task)
                raise

    def react(self, sibling: Sibling, reacts: Reacts, one: Envelope) -> Result:
        """React to one fact: its commands are executed. A refusal is an answer, an unknown reference waits, the rest parks."""
        try:
            fact = sibling.types.decode(one.type, one.payload)
            wishes = reacts.react(fact, one.about, self.runtime.store.registers())
            answers = [self._wish(reacts, one, n, wish) for n, wish in enumerate(wishes)]
        except UnknownReference as unknown:
            return Result(one, WAITING + unknown.slug)
        except Refused as refused:
            return Result(one, DECLINED + refused.slug)
        except Exception as error:
            if is_connection_error(error) or isinstance(error, UnsafeStore):
                raise
            return Result(one, PARKED, f"{type(error).__name__}: {error}")
        declined = [answer for answer in answers if answer != DONE]
        return Result(one, (declined or answers or [NOTHING])[0])

    def _wish(self, reacts: Reacts, one: Envelope, n: int, wish: object) -> str:
        """Execute one wish; raises UnknownReference and whatever is no refusal."""
        actor = Actor(f"reaction:{reacts.name}", frozenset({str(MACHINE)}))
        key = f"{one.source} {one.id} {n}"
        caller = Caller("reaction", reacts.name, key, actor, one.correlationid or None, one.id, one.traceparent)
        try:
            self.runtime.execute(wish.command, wish.aggregate, wish.id, caller)  # type: ignore[attr-defined]
        except UnknownReference:
            raise
        except Refused as refused:
            return DECLINED + refused.slug
        return DONE

    def record(self, session: Session, sibling: Sibling, reacts: Reacts, results: Sequence[Result], cursor: int | None) -> None:
        name, at = self.runtime.service.name, stored_time(datetime.now(UTC))
        rows = [
            {
                "source": sibling.source,
                "incarnation": result.envelope.incarnation,
                "position": result.envelope.position,
                "reaction": reacts.name,
                "subject": result.envelope.subject,
                "outcome": result.outcome,
                "at": at,
            }
            for result in results
        ]
        session.insert(reaction_outcomes, rows, upsert=True)
        if cursor is not None:
            moved = {"source": sibling.source, "reaction": reacts.name, "applied": cursor}
            session.insert(reaction_cursors, [moved], upsert=True)
        for result in results:
            metrics.reactions.labels(name, reacts.name, result.outcome.partition(":")[0]).inc()
            if result.outcome == PARKED:
                one = result.envelope
                about = {"incarnation": one.incarnation, "position": one.position, "type": one.type}
                open_letter(session, name, REACTION, sibling.source, one.subject, result.reason, reaction=reacts.name, **about)


def _task(reacts: Reacts, one: Envelope) -> str:
    return f"reaction {reacts.name} {one.source} {one.incarnation} {one.position}"
