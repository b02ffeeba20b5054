"""Signing in with an identity provider: who is let in as whom, and everything that comes back otherwise is refused."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from joserfc.jwk import RSAKey

from shared.identity.links import PERSON, Links
from shared.identity.roles import MEMBER
from tests.identity.conftest import Browser, House
from tests.identity.issuer import Issuer

ROLES = {"PKP_OIDC_ROLES_CLAIM": "realm_access.roles"}


@pytest.fixture(scope="module")
def rsa() -> RSAKey:
    return RSAKey.generate_key(2048)


@pytest.fixture
def issuer(rsa: RSAKey) -> Iterator[Issuer]:
    made = Issuer(rsa)
    yield made
    made.stop()


@pytest.fixture
def linked(make_house: Callable[..., House], issuer: Issuer) -> House:
    """An origin with the provider, where person-1 is the account budi."""
    house = make_house(**issuer.settings)
    links(house, issuer).add(house.add(password=None), PERSON, "person-1")
    return house


def links(house: House, issuer: Issuer) -> Links:
    return Links(house.accounts, issuer.url)


def go(browser: Browser, onward: str = "/membership/members/") -> str:
    """The click; the provider's address."""
    answer = browser.get(f"/masuk/instansi?lanjut={onward}")
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def sign_in(browser: Browser, issuer: Issuer, onward: str = "/membership/members/", **also: str):
    return browser.get(issuer.approve(go(browser, onward), **also))


def test_whom_the_provider_vouches_for_works_as_the_linked_account(linked: House, issuer: Issuer) -> None:
    browser = linked.browser()
    assert "Masuk dengan akun instansi" in browser.get("/masuk").text
    answer = sign_in(browser, issuer)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/membership/members/")
    assert browser.get("/membership/members/").status_code == 200
    assert browser.known()
    assert linked.log() == [("in", "oidc")]


def test_without_a_provider_nothing_leads_to_one(browser: Browser) -> None:
    assert "akun instansi" not in browser.get("/masuk").text
    for path in ("/masuk/instansi", "/masuk/instansi/kembali?code=1&state=2", "/undangan/x/instansi"):
        assert browser.get(path).status_code == 404


