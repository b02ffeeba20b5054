"""Given, when, then for deciders, registers and reactions: tests that read as sentences."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.decider import Actor, Decider, Given
from shared.errors import Refused
from shared.registers.register import About, Register

NOON = datetime(2025, 6, 10, 5, 0, tzinfo=UTC)  # noon in Asia/Jakarta
SOME_ID = UUID("00000000-0000-4000-8000-00000000a001")


class MondayToFriday:
    """Working days without holidays, for tests that are not about the calendar."""

    def after(self, day: date, working_days: int) -> date:
        """The date that many weekdays after `day`."""
        while working_days:
            day += timedelta(days=1)
            working_days -= day.weekday() < 5
        return day

    def between(self, start: date, end: date) -> int:
        """The weekdays after `start` up to and including `end`."""
        return sum((start + timedelta(days=n)).weekday() < 5 for n in range(1, (end - start).days + 1))


def given_at(now: datetime = NOON, *, actor: Actor | None = None, **known: Any) -> Given:
    """What a decision may know, at `now`, with the look-ups in `known`; ids are uuid5 of their number."""
    return Given(
        now=now,
        today=(now + timedelta(hours=7)).date(),
        province="32",
        actor=actor or Actor("tester", frozenset({"secretariat"})),
        new_id=lambda n: uuid.uuid5(uuid.NAMESPACE_OID, str(n)),
        workdays=MondayToFriday(),
        known=known,
    )


@dataclass(frozen=True)
class Story:
    """One aggregate's story: `Story(member).given(joined()).when(admit()).then(MemberJoined(...))`."""

    decider: Decider[Any]
    past: tuple[Any, ...] = ()
    command: Any = None
    knows: Given = field(default_factory=given_at)

    def given(self, *facts: Any) -> Story:
        """These facts have happened, in this order."""
        return replace(self, past=(*self.past, *facts))

    def knowing(self, now: datetime = NOON, *, actor: Actor | None = None, **known: Any) -> Story:
        """The decision knows this."""
        return replace(self, knows=given_at(now, actor=actor, **known))

    def when(self, command: Any) -> Story:
        """Somebody wishes this."""
        return replace(self, command=command)

    @property
    def state(self) -> Any:
        """The state after the past."""
        return self.decider.fold(self.past)

    @property
    def outcome(self) -> list[Any]:
        """The facts that the command makes; raises what the decider raises."""
        return list(self.decider.decide(self.state, self.command, self.knows))

    def then(self, *facts: Any) -> None:
        """Exactly these facts follow, and the state takes them."""
        outcome = self.outcome
        assert outcome == list(facts), f"\nexpected {list(facts)}\ngot      {outcome}"
        self.decider.fold(outcome, self.state)

    def then_nothing(self) -> None:
        """The wish is already true: no fact follows."""
        assert self.outcome == []

    def refused(self, slug: str, status: int | None = None) -> None:
        """The command is refused for this reason."""
        refusal = self._refusal()
        assert refusal.slug == slug, f"refused as {refusal.slug}, not {slug}"
        assert status is None or refusal.status == status, f"refused with {refusal.status}, not {status}"

    def _refusal(self) -> Refused:
        try:
            outcome = self.outcome
        except Refused as refusal:
            return refusal
        raise AssertionError(f"not refused; facts: {outcome}")


def folded(register: Register[Any], facts: Sequence[Any], id: UUID = SOME_ID, decider: str = "thing") -> Mapping[str, Any]:
    """The rows of a register after facts of one aggregate, by key."""
    rows: dict[str, Any] = {}
    for version, one in enumerate(facts, 1):
        fold = register.folds.get(type(one))
        for key in register.touched(one, id) if fold else ():
            about = About(key, id, f"32/{decider}/{id}", version, version, NOON)
            row = fold(rows.get(key), one, about) if fold else None
            if row is None:
                rows.pop(key, None)
            else:
                rows[key] = row
    return rows
