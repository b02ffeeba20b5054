"""What one append transaction knows and will write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Table

from shared.errors import Busy
from shared.facts import aggregate_id, fill, placeholders
from shared.registers.register import About, Register
from shared.registers.table import Kept, columns_of, fold_into, load_rows, reshaped, table
from shared.service import Service
from shared.store.command import Draft, Outcome, Prepared, Repeated, Stale, Ticket, taken
from shared.store.recorded import COLUMNS, Recorded, content_hash, moment, stored_time
from shared.store.session import Row, Session
from shared.store.tables import commands, events, numbers, reservations, timers

Work = Sequence[tuple[Ticket, Prepared]]

# The parts of the one question that a transaction asks; each gives (kind, key, text, text, text, number, number). The newest row
# is asked for as such: to find its greatest key first, and the row by that, takes PostgreSQL twice the time under the lock.
NO_TEXT, NO_NUMBER = "CAST(NULL AS text)", "CAST(NULL AS bigint)"
HEAD = (
    f"SELECT 'head' AS kind, recorded_at AS key, lives.id AS a, {NO_TEXT} AS b, {NO_TEXT} AS c, position AS n,"
    " (SELECT CAST(sum(built) AS bigint) FROM registers) AS m"
    " FROM (SELECT id FROM incarnations ORDER BY rank DESC LIMIT 1) AS lives"
    " LEFT JOIN (SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT 1) AS newest ON true"
)
KNOWN = "SELECT 'known', command_id, stream, facts, fingerprint, version, position FROM commands WHERE {}"
VERSION = (
    f"SELECT 'version', stream, {NO_TEXT}, {NO_TEXT}, {NO_TEXT}, max(version), {NO_NUMBER} FROM events WHERE {{}} GROUP BY stream"
)
HELD = f"SELECT 'held', key, stream, {NO_TEXT}, {NO_TEXT}, {NO_NUMBER}, {NO_NUMBER} FROM reservations WHERE {{}}"
NUMBERS = f"SELECT 'number', series, {NO_TEXT}, {NO_TEXT}, {NO_TEXT}, year, last FROM numbers WHERE {{}}"


class Folding:
    """Which of a service's registers each of its facts folds into."""

    def __init__(self, service: Service) -> None:
        self.types = service.types
        self._registers = service.own_registers
        self._seen: int | None = None
        self._tables = {register.name: table(register) for register in service.own_registers}
        self._by_type = {
            name: [register for register in service.own_registers if reading.cls in register.folds]
            for name, reading in service.types.readings.items()
        }

    def table(self, name: str) -> Table:
        """The live table of a register."""
        return self._tables[name]

    def of(self, type: str) -> list[Register[Any]]:
        """The registers that facts of this type fold into."""
        return self._by_type[type]

    def load(self, session: Session, drafts: Sequence[Draft], stream: str) -> dict[str, dict[str, Kept]]:
        """The rows that these facts touch, by register and key; every register has an entry."""
        keys: dict[str, list[str]] = {}
        registers: dict[str, Register[Any]] = {}
        for draft in drafts:
            for register in self.of(draft.type):
                registers[register.name] = register
                keys.setdefault(register.name, []).extend(self._touched(register, draft, aggregate_id(stream)))
        return {name: load_rows(session, register, keys[name]) for name, register in registers.items()}

    def read(self, session: Session, stream: str) -> tuple[list[Recorded], int | None]:
        """The facts of a stream, and how often registers were rebuilt (None without facts): to be asked before rows are loaded.

        Raises Busy when one was for another version.
        """
        sql = f"SELECT {COLUMNS}, (SELECT sum(built) FROM registers) FROM events WHERE stream = :stream ORDER BY version"
        rows = session.rows(sql, stream=stream)
        if not rows:
            return [], None
        built = int(rows[-1][-1] or 0)
        self.refuse_of_another_version(session, built)
        return [Recorded._make(row[:-1]) for row in rows], built

    def refuse_of_another_version(self, session: Session, built: int) -> None:
        """Raises Busy when a register was rebuilt for other code: rows that this process wrote would lack columns there."""
        if built == self._seen:
            return
        if other := reshaped(session, self._registers):
            raise Busy(f"register {other[0].name} is another version's: this process is to be replaced")
        self._seen = built

    def _touched(self, register: Register[Any], draft: Draft, id: UUID) -> Sequence[str]:
        if self.types.readings[draft.type].cls not in register.keys:
            return (str(id),)
        return register.touched(draft.fact or self.types.decode(draft.type, draft.data), id)


