"""The page of a register: filtered, searched, sorted, a page at a time, as it stood on a day, and as CSV."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any
from urllib.parse import urlencode

from flask import Response, get_template_attribute, request
from markupsafe import Markup

from shared.decider import Actor
from shared.registers.browsing import Found, Wanted, browse
from shared.registers.register import Register
from shared.registers.table import Kept
from shared.service import Aggregate
from shared.web.body import query
from shared.web.drawing import page, private, words_of
from shared.web.form_pages import address
from shared.web.listing import as_of_day, chosen, filters, limit_of
from shared.web.problems import Problem
from shared.web.rights import legal
from shared.web.sight import reading, sight, told
from shared.web.site import Site
from shared.web.texts import NONE, STATES, Texts

MOST_CSV = 50_000
OWN = {"cari", "urut", "halaman", "baris", "per", "bentuk"}
LONG = 24  # characters from which a cell needs room
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a spreadsheet knows a formula


def register_page(site: Site, path: str, register: Register[Any], aggregate: Aggregate | None) -> Any:
    """The view of a register's page."""

    def view() -> Response:
        actor = reading(site, register)
        given = query(request, OWN | set(filters(register)))
        given = {name: value for name, value in given.items() if value != ""}
        day = as_of_day(site, register, given.get("per"))
        if given.get("bentuk") == "csv":
            return _csv(site, path, register, given, day)
        wanted = _wanted(register, given, limit_of(given.get("baris"), "baris"))
        found = _found(site, register, wanted, day)
        return _drawn(site, path, register, aggregate, actor, given, wanted, found, day)

    return view


def _wanted(register: Register[Any], given: Mapping[str, str], size: int) -> Wanted:
    """What the address asks for; raises Problem 400 for what cannot be asked."""
    number, order = given.get("halaman", "1"), given.get("urut", "")
    if not (number.isascii() and number.isdigit() and 0 < len(number) < 7 and int(number) > 0):
        raise _malformed("halaman")
    if order.removeprefix("-") not in {"", *filters(register)}:
        raise _malformed("urut")
    if given.get("bentuk", "csv") != "csv":
        raise _malformed("bentuk")
    return Wanted(chosen(register, dict(given)), given.get("cari", "")[:100], order, int(number), size)


def _malformed(name: str) -> Problem:
    return Problem(400, "parameter-malformed", errors=[{"parameter": name, "slug": "parameter-malformed"}])


def _found(site: Site, register: Register[Any], wanted: Wanted, day: date | None) -> Found:
    """The rows that this caller may see today, as they are or as they stood."""
    look = sight(site, register)
    if day is None:
        found = browse(site.runtime.store.db, register, wanted, look)
    else:
        with site.past.at(register, site.past.position(day)) as database:
            found = browse(database, register, wanted, look)
    told(site, register, [one.id for one in found.items])
    return found


def columns_of(register: Register[Any]) -> tuple[str, ...]:
    """The columns of a register's page."""
    return register.shown or tuple(field.name for field in dataclasses.fields(register.row))[:6]


