"""Whatever people enter into any text field is shown as they wrote it, on every page, and never runs."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator
from typing import Any

import httpx

from shared.contracts.generate import examples_of, installed
from shared.service import Aggregate, Does, Service
from shared.shape import Field, fields_of, plain
from tests.browser.conftest import Visitor
from tests.ops.platform import Platform

PAYLOADS = (
    "<script>window.run=1</script>",
    '"><img src=x onerror=window.run=1>',
    "'-window.run-'<svg/onload=window.run=1>",
    "<!--#include virtual=/mediation/cases/ -->",
    "{{7*7}}${7*7}=HYPERLINK(1)",
)
WHOEVER = ("sekretariat", "ketua", "mediator", "anggota", "mitra", "pengarah", "pihak")


def payload(one: Field, n: int) -> str:
    """A hostile text that fits a field."""
    text = PAYLOADS[n % len(PAYLOADS)]
    most = one.most or 200
    return (text if len(text) <= most else "<b>"[:most]).ljust(one.least or 0, "<")


def hostile(cls: type, data: dict[str, Any], n: int) -> dict[str, Any]:
    """An example's data with every free text replaced."""
    made = dict(data)
    for at, one in enumerate(fields_of(cls, at_door=True)):
        value = made.get(one.name)
        if one.kind == "text" and one.pattern is None and value is not None:
            made[one.name] = [payload(one, n + at) for _ in value] if one.many else payload(one, n + at)
        elif one.part and isinstance(value, list):
            made[one.name] = [hostile(one.part, below, n + at) for below in value]
        elif one.part and isinstance(value, dict):
            made[one.name] = hostile(one.part, value, n + at)
    return made


@dataclasses.dataclass
class Sender:
    """Sends commands as whoever may."""

    platform: Platform
    tokens: dict[str, str] = dataclasses.field(default_factory=dict)

    def post(self, path: str, body: Any) -> httpx.Response:
        answer = None
        for name in WHOEVER:
            headers = {"Authorization": f"Bearer {self._token(name)}", "Idempotency-Key": str(uuid.uuid4())}
            answer = httpx.post(
                f"http://127.0.0.1:{self.platform.port}{path}", json=body, headers=headers, timeout=30, trust_env=False
            )
            if answer.status_code not in (403, 404):
                break
        assert answer is not None
        assert answer.status_code < 500, (path, answer.text)
        return answer

    def _token(self, name: str) -> str:
        if name not in self.tokens:
            told = self.platform.pkp("account", "token", name).stdout
            self.tokens[name] = next(word for word in told.split() if word.startswith("pkp_"))
        return self.tokens[name]


def commands(service: Service) -> Iterator[tuple[Aggregate, Does]]:
    """Every command that people send, those that create first."""
    yield from sorted(service.sent, key=lambda one: not one[1].creates)


def test_no_text_of_any_command_runs_on_any_page(platform: Platform, scripted: Visitor) -> None:
    sender, accepted, pages = Sender(platform), dict[str, int](), set[str]()
    for service in installed().values():
        examples, made = examples_of(service), dict[str, list[str]]()
        for n, (aggregate, row) in enumerate(commands(service)):
            body = hostile(row.command, plain(examples[row.command]), n)
            start = f"/{service.name}/api/v1/{aggregate.path}"
            for id in [None] if row.creates else made.get(aggregate.name, []):
                answer = sender.post(start if id is None else f"{start}/{id}/{row.path}", body)
                if answer.is_success:
                    accepted[row.command.__name__] = accepted.get(row.command.__name__, 0) + 1
                    if row.creates:
                        made.setdefault(aggregate.name, []).append(answer.json()["id"])
        pages.update(
            f"/{service.name}/{aggregate.path}/{id}" for aggregate in service.aggregates for id in made.get(aggregate.name, [])
        )
    assert len(accepted) >= 8, accepted
    scripted.sign_in("sekretariat")
    lists = [f"/{name}/{path}/" for name, service in installed().items() for path in listings(service)]
    front = ["/", "/meja-kerja", "/menunggu-keputusan", "/cari?q=script", "/cari?q=%3Cscript%3Ewindow.run%3D1%3C%2Fscript%3E"]
    for path in (*sorted(pages), *lists, *front, "/ikuti-perkara", "/di-balik-layar"):
        status = scripted.open(path)
        assert status < 500, path
        assert scripted.page.evaluate("window.run") is None, path
        assert scripted.page.evaluate("document.querySelectorAll('main script, main svg[onload], main img').length") == 0, path
        assert "an error occurred while processing" not in scripted.page.content(), path
    assert "window.run" in "".join(scripted.page.goto(scripted.origin + path).text() for path in pages)  # type: ignore[union-attr]
    assert [one for one in scripted.complaints if "Failed to load" not in one] == []


def listings(service: Service) -> list[str]:
    """The paths of every register."""
    paths = [aggregate.path for aggregate in service.aggregates]
    return paths + [one.name.replace("_", "-") for one in (*service.own_registers, *service.foreign_registers)][: 20 - len(paths)]
