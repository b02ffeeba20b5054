"""Forms drawn from commands: without scripts, with errors beside the field, sent once, from our own pages only."""

from __future__ import annotations

import html
import re
import uuid
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from shared import shape
from shared.facts import amount, command, part, several, text
from shared.shape import fields_of
from shared.web.access import cookie_name
from shared.web.forms import Drawer, Input
from shared.web.sent import Reader, changed, initial
from tests.shared.conftest import Door

JAKARTA = ZoneInfo("Asia/Jakarta")
NEW = "/thing/things/baru/make-thing"


@dataclass
class Browser:
    """Somebody signed in, who fills forms in as a browser does."""

    client: FlaskClient
    page: str = ""
    sent: list[TestResponse] = field(default_factory=list)

    def open(self, path: str) -> TestResponse:
        answer = self.client.get(path, headers={"Accept": "text/html", "Sec-Fetch-Site": "same-origin"})
        self.page = answer.text
        return answer

    def hidden(self) -> dict[str, str]:
        return {
            name: html.unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', self.page)
        }

    def send(self, path: str, *, origin: str = "same-origin", **entered: object) -> TestResponse:
        hidden = {name: value for name, value in self.hidden().items() if name != "lanjut"}
        data = {**hidden, **{name.replace("__", "/"): value for name, value in entered.items()}}
        answer = self.client.post(path, data=data, headers={"Accept": "text/html", "Sec-Fetch-Site": origin})
        self.page = answer.text
        return answer


def browser(door: Door, name: str) -> Browser:
    client = door.app.test_client()
    account = next(one for one in door.site.accounts.list() if one.name == name)
    cookie = door.site.accounts.sessions.start(account.id, "demo")
    client.set_cookie(cookie_name(door.site.settings), cookie)
    return Browser(client)


def test_a_form_makes_what_the_api_makes(small_door: Door) -> None:
    secretary = browser(small_door, "sekretariat")
    assert secretary.open(NEW).status_code == 200
    answer = secretary.send(
        NEW, __name="Lampu", __colour="red", __on="2025-06-10", __tags__0="jalan", __tags__3="malam", __tags__7=""
    )
    assert answer.status_code == 303
    shown = secretary.open(answer.headers["Location"]).text
    assert "Tercatat." in shown
    [item] = small_door.get("/thing/api/v1/things").json["items"]
    assert (item["name"], item["colour"], item["tags"]) == ("Lampu", "red", ["jalan", "malam"])


def test_what_is_wrong_stands_beside_its_field_and_nothing_entered_is_lost(small_door: Door) -> None:
    secretary = browser(small_door, "sekretariat")
    secretary.open(NEW)
    answer = secretary.send(NEW, __name="&<", __colour="red", __on="2999-01-01", __tags__0="jalan")
    assert answer.status_code == 422
    page = answer.text
    assert 'href="#f-name"' in page
    assert 'aria-describedby="f-name-salah" aria-invalid="true"' in page
    assert 'value="&amp;&lt;"' in page
    assert 'name="/tags/0" id="f-tags-0" value="jalan"' in page
    assert '<option value="red" selected>' in page
    answer = secretary.send(NEW, __name="Lampu", __colour="red", __on="2999-01-01")
    assert answer.status_code == 422
    assert 'href="#f-on"' in answer.text
    assert 'aria-describedby="f-on-bantu f-on-salah"' in answer.text
    assert small_door.get("/thing/api/v1/things").json["items"] == []


def test_a_missing_field_is_named(small_door: Door) -> None:
    secretary = browser(small_door, "sekretariat")
    secretary.open(NEW)
    answer = secretary.send(NEW)
    assert answer.status_code == 422
    assert answer.text.count("Isian ini wajib.") >= 6
    for id in ("f-name", "f-colour", "f-on"):
        assert f'href="#{id}"' in answer.text


def test_rows_are_added_and_removed_without_scripts(small_door: Door) -> None:
    secretary = browser(small_door, "sekretariat")
    secretary.open(NEW)
    assert 'name="/tags/0"' not in secretary.page
    secretary.send(NEW, _rows="+/tags", __name="Lampu")
    secretary.send(NEW, _rows="+/tags", __name="Lampu", __tags__0="jalan")
    assert 'name="/tags/1"' in secretary.page
    assert 'value="Lampu"' in secretary.page
    secretary.send(NEW, _rows="-/tags/0", __tags__0="jalan", __tags__1="malam")
    assert 'name="/tags/1"' not in secretary.page
    assert 'value="malam"' in secretary.page
    assert small_door.get("/thing/api/v1/things").json["items"] == []


