"""A register: one table, what each fact does to a row of it, and nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from shared import rules
from shared.facts import PUBLIC, info

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class About:
    """What a fold may know of the fact besides its fields. `key` is the row's id, `id` the aggregate's."""

    key: str
    id: UUID
    stream: str
    version: int
    position: int
    recorded_at: datetime


Fold = Callable[[R | None, Any, About], R | None]


@dataclass(frozen=True)
class Register(Generic[R]):
    """One read model, folded from one source: the service's own facts, or those of one sibling.

    `row` is a frozen dataclass; its fields become columns beside `id` (the key), `version` and `position` (of the last
    fact that touched the row). `folds` maps a fact class to `fold(row or None, fact, about) -> row or None`; None deletes.
    `keys` maps a fact class to `keys(fact, aggregate_id) -> row keys` where a fact touches other rows than the one named
    after its aggregate; such keys must begin with the aggregate's id, so that facts of one stream touch rows of that stream only.
    `shown` names the columns of the register page, `searched` those that a search looks at. A `public` register may be
    read by anyone, so it folds public facts only: anything else raises TypeError.
    """

    name: str
    row: type[R]
    folds: Mapping[type, Fold[R]]
    source: str = "own"
    keys: Mapping[type, Callable[[Any, UUID], Sequence[str]]] = dataclasses.field(default_factory=dict)
    shown: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()
    public: bool = False

    def __post_init__(self) -> None:
        told = [fact.__name__ for fact in self.folds if self.public and info(fact).visibility != PUBLIC]
        if told:
            raise TypeError(f"the public register {self.name} folds facts that are not public: {', '.join(told)}")

    def touched(self, fact: Any, id: UUID) -> Sequence[str]:
        """The keys of the rows that a fact of aggregate `id` touches."""
        keys = self.keys.get(type(fact))
        return keys(fact, id) if keys else (str(id),)


def corrected(row: Any, fact: Any, about: About) -> Any:
    """The fold of every correction: the line holds the new text, where it holds that text at all."""
    return row and rules.corrected(row, fact)
