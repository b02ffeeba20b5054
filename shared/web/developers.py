"""For developers: the facts, commands and contracts of a service, with lines to copy into a terminal."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response

from shared.facts import LEAVING, info, sentence
from shared.web.access import who
from shared.web.drawing import page, words_of
from shared.web.site import Site
from shared.web.texts import Texts


@dataclass(frozen=True)
class FactTold:
    """A fact of the catalogue."""

    name: str
    type: str
    visibility: str
    leaves: bool
    meaning: str
    label: str


@dataclass(frozen=True)
class CommandTold:
    """A command of the catalogue."""

    name: str
    address: str
    who: str
    meaning: str
    label: str


def developers(site: Site, blueprint: Blueprint) -> None:
    """The route `/pengembang`."""

    @blueprint.get("/pengembang")
    def catalogue() -> Response:
        texts, service, origin = words_of(site), site.service, site.settings.public_url
        facts = [_told(cls, type, texts) for cls, type in service.types.names.items()]
        commands = [
            CommandTold(
                row.command.__name__,
                f"POST {site.api(aggregate.path)}" + ("" if row.creates else f"/{{id}}/{row.path}"),
                ", ".join(sorted({*map(str, row.roles), *row.relations})),
                sentence(row.command),
                texts.label("command", row.command.__name__),
            )
            for aggregate, row in service.sent
        ]
        lists = next(iter(site.listings))[0]
        topics = [f"{site.settings.province}.{service.name}.{kind}.v1" for kind in ("public", "interagency")]
        listens = [(one.source, [cls.__name__ for cls in one.facts]) for one in service.listens]
        more = {"origin": origin, "topics": topics, "listens": listens, "api": site.api(lists)}
        return page(site, "pages/developers", who(site), facts=facts, commands=commands, more=more)


def _told(cls: type, type_name: str, texts: Texts) -> FactTold:
    seen = info(cls).visibility
    return FactTold(cls.__name__, type_name, seen, seen in LEAVING, sentence(cls), texts.find("fact", cls.__name__) or "")
