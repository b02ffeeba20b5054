"""Somebody who knows no code runs a dispute from a citizen's request to an agency's answer: through pages, then by the API.

Both ways are told the same by `dispute.py`, and must leave the same facts in the logs.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page

from shared import assembly
from shared.contracts.generate import installed
from shared.facts import kebab
from shared.settings import load
from tests.browser.conftest import PHONE, WIDE
from tests.browser.dispute import OFFICIAL, Act, Named, acts
from tests.ops.platform import Platform, until

BY_PAGES, BY_API = "Jalan masuk tergenang di blok A", "Jalan masuk tergenang di blok B"
OPENED_WITH = {"mediation": "/mediation/cases/", "forum": "/forum/recommendations/"}
DECISIONS = "/menunggu-keputusan"
FORMS = {
    row.command.__name__: f"/baru/{kebab(row.command.__name__)}" if row.creates else f"/{row.path}"
    for service in installed().values()
    for _, row in service.sent
}
PASSWORD = "jalan masuk yang kering"


@pytest.fixture(scope="module")
def official(platform: Platform) -> str:
    """The link with which an official of the roads agency, who has no account of the demo, comes in."""
    listed = httpx.get(f"{origin(platform)}/membership/api/v1/public-members?limit=100", trust_env=False).json()["items"]
    roads = next(one["id"] for one in listed if one["name"].endswith("Bina Marga"))
    assert platform.pkp("account", "add", OFFICIAL, "--role", "member", "--organisation", roads).returncode == 0
    return platform.pkp("account", "invite", OFFICIAL).stdout.strip()


def origin(platform: Platform) -> str:
    return f"http://localhost:{platform.port}"


# --- through pages ------------------------------------------------------------------------------------------------


@dataclass
class Pages:
    """Everybody at a screen of his own, without scripts; nobody types an address but the front page's."""

    origin: str
    browser: Browser
    invitation: str
    title: str
    number: str = ""
    code: str = ""
    people: dict[str, Page] = field(default_factory=dict)

    def person(self, name: str) -> Page:
        """Somebody's screen: he comes in by one click of the demo, by his invitation, or is a stranger with a phone."""
        if name not in self.people:
            size = PHONE if name in ("stranger", "ketua") else WIDE
            page = self.browser.new_context(viewport=size, java_script_enabled=False).new_page()
            page.set_default_timeout(60_000)
            self.people[name] = page
            if name == OFFICIAL:
                page.goto(self.invitation)
                for one in page.query_selector_all("input[type=password]"):
                    one.fill(PASSWORD)
                follow(page, page.locator("main button[type=submit]"))
            elif name != "stranger":
                page.goto(f"{self.origin}/mencoba")
                follow(page, page.locator(f'form[action="/coba-sebagai/{name}"] button'))
        return self.people[name]

    def perform(self, act: Act) -> None:
        """Find the thing, press the button of the command, fill its form in, and send it."""
        page = self.person(act.by)
        self.reach(page, act)
        button = page.locator(f'main a[href$="{FORMS[act.command]}"]').first
        if not button.is_visible():
            page.click(".more-steps > summary")
        follow(page, button)
        for name, value in act.data.items():
            self.fill(page, f"/{name}", value)
        follow(page, page.locator(".send button"))
        text = page.inner_text("main")
        assert "Tercatat." in text or "Sudah tercatat" in text, f"{act.command} by {act.by}: {text[:1500]}"
        found = re.search(r"Kode lacak\s+([2-9A-Z]{10})", text)
        if act.thing == "request" and found:
            self.code = found[1]
        if act.thing == "case" and act.makes:
            self.number = re.findall(r"MED/\d\d/\d{4}/\d{4}", text)[0]

    def reach(self, page: Page, act: Act) -> None:
        """The way of a click from the front page: what waits for one, else the register in the menu."""
        page.goto(f"{self.origin}/")
        if act.by == "stranger":
            page.click("a.to-menu")
            follow(page, page.locator("nav.menu >> text=Lacak dengan kode"))
            return
        if act.makes:
            follow(page, page.locator(f'nav.menu a[href="{OPENED_WITH[act.service]}"]'))
            return
        words = {"request": self.code, "case": self.title, "recommendation": self.number}[act.thing]
        if act.by == "ketua":
            page.click("a.to-menu")
            follow(page, page.locator(f'nav.menu a[href="{DECISIONS}"]'))
            card = page.locator("article.decision", has=page.locator(f'h2:has-text("{words}")'))
            follow(page, card.locator("h2 a"))
            return
        follow(page, page.locator('nav.menu a[href="/meja-kerja"]'))
        found = page.locator(f'ul.tasks a:has-text("{words}")')
        if found.count() == 0:
            register = "/mediation/requests/" if act.thing == "request" else OPENED_WITH[act.service]
            follow(page, page.locator(f'nav.menu a[href="{register}"]'))
            found = page.locator("tbody tr", has_text=words).locator("a")
        href = found.first.get_attribute("href")
        page.goto(f"{self.origin}{href}")

    # --- forms ---

    def fill(self, page: Page, at: str, value: Any) -> None:
        """One field under its pointer, as it is drawn."""
        fold = page.locator(f'details[id="f{at.replace("/", "-")}"]:not([open])')
        if fold.count():
            fold.locator("summary").first.click()
        if isinstance(value, dict):
            for name, below in value.items():
                self.fill(page, f"{at}/{name}", below)
        elif isinstance(value, list):
            self.fill_several(page, at, value)
        else:
            self.fill_one(page, at, value)

    def fill_several(self, page: Page, at: str, values: list[Any]) -> None:
        """Rows are added as needed; what may be chosen several times is ticked."""
        for n, value in enumerate(values):
            if isinstance(value, dict):
                if page.locator(f'[name^="{at}/{n}/"]').count() == 0:
                    follow(page, page.locator(f'button[name=_rows][value="+{at}"]'))
                self.fill(page, f"{at}/{n}", value)
            elif isinstance(value, Named):
                page.locator(f'[id="f{at.replace("/", "-")}"]').get_by_label(self.shown(value), exact=True).check()
            else:
                page.check(f'[name="{at}"][value="{value}"]')

    def fill_one(self, page: Page, at: str, value: Any) -> None:
        """A tick, a choice by its name, or a text; what the page holds already stays."""
        one = page.locator(f'[name="{at}"]').first
        kind = one.evaluate("one => one.type")
        if kind == "hidden":
            assert one.input_value(), at
        elif kind == "checkbox":
            one.set_checked(value)
        elif kind == "select-one" and isinstance(value, Named):
            label = next(text for text in one.locator("option").all_inner_texts() if self.shown(value) in text)
            one.select_option(label=label)
        elif kind == "select-one":
            one.select_option(str(value).lower() if isinstance(value, bool) else str(value))
        else:
            one.fill(str(value))

    def shown(self, value: Named) -> str:
        """How it is called in a chooser."""
        return self.code if value.register == "request" else value.name