@dataclasses.dataclass(frozen=True)
class Filter:
    """One column that may be filtered by a choice: its name, label, and (value, label) of each choice."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]


def choices_of(register: Register[Any], texts: Texts) -> list[Filter]:
    """The columns with few possible values."""
    found = []
    for name, kind in filters(register).items():
        options: tuple[tuple[str, str], ...] = ()
        if issubclass(kind, StrEnum):
            options = tuple((one.value, texts.label("value", f"{kind.__name__}.{one.value}")) for one in kind)
        elif kind is bool:
            options = (("true", texts.shown(True)), ("false", texts.shown(False)))
        if options:
            found.append(Filter(name, texts.label("field", f"{register.name}.{name}"), options))
    return found


def _link(start: str, given: Mapping[str, str], **more: str | int | None) -> str:
    """The address with some parameters changed; None removes one."""
    asked = {name: value for name, value in {**given, **more}.items() if value is not None}
    return f"{start}?{urlencode(asked)}" if asked else start


def _drawn(
    site: Site,
    path: str,
    register: Register[Any],
    aggregate: Aggregate | None,
    actor: Actor | None,
    given: Mapping[str, str],
    wanted: Wanted,
    found: Found,
    day: date | None,
) -> Response:
    texts, start, sortable = words_of(site), f"/{site.service.name}/{path}/", filters(register)
    columns = [(name, texts.label("field", f"{register.name}.{name}")) for name in columns_of(register)]
    drawn = get_template_attribute("parts/marks.html", "cell")
    said = lru_cache(maxsize=None, typed=True)(partial(_said, texts, drawn, dict(columns)))  # most rows say the same few words
    return page(
        site,
        "pages/register",
        actor,
        title=texts.label("register", register.name),
        start=start,
        link=partial(_link, start, given),
        given=given,
        wanted=wanted,
        found=found,
        pages=max(1, -(-found.total // wanted.size)),
        first=(wanted.page - 1) * wanted.size + 1,
        filtered=bool(wanted.equal or wanted.text),
        day=day,
        today=site.runtime.clock.today(),
        columns=[(name, label, name in sortable) for name, label in columns],
        choices=choices_of(register, texts),
        rows=[_line(said, kept, columns, f"{start}{kept.id}") for kept in found.items],
        creating=_creating(site, aggregate),
        creators=_creators(aggregate, texts),
        register=register,
        aggregate=aggregate,
    )


Said = tuple[str, Markup]
"""What a column says of a row, and the cell that shows it."""


def _line(said: Callable[[str, Any], Said], kept: Kept, columns: Sequence[tuple[str, str]], href: str) -> tuple[str, str, Markup]:
    """One row: the words of its link, where that leads, and its other cells."""
    found = [said(name, getattr(kept.row, name)) for name, _ in columns]
    head = next((shown for shown, _ in found if shown != NONE), NONE)
    return head, href, Markup("".join(cell for _, cell in found[1:]))


def _said(texts: Texts, drawn: Callable[[str, str, str], Markup], labels: Mapping[str, str], name: str, value: Any) -> Said:
    shown = texts.field(name, value)
    return shown, drawn(labels[name], shown, _look(name, value, shown))


def _look(name: str, value: Any, shown: str) -> str:
    """How a cell is set; columns that tell a state stand out."""
    if isinstance(value, int):
        return "" if isinstance(value, bool) else "num"
    if isinstance(value, date):
        return "date"
    if name in STATES and shown != NONE:
        return "status"
    return "text" if isinstance(value, str) and len(shown) > LONG else ""


def _creating(site: Site, aggregate: Aggregate | None) -> list[dict[str, str]]:
    """Label and form of the commands with which this caller may start something here."""
    if aggregate is None:
        return []
    texts = words_of(site)
    return [
        {"label": texts.label("command", row.command.__name__), "href": address(site, aggregate, row, None)}
        for row in legal(site, aggregate, None)
    ]


def _creators(aggregate: Aggregate | None, texts: Texts) -> list[str]:
    """The labels of the commands that would fill an empty register."""
    rows = aggregate.commands if aggregate else ()
    return [texts.label("command", row.command.__name__) for row in rows if row.creates]


# --- CSV ----------------------------------------------------------------------------------------------------------


def _csv(site: Site, path: str, register: Register[Any], given: Mapping[str, str], day: date | None) -> Response:
    """Every row that matches, all columns, as RFC 4180; the mark at its start lets spreadsheets read it as UTF-8."""
    wanted = dataclasses.replace(_wanted(register, given, MOST_CSV), page=1)
    found = _found(site, register, wanted, day)
    texts, names = words_of(site), [field.name for field in dataclasses.fields(register.row)]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", *(texts.label("field", f"{register.name}.{name}") for name in names)])
    for kept in found.items:
        writer.writerow([kept.id, *(cell(texts, getattr(kept.row, name)) for name in names)])
    response = private(Response("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8"))
    when = (day or site.runtime.clock.today()).isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="{site.service.name}-{path}-{when}.csv"'
    return response


def cell(texts: Texts, value: Any) -> str | int:
    """A value for a spreadsheet: numbers and dates as such, and no text that it would take for a formula."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    shown = "" if value in (None, "", ()) else texts.shown(value)
    return f"'{shown}" if shown.startswith(FORMULA) else shown