def test_a_form_sent_twice_does_it_once(small_door: Door) -> None:
    secretary = browser(small_door, "sekretariat")
    secretary.open(NEW)
    page = secretary.page
    entered = {"__name": "Lampu", "__colour": "red", "__on": "2025-06-10"}
    first = secretary.send(NEW, **entered)
    secretary.page = page
    second = secretary.send(NEW, **entered)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(small_door.get("/thing/api/v1/things").json["items"]) == 1
    secretary.page = page
    other = secretary.send(NEW, **{**entered, "__name": "Meja"})
    assert other.status_code == 422
    assert "Kunci ini sudah dipakai" in other.text
    assert secretary.send(NEW, **{**entered, "__name": "Meja"}).status_code == 303


def test_a_form_that_others_have_overtaken_says_so(small_door: Door) -> None:
    id, member = small_door.make(), browser(small_door, "anggota")
    path = f"/thing/things/{id}/count"
    member.open(path)
    small_door.post(f"/thing/api/v1/things/{id}/count", {"by": 3})
    answer = member.send(path, __by="2")
    assert answer.status_code == 412
    assert "Keadaannya sudah berubah sejak Anda melihatnya." in answer.text
    assert 'value="2"' in answer.text
    assert member.send(path, __by="2").status_code == 303
    assert small_door.get(f"/thing/api/v1/things/{id}").json["count"] == 5


def test_a_refusal_is_a_sentence_and_leads_back(small_door: Door) -> None:
    id, member = small_door.make(), browser(small_door, "anggota")
    path = f"/thing/things/{id}/count"
    member.open(path)
    small_door.post(f"/thing/api/v1/things/{id}/close", {"reason": "selesai"}, "ketua")
    assert "Langkah ini tidak dapat dilakukan" in member.open(path).text
    answer = member.send(path, __by="1")
    assert answer.status_code == 409
    assert "Barang Lampu sudah ditutup. Buat barang baru." in answer.text
    assert f'href="/thing/things/{id}"' in answer.text


def test_only_who_may_send_a_command_gets_its_form(small_door: Door) -> None:
    id = small_door.make()
    assert small_door.get(NEW, None, Accept="text/html").status_code == 401
    assert small_door.get(NEW, "anggota", Accept="text/html").status_code == 403
    assert small_door.get(f"/thing/things/{id}/close", "sekretariat", Accept="text/html").status_code == 403
    assert small_door.get(f"/thing/things/{uuid.uuid4()}/close", "ketua", Accept="text/html").status_code == 404
    member = browser(small_door, "anggota")
    member.open(f"/thing/things/{id}/count")
    assert member.send(NEW, __name="Lampu", __colour="red", __on="2025-06-10").status_code == 403


@pytest.mark.parametrize("origin", ["cross-site", "same-site"])
def test_a_foreign_page_cannot_send_a_form(small_door: Door, origin: str) -> None:
    secretary = browser(small_door, "sekretariat")
    secretary.open(NEW)
    entered = {"__name": "Lampu", "__colour": "red", "__on": "2025-06-10"}
    assert secretary.send(NEW, origin=origin, **entered).status_code == 403
    secretary.open(NEW)
    assert secretary.send(NEW, csrf_token="0" * 64, **entered).status_code == 403
    assert small_door.get("/thing/api/v1/things").json["items"] == []


def test_a_personal_field_is_marked(small_door: Door) -> None:
    id, mediator = small_door.make(), browser(small_door, "mediator")
    assert "Data pribadi: disimpan terenkripsi" in mediator.open(f"/thing/things/{id}/note").text


def test_text_of_a_form_is_never_run(small_door: Door) -> None:
    secretary = browser(small_door, "sekretariat")
    secretary.open(NEW)
    payload = '"><script>alert(1)</script>'
    page = secretary.send(
        NEW, __name=payload, __colour=payload, __on=payload, __tags__0=payload, _key=payload, _version=payload
    ).text
    assert "<script" not in page


# --- reading and drawing, apart from HTTP -------------------------------------------------------------------------


class Kind(StrEnum):
    ONE = "one"
    TWO = "two"


@part
class Paper:
    number: str = text(1, 20)
    date: date


@part
class Line:
    what: str = text(1, 20)
    parts: tuple[int, ...] = several(0, 5, ())
    ids: tuple[UUID, ...] = several(0, 5, ())


