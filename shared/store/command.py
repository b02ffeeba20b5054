"""A command on its way into the log: what it wants written, its ticket, and what became of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.errors import BrokenRule
from shared.registers.table import Kept
from shared.store.session import Session


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact on its way into the log: encoded, personal fields already ciphertext. `fact` None: decode `data` for the folds."""

    id: str
    type: str
    visibility: str
    data: str
    fact: Any = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A timer that starts (`due` as stored time) or ends (`due` None) with the command's facts, of their stream or of another."""

    name: str
    due: str | None
    command: str = ""
    data: str = ""
    stream: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What one command wants written: facts decided on version `expected` of its stream, and what goes with them.

    `rows` holds the register rows that its facts touch, by register and key, read after the stream was. Only facts of
    this stream touch them, so that they are the rows of version `expected` for as long as the stream has that version
    and no register was rebuilt: the append checks both under the lock and need not read the rows again there. `built`
    counts the rebuilds before they were read; None when none were needed.
    """

    expected: int
    now: datetime
    drafts: Sequence[Draft] = ()
    takes: frozenset[str] = frozenset()
    frees: frozenset[str] = frozenset()
    deadlines: Sequence[Deadline] = ()
    rows: Mapping[str, Mapping[str, Kept]] = field(default_factory=dict)
    built: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did: the version of its stream and the position of the log after it, and the types of its facts."""

    stream: str
    version: int
    position: int
    facts: tuple[str, ...]
    fingerprint: str


class Stale(Exception):
    """The stream has another version than the one that the facts were decided on, or its registers' rows were rebuilt."""

    def __init__(self, current: int) -> None:
        super().__init__(current)
        self.current = current


class Repeated(Exception):
    """The command was accepted before."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.stream)
        self.outcome = outcome


@dataclass(slots=True, eq=False)
class Ticket:
    """One command that waits for its turn. Without `prepared` it is decided under the lock, by `prepare(session)`."""

    command_id: str
    fingerprint: str
    stream: str
    actor: str
    correlation: str
    causation: str | None
    prepare: Callable[[Session], Prepared]
    prepared: Prepared | None = None
    traceparent: str | None = None
    older_ids: tuple[str, ...] = ()  # under which it may have been accepted, too
    result: Outcome | BaseException | None = None
    leads: bool = False  # its thread runs the next transaction
    gate: threading.Lock = field(default_factory=threading.Lock)


def taken(keys: Iterable[str], holders: Mapping[str, str], stream: str) -> BrokenRule | None:
    """The refusal of a command of this stream that takes keys of which another holds one, as `<scope>-taken`."""
    scope = next((key.partition(":")[0] for key in keys if holders.get(key, stream) != stream), None)
    return BrokenRule(f"{scope}-taken") if scope else None
