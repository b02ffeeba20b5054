"""The service of disputes at work, with people who are something to it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from werkzeug.test import TestResponse

from shared.app import build
from shared.settings import load
from shared.web.site import Site
from tests.migrated import migrate
from tests.policy.dispute.domain.dispute import DisputeListed, DisputeOpened, MediatorChosen, Party, SecretTold
from tests.policy.dispute.service import News, service
from tests.policy.house import MASTER, NAMES, told

ONE, OTHER, THIRD = UUID(int=11), UUID(int=12), UUID(int=13)  # organisations
FIRST = UUID(int=0xD1)
PATH = "/dispute/api/v1/disputes"


@dataclass
class Disputes:
    """The application, its people, and its first dispute, between ONE and OTHER, led by the account `penengah`."""

    app: Flask
    ids: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    first: UUID = FIRST

    @property
    def site(self) -> Site:
        found: Site = self.app.extensions["pkp"]
        return found

    def join(self, name: str, role: str, organisation: UUID | None = None) -> None:
        """A new account."""
        self.ids[name] = self.site.accounts.add(name, role, organisation).id

    def headers(self, name: str | None) -> dict[str, str]:
        if name is None:
            return {}
        if name not in self.tokens:
            self.tokens[name] = self.site.accounts.token(NAMES.get(name, name))
        return {"Authorization": f"Bearer {self.tokens[name]}"}

    def get(self, name: str | None, path: str = "", **headers: str) -> TestResponse:
        """A page or an answer; a path that begins with a slash is whole, any other is below the list of disputes."""
        whole = path if path.startswith("/") else PATH + ("" if path[:1] in {"", "?"} else "/") + path
        return self.app.test_client().get(whole, headers={**self.headers(name), **headers})

    def send(self, name: str | None, path: str, body: Any, key: str = "") -> TestResponse:
        given = {"Idempotency-Key": key or str(uuid.uuid4()), **self.headers(name)}
        return self.app.test_client().post(f"{PATH}/{path}", json=body, headers=given)

    def titles(self, name: str | None, path: str = "") -> list[str]:
        """The titles that somebody finds in the list."""
        answer = self.get(name, path)
        assert answer.status_code == 200, answer.text
        return [one["title"] for one in answer.get_json()["items"]]

    def open(self, number: int, title: str, *organisations: UUID, mediator: str = "penengah") -> UUID:
        """One more dispute between organisations."""
        id = UUID(int=number)
        parties = tuple(Party(party_id=UUID(int=one.int + 100), organisation_id=one) for one in organisations)
        facts = [
            DisputeOpened(dispute_id=id, title=title, parties=parties),
            DisputeListed(dispute_id=id, stage="open"),
            MediatorChosen(dispute_id=id, account=self.ids[mediator]),
            *(SecretTold(dispute_id=id, party_id=one.party_id, what=f"rahasia {one.party_id.int}") for one in parties),
        ]
        told(self.site.runtime, service.aggregates[0], id, *facts)
        return id

    def trail(self) -> list[tuple[Any, ...]]:
        """(outcome, what, ids, reason, account, roles) of the audit trail, oldest first."""
        with self.site.runtime.store.db.reading() as session:
            return session.rows("SELECT outcome, what, ids, reason, account, roles FROM audit_trail ORDER BY at, id")

    def close(self) -> None:
        self.site.close()


def open_disputes(folder: Path) -> Disputes:
    """A fresh one; nothing is known of suspensions, hosts and offices."""
    News.suspended, News.host, News.offices = frozenset(), None, {}
    app = build(service, load({"PKP_DATA_DIR": str(folder), "PKP_DEMO": "1", "PKP_MASTER_KEY": MASTER}))
    found = Disputes(app)
    migrate(found.site.runtime.store)
    found.site.runtime.keys.migrate()
    found.site.accounts.migrate()
    for name, role, organisation in (
        ("penengah", "mediator", None),
        ("orang-satu", "member", ONE),
        ("orang-dua", "party", OTHER),
        ("orang-tiga", "member", THIRD),
        ("petugas", "secretariat", ONE),
        ("pemimpin", "chair", ONE),
        ("pengarah-satu", "steering", THIRD),
    ):
        found.join(name, role, organisation)
    found.first = found.open(0xD1, "Batas tanah", ONE, OTHER)
    return found
