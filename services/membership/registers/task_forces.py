"""The task forces of the working group, at work and ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.membership.domain.working_group import TaskForceDefined, TaskForceDissolved
from shared.registers.register import About, Register


@dataclass(frozen=True)
class TaskForceLine:
    """A task force, the member that leads it, and why it ended if it did."""

    name: str
    lead_id: UUID
    mandate: str
    at_work: bool = True
    reason: str = ""


def its_line(fact: TaskForceDefined | TaskForceDissolved, id: UUID) -> Sequence[str]:
    """The key of a task force's line begins with its working group's."""
    return (f"{id}/{fact.task_force_id}",)


def defined(row: TaskForceLine | None, fact: TaskForceDefined, about: About) -> TaskForceLine:
    """It begins its work."""
    return TaskForceLine(fact.name, fact.lead_id, fact.mandate)


def dissolved(row: Any, fact: TaskForceDissolved, about: About) -> TaskForceLine:
    """The line stays, with the reason."""
    return replace(row, at_work=False, reason=fact.reason)


task_forces = Register(
    name="task_forces",
    row=TaskForceLine,
    folds={TaskForceDefined: defined, TaskForceDissolved: dissolved},
    keys={TaskForceDefined: its_line, TaskForceDissolved: its_line},
    shown=("name", "lead_id", "mandate", "at_work"),
    searched=("name",),
    public=True,
)


def task_forces_led_by(registers: Any, member_id: UUID) -> dict[str, str]:
    """The names of the task forces at work that a member leads, by their id."""
    rows = registers.rows(task_forces, lead_id=member_id, at_work=True)
    return {key.rsplit("/", 1)[1]: row.name for key, row in rows}
