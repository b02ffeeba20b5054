"""The one way a command becomes facts: load, fold, look up, decide, seal, append."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from shared.clock import Clock
from shared.decider import Actor, Ended, Given, Timer, Workdays
from shared.errors import Busy, KeyReused, NotAllowed, NotFound, Refused, VersionMismatch, WrongState
from shared.facts import aggregate_id, encode, info, kebab, personal_fields, placeholders, stream_id
from shared.ops import metrics
from shared.privacy import KeyStore, seal
from shared.privacy.fields import subjects
from shared.service import Aggregate, Does, Service
from shared.store.command import Deadline, Draft, Outcome, Prepared, Repeated, Stale, Ticket, taken
from shared.store.log import Store
from shared.store.recorded import Recorded, stored_time
from shared.store.session import Session
from shared.workdays import Calendar, ProvinceCalendar

TRIES = 3  # decisions on a stream that others move meanwhile; the last is made under the lock


@dataclass(frozen=True)
class Caller:
    """Who sends a command, and the key under which sending it again does nothing.

    `kind` is "caller", "reaction" or "timer": none of them can take the id of another. `who` is the account id, the
    reaction's name or the timer's stream and name. `permitted(state)` is asked of the very state that is decided on and raises
    NotAllowed or NotFound, so that a right which ended meanwhile is of no use.
    """

    kind: str
    who: str
    key: str
    actor: Actor
    correlation: str | None = None
    causation: str | None = None
    traceparent: str | None = None
    permitted: Callable[[Any], None] | None = None


@dataclass(frozen=True)
class Done:
    """What a command did: the aggregate, the version of its stream, the log's position, the types of the facts made."""

    id: UUID
    stream: str
    version: int
    position: int
    facts: tuple[str, ...]
    repeated: bool


