"""Tries are counted before they are looked at; pauses grow; the table does not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from shared.identity import passwords, throttle
from shared.identity.tables import identity_tables
from shared.identity.throttle import FREE, LONGEST, Throttle, network, pause
from shared.store.session import Database, open_database
from tests.identity.conftest import PASSWORD, House


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = open_database(f"sqlite:///{tmp_path}/identity.db")
    with made.migrating() as connection:
        identity_tables.create_all(connection)
    yield made
    made.close()


@pytest.fixture
def door(database: Database) -> Throttle:
    return Throttle(database, "s" * 40)


def test_pauses_grow_up_to_a_quarter_of_an_hour() -> None:
    found = [pause("name", tries) for tries in range(1, 20)]
    assert found[:7] == [0, 0, 0, 0, 1, 2, 4]
    assert found == sorted(found)
    assert found[-1] == LONGEST == 900


def test_a_name_must_wait_wherever_the_tries_come_from(door: Throttle) -> None:
    waits = [door.begin("budi", f"10.0.0.{n}") for n in range(FREE["name"] + 1)]
    assert waits[:-1] == [0] * FREE["name"]
    assert waits[-1] > 0
    assert door.begin("siti", "10.0.0.1") == 0


def test_an_address_must_wait_whatever_name_it_tries(door: Throttle) -> None:
    waits = [door.begin(f"nama{n}", "10.0.0.7") for n in range(FREE["address"] + 1)]
    assert waits[-1] > 0
    assert door.begin("lain", "10.0.0.8") == 0


def test_a_right_try_clears_the_name(door: Throttle) -> None:
    for _ in range(FREE["name"] - 1):
        door.begin("budi", "10.0.0.1")
    door.right("budi", "10.0.0.1")
    assert [door.begin("budi", "10.0.0.1") for _ in range(FREE["name"])] == [0] * FREE["name"]


def test_tries_at_once_are_all_counted(door: Throttle) -> None:
    let_in: list[int] = []
    threads = [threading.Thread(target=lambda: let_in.append(door.begin("budi", "10.0.0.1"))) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert let_in.count(0) == FREE["name"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("10.0.0.1", "::ffff:10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("", "nonsense", True),
    ],
)
def test_what_counts_as_one_address(one: str, other: str, same: bool) -> None:
    assert (network(one) == network(other)) is same


def test_the_table_never_grows_beyond_its_bound(door: Throttle, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MOST_ROWS", 50)
    monkeypatch.setattr(throttle, "SPARE", 10)
    for n in range(120):
        door.begin(f"nama{n}", f"10.0.{n}.1")
        with database.reading() as session:
            assert session.rows("SELECT count(*) FROM throttle")[0][0] <= 52
    with database.reading() as session:
        kept = str(session.rows("SELECT * FROM throttle"))
    assert "nama" not in kept
    assert "10.0." not in kept


def test_the_page_says_how_long_to_wait(house: House) -> None:
    house.add()
    browser = house.browser()
    for _ in range(FREE["name"]):
        assert browser.sign_in(password="salah").status_code == 401
    answer = browser.sign_in()
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert "Coba lagi setelah" in answer.text
    assert not browser.known()
    assert house.log()[-1] == ("throttled", "password")


def test_an_address_behind_our_own_proxy_is_that_of_the_visitor(make_house) -> None:  # type: ignore[no-untyped-def]
    house = make_house(PKP_PROXIES="1")
    house.add()

    def tries(name: str, seen: str, count: int) -> list[int]:
        browser = house.browser()
        headers = {"Origin": "http://localhost", "X-Forwarded-For": f"6.6.6.{count}, {seen}"}
        return [browser.post("/masuk", name=f"{name}{n}", password="x", headers=headers).status_code for n in range(count)]

    assert tries("nama", "203.0.113.5", FREE["address"] + 1)[-1] == 429
    assert tries("lain", "203.0.113.6", 1) == [401]


def test_a_header_of_the_visitor_s_own_changes_nothing(house: House) -> None:
    for n in range(FREE["address"]):
        headers = {"Origin": "http://localhost", "X-Forwarded-For": f"6.6.6.{n}"}
        assert house.browser().post("/masuk", name=f"nama{n}", password="x", headers=headers).status_code == 401
    headers = {"Origin": "http://localhost", "X-Forwarded-For": "6.6.6.200"}
    assert house.browser().post("/masuk", name="lain", password="x", headers=headers).status_code == 429


def test_hashes_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes 64 MiB: never more than a few are under way."""
    under_way, most, lock = [0], [0], threading.Lock()

    class Slow:
        def verify(self, kept: str, given: str) -> bool:
            with lock:
                under_way[0] += 1
                most[0] = max(most[0], under_way[0])
            threading.Event().wait(0.02)
            with lock:
                under_way[0] -= 1
            return True

    monkeypatch.setattr(passwords, "_hasher", Slow())
    threads = [threading.Thread(target=lambda: passwords.is_right("x", PASSWORD)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] <= passwords.AT_ONCE


def test_a_name_that_nobody_has_takes_as_long_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    real = PasswordHasher()

    class Watched:
        def verify(self, kept: str, given: str) -> bool:
            looked_at.append(kept)
            return real.verify(kept, given)

    monkeypatch.setattr(passwords, "_hasher", Watched())
    assert passwords.is_right(None, PASSWORD) is False
    assert looked_at
    assert looked_at[0].split("$")[1:4] == real.hash("x").split("$")[1:4], "with the same cost"
