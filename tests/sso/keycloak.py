"""Signing in with a real Keycloak: in a browser from click to click, and by a program at the API."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.ops.platform import Platform, until
from tests.realparts.keycloak import Keycloak
from tests.sso.conftest import PASSWORD

LISTING = "/membership/api/v1/members"


def origin(platform: Platform) -> str:
    return f"http://localhost:{platform.port}"


def at_keycloak(page: Page, keycloak: Keycloak, name: str) -> None:
    """Fill in the form that Keycloak shows."""
    page.wait_for_url(f"{keycloak.issuer}/**")
    page.fill("#username", name)
    page.fill("#password", PASSWORD)
    page.click("#kc-login")


def visit(browser: Browser) -> tuple[BrowserContext, Page, list[str]]:
    """A new visitor, and what the console complained of."""
    context, said = browser.new_context(), list[str]()
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    return context, page, said


@pytest.fixture(scope="module")
def officer(platform: Platform, keycloak: Keycloak) -> str:
    """The name at Keycloak of somebody who works in the secretariat here."""
    subject = keycloak.add_user("petugas", PASSWORD)
    assert platform.pkp("account", "add", "sekretariat.satu", "--role", "secretariat").returncode == 0
    told = platform.pkp("account", "link", "sekretariat.satu", subject)
    assert told.returncode == 0, told.stderr
    return "petugas"


def test_a_whole_sign_in_in_a_browser_and_out_again(
    browser: Browser, platform: Platform, keycloak: Keycloak, officer: str
) -> None:
    context, page, said = visit(browser)
    wanted = "/membership/members/baru/propose-member"
    page.goto(f"{origin(platform)}/masuk?lanjut={wanted}")
    page.click("text=Masuk dengan akun instansi")
    at_keycloak(page, keycloak, officer)
    page.wait_for_url(f"{origin(platform)}{wanted}")
    assert page.is_visible(".send button")
    cookies = {one["name"]: one for one in context.cookies(origin(platform)) if one["name"].startswith("pkp")}
    assert set(cookies) == {"pkp"}, "the cookie of the sign-in itself is gone"
    assert (cookies["pkp"]["httpOnly"], cookies["pkp"]["sameSite"]) == (True, "Lax")
    page.click("header >> text=Keluar")
    page.wait_for_url(f"{origin(platform)}/keluar/instansi")
    page.click("text=Keluar dari akun instansi")
    page.wait_for_url(f"{keycloak.issuer}/**")
    page.click("#kc-logout")
    page.wait_for_url(f"{origin(platform)}/")
    page.goto(f"{origin(platform)}/masuk/instansi")
    page.wait_for_selector("#username")  # Keycloak asks again: its session is over, too
    assert not [text for text in said if "Content Security Policy" in text]
    context.close()


def test_the_second_time_keycloak_does_not_ask(browser: Browser, platform: Platform, keycloak: Keycloak, officer: str) -> None:
    """One sign-in at the agency's provider; a session here that was ended alone is begun again at one click."""
    context, page, _ = visit(browser)
    page.goto(f"{origin(platform)}/masuk/instansi")
    at_keycloak(page, keycloak, officer)
    page.wait_for_url(f"{origin(platform)}/")
    context.clear_cookies(name="pkp")
    page.goto(f"{origin(platform)}/masuk/instansi?lanjut=/akun")
    page.wait_for_url(f"{origin(platform)}/akun")
    assert "sekretariat.satu" in page.inner_text("main")
    assert platform.pkp("account", "disable", "sekretariat.satu").returncode == 0
    assert page.goto(f"{origin(platform)}/akun").status == 401
    assert page.goto(f"{origin(platform)}/masuk/instansi").status == 403
    context.close()


def test_whom_nobody_linked_sees_what_to_tell_the_operator(browser: Browser, platform: Platform, keycloak: Keycloak) -> None:
    subject = keycloak.add_user("tamu", PASSWORD, "pkp-chair")
    context, page, _ = visit(browser)
    page.goto(f"{origin(platform)}/masuk/instansi")
    at_keycloak(page, keycloak, "tamu")
    page.wait_for_url(f"{origin(platform)}/masuk/instansi/kembali*")
    assert page.inner_text(".alert code") == subject
    platform.pkp("account", "add", "undangan.satu", "--role", "member")
    page.goto(platform.pkp("account", "invite", "undangan.satu").stdout.strip())
    page.click("text=Masuk dengan akun instansi")
    page.wait_for_url(f"{origin(platform)}/")
    page.goto(f"{origin(platform)}/akun")
    assert "undangan.satu" in page.inner_text("main")
    context.close()
    assert "tamu" not in platform.words
    assert subject not in platform.words
    assert "orang.example" not in platform.words


