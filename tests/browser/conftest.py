"""The whole platform with its demo, and a real browser in front of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, sync_playwright

from shared.identity.roles import DEMO_ACCOUNTS
from tests.ops.platform import Platform

MISSING = "A test in the browser needs Chromium: `apt-get install chromium` (.ci/run does it), then again."
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
ROLES = (None, *DEMO_ACCOUNTS)


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform with the demo's data."""
    made = Platform(tmp_path_factory.mktemp("platform") / "data", PKP_WEB_WORKERS="1", PKP_LOG_LEVEL="WARNING")
    made.folder.mkdir()
    made.start("--demo", ready="The demo is loaded")
    yield made
    made.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of this machine."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield chromium
        chromium.close()


@dataclass
class Visitor:
    """Somebody at the screen: every request and every word of the console is noted."""

    origin: str
    page: Page
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    weight: int = 0

    def watch(self) -> Visitor:
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
        return self

    def _asked(self, request: Request) -> None:
        scheme = urlsplit(request.url).scheme
        if scheme in {"http", "https", "ws", "wss"} and not request.url.startswith(f"{self.origin}/"):
            self.foreign.append(request.url)

    def _answered(self, response: Response) -> None:
        if response.request.resource_type != "image" and response.status == 200:
            self.weight += int(response.headers.get("content-length", "0")) or len(response.body())

    def open(self, path: str) -> int:
        """Go to a path of the platform; the status of the answer."""
        answer = self.page.goto(self.origin + path)
        return answer.status if answer else 0

    def sign_in(self, name: str | None) -> Visitor:
        """One click, as the demo offers it; None stays a stranger."""
        if name is not None:
            self.open("/mencoba")
            self.page.click(f'form[action="/coba-sebagai/{name}"] button')
        return self

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.origin)

    def text(self, selector: str = "main") -> str:
        return re.sub(r"\s+", " ", self.page.inner_text(selector))


@pytest.fixture
def visitor(platform: Platform, browser: Browser) -> Iterator[Visitor]:
    """A stranger at a wide screen; scripts are off, for the pages do not need them."""
    yield from _visit(platform, browser.new_context(viewport=WIDE, java_script_enabled=False))


@pytest.fixture
def phone(platform: Platform, browser: Browser) -> Iterator[Visitor]:
    """A stranger with a phone in the hand."""
    yield from _visit(platform, browser.new_context(viewport=PHONE, java_script_enabled=False, has_touch=True))


@pytest.fixture
def scripted(platform: Platform, browser: Browser) -> Iterator[Visitor]:
    """A stranger in whose browser a script would run, if one came along."""
    yield from _visit(platform, browser.new_context(viewport=WIDE))


def _visit(platform: Platform, context: BrowserContext) -> Iterator[Visitor]:
    context.set_default_timeout(20_000)
    yield Visitor(f"http://localhost:{platform.port}", context.new_page()).watch()
    context.close()
