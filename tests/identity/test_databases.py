"""Sessions, credentials, throttling and the audit trail say the same on both databases."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyotp
import pytest

from shared.identity.accounts import Account, Accounts
from shared.identity.demo_clock import FRESH, DemoClock
from shared.identity.sessions import CODE
from shared.identity.sign_in import SignIn
from shared.identity.throttle import FREE
from shared.store.session import open_database
from tests.identity.conftest import PASSWORD

SECRET = "s" * 40


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def accounts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Accounts]:
    url = f"sqlite:///{tmp_path}/identity.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    made = Accounts(open_database(url))
    made.migrate()
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def way_in(accounts: Accounts) -> SignIn:
    return SignIn(accounts.database, accounts, (SECRET,))


@pytest.fixture
def budi(accounts: Accounts, way_in: SignIn) -> Account:
    account = accounts.add("budi", "member")
    way_in.credentials.set_password(account, PASSWORD)
    return account


def test_a_session_from_sign_in_to_sign_out(accounts: Accounts, way_in: SignIn, budi: Account) -> None:
    assert way_in.by_password("budi", "salah", "10.0.0.1", None).cookie == ""
    cookie = way_in.by_password("budi", PASSWORD, "10.0.0.1", None).cookie
    found = accounts.by_session(cookie)
    assert found
    assert found[0] == budi
    second = way_in.by_password("budi", PASSWORD, "10.0.0.1", cookie).cookie
    assert accounts.by_session(cookie) is None
    way_in.out(second, budi.id, "10.0.0.1")
    assert accounts.by_session(second) is None
    assert [row[1] for row in way_in.latest(budi)] == ["out", "in", "in", "wrong"]


def test_a_code_and_an_invitation(accounts: Accounts, way_in: SignIn, budi: Account) -> None:
    secret = way_in.credentials.begin_app(budi)
    recovery = way_in.credentials.confirm_app(budi, pyotp.TOTP(secret).now())
    assert recovery
    tried = way_in.by_password("budi", PASSWORD, "10.0.0.1", None)
    assert tried.code_wanted
    assert accounts.by_session(tried.cookie) is None
    assert accounts.sessions.find(tried.cookie, CODE)
    assert accounts.by_session(way_in.by_code(tried.cookie, recovery[0], "10.0.0.1").cookie)
    assert way_in.credentials.recovery_left(budi) == 9
    way_in.credentials.remove_app(budi)
    token = way_in.credentials.invite(budi)
    assert accounts.by_session(way_in.by_invitation(token, "baru sama sekali", "10.0.0.1", None).cookie)
    assert way_in.by_invitation(token, "lain sama sekali", "10.0.0.1", None).cookie == ""


def test_two_pages_at_once_begin_an_app_for_an_account_without_a_password(accounts: Accounts, way_in: SignIn) -> None:
    """The account comes from a provider, and has nothing of its own yet."""
    account, abreast = accounts.add("tamu", "member"), threading.Barrier(2)

    def begins() -> str:
        abreast.wait(10)
        return way_in.credentials.begin_app(account)

    with ThreadPoolExecutor(2) as pool:
        for _ in range(20):
            with accounts.database.writing() as session:
                session.run("DELETE FROM credentials")
            secrets = [one.result(20) for one in [pool.submit(begins), pool.submit(begins)]]
            assert way_in.credentials.awaited_secret(account) in secrets


def test_tries_at_once_are_all_counted(way_in: SignIn) -> None:
    let_in: list[int] = []
    threads = [threading.Thread(target=lambda: let_in.append(way_in.throttle.begin("budi", "10.0.0.1"))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert let_in.count(0) == FREE["name"]


def test_an_invitation_that_two_accept_at_once_counts_once(accounts: Accounts, way_in: SignIn, budi: Account) -> None:
    token, told = way_in.credentials.invite(budi), list[bool]()
    threads = [threading.Thread(target=lambda: told.append(way_in.credentials.accept(token, budi, PASSWORD))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [False] * 5 + [True]


def test_a_demo_clock_moves_forward_for_every_service_that_shares_the_accounts(accounts: Accounts) -> None:
    of_one, of_another = (DemoClock(ZoneInfo("Asia/Jakarta"), open_database(accounts.database.url)) for _ in range(2))
    today = of_one.today()
    assert of_another.ahead() == timedelta()
    of_one.advance(timedelta(days=3))
    of_one.advance(timedelta(days=4))
    assert of_one.ahead() == timedelta(days=7)
    assert of_one.today() - today in (timedelta(days=7), timedelta(days=8))
    time.sleep(FRESH)
    assert of_another.ahead() == timedelta(days=7)
    with pytest.raises(ValueError):
        of_one.advance(timedelta(seconds=-1))
    of_one.database.close()
    of_another.database.close()
