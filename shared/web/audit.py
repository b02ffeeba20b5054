"""What a request leaves in the audit trail; an answer that should leave an entry and cannot is not given."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g, request

from shared.decider import Actor
from shared.errors import Hidden, NotAllowed
from shared.identity.audit import READ, REFUSED, Entry, write
from shared.web.site import Site


def read(site: Site, what: str, ids: Sequence[str]) -> None:
    """Confidential rows or facts are about to be told to the caller; told twice in one answer they are one reading."""
    done: set[tuple[str, tuple[str, ...]]] = g.setdefault("audited", set())
    actor, key = g.get("caller"), (what, tuple(ids))
    if actor is not None and key not in done:
        write(site.runtime.store.db, Entry(actor, READ, what, ids, "", _request()))
        done.add(key)


def refused(site: Site, error: NotAllowed | Hidden) -> None:
    """The caller is about to be refused; strangers are told in the log only, for anybody could fill a trail of theirs."""
    actor: Actor | None = g.get("caller") or (Actor(g.session.account) if "session" in g else None)
    if actor is None:
        return
    rule = request.url_rule.rule if request.url_rule else "unmatched"
    ids = [str(value)[:100] for value in (request.view_args or {}).values()]
    write(site.runtime.store.db, Entry(actor, REFUSED, f"{request.method} {rule}", ids, error.slug, _request()))


def _request() -> str:
    given: str = g.get("request_id", "")
    return given