def asked(platform: Platform) -> str:
    """Where the platform sends a browser."""
    return httpx.get(f"{origin(platform)}/masuk/instansi", trust_env=False).headers["Location"]


def test_keycloak_takes_no_request_without_pkce_and_no_other_address(platform: Platform, keycloak: Keycloak) -> None:
    address = asked(platform)
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    page = address.split("?")[0]
    assert httpx.get(address, trust_env=False).status_code == 200
    without = {name: value for name, value in query.items() if not name.startswith("code_challenge")}
    for changed in (without, {**query, "code_challenge_method": "plain"}):
        answer = httpx.get(page, params=changed, trust_env=False)
        assert parse_qs(urlsplit(answer.headers["Location"]).query)["error"] == ["invalid_request"]
    back = query["redirect_uri"]
    elsewhere = ("https://evil.example/", back.replace("localhost", "localhost.evil.example"))
    for other in (*elsewhere, f"{back}/../../evil", f"{back}?x=1", f"{back}x"):
        assert httpx.get(page, params={**query, "redirect_uri": other}, trust_env=False).status_code == 400, other


# --- programs ---------------------------------------------------------------------------------------------------------


def api(platform: Platform, token: str) -> httpx.Response:
    return httpx.get(f"{origin(platform)}{LISTING}", headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False)


def claims(token: str) -> Any:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


@pytest.fixture(scope="module")
def program(platform: Platform) -> str:
    """The account of a program."""
    assert platform.pkp("account", "add", "program.dinas", "--role", "secretariat").returncode == 0
    told = platform.pkp("account", "link", "program.dinas", "pkp-machine", "--program")
    assert told.returncode == 0, told.stderr
    return "program.dinas"


def test_a_program_uses_client_credentials(platform: Platform, keycloak: Keycloak, program: str) -> None:
    token = keycloak.machine_token()
    assert claims(token)["aud"] == "pkp-api"
    assert api(platform, token).status_code == 200
    links = json.loads(platform.pkp("account", "links", "--json").stdout)
    assert {"account": program, "kind": "program", "subject": "pkp-machine"} in links


def test_tokens_of_keycloak_that_are_for_something_else(platform: Platform, keycloak: Keycloak, program: str) -> None:
    """A client for the API in whose name a person signs in, too: what such a person gets is not the program's."""
    audience = {
        "name": "audience",
        "protocol": "openid-connect",
        "protocolMapper": "oidc-audience-mapper",
        "config": {"included.custom.audience": "pkp-api", "access.token.claim": "true"},
    }
    secret = "another-secret-only-for-tests"
    own = {"secret": secret, "publicClient": False, "serviceAccountsEnabled": True, "standardFlowEnabled": False}
    keycloak.add_client(clientId="agency-app", directAccessGrantsEnabled=True, protocolMappers=[audience], **own)
    platform.pkp("account", "link", "program.dinas", "agency-app", "--program")
    assert api(platform, keycloak.machine_token("agency-app", secret)).status_code == 200
    keycloak.add_user("orang", PASSWORD)
    got = keycloak.person_tokens("agency-app", secret, "orang", PASSWORD)
    assert claims(got["access_token"])["azp"] == "agency-app"
    for kind in ("access_token", "id_token", "refresh_token"):
        answer = api(platform, got[kind])
        assert (answer.status_code, answer.json()["slug"]) == (401, "not-signed-in"), kind
    keycloak.add_client(clientId="elsewhere", **own)
    assert api(platform, keycloak.machine_token("elsewhere", secret)).status_code == 401


def test_keys_that_keycloak_rotates_are_found(platform: Platform, keycloak: Keycloak, program: str) -> None:
    old = keycloak.machine_token()
    assert api(platform, old).status_code == 200
    keycloak.rotate_keys()
    new = keycloak.machine_token()
    assert new.split(".")[0] != old.split(".")[0]
    until(lambda: api(platform, new).status_code == 200, 60, "the new key")
    assert api(platform, old).status_code == 200


def test_while_keycloak_hangs_the_platform_goes_on(platform: Platform, keycloak: Keycloak, program: str) -> None:
    token = keycloak.machine_token()
    assert api(platform, token).status_code == 200
    keycloak.pause()
    try:
        assert api(platform, token).status_code == 200, "its keys are known"
        assert httpx.get(f"{origin(platform)}/masuk", trust_env=False).status_code == 200
        local = platform.pkp("account", "token", "program.dinas").stdout.strip()
        assert api(platform, local).status_code == 200
    finally:
        keycloak.resume()
