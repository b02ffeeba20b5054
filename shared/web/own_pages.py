"""What a service says of its pages beyond the generic ones: its `PAGES` in `pages.py`."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from shared.identity.roles import Role
from shared.service import Service
from shared.web.texts import package_of

Naming = Callable[[Any, UUID], str | None]
"""`naming(registers, id) -> name`: the name by which people know an id, None when it is not one of these."""
Options = Sequence[tuple[str, str]]
Choice = Callable[[Any, str | None], Options]
"""`choice(registers, id) -> [(value, label)]`: what a field may hold, for a command on the aggregate `id` (None: a new one)."""


@dataclass(frozen=True)
class Figure:
    """One number of the front page, with what it counts and where its list is."""

    number: int
    label: str
    href: str


@dataclass(frozen=True)
class ByHand:
    """The hand-made form of one command: its template, which extends the generic one, and what it needs besides.

    `also(registers, id, data)` gives more values for the template, worked out from what is entered so far (JSON data);
    `begins(registers, id)` is what a fresh form holds besides the defaults.
    """

    template: str
    also: Callable[[Any, UUID | None, Mapping[str, Any]], Mapping[str, Any]] = lambda registers, id, data: {}
    begins: Callable[[Any, UUID | None], Mapping[str, Any]] = lambda registers, id: {}


@dataclass(frozen=True)
class Pages:
    """What differs from the generic pages.

    `choices` offers values for fields that hold an id, by `field` or `Command.field`; `names` finds the names of ids.
    `by_hand` maps commands to hand-made forms, `thanks` to what the sender is told who may not see the thing (label: text).
    `figures(registers)` are the
    numbers for the front page, `story(registers)` the (aggregate, id) that a demo follows, without the facts of `echoes`, which
    only repeat for the public what another has said. `extend(site, blueprint)` adds pages.
    """

    choices: Mapping[str, Choice] = field(default_factory=dict)
    names: Sequence[Naming] = ()
    by_hand: Mapping[type, ByHand] = field(default_factory=dict)
    thanks: Mapping[type, Callable[[Any, UUID], Mapping[str, str]]] = field(default_factory=dict)
    figures: Callable[[Any], Sequence[Figure]] = lambda registers: ()
    story: Callable[[Any], Sequence[tuple[str, UUID]]] = lambda registers: ()
    echoes: frozenset[type] = frozenset()
    extend: Callable[[Any, Any], None] = lambda site, blueprint: None


def holders(*roles: Role) -> Choice:
    """The accounts that hold one of these roles, by the names under which their holders sign in."""

    def choice(registers: Any, id: str | None) -> Options:
        return [(one.id, one.name) for one in registers.site.accounts.holding(roles)]

    return choice


def own_pages(service: Service) -> Pages:
    """The pages that a service declares; none when it has no `pages.py`."""
    return _declared(package_of(service))


@cache
def _declared(package: str) -> Pages:
    try:
        declared: Pages = importlib.import_module(f"{package}.pages").PAGES
    except ModuleNotFoundError as error:
        if error.name == f"{package}.pages":
            return Pages()
        raise
    return declared
