"""A state change in somebody's name comes from our own pages, or it does not happen (CSRF)."""

from __future__ import annotations

import uuid

import pytest

from tests.identity.conftest import HERE, PASSWORD, Browser, House

GROUPS = "/membership/api/v1/working-groups"
FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:81"},
    {"Origin": "https://localhost"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": ""},
)


@pytest.fixture
def known(house: House, browser: Browser) -> Browser:
    """A browser that is signed in."""
    house.add()
    assert browser.sign_in().status_code == 303
    return browser


def command(browser: Browser, **headers: str) -> int:
    """What the API answers to a command with an empty body: 422 once it is let in."""
    given = {"Idempotency-Key": str(uuid.uuid4()), **headers}
    return browser.client.post(GROUPS, json={}, headers=given).status_code


def test_the_api_takes_a_session_from_our_own_pages(known: Browser) -> None:
    assert command(known, **HERE) == 422
    assert command(known, **{"Sec-Fetch-Site": "same-origin"}) == 422
    assert command(known, **{"X-CSRF-Token": known.token()}) == 422


def test_the_api_takes_a_session_from_nowhere_else(known: Browser) -> None:
    assert command(known) == 403
    assert command(known, **{"X-CSRF-Token": "0" * 64}) == 403
    for headers in FOREIGN:
        assert command(known, **headers) == 403, headers
        assert command(known, **headers, **{"X-CSRF-Token": known.token()}) == 403 or headers == {"Sec-Fetch-Site": ""}, headers


def test_a_bearer_token_needs_nothing_more(house: House) -> None:
    house.add()
    browser = house.browser()
    for headers in ({}, {"Origin": "https://some.program"}, {"Sec-Fetch-Site": "cross-site"}):
        assert command(browser, Authorization=f"Bearer {house.accounts.token('budi')}", **headers) == 422


@pytest.mark.parametrize("path", ["/keluar", "/akun/sandi", "/akun/kode", "/akun/keluar-semua", "/masuk", "/coba-sebagai/ketua"])
def test_a_form_needs_the_token_of_its_session(house: House, known: Browser, path: str) -> None:
    other = house.browser()
    house.add("siti")
    other.sign_in("siti")
    for token in (None, "0" * 64, "é", other.token()):
        assert known.post(path, token=token, present=PASSWORD).status_code == 403, token
        assert known.known()
    for headers in FOREIGN[:-1]:
        assert known.post(path, headers=headers, present=PASSWORD).status_code == 403, headers
    assert known.known()


def test_forms_of_services_need_it_too(house: House, known: Browser) -> None:
    paths = [
        rule
        for rule in ("/membership/working-groups/baru/establish-working-group", "/membership/members/baru/propose-member")
        if known.get(rule).status_code == 200
    ]
    assert paths
    for path in paths:
        assert known.post(path, token=None).status_code == 403
        assert known.post(path, headers={"Origin": "https://evil.example"}).status_code == 403
        assert known.post(path).status_code not in {401, 403}


def test_nobody_is_signed_in_by_a_foreign_page(house: House) -> None:
    """Else somebody would work in an account that another can look into (login CSRF)."""
    house.add()
    for headers in ({}, *FOREIGN):
        browser = house.browser()
        assert browser.post("/masuk", name="budi", password=PASSWORD, headers=headers).status_code == 403, headers
        assert not browser.known()
    invited = house.credentials.invite(house.accounts.add("siti", "member"))
    for headers in ({}, *FOREIGN):
        form = {"password": PASSWORD, "again": PASSWORD}
        assert house.browser().post(f"/undangan/{invited}", headers=headers, **form).status_code == 403, headers


def test_a_refusal_of_a_form_is_a_page(known: Browser) -> None:
    answer = known.client.post("/keluar", data={"lanjut": "/"}, headers={"Accept": "text/html", **HERE})
    assert answer.status_code == 403
    assert answer.content_type.startswith("text/html")
    assert "Muat ulang halamannya" in answer.text


def test_the_token_is_told_to_its_session_only(house: House, known: Browser) -> None:
    assert len(known.token()) == 64
    assert house.browser().token() == ""
    assert known.token() != known.cookie
