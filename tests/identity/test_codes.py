"""Codes of an authenticator app, recovery codes and invitations: each once, each in its time."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest

from shared.identity import codes
from shared.identity.credentials import INVITED_FOR
from shared.identity.sealing import sealed, unsealed
from shared.identity.tables import now
from tests.identity.conftest import PASSWORD, Browser, House

# RFC 6238, appendix B: the secret and the codes of SHA-1, their last six digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC = ((59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037"))


@pytest.mark.parametrize(("at", "code"), RFC)
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    assert codes.step_of(RFC_SECRET, code, 0, at) == at // 30
    assert codes.step_of(RFC_SECRET, f"{code[:3]} {code[3:]}", 0, at + 29) == at // 30
    assert codes.step_of(RFC_SECRET, code, 0, at + 61) is None
    assert codes.step_of(RFC_SECRET, code, at // 30, at) is None, "a code is taken once"


@pytest.mark.parametrize("code", ["", "28708", "2870822", "abcdef", "２８７０８２", "287083"])
def test_what_is_no_code_is_wrong(code: str) -> None:
    assert codes.step_of(RFC_SECRET, code, 0, 59) is None


def test_a_secret_is_kept_sealed_and_bound_to_its_account() -> None:
    kept = sealed("k" * 40, "apps", "one", RFC_SECRET)
    assert RFC_SECRET not in kept
    assert unsealed(["k" * 40], "apps", "one", kept) == RFC_SECRET
    assert unsealed(["k" * 40], "apps", "other", kept) is None
    assert unsealed(["k" * 40], "else", "one", kept) is None
    assert unsealed(["l" * 40], "apps", "one", kept) is None
    for touched in (kept[:-4] + "AAAA", kept[1:], kept + "!", "", "é"):
        assert unsealed(["k" * 40], "apps", "one", touched) is None


def test_a_secret_of_an_earlier_version_can_still_be_read() -> None:
    """They were written in the other base64 alphabet."""
    while "-" not in (kept := sealed("k" * 40, "apps", "one", RFC_SECRET)):
        pass
    assert unsealed(["k" * 40], "apps", "one", kept.replace("-", "+").replace("_", "/")) == RFC_SECRET


def enrolled(browser: Browser) -> tuple[str, list[str]]:
    """The secret and the recovery codes after putting an app to use."""
    page = browser.get("/akun/kode").text
    secret = re.search(r"secret=([A-Z2-7]+)", html.unescape(page))
    assert secret
    assert browser.post("/akun/kode", code="000000", present=PASSWORD).status_code == 422
    assert browser.post("/akun/kode", code=pyotp.TOTP(secret[1]).now(), present="salah salah salah").status_code == 422
    done = browser.post("/akun/kode", code=pyotp.TOTP(secret[1]).now(), present=PASSWORD)
    assert done.status_code == 200, done.text
    found = re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", done.text)
    assert len(set(found)) == 10
    return secret[1], found


@pytest.fixture
def with_app(house: House, browser: Browser) -> tuple[House, str, list[str]]:
    """An account that a code is asked of."""
    house.add()
    browser.sign_in()
    return house, *enrolled(browser)


def test_after_the_password_the_code_is_asked(with_app: tuple[House, str, list[str]]) -> None:
    house, secret, _ = with_app
    browser = house.browser()
    answer = browser.sign_in(lanjut="/membership/")
    assert answer.headers["Location"] == "/masuk/kode?lanjut=%2Fmembership%2F"
    assert not browser.known(), "the password alone opens nothing"
    assert browser.get("/membership/api/v1/members").status_code == 401
    half = browser.cookie
    with house.accounts.database.reading() as session:
        used = pyotp.TOTP(secret).generate_otp(session.rows("SELECT code_step FROM credentials")[0][0])
    assert browser.post("/masuk/kode", code=used).status_code == 401, "it was taken when the app was put to use"
    with house.accounts.database.writing() as session:
        session.run("UPDATE credentials SET code_step = 0")
    answer = browser.post("/masuk/kode", code=used, lanjut="/membership/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/membership/")
    assert browser.known()
    assert browser.cookie != half
    assert house.log()[-1] == ("in", "code")
    again = house.browser()
    again.sign_in()
    assert again.post("/masuk/kode", code=used).status_code == 401, "a code that was seen over a shoulder is of no use"


def test_a_recovery_code_works_once(with_app: tuple[House, str, list[str]]) -> None:
    house, _, recovery = with_app
    for given, status in ((recovery[0].upper().replace("-", " "), 303), (recovery[0], 401), (recovery[1], 303)):
        browser = house.browser()
        browser.sign_in()
        assert browser.post("/masuk/kode", code=given).status_code == status, given
    assert "8 kode pemulihan tersisa" in browser.get("/akun").text


def test_the_way_from_password_to_code_is_short(with_app: tuple[House, str, list[str]]) -> None:
    house, _, recovery = with_app
    browser = house.browser()
    browser.sign_in()
    with house.accounts.database.writing() as session:
        session.run("UPDATE sessions SET made_at = :at WHERE stage = 'code'", at=now(-timedelta(minutes=11)))
    assert browser.post("/masuk/kode", code=recovery[0]).status_code == 401
    assert house.browser().post("/masuk/kode", code=recovery[0]).status_code == 401


def test_codes_cannot_be_guessed_one_after_the_other(with_app: tuple[House, str, list[str]]) -> None:
    house, _, recovery = with_app
    browser = house.browser()
    browser.sign_in()
    seen = [browser.post("/masuk/kode", code=f"{n:06}").status_code for n in range(12)]
    assert 429 in seen
    assert browser.post("/masuk/kode", code=recovery[0]).status_code == 429


def test_an_app_is_given_up_with_the_password(with_app: tuple[House, str, list[str]]) -> None:
    house, _, recovery = with_app
    browser = house.browser()
    browser.sign_in()
    browser.post("/masuk/kode", code=recovery[0])
    assert browser.post("/akun/kode", present="salah salah salah").status_code == 422
    assert browser.post("/akun/kode", present=PASSWORD).status_code == 303
    assert house.browser().sign_in().headers["Location"] == "/"


def test_two_that_use_one_recovery_code_at_once_are_one(with_app: tuple[House, str, list[str]]) -> None:
    house, _, recovery = with_app
    account = house.accounts.named("budi")
    assert account
    told: list[str | None] = []
    threads = [threading.Thread(target=lambda: told.append(house.credentials.take_code(account, recovery[3]))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, told)) == ["None"] * 5 + ["recovery"]


# --- invitations --------------------------------------------------------------------------------------------------


def test_an_invitation_sets_a_password_once(house: House, browser: Browser) -> None:
    account = house.add(password=None)
    token = house.credentials.invite(account)
    path = f"/undangan/{token}"
    assert browser.get(path).status_code == browser.get(path).status_code == 200, "looking uses nothing up"
    for password, again, slug in (
        ("pendek", "pendek", "terlalu pendek"),
        (PASSWORD, "lain", "tidak sama"),
        ("budi" * 3, "budi" * 3, "mudah ditebak"),
    ):
        answer = browser.post(path, password=password, again=again)
        assert answer.status_code == 422
        assert slug in answer.text
    assert browser.post(path, password=PASSWORD, again=PASSWORD).status_code == 303
    assert browser.known()
    assert house.browser().post(path, password="lain sekali lagi", again="lain sekali lagi").status_code == 410
    assert house.browser().get(path).status_code == 410
    assert house.browser().sign_in().status_code == 303


def test_an_invitation_runs_out_and_a_newer_one_replaces_it(house: House, browser: Browser) -> None:
    account = house.add(password=None)
    first, second = house.credentials.invite(account), house.credentials.invite(account)
    assert browser.get(f"/undangan/{first}").status_code == 410
    with house.accounts.database.writing() as session:
        session.run("UPDATE invitations SET expires_at = :at", at=now(-timedelta(seconds=1)))
    assert browser.get(f"/undangan/{second}").status_code == 410
    assert browser.post(f"/undangan/{second}", password=PASSWORD, again=PASSWORD).status_code == 410
    assert timedelta(days=7) >= INVITED_FOR
    third = house.credentials.invite(account)
    house.accounts.disable("budi")
    assert browser.post(f"/undangan/{third}", password=PASSWORD, again=PASSWORD).status_code == 410


def test_an_invitation_after_a_lost_password_ends_all_sessions_and_asks_for_the_code(
    with_app: tuple[House, str, list[str]], browser: Browser
) -> None:
    house, _, _ = with_app
    account = house.accounts.named("budi")
    assert account
    other = house.browser()
    answer = other.post(f"/undangan/{house.credentials.invite(account)}", password="baru sama sekali", again="baru sama sekali")
    assert answer.headers["Location"].startswith("/masuk/kode")
    assert not other.known()
    assert not browser.known()


def test_a_new_password_ends_the_sessions_elsewhere(house: House) -> None:
    house.add()
    here, there = house.browser(), house.browser()
    here.sign_in()
    there.sign_in()
    form = {"password": "baru sama sekali", "again": "baru sama sekali"}
    assert here.post("/akun/sandi", present="salah salah salah", **form).status_code == 422
    assert here.post("/akun/sandi", present=PASSWORD, **form).status_code == 303
    assert here.known()
    assert not there.known()
    assert house.browser().sign_in().status_code == 401


def test_no_page_of_secrets_is_kept(make_house: Callable[..., House]) -> None:
    house = make_house()
    account = house.add()
    browser = house.browser()
    browser.sign_in()
    for path in ("/akun", "/akun/kode", "/masuk", f"/undangan/{house.credentials.invite(account)}"):
        assert "no-store" in browser.get(path).headers["Cache-Control"], path
