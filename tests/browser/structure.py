"""What a page is built of, apart from what it says: an element of one kind in one place is accessible on every page, or on none.

A kind is an element with its classes, the names of its other attributes, whether it is empty or labelled, and how long its
longest word is; its place are the kinds of all elements around it. What is missing is told too, for a page that lacks
something must not pass for a part of another. Ids are checked on every page: `broken_ids`.
"""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
TOLD = frozenset(("class", "type", "role", "scope", "lang", "dir", "media", "tabindex", "autocomplete", "aria-current"))
"""Attributes whose value says what an element is; of others it counts that they are there and not empty."""
SENT = {"id", "name", "for", "href", "action", "method", "value", "checked", "selected"}
ASKED = {"required", "maxlength", "minlength", "pattern", "step", "min", "max", "rows", "datetime"}
DRAWN = {"d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "points", "viewbox", "transform"}
UNTOLD = SENT | ASKED | DRAWN
"""Attributes that neither help nor hinder anybody who reads or listens, or whose sense `broken_ids` checks."""
REFERS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-errormessage")
FIELDS = frozenset(("input", "select", "textarea"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
STEP = 12  # letters by which a longest word counts as another length


class Structure(HTMLParser):
    """`parts` are the kinds of elements in their places, `links` where the page leads, `loaded` what it lets a browser load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: set[tuple[str, ...]] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self._ids: Counter[str] = Counter()
        self._referred: set[str] = set()
        self._around: list[tuple[str, str]] = []
        self._fields: list[tuple[str, str]] = []
        self._heading, self._empty = "", False
        self.feed(html)
        self.close()
        self.parts.add((self._heading, "before the end"))
        self.parts.update((field, f"labelled {id in self._referred}") for id, field in self._fields)

    @property
    def broken_ids(self) -> list[str]:
        """Ids that two elements share, and those that something refers to and no element has."""
        return sorted({id for id, count in self._ids.items() if count > 1} | (self._referred - set(self._ids)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._note(tag, given)
        named = ((name, value) for name, value in given.items() if name not in UNTOLD)
        told = (f"{name}={value}" if name in TOLD else f"{name} {bool(value)}" for name, value in named)
        element = " ".join((tag, *sorted(told)))
        self.parts.add((*self._place, element))
        if tag in HEADINGS:
            self.parts.add((self._heading, "before", tag))
            self._heading = tag
        if tag in FIELDS and not any(one == "label" for one, _ in self._around):
            self._fields.append((given.get("id", ""), element))
        self._empty = tag not in VOID
        if self._empty:
            self._around.append((tag, element))

    def handle_endtag(self, tag: str) -> None:
        if self._empty:
            self.parts.add((*self._place, "empty"))
        self._empty = False
        while any(tag == one for one, _ in self._around):
            if self._around.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        longest = max(map(len, data.split()), default=0)
        if longest:
            self._empty = False
            self.parts.add((*self._place, f"words up to {longest // STEP}"))

    @property
    def _place(self) -> tuple[str, ...]:
        return tuple(element for _, element in self._around)

    def _note(self, tag: str, given: dict[str, str]) -> None:
        """Ids, references to them, and addresses."""
        if "id" in given:
            self._ids[given["id"]] += 1
        self._referred.update(id for name in REFERS for id in given.get(name, "").split())
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        elif address := given.get("src") or (tag == "link" and given.get("href")):
            self.loaded.append(address)