class Ledger:
    """What one transaction knows and will write. It is read in one statement, right after the lock was taken."""

    def __init__(self, folding: Folding, province: str) -> None:
        self.folding = folding
        self.province = province
        self.new_events: list[dict[str, Any]] = []
        self.new_commands: list[dict[str, Any]] = []
        self.drawn: dict[tuple[str, int], int] = {}
        self.clocks: dict[tuple[str, str], dict[str, Any] | None] = {}
        self.changed: dict[str, dict[str, Kept]] = {}

    def read(self, session: Session, work: Work) -> None:
        """Everything that the batch needs to know of the store, in one statement."""
        self.position, self.last_time, self.incarnation, self.built = 0, "", "", 0
        self.known: dict[str, Outcome] = {}
        self.versions: dict[str, int] = {}
        self.held: dict[str, str] = {}
        self.numbers: dict[tuple[str, int], int] = {}
        for kind, key, a, b, c, n, m in self._asked(session, work):
            if kind == "head":
                self.position, self.last_time, self.incarnation, self.built = n or 0, key or "", a, m or 0
            elif kind == "known":
                self.known[key] = Outcome(a, n, m, tuple(msgspec.json.decode(b)), c)
            elif kind == "version":
                self.versions[key] = n
            elif kind == "held":
                self.held[key] = a
            else:
                self.numbers[key, n] = m
        self.reserved = dict(self.held)
        self.folding.refuse_of_another_version(session, self.built)

    @staticmethod
    def _asked(session: Session, work: Work) -> list[Row]:
        series = sorted({wanted[0] for _, plan in work for draft in plan.drafts for wanted in placeholders(draft.data)})
        keys = sorted({key for _, plan in work for key in plan.takes | plan.frees})
        params: dict[str, Any] = {
            "ids": [id for t, _ in work for id in (t.command_id, *t.older_ids)],
            "streams": list({t.stream for t, _ in work}),
        }
        asked = [
            HEAD,
            KNOWN.format(session.among("command_id", "ids")),
            VERSION.format(session.among("stream", "streams")),
        ]
        if keys:
            params["keys"] = keys
            asked.append(HELD.format(session.among("key", "keys")))
        if series:
            params["series"] = series
            asked.append(NUMBERS.format(session.among("series", "series")))
        return session.rows(" UNION ALL ".join(asked), **params)

    def admit(self, ticket: Ticket, plan: Prepared) -> Outcome | BaseException:
        """Take one command into the transaction, or say why not; what is refused leaves no trace."""
        for id in (ticket.command_id, *ticket.older_ids):
            if id in self.known:
                return Repeated(self.known[id])
        version = self.versions.get(ticket.stream, 0)
        if version != plan.expected or plan.built not in (None, self.built):
            return Stale(version)
        if refusal := taken(plan.takes, self.reserved, ticket.stream):
            return refusal
        at = max(stored_time(plan.now), self.last_time or "")
        self.last_time = at
        given = self._numbered(plan)
        for draft in plan.drafts:
            version += 1
            self._take_fact(ticket, plan, draft, given, version, at)
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

    def _take_fact(
        self, ticket: Ticket, plan: Prepared, draft: Draft, given: dict[tuple[str, int], str], version: int, at: str
    ) -> None:
        data = fill(draft.data, given) if given else draft.data
        self.position += 1
        id = aggregate_id(ticket.stream)
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
        self._fold(draft, data, bool(given), About(str(id), id, ticket.stream, version, self.position, moment(at)), plan)

    def _fold(self, draft: Draft, data: str, numbered: bool, about: About, plan: Prepared) -> None:
        """Fold one fact into the rows that came with its command, or that an earlier fact of the batch left."""
        registers = self.folding.of(draft.type)
        if not registers:
            return
        fact = self.folding.types.decode(draft.type, data) if draft.fact is None or numbered else draft.fact
        for register in registers:
            rows = self.changed.setdefault(register.name, {})
            for key in register.touched(fact, about.id):
                if key not in rows and (before := plan.rows.get(register.name, {}).get(key)):
                    rows[key] = before
            fold_into(register, rows, fact, about)

    def _take_keys(self, ticket: Ticket, plan: Prepared) -> None:
        for key in plan.frees:
            if self.reserved.get(key) == ticket.stream:
                del self.reserved[key]
        for key in plan.takes:
            self.reserved[key] = ticket.stream

    def _take_deadlines(self, ticket: Ticket, plan: Prepared) -> None:
        for deadline in plan.deadlines:
            stream = deadline.stream or ticket.stream
            starts = {
                "stream": stream,
                "name": deadline.name,
                "due": deadline.due,
                "command": deadline.command,
                "data": deadline.data,
                "causation_id": self.new_events[-1]["id"],
                "correlation_id": ticket.correlation,
            }
            self.clocks[stream, deadline.name] = starts if deadline.due else None

    def write(self, session: Session) -> None:
        """Write everything that was admitted, in few statements."""
        drawn = [{"series": series, "year": year, "last": last} for (series, year), last in self.drawn.items()]
        session.insert(events, self.new_events)
        session.insert(commands, self.new_commands)
        session.insert(numbers, drawn, upsert=True)
        for name, rows in self.changed.items():
            saved = [columns_of(kept) for kept in rows.values() if kept.row is not None]
            session.insert(self.folding.table(name), saved, upsert=True)
        self._delete_rows(session)
        self._write_keys(session)
        self._write_clocks(session)

    def _delete_rows(self, session: Session) -> None:
        for name, rows in self.changed.items():
            gone = [kept.id for kept in rows.values() if kept.row is None]
            if gone:
                session.run(f"DELETE FROM {self.folding.table(name).name} WHERE {session.among('id', 'keys')}", keys=gone)

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