def test_what_is_asked_of_the_provider(linked: House, issuer: Issuer) -> None:
    asked = parse_qs(urlsplit(go(linked.browser())).query)
    assert asked["scope"] == ["openid"]
    assert asked["redirect_uri"] == ["http://localhost:8000/masuk/instansi/kembali"]
    assert all(len(asked[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))
    other = parse_qs(urlsplit(go(linked.browser())).query)
    assert all(asked[name] != other[name] for name in ("state", "nonce", "code_challenge"))


def test_people_come_back_to_our_address_whatever_host_is_named(linked: House) -> None:
    for host in ("evil.example", "localhost.evil.example", "localhost:81"):
        answer = linked.browser().get("/masuk/instansi", Host=host, **{"X-Forwarded-Host": host})
        asked = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert asked["redirect_uri"] == ["http://localhost:8000/masuk/instansi/kembali"]


def test_nobody_is_sent_on_to_another_place(linked: House, issuer: Issuer) -> None:
    places = (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/%0d%0aX:y",
        "javascript:alert(1)",
        "/masuk/instansi",
        "x",
    )
    for onward in places:
        answer = sign_in(linked.browser(), issuer, onward)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/"), onward


# --- what comes back otherwise ---------------------------------------------------------------------------------------


def refused(house: House, browser: Browser, back: str, status: int = 401) -> str:
    """Nobody is in, nothing is kept but a line of the log; the page that is shown."""
    before = house.log()
    answer = browser.get(back)
    assert answer.status_code == status, answer.text
    assert "Traceback" not in answer.text
    assert not browser.cookie
    assert not browser.known()
    assert house.log() == [*before, ("refused", "oidc")]
    with house.accounts.database.reading() as session:
        assert session.one("SELECT count(*) FROM sessions") == (0,)
    return answer.text


def changed(back: str, **values: str | None) -> str:
    """The answer with other values; None leaves one out."""
    path, _, query = back.partition("?")
    pairs = [pair for pair in query.split("&") if pair.partition("=")[0] not in values]
    return f"{path}?{'&'.join([*pairs, *(f'{name}={value}' for name, value in values.items() if value is not None)])}"


ANSWERS: dict[str, dict[str, str | None]] = {
    "no state": {"state": None},
    "an empty state": {"state": ""},
    "a state that was not asked": {"state": "A" * 43},
    "no code": {"code": None},
    "an empty code": {"code": ""},
    "a code that was not given": {"code": "guessed"},
    "an endless code": {"code": "x" * 3000},
    "another provider (mix-up)": {"iss": "https://evil.example"},
    "no provider, where it names itself": {"iss": None},
    "an error": {"error": "server_error"},
    "a cancelled sign-in": {"error": "access_denied"},
    "a token instead of a code": {"code": None, "id_token": "eyJhbGciOiJub25lIn0.e30."},
}


def test_an_answer_that_is_not_to_our_question(linked: House, issuer: Issuer) -> None:
    for name, answer in ANSWERS.items():
        browser = linked.browser()
        assert refused(linked, browser, changed(issuer.approve(go(browser)), **answer)), name


def test_an_answer_in_which_a_name_stands_twice(linked: House, issuer: Issuer) -> None:
    browser = linked.browser()
    back = issuer.approve(go(browser))
    refused(linked, browser, f"{back}&state=evil")


def test_an_answer_is_taken_once(linked: House, issuer: Issuer) -> None:
    browser = linked.browser()
    address = go(browser)
    kept = browser.client.get_cookie("pkp-in")
    back = issuer.approve(address)
    assert browser.get(back).status_code == 303
    assert browser.client.get_cookie("pkp-in") is None
    refused_again = linked.browser()
    for cookie in (None, kept.value):
        if cookie:
            refused_again.client.set_cookie("pkp-in", cookie)
        assert refused_again.get(back).status_code == 401
        assert not refused_again.known()


def test_an_answer_fits_only_the_browser_that_asked(linked: House, issuer: Issuer) -> None:
    """Else somebody could have another work in his own account, or lend a code that he got (login CSRF, code injection)."""
    attacker, victim = linked.browser(), linked.browser()
    back = issuer.approve(go(attacker))
    refused(linked, victim, back)
    go(victim)
    refused(linked, victim, back)


def test_a_code_of_another_sign_in_does_not_fit(linked: House, issuer: Issuer) -> None:
    """Each code belongs to one challenge (PKCE), and each token to one nonce."""
    first, second = linked.browser(), linked.browser()
    code = parse_qs(urlsplit(issuer.approve(go(first))).query)["code"][0]
    refused(linked, second, changed(issuer.approve(go(second)), code=code))


def test_the_cookie_of_a_sign_in_cannot_be_made_up(linked: House, issuer: Issuer) -> None:
    for cookie in ("", "x", "A" * 4000, "é", "{}"):
        browser = linked.browser()
        back = issuer.approve(go(browser))
        browser.client.set_cookie("pkp-in", cookie)
        refused(linked, browser, back)


def test_a_sign_in_that_took_too_long(linked: House, issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.identity.by_provider.WITHIN", -1)
    browser = linked.browser()
    refused(linked, browser, issuer.approve(go(browser)))


def test_tries_that_lead_nowhere_are_slowed_down(linked: House) -> None:
    browser = linked.browser()
    told = [browser.get("/masuk/instansi/kembali?code=a&state=b").status_code for _ in range(34)]
    assert set(told) == {401, 429}
    assert browser.get("/masuk/instansi/kembali?code=a&state=b").headers["Retry-After"]


def test_a_page_elsewhere_begins_no_sign_in(linked: House) -> None:
    assert linked.browser().get("/masuk/instansi", **{"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_planted_session_is_not_taken_over(linked: House, issuer: Issuer) -> None:
    """Whoever planted a cookie before, or kept one, has nothing of it (session fixation)."""
    browser = linked.browser()
    browser.client.set_cookie("pkp", "planted-by-somebody-else")
    sign_in(browser, issuer)
    first = browser.cookie
    sign_in(browser, issuer)
    other = linked.browser()
    for kept in ("planted-by-somebody-else", first):
        assert browser.cookie != kept
        other.client.set_cookie("pkp", kept)
        assert not other.known()


# --- who is which account ---------------------------------------------------------------------------------------------


def test_whom_nobody_linked_is_told_what_to_tell_the_operator(linked: House, issuer: Issuer) -> None:
    issuer.id_claims = {"sub": "stranger-7"}
    browser = linked.browser()
    assert "stranger-7" in refused(linked, browser, issuer.approve(go(browser)), 403)
    assert [one.name for one in linked.accounts.list()] == ["budi"]


def test_a_disabled_account_is_out_at_once_and_stays_out(linked: House, issuer: Issuer) -> None:
    browser = linked.browser()
    sign_in(browser, issuer)
    assert browser.known()
    linked.accounts.disable("budi")
    assert not browser.known()
    assert sign_in(browser, issuer).status_code == 403


def test_a_role_that_is_taken_counts_from_the_next_request_on(linked: House, issuer: Issuer) -> None:
    browser = linked.browser()
    sign_in(browser, issuer)
    form = "/membership/members/baru/propose-member"
    assert browser.get(form).status_code == 200
    linked.accounts.role("budi", "mediator")
    assert browser.get(form).status_code == 403


def test_an_invitation_can_be_accepted_with_the_account_of_an_agency(make_house: Callable[..., House], issuer: Issuer) -> None:
    house = make_house(**issuer.settings)
    token = house.credentials.invite(house.add("siti", password=None))
    browser = house.browser()
    assert f"/undangan/{token}/instansi" in browser.get(f"/undangan/{token}").text
    address = browser.get(f"/undangan/{token}/instansi").headers["Location"]
    assert token not in address
    assert browser.get(issuer.approve(address)).status_code == 303
    assert browser.known()
    assert sign_in(house.browser(), issuer).status_code == 303
    late = house.browser()
    issuer.id_claims = {"sub": "person-2"}
    assert late.get(issuer.approve(late.get(f"/undangan/{token}/instansi").headers["Location"])).status_code == 410
    other = house.credentials.invite(house.add("tono", password=None))
    issuer.id_claims = {}
    assert late.get(issuer.approve(late.get(f"/undangan/{other}/instansi").headers["Location"])).status_code == 409
    assert house.credentials.invited(other), "who could not use it has not used it up"


def test_where_the_provider_tells_roles_it_makes_accounts_and_changes_them(
    make_house: Callable[..., House], issuer: Issuer
) -> None:
    house = make_house(**issuer.settings, **ROLES)
    issuer.id_claims = {"realm_access": {"roles": ["offline_access", "pkp-member"]}}
    assert sign_in(house.browser(), issuer).status_code == 303
    (made,) = house.accounts.list()
    assert (made.role, made.name.startswith("sso-"), "person-1" in made.name) == ("member", True, False)
    issuer.id_claims = {"realm_access": {"roles": ["pkp-chair"]}}
    assert sign_in(house.browser(), issuer).status_code == 303
    assert [one.role for one in house.accounts.list()] == ["chair"]


def test_who_holds_not_exactly_one_role_is_nobody_here(make_house: Callable[..., House], issuer: Issuer) -> None:
    house = make_house(**issuer.settings, **ROLES)
    several, none = ["pkp-member", "pkp-chair"], (["pkp-machine"], ["pkp-public"], ["chair"], "pkp-chair", [["pkp-chair"]])
    for told in (None, [], ["offline_access"], several, *none):
        issuer.id_claims = {"realm_access": {"roles": told}}
        browser = house.browser()
        refused(house, browser, issuer.approve(go(browser)), 403)
    assert house.accounts.list() == []


def test_who_holds_no_role_uses_up_no_invitation(make_house: Callable[..., House], issuer: Issuer) -> None:
    house = make_house(**issuer.settings, **ROLES)
    token = house.credentials.invite(house.add("siti", role="member", password=None))
    browser = house.browser()
    refused(house, browser, issuer.approve(browser.get(f"/undangan/{token}/instansi").headers["Location"]), 403)
    assert links(house, issuer).list() == []
    issuer.id_claims = {"realm_access": {"roles": ["pkp-chair"]}}
    assert browser.get(issuer.approve(browser.get(f"/undangan/{token}/instansi").headers["Location"])).status_code == 303
    assert [(one.name, one.role) for one in house.accounts.list()] == [("siti", "chair")]


def test_first_sign_ins_at_once_make_one_account(make_house: Callable[..., House], issuer: Issuer) -> None:
    house = make_house(**issuer.settings)
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.append(links(house, issuer).enrol("person-1", MEMBER))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6
    assert len(set(made)) == 1


# --- how surely, and out again ----------------------------------------------------------------------------------------


def test_an_app_of_the_account_is_asked_for_here_too(linked: House, issuer: Issuer) -> None:
    budi = linked.accounts.called("budi")
    secret = linked.credentials.begin_app(budi)
    assert linked.credentials.confirm_app(budi, pyotp.TOTP(secret).now())
    browser = linked.browser()
    assert sign_in(browser, issuer).headers["Location"].startswith("/masuk/kode?")
    assert not browser.known()


def test_where_a_sure_way_is_demanded_the_provider_must_state_it(make_house: Callable[..., House], issuer: Issuer) -> None:
    house = make_house(**issuer.settings, PKP_OIDC_ACR="gold,2")
    budi = house.add(password=None)
    links(house, issuer).add(budi, PERSON, "person-1")
    secret = house.credentials.begin_app(budi)
    assert house.credentials.confirm_app(budi, pyotp.TOTP(secret).now())
    for weak in ("1", "", None, ["gold"], "gold,2"):
        issuer.id_claims = {"acr": weak}
        browser = house.browser()
        address = go(browser)
        assert parse_qs(urlsplit(address).query)["acr_values"] == ["gold 2"]
        refused(house, browser, issuer.approve(address), 403)
    issuer.id_claims = {"acr": "gold"}
    browser = house.browser()
    assert sign_in(browser, issuer).headers["Location"] == "/membership/members/"


def test_signing_out_here_offers_to_sign_out_there(linked: House, issuer: Issuer) -> None:
    browser = linked.browser()
    sign_in(browser, issuer)
    answer = browser.post("/keluar")
    assert answer.headers["Location"] == "/keluar/instansi"
    assert not browser.known()
    page = browser.get("/keluar/instansi").text
    assert f"{issuer.url}/logout?client_id=pkp-web&amp;post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A8000%2F" in page
    linked.add("siti")
    browser.sign_in("siti")
    assert browser.post("/keluar").headers["Location"] == "/", "whom the provider does not know has nothing to end there"


def test_while_the_provider_is_away_passwords_work(make_house: Callable[..., House], issuer: Issuer) -> None:
    house = make_house(**issuer.settings)
    house.add()
    issuer.down = True
    browser = house.browser()
    answer = browser.get("/masuk/instansi")
    assert answer.status_code == 503
    assert "tidak dapat dihubungi" in answer.text
    assert answer.headers["Retry-After"]
    assert browser.sign_in().status_code == 303
    assert browser.post("/keluar").status_code == 303
    assert browser.get("/keluar/instansi").status_code == 200


def test_a_provider_that_goes_away_in_between_is_named_as_the_cause(linked: House, issuer: Issuer) -> None:
    browser = linked.browser()
    back = issuer.approve(go(browser))
    issuer.down = True
    assert "tidak dapat dihubungi" in refused(linked, browser, back, 503)
