"""Logs: one JSON object per line on stdout, with what a request belongs to and without anything that points at a person."""

from __future__ import annotations

import logging
import re
import sys
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
FIRST = ("time", "level", "process", "event", "method", "route", "status", "ms", "service")


def clean(text: str) -> str:
    """The text without what must not be logged."""
    for pattern, instead in TAKEN_OUT:
        text = pattern.sub(instead, text)
    return text


def redact(logger: Any, method: str, event: EventDict) -> EventDict:
    """A processor that hides sensitive fields and cleans every text, however deep; what all lines have comes first."""
    order = [*(name for name in FIRST if name in event), *(name for name in event if name not in FIRST)]
    return {name: HIDDEN if SENSITIVE.search(name) else _redacted(event[name]) for name in order}


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: HIDDEN if SENSITIVE.search(str(key)) else _redacted(held) for key, held in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted(held) for held in value]
    return value if isinstance(value, int | float | bool) or value is None else clean(str(value))


def configure(settings: Settings, process: str, stream: TextIO | None = None) -> None:
    """Send this process's logs, and those of the libraries in it, to stdout or `stream`; `process` names it in each line."""

    def add_process(logger: Any, method: str, event: EventDict) -> EventDict:
        event.setdefault("process", process)
        return event

    before: list[Processor] = [
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        add_process,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *before, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    shape = [ProcessorFormatter.remove_processors_meta, redact, _renderer(settings.log_format)]
    handler.setFormatter(ProcessorFormatter(foreign_pre_chain=before, processors=shape))
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
