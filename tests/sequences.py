"""Any sequence of wishes, legal and illegal, against one aggregate: what must hold whatever comes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.strategies import SearchStrategy, builds, fixed_dictionaries, integers, just, sampled_from

from shared.decider import Actor, Decider
from shared.errors import Refused
from shared.facts import encode
from shared.service import Service
from shared.testing import NOON, given_at

PACE = settings(max_examples=40, stateful_step_count=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
Check = Callable[[Sequence[Any], Any], None]


def any_sequence(
    service: Service,
    decider: Decider[Any],
    *,
    wishes: SearchStrategy[Any],
    actors: SearchStrategy[Actor],
    known: dict[str, SearchStrategy[Any]],
    check: Check,
    starts: Sequence[tuple[Any, ...]] = ((),),
    days: int = 20,
) -> type[Any]:
    """A test class: wishes come in any order from any actor, with any answer to a look-up, up to `days` days apart.

    Each sequence goes on from one of the pasts `starts`, so that the late states are seen as often as the early ones.
    A refusal changes nothing; facts are of this aggregate, are decided the same twice, and a replay from their stored text
    gives the same state. `check(facts, state)` holds after every wish.
    """

    class AnySequence(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.state, self.now, self.sent = decider.initial, NOON, 0
            self.facts: list[Any] = []
            self.seen = -1
            self.stored: list[tuple[str, str]] = []

        @initialize(past=sampled_from(starts))
        def begin(self, past: tuple[Any, ...]) -> None:
            for fact in past:
                self.take(fact)

        def take(self, fact: Any) -> None:
            assert type(fact) in decider.facts
            self.state = decider.evolve(self.state, fact)
            self.facts.append(fact)
            self.stored.append((service.types.names[type(fact)], encode(fact)))

        @rule(wish=wishes, actor=actors, answers=fixed_dictionaries(known), later=integers(0, days))
        def send(self, wish: Any, actor: Actor, answers: dict[str, Any], later: int) -> None:
            self.now, self.sent = self.now + timedelta(days=later), self.sent + 1
            sent = self.sent
            ids = lambda n: uuid.uuid5(uuid.NAMESPACE_OID, f"{sent}/{n}")  # noqa: E731
            given = replace(given_at(self.now, actor=actor, **answers), new_id=ids)
            try:
                made = list(decider.decide(self.state, wish, given))
            except Refused:
                return
            assert made == list(decider.decide(self.state, wish, given))
            for fact in made:
                self.take(fact)
                deadlines = decider.timers(self.state, fact, given) if decider.timers else ()
                assert all(type(one.command) in decider.commands for one in deadlines if hasattr(one, "command"))

        @invariant()
        def all_holds(self) -> None:
            """Looked at again only where a wish has made facts: a refusal left everything as it was."""
            if self.seen == len(self.facts):
                return
            self.seen = len(self.facts)
            assert decider.fold(service.types.decode(name, data) for name, data in self.stored) == self.state
            assert all(wait.what in decider.commands for wait in decider.waiting(self.state))
            check(self.facts, self.state)

    AnySequence.TestCase.settings = PACE
    return AnySequence.TestCase


def told(facts: Sequence[Any], *classes: type) -> list[Any]:
    """The facts of these classes, in order."""
    return [fact for fact in facts if isinstance(fact, classes)]


TEXTS = ("Nama yang lebih tepat", "NAMA YANG LEBIH TEPAT", "Uraian dalam\nbeberapa baris.", "99/2025", "32.04", "ab")


def corrections(command: type, fields: type[StrEnum]) -> SearchStrategy[Any]:
    """Corrections of any of these texts, with words that its rule takes, with some that it does not, and with some twice."""
    return builds(command, field=sampled_from(fields), value=sampled_from(TEXTS), reason=just("Salah ketik."))


def corrected_rightly(facts: Sequence[Any], fields: type[StrEnum], *holders: Any) -> None:
    """No correction says what stood there, and all that hold such a text, state and register line, hold the same one."""
    for fact in facts:
        assert not isinstance(getattr(fact, "field", None), fields) or fact.old != fact.new
    for field in fields:
        assert len({getattr(one, field) for one in holders}) == 1, field
