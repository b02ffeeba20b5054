"""Every page, for every role, wide and on a phone: accessible, light, of this origin alone.

Each page is asked for and read by a plain client. The browser looks at those that hold an element in a place in which it saw
none of that kind yet (`structure.py`), and at what each role sees first. With `--all-pages` (`make test-pages`): at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import PHONE, ROLES, WIDE, Visitor
from tests.browser.structure import Structure
from tests.ops.platform import Platform

MOST = 100_000  # bytes of a page with its stylesheets, without images
# What is well is left out of the answers: that it is well costs more to tell than to find.
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]},
    "resultTypes": ["violations"],
}
AXE = Axe().axe_script  # sent to a page once, and asked there as often as wanted: half a megabyte is long in reading
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}")
PER_KIND = {"sekretariat": 2}  # pages of one route that are looked at, where not one alone
LEAVE = re.compile(r"/(bahasa|static|bootstrap)/|/docs$|/feed|\.json$|/api/|bentuk=csv|/problems/")
ENGLISH_TOO = (None, "sekretariat")
# What must be moved sideways to be seen: the page, or a table in it.
HIDDEN = """[document.documentElement, ...document.querySelectorAll(".scroll")]
  .filter(one => one.scrollWidth > one.clientWidth)
  .map(one => `${one.getAttribute("aria-label") || "page"}: ${one.scrollWidth} in ${one.clientWidth}`)"""
FIRST = ("/", "/meja-kerja", "/menunggu-keputusan")  # what the browser looks at for each role

_looked_at: set[tuple[str, ...]] = set()


def kind(path: str) -> str:
    """The route of a path, as far as it can be told."""
    parts = urlsplit(path)
    return ID.sub("ID", parts.path) + ("?" if parts.query else "")


def pages_of(visitor: Visitor, most: int, assets: int) -> Iterator[tuple[str, Structure]]:
    """Every page that links lead to from the front door, a few of each kind; read without the browser."""
    waiting, known, seen = [*FIRST, "/cari?q=a"], {"/"}, dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        if seen.get(kind(path), 0) >= most:
            continue
        seen[kind(path)] = seen.get(kind(path), 0) + 1
        answer = visitor.page.request.get(visitor.origin + path, headers={"Accept": "text/html"})
        assert answer.status in {200, 401, 403, 409}, f"a link leads to {path}: {answer.status}"
        html = answer.text()
        assert len(html.encode()) + assets < MOST, f"{path}: {len(html.encode())} bytes"
        page = Structure(html)
        yield path, page
        for href in page.links:
            address = href.split("#")[0]
            if address.startswith("/") and address not in known and not LEAVE.search(address):
                known.add(address)
                waiting.append(address)


@pytest.fixture(scope="module")
def assets(platform: Platform, browser: Browser) -> int:
    """The bytes of stylesheets and the like that a first visit loads, the same for every page."""
    context = browser.new_context()
    stranger = Visitor(f"http://localhost:{platform.port}", context.new_page()).watch()
    stranger.open("/")
    found = stranger.weight - len(stranger.page.content().encode())
    context.close()
    assert found > 0
    return found


def test_a_first_visit_is_light(visitor: Visitor) -> None:
    visitor.open("/")
    assert 0 < visitor.weight < MOST


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_accessible_light_and_of_this_origin(
    scripted: Visitor, role: str | None, assets: int, request: pytest.FixtureRequest
) -> None:
    scripted.sign_in(role)
    pages = dict(pages_of(scripted, PER_KIND.get(role or "", 1), assets))
    for path, page in pages.items():
        assert page.broken_ids == [], path
        assert [address for address in page.loaded if not re.match(r"/(?!/)", address)] == [], path
    looked = 0
    for path in chosen(pages, request.config.getoption("--all-pages")):
        look(scripted, path)
        looked += 1
    print(f"{len(pages)} pages, {looked} looked at")
    assert len(pages) > (15 if role is None else 20)
    assert scripted.foreign == []
    assert [one for one in scripted.complaints if "Failed to load resource" not in one] == []


def chosen(pages: dict[str, Structure], all_pages: bool) -> Iterator[str]:
    """What the browser looks at, the page with most that is new before others: then fewer are left that have anything new."""
    left = dict(pages)
    while left:
        path = next((one for one in FIRST if one in left), None) or max(left, key=lambda one: len(left[one].parts - _looked_at))
        if not (all_pages or path in FIRST or left[path].parts - _looked_at):
            return
        yield path
        _looked_at.update(left.pop(path).parts)


def look(visitor: Visitor, path: str) -> None:
    """Nothing sticks out of the screen and no barrier is found, wide and on a phone."""
    visitor.open(path)
    visitor.page.evaluate(AXE)
    for size in (WIDE, PHONE):
        visitor.page.set_viewport_size(size)
        hidden = visitor.page.evaluate(HIDDEN)
        assert hidden == [], f"{path} at {size['width']}: {hidden}"
        found = visitor.page.evaluate("rules => axe.run(rules).then(found => found.violations)", RULES)
        assert [told(one) for one in found if one["impact"] in ("serious", "critical")] == [], path
    visitor.page.set_viewport_size(WIDE)


def told(violation: dict[str, object]) -> str:
    nodes = violation["nodes"]
    assert isinstance(nodes, list)
    return f"{violation['id']}: {nodes[0]['html'][:200]} {nodes[0].get('failureSummary', '')[:300]}"


@pytest.mark.parametrize("role", ENGLISH_TOO)
def test_the_other_language_is_english_throughout(visitor: Visitor, role: str | None) -> None:
    visitor.sign_in(role)
    visitor.open("/")
    visitor.page.click('a[hreflang="en"]')
    for path in ("/", "/meja-kerja", "/membership/members/", "/mencoba", "/untuk-pengembang"):
        visitor.open(path)
        assert visitor.page.get_attribute("html", "lang") == "en"
        assert not re.search(r"\b(yang|untuk|dan|tidak|dengan|belum|atau)\b", visitor.text("nav.menu") + visitor.text("h1"))
    visitor.page.click('a[hreflang="id"]')
    assert visitor.page.get_attribute("html", "lang") == "id"
