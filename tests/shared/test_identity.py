"""Accounts, roles and bearer tokens."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from shared.identity.accounts import (
    AccountExists,
    Accounts,
    UnknownAccount,
    by_machine_token,
    machine_token,
)
from shared.identity.roles import DEMO_ACCOUNTS
from shared.store.session import Database, open_database

SECRET = "s" * 40


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path}/identity.db")
    yield opened
    opened.close()


@pytest.fixture
def accounts(database: Database) -> Accounts:
    made = Accounts(database)
    made.migrate()
    return made


def test_a_token_tells_who_holds_it(accounts: Accounts) -> None:
    bappeda = UUID(int=7)
    account = accounts.add("bappeda", "member", bappeda)
    actor = accounts.by_token(accounts.token("bappeda"))
    assert actor is not None
    assert (actor.account, actor.roles, actor.organisation) == (account.id, {"member"}, bappeda)


def test_an_account_id_says_nothing(accounts: Accounts) -> None:
    assert "bappeda" not in accounts.add("bappeda", "member").id


def test_a_token_is_kept_as_a_hash_only(accounts: Accounts, database: Database) -> None:
    accounts.add("ketua", "chair")
    token = accounts.token("ketua")
    with database.reading() as session:
        kept = str(session.rows("SELECT * FROM tokens")) + str(session.rows("SELECT * FROM accounts"))
    assert token.startswith("pkp_")
    assert len(token) >= 40
    assert token.removeprefix("pkp_") not in kept


@pytest.mark.parametrize("token", ["", "pkp_", "pkp_unknown", "pkp_é", "Bearer", "pkp_machine.forum.00", "\x00"])
def test_nobody_holds_an_unknown_token(accounts: Accounts, token: str) -> None:
    assert accounts.by_token(token) is None
    assert by_machine_token([SECRET], token) is None


def test_a_disabled_account_has_no_access(accounts: Accounts) -> None:
    accounts.add("mitra", "partner")
    token = accounts.token("mitra")
    accounts.disable("mitra")
    assert accounts.by_token(token) is None
    with pytest.raises(UnknownAccount):
        accounts.token("mitra")
    assert [account.disabled for account in accounts.list()] == [True]


def test_a_role_can_change(accounts: Accounts) -> None:
    accounts.add("bappeda", "member")
    token = accounts.token("bappeda")
    accounts.role("bappeda", "chair")
    accounts.assign("bappeda", UUID(int=9))
    actor = accounts.by_token(token)
    assert actor is not None
    assert (actor.roles, actor.organisation) == ({"chair"}, UUID(int=9))


def test_names_and_roles_are_checked(accounts: Accounts) -> None:
    accounts.add("ketua", "chair")
    with pytest.raises(AccountExists):
        accounts.add("ketua", "member")
    for name, role in (("Ketua Pokja", "chair"), ("k", "chair"), ("ketua2", "governor")):
        with pytest.raises(ValueError):
            accounts.add(name, role)
    with pytest.raises(UnknownAccount):
        accounts.token("nobody")
    with pytest.raises(UnknownAccount):
        accounts.role("nobody", "chair")


def test_a_demo_has_one_account_per_role_and_no_access_outside_it(database: Database) -> None:
    demo = Accounts(database, demo=True)
    demo.migrate()
    demo.migrate()
    assert {account.name: account.role for account in demo.list()} == DEMO_ACCOUNTS
    token = demo.token("ketua")
    assert demo.by_token(token) is not None
    assert Accounts(database).by_token(token) is None


def test_no_account_is_made_outside_a_demo(accounts: Accounts) -> None:
    assert accounts.list() == []


def test_two_that_add_one_name_at_once_make_one_account(accounts: Accounts) -> None:
    told: list[str] = []

    def add() -> None:
        try:
            told.append(accounts.add("ketua", "chair").id)
        except AccountExists:
            told.append("exists")

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told).count("exists") == 7


def test_a_sibling_is_known_by_a_token_that_nobody_keeps() -> None:
    actor = by_machine_token([SECRET], machine_token(SECRET, "forum"))
    assert actor is not None
    assert (actor.account, actor.roles) == ("machine:forum", {"machine"})
    assert by_machine_token(["t" * 40], machine_token(SECRET, "forum")) is None
    assert by_machine_token([SECRET], machine_token(SECRET, "forum").replace("forum", "mediation")) is None