# --- by the API ---------------------------------------------------------------------------------------------------


@dataclass
class Api:
    """Everybody with a token; which commands may be sent, and where to, is asked of the API each time."""

    origin: str
    token: Any
    accounts: dict[str, str]
    title: str
    ids: dict[str, str] = field(default_factory=dict)
    number: str = ""

    def ask(self, by: str, path: str, **params: Any) -> Any:
        headers = {} if by == "stranger" else {"Authorization": f"Bearer {self.token(by)}"}
        answer = httpx.get(f"{self.origin}{path}", headers=headers, params=params, timeout=60, trust_env=False)
        assert answer.is_success, f"{path}: {answer.text[:500]}"
        return answer.json()

    def perform(self, act: Act) -> None:
        """Ask what may be done with the thing, and do it."""
        if act.makes:
            href = next(
                path for path in self.ask(act.by, f"/{act.service}/openapi.json")["paths"] if path.endswith(f"/{act.thing}s")
            )
        else:
            legal = self.ask(act.by, self.where(act))["legal"]
            href = next(one["href"] for one in legal if one["command"] == act.command)
        headers = {"Idempotency-Key": secrets.token_hex(16)}
        if act.by != "stranger":
            headers["Authorization"] = f"Bearer {self.token(act.by)}"
        body = self.resolved(act, act.data)
        answer = httpx.post(f"{self.origin}{href}", json=body, headers=headers, timeout=60, trust_env=False)
        assert answer.is_success, f"{act.command} by {act.by}: {answer.text[:1000]}"
        if act.makes:
            self.ids[act.thing] = answer.json()["id"]

    def where(self, act: Act) -> str:
        if act.thing not in self.ids:
            rows = self.ask(act.by, "/forum/api/v1/recommendations", limit=100)["items"]
            self.ids[act.thing] = next(one["id"] for one in rows if self.number in one["issue"])
        return f"/{act.service}/api/v1/{act.thing}s/{self.ids[act.thing]}"

    def resolved(self, act: Act, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self.resolved(act, below) for name, below in value.items()}
        if isinstance(value, list):
            return [self.resolved(act, below) for below in value]
        return self.id_of(act, value) if isinstance(value, Named) else value

    def id_of(self, act: Act, value: Named) -> str:
        if value.register == "request":
            return self.ids["request"]
        if value.register == "account":
            return self.accounts[value.name]
        rows = self.ask(act.by, f"/{act.service}/api/v1/{value.register}", limit=100)["items"]
        own = [
            one for one in rows if not value.of_case or self.ids[act.thing] in (one.get("case_id"), one.get("recommendation_id"))
        ]
        return next(one[value.key] for one in own if one[value.column] == value.name)


