"""Signing in and out: one session over the services, new at each sign-in, ended when it should be."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.identity import sessions as session_module
from shared.identity.tables import now
from tests.identity.conftest import HERE, PASSWORD, Browser, House


def flags(set_cookie: str) -> set[str]:
    return {part.strip().lower() for part in set_cookie.split(";")[1:]}


def test_a_password_opens_every_service(house: House, browser: Browser) -> None:
    house.add()
    assert not browser.known()
    answer = browser.sign_in(lanjut="/membership/members/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/membership/members/")
    assert browser.known()
    assert browser.get("/membership/members/").status_code == 200
    assert browser.get("/membership/api/v1/members").status_code == 200
    assert house.log() == [("in", "password")]


@pytest.mark.parametrize("path", ["/nothing", "/membership/nothing/", "/membership/members/nothing"])
def test_an_address_that_is_not_there_knows_who_asked(house: House, browser: Browser, path: str) -> None:
    """Somebody who is in does not meet the way in, and can get out, on the page of a wrong address."""
    stranger = browser.get(path)
    assert (stranger.status_code, 'href="/masuk"' in stranger.text) == (404, True)
    house.add()
    browser.sign_in()
    mine = browser.get(path)
    assert (mine.status_code, 'href="/masuk"' in mine.text, 'action="/keluar"' in mine.text) == (404, False, True)
    browser.client.set_cookie("pkp", "x" * 20)
    assert 'href="/masuk"' in browser.get(path).text
    assert browser.get(path, Authorization="Bearer nobodys").status_code == 404


@pytest.mark.parametrize(
    ("name", "password"), [("budi", "salah sama sekali"), ("siapa", PASSWORD), ("", ""), ("budi", ""), ("b" * 900, "x" * 900)]
)
def test_a_wrong_name_and_a_wrong_password_sound_the_same(house: House, browser: Browser, name: str, password: str) -> None:
    house.add()
    answer = browser.sign_in(name, password)
    assert answer.status_code == 401
    assert "Nama akun atau kata sandi tidak cocok" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert not browser.known()


def test_the_cookie_over_http_and_over_https(make_house: Callable[..., House]) -> None:
    plain = make_house()
    plain.add()
    cookie = plain.browser().sign_in().headers["Set-Cookie"]
    assert cookie.startswith("pkp=")
    assert flags(cookie) == {"httponly", "path=/", "samesite=lax"}
    secure = make_house(PKP_PUBLIC_URL="https://pokja.example")
    answer = secure.browser().post("/masuk", name="budi", password=PASSWORD, headers={"Origin": "https://pokja.example"})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-pkp=")
    assert flags(cookie) == {"secure", "httponly", "path=/", "samesite=lax"}
    assert answer.headers["Strict-Transport-Security"]


def test_a_session_has_a_new_name_after_each_sign_in(house: House, browser: Browser) -> None:
    """Whoever planted a cookie before, or kept one, has nothing of it (session fixation)."""
    house.add()
    browser.client.set_cookie("pkp", "planted-by-somebody-else")
    browser.sign_in()
    first = browser.cookie
    assert first != "planted-by-somebody-else"
    browser.sign_in()
    assert browser.cookie not in {first, "planted-by-somebody-else"}
    other = house.browser()
    for kept in ("planted-by-somebody-else", first):
        other.client.set_cookie("pkp", kept)
        assert not other.known()


def test_signing_out_ends_the_session_on_the_server(house: House, browser: Browser) -> None:
    house.add()
    browser.sign_in()
    kept = browser.cookie
    answer = browser.post("/keluar")
    assert answer.status_code == 303
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert browser.cookie == ""
    browser.client.set_cookie("pkp", kept)
    assert not browser.known()
    assert house.browser().get("/keluar").status_code == 405


def test_signing_out_everywhere_ends_all(house: House) -> None:
    house.add()
    browsers = [house.browser() for _ in range(3)]
    for one in browsers:
        one.sign_in()
    assert '<dd class="col-sm-8">3</dd>' in browsers[0].get("/akun").text
    browsers[0].post("/akun/keluar-semua")
    assert [one.known() for one in browsers] == [False] * 3
    assert house.log()[-1] == ("out-everywhere", "")


@pytest.mark.parametrize("what", ["disable", "password", "role"])
def test_what_changes_of_an_account_counts_from_the_next_request_on(house: House, browser: Browser, what: str) -> None:
    account = house.add()
    browser.sign_in()
    assert browser.get("/membership/members/").status_code == 200
    if what == "disable":
        house.accounts.disable("budi")
    elif what == "password":
        house.credentials.set_password(account, "kata sandi yang baru")
    else:
        house.accounts.role("budi", "operator")
        assert browser.get("/membership/offices/").status_code == 403
        return
    assert not browser.known()
    assert browser.sign_in().status_code == 401


@pytest.mark.parametrize(
    ("column", "ago", "open"), [("seen_at", session_module.IDLE, False), ("made_at", session_module.LONGEST, False)]
)
def test_a_session_ends_by_itself(house: House, browser: Browser, column: str, ago: timedelta, open: bool) -> None:
    house.add()
    browser.sign_in()
    for spare, known in ((timedelta(minutes=1), True), (-timedelta(seconds=1), False)):
        with house.accounts.database.writing() as session:
            session.run(f"UPDATE sessions SET {column} = :at", at=now(-ago + spare))
        assert browser.known() == known


def test_use_keeps_a_session_from_idling_out_and_is_written_rarely(house: House, browser: Browser) -> None:
    house.add()
    browser.sign_in()

    def seen_at() -> str:
        with house.accounts.database.reading() as session:
            return str(session.rows("SELECT seen_at FROM sessions")[0][0])

    before = seen_at()
    browser.get("/akun")
    assert seen_at() == before
    with house.accounts.database.writing() as session:
        session.run("UPDATE sessions SET seen_at = :at", at=now(-timedelta(minutes=90)))
    browser.get("/akun")
    assert seen_at() > before


def test_an_account_has_a_bounded_number_of_sessions(house: House) -> None:
    account = house.add()
    for _ in range(session_module.MOST + 5):
        house.accounts.sessions.start(account.id, "password")
    assert house.accounts.sessions.count(account.id) == session_module.MOST


def test_a_cookie_is_kept_as_its_hash_only(house: House, browser: Browser) -> None:
    house.add()
    browser.sign_in()
    with house.accounts.database.reading() as session:
        kept = str([session.rows(f"SELECT * FROM {table}") for table in ("sessions", "accounts", "credentials", "sign_ins")])
    assert browser.cookie not in kept
    assert PASSWORD not in kept
    assert "127.0.0.1" not in kept


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/masuk", "/a\nb", "x"]
)
def test_signing_in_leads_to_pages_of_this_origin_only(house: House, browser: Browser, wanted: str) -> None:
    house.add()
    assert browser.sign_in(lanjut=wanted).headers["Location"] == "/"


def test_a_page_for_strangers_leads_back_after_signing_in(house: House, browser: Browser) -> None:
    house.add()
    page = browser.get("/membership/members/?urut=name")
    assert page.status_code == 401
    link = re.search(r'href="(/masuk\?lanjut=[^"]+)"', page.text)
    assert link
    form = re.search(r'name="lanjut" value="([^"]+)"', browser.get(link[1]).text)
    assert form
    assert form[1] == "/membership/members/?urut=name"


@pytest.mark.parametrize("cookie", ["", "x", "é", "a" * 3000, "\u0000", "' OR 1=1 --"])
def test_a_broken_cookie_is_none(house: House, browser: Browser, cookie: str) -> None:
    browser.client.set_cookie("pkp", cookie.encode("latin-1", "replace").decode("latin-1"))
    assert browser.get("/akun").status_code == 401
    assert browser.get("/membership/").status_code == 200


# --- a demo -------------------------------------------------------------------------------------------------------


def test_in_a_demo_one_click_signs_in(make_house: Callable[..., House]) -> None:
    house = make_house(PKP_DEMO="1")
    browser = house.browser()
    assert 'action="/coba-sebagai/sekretariat"' in browser.get("/masuk").text
    assert browser.post("/coba-sebagai/sekretariat", lanjut="/membership/").headers["Location"] == "/membership/"
    assert browser.known()
    assert browser.post("/coba-sebagai/ketua").status_code == 303
    assert "Ketua" in browser.get("/akun").text
    assert browser.post("/coba-sebagai/nobody").status_code == 404
    house.accounts.add("budi", "chair")
    assert browser.post("/coba-sebagai/budi").status_code == 404
    for path in ("/akun/sandi", "/akun/kode"):
        assert browser.post(path, present="x", password="y").status_code == 404


def test_outside_a_demo_nobody_signs_in_at_one_click(make_house: Callable[..., House]) -> None:
    make_house(PKP_DEMO="1")
    house = make_house()
    browser = house.browser()
    assert browser.post("/coba-sebagai/sekretariat").status_code == 404
    assert "/coba-sebagai/" not in browser.get("/masuk").text
    assert not browser.known()


def test_a_session_of_a_demo_ends_with_the_demo(make_house: Callable[..., House]) -> None:
    demo = make_house(PKP_DEMO="1").browser()
    demo.post("/coba-sebagai/sekretariat", headers=HERE)
    later = make_house().browser()
    later.client.set_cookie("pkp", demo.cookie)
    assert not later.known()