class Runtime:
    """One service at work in one process."""

    def __init__(
        self,
        service: Service,
        store: Store,
        keys: KeyStore,
        clock: Clock,
        calendar: Calendar,
        secret: bytes,
        older: Sequence[bytes] = (),
    ) -> None:
        """`secret` makes the ids of commands; one that was accepted under an `older` one is found again, too."""
        self.service = service
        self.store = store
        self.keys = keys
        self.clock = clock
        self._calendar = calendar
        self._secrets = (secret, *older)

    def close(self) -> None:
        """Close every connection of this process to its databases; they are made anew when they are needed again."""
        self.store.close()
        self.keys.close()
        self.clock.close()

    def execute(self, command: Any, aggregate: str, id: UUID | None, caller: Caller, expected: int | None = None) -> Done:
        """Decide a command and append its facts; when this returns, they are on disk.

        `id` names the aggregate, None for a command that creates one; `expected` is the version that the caller saw.
        Raises what the decider raises, NotFound, VersionMismatch, KeyReused and Busy (503).
        """
        count = partial(metrics.command, self.service.name, type(command).__name__)
        try:
            done = self._execute(command, aggregate, id, caller, expected)
        except (Refused, Busy) as no:
            count(kebab(type(no).__name__))
            raise
        count("repeated" if done.repeated else "done" if done.facts else "nothing", () if done.repeated else done.facts)
        return done

    def _execute(self, command: Any, aggregate: str, id: UUID | None, caller: Caller, expected: int | None) -> Done:
        behind, row = self.service.aggregate(aggregate), self._row(aggregate, type(command))
        ids = self._digests("command", caller.kind, caller.who, caller.key)
        fingerprints = self._digests("body", aggregate, str(id), type(command).__name__, encode(command))
        target = self._new_id(ids[0], 0) if row.creates or id is None else id
        work = Work(self, behind, row, command, caller, ids, fingerprints[0], target, expected, fresh=target is not id)
        try:
            return work.done(self._append(work))
        except Repeated as repeated:
            return self._again(repeated.outcome, fingerprints)
        except Refused:
            # It may have been accepted before: then it is its own effect, or what happened since, that refuses it here.
            earlier = self.store.outcome(*ids)
            if earlier is None:
                raise
            return self._again(earlier, fingerprints)

    def command_id(self, caller: Caller) -> str:
        """The id under which a caller's key is kept, unique for ever; no kind of caller can take an id of another kind."""
        return self._digests("command", caller.kind, caller.who, caller.key)[0]

    def _append(self, work: Work) -> Outcome:
        for tries in range(1, TRIES + 1):
            ticket = work.ticket(decide_now=tries < TRIES)
            try:
                return self.store.append(ticket)
            except Stale as stale:
                if work.expected not in (None, stale.current):
                    raise VersionMismatch(stale.current) from None
        raise AssertionError("a command decided under the lock cannot be stale")

    def given(self, row: Does, command: Any, target: UUID, caller: Caller, command_id: str) -> Given:
        """What the decision may know; look-ups are read now, outside the lock."""
        registers = self.store.registers()
        return Given(
            now=self.clock.now(),
            today=self.clock.today(),
            province=self.store.province,
            actor=caller.actor,
            new_id=lambda n: self._new_id(command_id, n),
            workdays=self.workdays(),
            known={name: look_up(registers, command, str(target)) for name, look_up in row.known.items()},
        )

    def workdays(self) -> Workdays:
        """The calendar of the province as it is published now."""
        return ProvinceCalendar(self._calendar, lambda: self.service.closed(self.store.registers()))

    def legal(self, aggregate: str, state: Any, rows: Iterable[Does], examples: Mapping[type, Any], actor: Actor) -> list[Does]:
        """Those of the rows whose state guards let the actor pass in this state.

        Found by deciding each command's canonical example without its look-ups: WrongState and NotAllowed count as no.
        """
        behind = self.service.aggregate(aggregate)
        given = Given(self.clock.now(), self.clock.today(), self.store.province, actor, lambda n: UUID(int=n), self.workdays())
        return [row for row in rows if _passes(behind, state, examples.get(row.command), given)]

    def stream(self, aggregate: str, id: UUID) -> str:
        """The stream id of an aggregate."""
        return stream_id(self.store.province, aggregate, id)

    def fold(self, behind: Aggregate, recorded: Sequence[Recorded]) -> Any:
        """The state after recorded facts; personal fields in it are ciphertext."""
        return behind.decider.fold(self.service.types.decode(one.type, one.data) for one in recorded)

    def _row(self, aggregate: str, command: type) -> Does:
        behind, row = self.service.row(command)
        if behind.name != aggregate:
            raise KeyError(f"{command.__name__} is no command of {aggregate}")
        return row

    def _again(self, earlier: Outcome, fingerprints: Sequence[str]) -> Done:
        if earlier.fingerprint not in fingerprints:
            raise KeyReused
        return Done(aggregate_id(earlier.stream), earlier.stream, earlier.version, earlier.position, earlier.facts, True)

    def _digests(self, *parts: str) -> list[str]:
        """The keyed hash of the parts under each secret, that of the present one first."""
        text = msgspec.json.encode(parts)
        return [hmac.digest(secret, text, hashlib.sha256).hex() for secret in self._secrets]

    def _new_id(self, command_id: str, n: int) -> UUID:
        """The n-th id of a command: a UUIDv8 (RFC 9562) derived from it, so that deciding again gives the same ids."""
        raw = bytearray(hashlib.sha256(f"{command_id}/{n}".encode()).digest()[:16])
        raw[6] = raw[6] & 0x0F | 0x80
        raw[8] = raw[8] & 0x3F | 0x80
        return UUID(bytes=bytes(raw))


def _passes(behind: Aggregate, state: Any, example: Any, given: Given) -> bool:
    try:
        behind.decider.decide(state, example, given)
    except (WrongState, NotAllowed):
        return False
    except Exception:  # any other answer needs the true command to be judged
        return True
    return True