# --- what both leave ----------------------------------------------------------------------------------------------

IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
OF_ONE_WALK = (
    (re.compile(r"(MED|REK)/\d\d/\d{4}/\d{4}"), r"\1"),
    (re.compile(r'"pkp1:[^"]*"'), '"sealed"'),
    (re.compile(r'"(tracking_code|text_hash|document_hash)":\s*"[^"]*"'), r'"\1": "…"'),
)


def told(platform: Platform, title: str) -> list[tuple[str, str, Any]]:
    """(service, fact, payload) of everything that a walk has left in the logs, each thing's in its order; its ids are counted."""
    settings = load({name: value for name, value in platform.environment.items() if name.startswith("PKP_")})
    found = []
    number = ""
    for name in ("mediation", "forum"):
        runtime = assembly.runtime(assembly.services(settings)[name], settings)
        log = runtime.store.log(0, 10_000)
        registered = (one.data for one in log if ".conflict-registered." in one.type and title in one.data)
        number = next((json.loads(data)["number"] for data in registered), number)
        streams = {one.stream for one in log if title in one.data or number in one.data}
        ours = [one for one in log if one.stream in streams]
        found += [(name, one.type, one.data) for one in sorted(ours, key=lambda one: (kind(one.stream), one.position))]
        runtime.close()
    return list(alike(found, title))


def kind(stream: str) -> str:
    return stream.split("/")[1]


def alike(facts: list[tuple[str, str, str]], title: str) -> Iterator[tuple[str, str, Any]]:
    """The facts without what differs from one walk to the next: each id by the place where it first stood."""
    seen: dict[str, str] = {}
    for service, type, data in facts:
        text = data.replace(title, "…")
        for pattern, instead in OF_ONE_WALK:
            text = pattern.sub(instead, text)
        yield service, type, json.loads(IDS.sub(lambda found: seen.setdefault(found[0], f"id {len(seen)}"), text))


def test_a_dispute_runs_through_pages_and_by_the_api_with_the_same_facts(
    platform: Platform, browser: Browser, official: str
) -> None:
    pages = Pages(origin(platform), browser, official, BY_PAGES)
    walk(pages, lambda: drafted(platform, pages.number))
    for page in pages.people.values():
        page.context.close()
    listed = json.loads(platform.pkp("account", "list", "--json").stdout)

    @cache
    def token(name: str) -> str:
        return platform.pkp("account", "token", name).stdout.strip()

    api = Api(origin(platform), token, {one["name"]: one["id"] for one in listed}, BY_API)
    walk(api, lambda: drafted(platform, numbered(api)))
    through_pages, by_api = told(platform, BY_PAGES), told(platform, BY_API)
    assert [fact for _, fact, _ in through_pages] == [fact for _, fact, _ in by_api]
    assert through_pages == by_api
    names = [fact.split(".")[3] for _, fact, _ in through_pages]
    for name in ("mediation-requested", "conflict-resolved", "recommendation-issued", "recommendation-responded"):
        assert name in names


def follow(page: Page, link: Locator) -> None:
    """Press what leads to another page, and see that page: a click alone does not wait for what it brings."""
    with page.expect_navigation():
        link.click()


def numbered(api: Api) -> str:
    api.number = api.ask("sekretariat", f"/mediation/api/v1/cases/{api.ids['case']}")["number"]
    return api.number


def walk(person: Pages | Api, drafted: Any) -> None:
    """All acts in order; before those of the forum, its own draft is waited for."""
    for act in acts(person.title):
        if act.service == "forum" and act.command == "OpenConsultation":
            until(drafted, 60, "the forum's draft")
        person.perform(act)


def drafted(platform: Platform, number: str) -> bool:
    """Whether the forum has drafted its recommendation; nobody did but the forum itself."""
    token = platform.pkp("account", "token", "sekretariat").stdout.strip()
    rows = platform.get("/forum/api/v1/recommendations?limit=100", Authorization=f"Bearer {token}").json()["items"]
    return any(number in one["issue"] for one in rows)
