"""What one append transaction knows and will write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from shared.errors import BrokenRule
from shared.facts import aggregate_id, fill, placeholders
from shared.registers.register import About, Register
from shared.registers.table import Kept, fold_into, row_of, save_rows, select
from shared.service import Service
from shared.store.command import Draft, Outcome, Prepared, Repeated, Stale, Ticket
from shared.store.recorded import content_hash, moment, stored_time
from shared.store.session import Session
from shared.store.tables import commands, events, numbers, reservations, timers

Work = Sequence[tuple[Ticket, Prepared]]


class Ledger:
    """What one transaction knows and will write. It is read in one round trip, right after the lock was taken."""

    def __init__(self, folding: Mapping[type, list[Register[Any]]], service: Service, province: str) -> None:
        self.folding = folding
        self.types = service.types
        self.province = province
        self.new_events: list[dict[str, Any]] = []
        self.new_commands: list[dict[str, Any]] = []
        self.drawn: dict[tuple[str, int], int] = {}
        self.clocks: dict[tuple[str, str], dict[str, Any] | None] = {}
        self.touched: dict[str, set[str]] = {}

    def read(self, session: Session, work: Work) -> None:
        """Everything that the batch needs to know, in one round trip."""
        head = session.ask(
            "SELECT (SELECT id FROM incarnations ORDER BY rank DESC LIMIT 1), position, recorded_at"
            " FROM (SELECT 1) AS one LEFT JOIN events ON position = (SELECT max(position) FROM events)"
        )
        known = session.ask(
            "SELECT command_id, stream, version, position, facts, fingerprint FROM commands"
            f" WHERE {session.among('command_id', 'ids')}",
            ids=[ticket.command_id for ticket, _ in work],
        )
        versions = session.ask(
            f"SELECT stream, max(version) FROM events WHERE {session.among('stream', 'streams')} GROUP BY stream",
            streams=list({ticket.stream for ticket, _ in work}),
        )
        rows = {
            name: session.ask(f"{select(register)} WHERE {session.among('id', 'keys')}", keys=keys)
            for name, (register, keys) in self._keys(work).items()
        }
        held = self._ask_reservations(session, work)
        counted = self._ask_numbers(session, work)
        self.incarnation, position, self.last_time = head()[0]
        self.position = int(position or 0)
        self.known = {row[0]: Outcome(row[1], row[2], row[3], tuple(msgspec.json.decode(row[4])), row[5]) for row in known()}
        self.versions: dict[str, int] = {row[0]: row[1] for row in versions()}
        self.rows: dict[str, dict[str, Kept]] = {
            name: {row[0]: row_of(self._registers[name], row) for row in fetch()} for name, fetch in rows.items()
        }
        self.held: dict[str, str] = {row[0]: row[1] for row in held()} if held else {}
        self.reserved = dict(self.held)
        self.numbers: dict[tuple[str, int], int] = {(row[0], row[1]): row[2] for row in counted()} if counted else {}

    def _keys(self, work: Work) -> dict[str, tuple[Register[Any], list[str]]]:
        """The registers and the rows in them that the batch touches."""
        self._registers: dict[str, Register[Any]] = {}
        keys: dict[str, list[str]] = {}
        for ticket, plan in work:
            for draft in plan.drafts:
                for register in self.folding[self.types.readings[draft.type].cls]:
                    self._registers[register.name] = register
                    keys.setdefault(register.name, []).extend(self._touched(register, draft, aggregate_id(ticket.stream)))
        return {name: (self._registers[name], list(dict.fromkeys(found))) for name, found in keys.items()}

    def _touched(self, register: Register[Any], draft: Draft, id: UUID) -> Sequence[str]:
        if self.types.readings[draft.type].cls not in register.keys:
            return (str(id),)
        return register.touched(draft.fact or self.types.decode(draft.type, draft.data), id)

    @staticmethod
    def _ask_reservations(session: Session, work: Work) -> Callable[[], list[Any]] | None:
        keys = sorted({key for _, plan in work for key in plan.takes | plan.frees})
        if not keys:
            return None
        return session.ask(f"SELECT key, stream FROM reservations WHERE {session.among('key', 'keys')}", keys=keys)

    @staticmethod
    def _ask_numbers(session: Session, work: Work) -> Callable[[], list[Any]] | None:
        series = sorted({wanted[0] for _, plan in work for draft in plan.drafts for wanted in placeholders(draft.data)})
        if not series:
            return None
        return session.ask(f"SELECT series, year, last FROM numbers WHERE {session.among('series', 'series')}", series=series)

    def admit(self, ticket: Ticket, plan: Prepared) -> Outcome | BaseException:
        """Take one command into the transaction, or say why not; what is refused leaves no trace."""
        done = self.known.get(ticket.command_id)
        if done is not None:
            return Repeated(done)
        version = self.versions.get(ticket.stream, 0)
        if version != plan.expected:
            return Stale(version)
        for key in plan.takes:
            if self.reserved.get(key, ticket.stream) != ticket.stream:
                return BrokenRule(f"{key.split(':', 1)[0]}-taken")
        at = max(stored_time(plan.now), self.last_time or "")
        self.last_time = at
        given = self._numbered(plan)
        for draft in plan.drafts:
            version += 1
            self._take_fact(ticket, draft, given, version, at)
        self.versions[ticket.stream] = version
        self._take_keys(ticket, plan)
        self._take_deadlines(ticket, plan)
        outcome = Outcome(ticket.stream, version, self.position, tuple(draft.type for draft in plan.drafts), ticket.fingerprint)
        self.known[ticket.command_id] = outcome
        self.new_commands.append(_command_row(ticket, outcome, at))
        return outcome

    def _numbered(self, plan: Prepared) -> dict[tuple[str, int], str]:
        """The next number for every placeholder of a command, the same for the same placeholder."""
        wanted = dict.fromkeys(pair for draft in plan.drafts for pair in placeholders(draft.data))
        given: dict[tuple[str, int], str] = {}
        for series, year in wanted:
            last = self.drawn.get((series, year), self.numbers.get((series, year), 0))
            self.drawn[series, year] = last + 1
            given[series, year] = f"{series}/{self.province}/{year}/{last + 1:04d}"
        return given

    def _take_fact(self, ticket: Ticket, draft: Draft, given: dict[tuple[str, int], str], version: int, at: str) -> None:
        data = fill(draft.data, given) if given else draft.data
        self.position += 1
        self.new_events.append(
            {
                "position": self.position,
                "id": draft.id,
                "stream": ticket.stream,
                "version": version,
                "type": draft.type,
                "visibility": draft.visibility,
                "data": data,
                "recorded_at": at,
                "hash": content_hash(draft.id, draft.type, ticket.stream, version, at, data),
                "command_id": ticket.command_id,
                "correlation_id": ticket.correlation,
                "causation_id": ticket.causation,
                "actor": ticket.actor,
                "incarnation": self.incarnation,
                "traceparent": ticket.traceparent,
            }
        )
        folding = self.folding[self.types.readings[draft.type].cls]
        if not folding:
            return
        fact = self.types.decode(draft.type, data) if draft.fact is None or given else draft.fact
        id = aggregate_id(ticket.stream)
        about = About(str(id), id, ticket.stream, version, self.position, moment(at))
        for register in folding:
            self.touched.setdefault(register.name, set()).update(fold_into(register, self.rows[register.name], fact, about))

    def _take_keys(self, ticket: Ticket, plan: Prepared) -> None:
        for key in plan.frees:
            if self.reserved.get(key) == ticket.stream:
                del self.reserved[key]
        for key in plan.takes:
            self.reserved[key] = ticket.stream

    def _take_deadlines(self, ticket: Ticket, plan: Prepared) -> None:
        for deadline in plan.deadlines:
            starts = {
                "stream": ticket.stream,
                "name": deadline.name,
                "due": deadline.due,
                "command": deadline.command,
                "data": deadline.data,
                "causation_id": self.new_events[-1]["id"],
                "correlation_id": ticket.correlation,
            }
            self.clocks[ticket.stream, deadline.name] = starts if deadline.due else None

    def write(self, session: Session) -> None:
        """Write everything that was admitted, in few statements."""
        session.insert(events, self.new_events)
        session.insert(commands, self.new_commands)
        self._write_keys(session)
        drawn = [{"series": series, "year": year, "last": last} for (series, year), last in self.drawn.items()]
        session.insert(numbers, drawn, upsert=True)
        self._write_clocks(session)
        for name, keys in self.touched.items():
            rows = self.rows[name]
            save_rows(session, self._registers[name], {key: rows[key] for key in keys if key in rows})

    def _write_keys(self, session: Session) -> None:
        freed = [key for key, stream in self.held.items() if self.reserved.get(key) != stream]
        if freed:
            session.run(f"DELETE FROM reservations WHERE {session.among('key', 'keys')}", keys=freed)
        taken = [{"key": key, "stream": stream} for key, stream in self.reserved.items() if self.held.get(key) != stream]
        session.insert(reservations, taken)

    def _write_clocks(self, session: Session) -> None:
        for (stream, name), row in self.clocks.items():
            if row is None:
                session.run("DELETE FROM timers WHERE stream = :stream AND name = :name", stream=stream, name=name)
        session.insert(timers, [row for row in self.clocks.values() if row], upsert=True)


def _command_row(ticket: Ticket, outcome: Outcome, at: str) -> dict[str, Any]:
    return {
        "command_id": ticket.command_id,
        "fingerprint": ticket.fingerprint,
        "stream": outcome.stream,
        "version": outcome.version,
        "position": outcome.position,
        "facts": msgspec.json.encode(outcome.facts).decode(),
        "recorded_at": at,
    }
