"""Every page, for every role, wide and on a phone: accessible, light, of this origin alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import PHONE, ROLES, WIDE, Visitor

MOST = 100_000  # bytes of a page with its stylesheets, without images
# What is well is left out of the answers: that it is well costs more to tell than to find.
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]},
    "resultTypes": ["violations"],
}
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}")
PER_KIND = {"sekretariat": 2}  # pages of one route that are looked at, where not one alone
LEAVE = re.compile(r"/(bahasa|static|bootstrap)/|/docs$|/feed|\.json$|/api/|bentuk=csv|/problems/")
ENGLISH_TOO = (None, "sekretariat")

_looked_at: dict[str, str] = {}


def kind(path: str) -> str:
    """The route of a path, as far as it can be told."""
    parts = urlsplit(path)
    return ID.sub("ID", parts.path) + ("?" if parts.query else "")


def pages_of(visitor: Visitor, most: int) -> Iterator[str]:
    """Every page that links lead to from the front door, a few of each kind."""
    waiting, known, seen = ["/", "/meja-kerja", "/menunggu-keputusan", "/cari?q=a"], {"/"}, dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        if seen.get(kind(path), 0) >= most:
            continue
        seen[kind(path)] = seen.get(kind(path), 0) + 1
        status = visitor.open(path)
        assert status in {200, 401, 403, 404, 409}, (path, status)
        yield path
        links = visitor.page.eval_on_selector_all("a[href]", "found => found.map(one => one.getAttribute('href'))")
        for href in links:
            address = href.split("#")[0]
            if address.startswith("/") and address not in known and not LEAVE.search(address):
                known.add(address)
                waiting.append(address)


ASSETS: dict[str, int] = {}


def test_a_first_visit_is_light(visitor: Visitor) -> None:
    visitor.open("/")
    ASSETS["bytes"] = visitor.weight - len(visitor.page.content().encode())
    assert 0 < visitor.weight < MOST


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_accessible_light_and_of_this_origin(scripted: Visitor, role: str | None) -> None:
    scripted.sign_in(role)
    visited, axe = 0, Axe()
    for path in pages_of(scripted, PER_KIND.get(role or "", 1)):
        visited += 1
        assert_light(scripted, path)
        content = hashlib.sha256(plain(scripted.page.inner_html("main")).encode()).hexdigest()
        if content in _looked_at:
            continue  # the same page was looked at for another role
        _looked_at[content] = path
        for size in (WIDE, PHONE):
            scripted.page.set_viewport_size(size)
            wide = scripted.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size["width"], f"{path} at {size['width']} is {wide} wide"
            found = axe.run(scripted.page, options=RULES).response["violations"]
            assert [told(one) for one in found if one["impact"] in ("serious", "critical")] == [], path
        scripted.page.set_viewport_size(WIDE)
    assert visited > (15 if role is None else 20)
    assert scripted.foreign == []
    assert [one for one in scripted.complaints if "Failed to load resource" not in one] == []


def assert_light(visitor: Visitor, path: str) -> None:
    """The page as a first visit loads it."""
    html = len(visitor.page.content().encode())
    assert html + ASSETS.get("bytes", 0) < MOST, f"{path}: {html} bytes"


def plain(content: str) -> str:
    """What of a page differs from visit to visit, left out."""
    return re.sub(r'name="(csrf_token|_key|_version)" value="[^"]*"|<time[^>]*>[^<]*</time>', "", content)


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
