"""Whether this process was asked to end: whoever waits on somebody's behalf looks here now and then."""

from __future__ import annotations

from collections.abc import Callable

_questions: list[Callable[[], bool]] = []


def ask(question: Callable[[], bool]) -> None:
    """Have `question` say whether this process was asked to end."""
    _questions.append(question)


def ending() -> bool:
    """Whether this process was asked to end."""
    return any(question() for question in _questions)