@command
class Order:
    """All kinds of fields."""

    title: str = text(1, 20)
    cost: int = amount()
    pieces: int = amount(1, 100)
    kinds: tuple[Kind, ...] = several(1, 2)
    urgent: bool = False
    agreed: bool | None = None
    paper: Paper | None = None
    lines: tuple[Line, ...] = several(1, 9)
    chosen: UUID | None = None
    hidden: UUID | None = None


def read(*sent: tuple[str, str], keep: bool = False) -> dict[str, object]:
    reader = Reader(MultiDict(sent), frozenset({"chosen", "ids"}), JAKARTA, keep)
    return reader.read(fields_of(Order, at_door=True))


def test_what_a_browser_sends_becomes_the_command() -> None:
    id = str(uuid.uuid4())
    data = read(
        ("/title", "Beli"),
        ("/cost", "Rp 1.250.000"),
        ("/pieces", "7"),
        ("/kinds", "one"),
        ("/kinds", "two"),
        ("/urgent", "true"),
        ("/agreed", "false"),
        ("/paper/number", "12/A"),
        ("/paper/date", "2025-06-10"),
        ("/lines/0/what", ""),
        ("/lines/4/what", "kayu"),
        ("/lines/4/parts", "1, 2 3"),
        ("/lines/4/ids", id),
        ("/chosen", id),
    )
    order = shape.read(Order, data)
    assert (order.cost, order.pieces, order.kinds, order.urgent, order.agreed) == (
        1_250_000,
        7,
        (Kind.ONE, Kind.TWO),
        True,
        False,
    )
    assert order.paper == Paper(number="12/A", date=date(2025, 6, 10))
    assert order.lines == (Line(what="kayu", parts=(1, 2, 3), ids=(UUID(id),)),)
    assert order.chosen == UUID(id)


def test_what_is_left_empty_is_left_out() -> None:
    data = read(("/title", "Beli"), ("/paper/number", "  "), ("/agreed", ""), ("/chosen", ""), ("/lines/0/what", " "))
    assert data == {"title": "Beli", "urgent": False, "kinds": [], "lines": []}


def test_what_cannot_be_read_stays_as_it_was_typed() -> None:
    data = read(("/cost", "banyak"), ("/pieces", "1e3"), ("/lines/0/parts", "1,x"))
    assert (data["cost"], data["pieces"], data["lines"]) == ("banyak", "1e3", [{"parts": [1, "x"]}])


def flat(inputs: tuple[Input, ...]) -> dict[str, Input]:
    found = {}
    for one in inputs:
        found[one.pointer] = one
        found.update(flat((*one.inputs, *(below for row in one.rows for below in row))))
    return found


def draw(data: dict[str, object], errors: dict[str, list[str]] | None = None) -> dict[str, Input]:
    return flat(Drawer(errors or {}, frozenset({"chosen", "ids"}), JAKARTA).draw(Order, data))


def test_what_was_sent_is_drawn_again() -> None:
    sent = [("/title", "Beli"), ("/cost", "1.250.000"), ("/kinds", "two"), ("/lines/0/what", "kayu"), ("/lines/0/parts", "1, 2")]
    drawn = draw(read(*sent))
    assert drawn["/cost"].value == "1.250.000"
    assert drawn["/kinds"].value == ["two"]
    assert drawn["/lines/0/parts"].value == "1, 2"
    assert "/hidden" not in drawn  # nobody can know an id that is not offered
    assert not drawn["/paper"].filled


def test_a_fresh_form_has_the_rows_that_are_needed_and_the_defaults() -> None:
    drawn = draw(initial(Order))
    assert "/lines/0/what" in drawn
    assert "/lines/1/what" not in drawn
    assert drawn["/urgent"].value is False


def test_every_error_of_the_guard_finds_a_place() -> None:
    drawer = Drawer({"/lines/0/parts/1": ["x"], "/paper/date": ["y"], "/lines": ["z"]}, frozenset(), JAKARTA)
    drawn = flat(drawer.draw(Order, {"lines": [{"parts": [1, "x"]}], "paper": {}}))
    assert drawn["/lines/0/parts"].errors == ("x",)
    assert drawn["/paper"].filled
    assert {"/lines/0/parts/1", "/paper/date", "/lines"} <= drawer.used


@pytest.mark.parametrize("button", ["+/nothing", "-/lines/99", "+/title", "*", "", "+/lines/0/what", "-", "+/lines/x/parts"])
def test_a_button_that_is_not_on_the_page_changes_nothing(button: str) -> None:
    data: dict[str, object] = {"lines": [{"what": "kayu"}]}
    changed(data, Order, button)
    assert data["lines"] == [{"what": "kayu"}]
