"""Logs: one JSON object per line on stdout, with what a request belongs to and without anything that points at a person."""

from __future__ import annotations

import logging
import re
import sys
from contextlib import suppress
from functools import lru_cache
from typing import Any, TextIO

import structlog
from structlog.contextvars import merge_contextvars
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor

from shared.settings import Settings

HIDDEN = "***"
# Names of fields whose values never reach a log, wherever they stand.
SENSITIVE = re.compile(
    r"token|secret|password|authorization|cookie|master_key|spokesperson|contact|email|phone|nik$", re.IGNORECASE
)
# What is taken out of any text: bearer tokens, passwords in URLs, query strings, values that drivers quote in their errors,
# mail addresses, national identity numbers (16 digits), Indonesian mobile numbers.
TAKEN_OUT = (
    (re.compile(r"\bpkp_(?:[\w-]{40,}|machine\.[\w.-]+)"), HIDDEN),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), HIDDEN),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"://[^/\s@]+@"), f"://{HIDDEN}@"),
    (re.compile(r"((?:https?://|/)[^\s?\"'<>]*)\?[^\s\"'<>]+"), rf"\1?{HIDDEN}"),
    (re.compile(r"(\[parameters: |DETAIL:|CONTEXT:)[^\n]*"), rf"\1 {HIDDEN}"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), HIDDEN),
    (re.compile(r"(?<![\w.-])\d{16}(?![\w.-])"), HIDDEN),
    (re.compile(r"(?<![\w.-])(?:\+62|62|0)8\d{7,11}(?![\w.-])"), HIDDEN),
)
# Libraries that tell of every request, with its query, or that repeat what is told here.
QUIET = {"httpx": "WARNING", "httpcore": "WARNING", "alembic": "WARNING", "waitress": "WARNING", "waitress.queue": "ERROR"}
MOST_KEPT = 100  # characters of a text of which it is remembered what is left: routes, names and events come again and again
FIRST = ("time", "level", "process", "event", "method", "route", "status", "ms", "service")


def clean(text: str) -> str:
    """The text without what must not be logged."""
    return _clean(text) if len(text) <= MOST_KEPT else _clean.__wrapped__(text)


@lru_cache(maxsize=1024)
def _clean(text: str) -> str:
    for pattern, instead in TAKEN_OUT:
        text = pattern.sub(instead, text)
    return text


@lru_cache(maxsize=1024)
def _is_sensitive(name: str) -> bool:
    return SENSITIVE.search(name) is not None


def redact(logger: Any, method: str, event: EventDict) -> EventDict:
    """A processor that hides sensitive fields and cleans every text, however deep; what all lines have comes first."""
    order = [name for name in FIRST if name in event] + [name for name in event if name not in FIRST]
    return {name: HIDDEN if _is_sensitive(name) else _redacted(event[name]) for name in order}


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: HIDDEN if _is_sensitive(str(key)) else _redacted(held) for key, held in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted(held) for held in value]
    return value if isinstance(value, int | float | bool) or value is None else clean(str(value))


class Lines:
    """Where finished lines go. One that cannot be written is dropped: who reads the log may be gone, and the work goes on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Write a line, or part of one."""
        with suppress(OSError, ValueError):
            self._stream.write(text)

    def flush(self) -> None:
        """Hand on what was written."""
        with suppress(OSError, ValueError):
            self._stream.flush()


def configure(settings: Settings, process: str, stream: TextIO | None = None) -> None:
    """Send this process's logs, and those of the libraries in it, to stdout or `stream`; `process` names it in each line."""

    def add_process(logger: Any, method: str, event: EventDict) -> EventDict:
        event.setdefault("process", process)
        return event

    before: list[Processor] = [
        merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        add_process,
    ]
    after: list[Processor] = [redact, _renderer(settings.log_format)]
    lines = Lines(stream or sys.stdout)
    # Our own lines do not go the way of the libraries': it takes as long as a question to the database.
    structlog.configure(
        processors=[*before, *after],
        logger_factory=structlog.WriteLoggerFactory(lines),  # type: ignore[arg-type]
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
    )
    handler = logging.StreamHandler(lines)
    handler.setFormatter(
        ProcessorFormatter(foreign_pre_chain=before, processors=[ProcessorFormatter.remove_processors_meta, *after])
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)


def _renderer(form: str) -> Processor:
    return structlog.processors.JSONRenderer() if form == "json" else readable


def readable(logger: Any, method: str, event: EventDict) -> str:
    """One line for people: time, process, level unless it is the ordinary one, event, the rest as name=value."""
    at, level = str(event.pop("time", ""))[11:19], event.pop("level", "info")
    exception = event.pop("exception", None)
    words = [at, f"{event.pop('process', ''):6}", *([level.upper()] if level != "info" else []), str(event.pop("event", ""))]
    line = " ".join(words + [f"{name}={value}" for name, value in event.items()])
    return f"{line}\n{exception}" if exception else line
