"""The profile `sso`: Keycloak beside the platform, with the realm that is shipped; people and programs come in by the gateway."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import browser  # noqa: F401
from tests.containers.conftest import TOLD
from tests.containers.stack import Stack
from tests.realparts.keycloak import Keycloak
from tests.realparts.parts import free_port

PASSWORD = "empat perahu di muara"


class Composed:
    """The server in its container. See tests.realparts.keycloak.Runs."""

    def __init__(self, stack: Stack, port: int) -> None:
        self._stack, self.base = stack, f"http://localhost:{port}"

    def pause(self) -> None:
        self._stack.compose("pause", "keycloak")

    def resume(self) -> None:
        self._stack.compose("unpause", "keycloak")

    def stop(self) -> None:
        self._stack.compose("rm", "--stop", "--force", "keycloak")


@pytest.fixture(scope="module")
def keycloak(stack: Stack) -> Iterator[Keycloak]:
    """Set up and started as deploy/README.md says; afterwards the platform runs without it again."""
    before, port = dict(stack.variables), free_port()
    runs = Composed(stack, port)
    stack.variables |= {
        "COMPOSE_PROFILES": "sso",
        "KEYCLOAK_PORT": str(port),
        "KEYCLOAK_URL": runs.base,
        "PKP_OIDC_ISSUER": f"{runs.base}/realms/pkp",
        "PKP_OIDC_DISCOVERY_URL": "http://keycloak:8080/realms/pkp/.well-known/openid-configuration",
    }
    try:
        TOLD.append(f"up --wait with Keycloak: {stack.up():.1f} s beside a platform that runs")
        yield Keycloak(runs, (stack.folder / "secrets" / "keycloak_password").read_text().strip())
    finally:
        runs.stop()
        stack.variables = before
        stack.up()


def account(stack: Stack, *words: str) -> str:
    """What `pkp account WORDS` prints."""
    return stack.inside("membership-web", "pkp", "account", *words)


def test_a_person_signs_in_with_the_account_of_the_agency(stack: Stack, keycloak: Keycloak, browser: Browser) -> None:  # noqa: F811
    """From the platform's page to Keycloak's and back: the code is changed for tokens between the containers."""
    name, wanted = f"petugas.{secrets.token_hex(3)}", "/membership/members/baru/propose-member"
    account(stack, "add", name, "--role", "secretariat")
    account(stack, "link", name, keycloak.add_user(name, PASSWORD))
    context = browser.new_context()
    context.set_default_timeout(60_000)
    page = context.new_page()
    home = f"http://localhost:{stack.port}"
    page.goto(f"{home}/masuk?lanjut={wanted}")
    page.click("text=Masuk dengan akun instansi")
    page.wait_for_url(f"{keycloak.issuer}/**")
    page.fill("#username", name)
    page.fill("#password", PASSWORD)
    page.click("#kc-login")
    page.wait_for_url(f"{home}{wanted}")
    assert page.is_visible(".send button")
    for service in ("advocacy", "mediation", "forum"):
        assert page.goto(f"{home}/{service}/").status == 200
        assert page.is_visible("header >> text=Keluar"), f"{service} knows the session, too"
    context.close()


def test_a_program_shows_a_token_of_the_agency(stack: Stack, keycloak: Keycloak) -> None:
    secret = (stack.folder / "secrets" / "oidc_machine_secret").read_text().strip()
    token = keycloak.machine_token(secret=secret)

    def asked(service: str, path: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.get(f"{stack.url}/{service}/api/v1/{path}", headers=headers, timeout=30, trust_env=False).status_code

    assert asked("membership", "members") == 401, "nobody linked it"
    program = f"program.{secrets.token_hex(3)}"
    account(stack, "add", program, "--role", "secretariat")
    account(stack, "link", program, "pkp-machine", "--program")
    assert [asked(*one) for one in (("membership", "members"), ("mediation", "cases"))] == [200, 200]