@dataclass(frozen=True)
class Work:
    """One command in execution; `fresh`: its stream has no fact, for the id was derived from that of the command."""

    runtime: Runtime
    behind: Aggregate
    row: Does
    command: Any
    caller: Caller
    ids: Sequence[str]
    fingerprint: str
    target: UUID
    expected: int | None
    fresh: bool = False

    @property
    def command_id(self) -> str:
        """The id under which the command is kept; the other ids are those of older secrets."""
        return self.ids[0]

    @property
    def stream(self) -> str:
        """The stream that the command acts on."""
        return self.runtime.stream(self.behind.name, self.target)

    def ticket(self, decide_now: bool) -> Ticket:
        """The command's ticket, decided on what is stored now, or to be decided under the lock."""
        given = self.runtime.given(self.row, self.command, self.target, self.caller, self.command_id)
        return Ticket(
            command_id=self.command_id,
            older_ids=tuple(self.ids[1:]),
            fingerprint=self.fingerprint,
            stream=self.stream,
            actor=self.caller.actor.signature,
            correlation=self.caller.correlation or self.command_id,
            causation=self.caller.causation,
            prepare=partial(self.prepare, given=given),
            prepared=self._prepared(given) if decide_now else None,
            traceparent=self.caller.traceparent,
        )

    def _set_going(self, facts: Sequence[Any], given: Given) -> Iterator[Deadline]:
        """What these facts set going elsewhere in this service; which aggregate that is, is looked up now."""
        for one in self.behind.follows:
            if any(isinstance(fact, one.facts) for fact in facts) and (id := one.of(self.runtime.store.registers())):
                stream, data = self.runtime.stream(one.aggregate, id), encode(one.command)
                yield Deadline(one.name, stored_time(given.now), type(one.command).__name__, data, stream)

    def _prepared(self, given: Given) -> Prepared:
        with nullcontext() if self.fresh else self.runtime.store.db.reading() as session:
            return self.prepare(session, given)

    def prepare(self, session: Session | None, given: Given) -> Prepared:
        """Decide on the stream as read, or on a new one without a session; and encode what follows.

        No fact means that the wish is already true.
        """
        recorded, built = self.runtime.store.folding.read(session, self.stream) if session else ([], None)
        version = recorded[-1].version if recorded else 0
        if self.expected is not None and version != self.expected:
            raise VersionMismatch(version)
        if not recorded and not self.row.creates:
            raise NotFound(self.behind.missing)
        decider = self.behind.decider
        before = self.runtime.fold(self.behind, recorded)
        if self.caller.permitted:
            self.caller.permitted(before)
        facts = list(decider.decide(before, self.command, given))
        after, deadlines = before, list[Deadline]()
        for fact in facts:
            after = decider.evolve(after, fact)
            deadlines += [_deadline(one) for one in (decider.timers(after, fact, given) if decider.timers else ())]
        deadlines += self._set_going(facts, given)
        held, holds = decider.holds(before), decider.holds(after)
        drafts, folding = self._drafts(facts, version, holds - held), self.runtime.store.folding
        return Prepared(
            expected=version,
            now=given.now,
            drafts=drafts,
            takes=holds - held,
            frees=held - holds,
            deadlines=deadlines,
            built=built,
            rows=folding.load(session, drafts, self.stream) if session and recorded else {},
        )

    def _drafts(self, facts: Sequence[Any], version: int, takes: frozenset[str]) -> list[Draft]:
        types = self.runtime.service.types
        wanted = {subject for fact in facts if personal_fields(type(fact)) for subject in subjects(fact)}
        keys = self.runtime.keys.for_writing(wanted, partial(self._will_be_taken, takes)) if wanted else {}
        drafts = []
        for n, fact in enumerate(facts):
            data = seal(fact, self.stream, version + n + 1, keys)
            as_decided = not personal_fields(type(fact)) and not placeholders(data)
            id = str(self.runtime._new_id(self.command_id, -1 - n))
            drafts.append(
                Draft(id, types.names[type(fact)], str(info(type(fact)).visibility), data, fact if as_decided else None)
            )
        return drafts

    def _will_be_taken(self, takes: frozenset[str]) -> None:
        """Raises Repeated, or `<scope>-taken`: a command that the append will not take must not leave a subject's key."""
        store = self.runtime.store
        if earlier := store.outcome(*self.ids):
            raise Repeated(earlier)
        if takes and (refusal := taken(takes, store.holders(takes), self.stream)):
            raise refusal

    def done(self, outcome: Outcome) -> Done:
        """The answer."""
        return Done(self.target, outcome.stream, outcome.version, outcome.position, outcome.facts, False)


def _deadline(one: Timer | Ended) -> Deadline:
    if isinstance(one, Ended):
        return Deadline(one.name, None)
    return Deadline(one.name, stored_time(one.due.astimezone(UTC)), type(one.command).__name__, encode(one.command))
