"""The generic pages and the origin: Indonesian, closed to what is foreign, usable on a phone and without scripts."""

from __future__ import annotations

import csv
import gzip
import io
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse

from shared.app import build, origin
from shared.assembly import accounts, runtime, services
from shared.identity.demo_clock import DemoClock
from shared.settings import load
from shared.web.history import NEWEST
from shared.web.menu import ALWAYS, GROUPS
from tests.migrated import migrate
from tests.shared.conftest import Door

PAGES = ("/thing/", "/thing/things/", "/thing/open-catalogue/", "/thing/docs", "/thing/things/nothing")


def test_a_register_says_what_to_do_while_it_is_empty(small_door: Door) -> None:
    page = small_door.get("/thing/things/").text
    assert "Belum ada isi. Mulai dengan langkah di bawah ini." in page
    assert 'href="/thing/things/baru/make-thing"' in page
    assert "Mulai dengan langkah: Buat barang." in small_door.get("/thing/things/", "ketua").text
    small_door.make()
    assert "Belum ada isi" not in small_door.get("/thing/things/").text
    assert "Tidak ada yang cocok" in small_door.get("/thing/things/?colour=green").text


def test_a_register_shows_labels_and_values_in_indonesian(door: Door) -> None:
    id = door.make()
    page = door.get("/thing/things/").text
    for told in ("Daftar Barang", "Nama", "Merah", "10 Juni 2025", f'href="/thing/things/{id}"', 'lang="id"'):
        assert told in page


def test_a_page_shows_state_next_steps_and_history(door: Door) -> None:
    id = door.make()
    page = door.get(f"/thing/things/{id}", "ketua").text
    assert f'href="/thing/things/{id}/close"' in page
    assert f'href="/thing/things/{id}/count"' not in page
    assert "Lampu dibuat pada 10 Juni 2025" in page
    door.post(f"/thing/api/v1/things/{id}/close", {"reason": "selesai"}, "ketua")
    assert "Tidak ada langkah untuk peran Anda sekarang." in door.get(f"/thing/things/{id}", "ketua").text


def test_pages_come_in_pages_with_counts(door: Door) -> None:
    for n in range(3):
        door.make(f"Lampu {n}")
    page = door.get("/thing/things/?baris=2").text
    assert "1–2 dari 3" in page
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following
    last = door.get(following[1].replace("&amp;", "&")).text
    assert "3–3 dari 3" in last
    assert last.count("<tr>") == 2


def test_behind_the_last_page_the_way_back_is_told(door: Door) -> None:
    for n in range(3):
        door.make(f"Lampu {n}")
    behind = door.get("/thing/things/?baris=2&halaman=9").text
    assert "Belum ada isi" not in behind
    assert "Halaman 9 tidak ada." in behind
    assert 'href="/thing/things/?baris=2&amp;halaman=2"' in behind


def test_a_register_is_searched_sorted_and_filtered(small_door: Door) -> None:
    for name, colour in (("Lampu", "red"), ("Meja 50%", "green"), ("Arsip", "green")):
        small_door.make(name, colour=colour)

    def names(address: str) -> list[str]:
        return re.findall(r'<th scope="row"[^>]*><a[^>]*>([^<]+)</a>', small_door.get(f"/thing/things/?{address}").text)

    assert names("urut=name") == ["Arsip", "Lampu", "Meja 50%"]
    assert names("urut=-name") == ["Meja 50%", "Lampu", "Arsip"]
    assert names("colour=green&urut=name") == ["Arsip", "Meja 50%"]
    assert names("cari=LAMP") == ["Lampu"]
    assert names("cari=50%25") == ["Meja 50%"]
    assert names("cari=%25") == ["Meja 50%"]
    assert names("cari=_") == []


@pytest.mark.parametrize(
    "address", ["urut=nothing", "urut=name;drop", "halaman=0", "halaman=x", "bentuk=exe", "per=2999-01-01", "per=x", "no=1"]
)
def test_what_a_register_cannot_be_asked_is_refused(small_door: Door, address: str) -> None:
    assert small_door.get(f"/thing/things/?{address}").status_code == 400


def test_a_register_is_a_file_for_spreadsheets_without_formulas(small_door: Door) -> None:
    small_door.make('=HYPERLINK("x")')
    small_door.make("Lampu, biru")
    answer = small_door.get("/thing/things/?bentuk=csv&urut=name")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert lines[0][:2] == ["id", "Nama"]
    assert [line[1] for line in lines[1:]] == ['\'=HYPERLINK("x")', "Lampu, biru"]
    assert lines[1][4] == "2025-06-10"


def test_a_thing_is_shown_as_it_stood_at_the_end_of_a_day(small_door: Door) -> None:
    id = small_door.make()
    today = small_door.site.runtime.clock.today()
    clock = small_door.site.runtime.clock
    assert isinstance(clock, DemoClock)
    clock.advance(timedelta(days=2))
    small_door.post(f"/thing/api/v1/things/{id}/count", {"by": 7})
    small_door.make("Yang baru")
    then = small_door.get(f"/thing/things/{id}?per={today}").text
    assert "Keadaan saat itu" in then
    assert "Langkah berikutnya" not in then
    assert len(re.findall('<li id="v', then)) == 1
    assert len(re.findall('<li id="v', small_door.get(f"/thing/things/{id}").text)) == 2
    assert "Yang baru" not in small_door.get(f"/thing/things/?per={today}").text
    assert "Yang baru" in small_door.get("/thing/things/").text
    before = today - timedelta(days=1)
    assert small_door.get(f"/thing/things/{id}?per={before}").status_code == 404
    assert "Pada tanggal itu belum ada isi." in small_door.get(f"/thing/things/?per={before}").text
    now, past = (small_door.get(f"/thing/api/v1/things/{id}{when}").json for when in ("", f"?as_of={today}"))
    assert (now["count"], past["count"], past["legal"]) == (7, 0, [])
    assert len(small_door.get(f"/thing/api/v1/things?as_of={today}").json["items"]) == 1
    assert small_door.get(f"/thing/api/v1/things/{id}?as_of={before}").status_code == 404


def test_a_history_says_which_office_acted_and_why(small_door: Door) -> None:
    id = small_door.make()
    page = small_door.get(f"/thing/things/{id}").text
    assert "Diputuskan oleh: Sekretariat" in " ".join(page.split())
    chain = re.search(r'href="(/thing/rangkaian/[^"]+)"', page)
    assert chain
    assert f'href="/thing/things/{id}#v1"' in small_door.get(chain[1]).text
    assert small_door.get("/thing/rangkaian/unknown-but-well-formed").status_code == 200


def test_who_may_read_a_fact_alone_gets_it_alone(small_door: Door) -> None:
    id = small_door.make()
    recorded = small_door.site.runtime.store.log(0)[0]
    assert small_door.get(f"/thing/fakta/{recorded.id}").headers["Location"] == f"/thing/things/{id}#v1"
    alone = small_door.get(f"/thing/fakta/{recorded.id}", None)
    assert alone.status_code == 200
    assert "Lampu dibuat pada 10 Juni 2025" in alone.text
    small_door.post(f"/thing/api/v1/things/{id}/close", {"reason": "selesai"}, "ketua")
    closed = small_door.site.runtime.store.log(0)[1]
    assert small_door.get(f"/thing/fakta/{closed.id}", None).status_code == 404
    assert small_door.get(f"/thing/fakta/{uuid.uuid4()}").status_code == 404


def test_a_long_history_is_told_from_its_newest_end(small_door: Door) -> None:
    id = small_door.make()
    for _ in range(24):
        small_door.post(f"/thing/api/v1/things/{id}/count", {"by": 1})
    page = small_door.get(f"/thing/things/{id}").text
    assert len(re.findall('<li id="v', page)) == NEWEST
    assert "Tampilkan seluruh riwayat (25)" in page
    assert len(re.findall('<li id="v', small_door.get(f"/thing/things/{id}?riwayat=semua").text)) == 25
    first = small_door.site.runtime.store.log(0)[0]
    assert small_door.get(f"/thing/fakta/{first.id}").headers["Location"] == f"/thing/things/{id}?riwayat=semua#v1"
    assert "Lampu dibuat" in small_door.get(f"/thing/fakta/{first.id}?sendiri=1").text


def test_stylesheets_come_compressed_and_pages_do_not(small_door: Door) -> None:
    plain, small = (small_door.get("/static/pkp.css", None, **{"Accept-Encoding": how}) for how in ("identity", "gzip"))
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) * 2 < len(plain.data)
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "Content-Encoding" not in small_door.get("/thing/", **{"Accept-Encoding": "gzip"}).headers


def test_what_people_enter_is_shown_and_never_run(small_door: Door) -> None:
    id = small_door.make("<script>alert(1)</script>")
    for path in ("/thing/things/", f"/thing/things/{id}"):
        page = small_door.get(path).text
        assert "<script" not in page
        assert "&lt;script&gt;" in page


def test_a_browser_is_told_in_a_page_and_never_asked_in_a_window_of_its_own(small_door: Door) -> None:
    answer = small_door.get("/thing/things/", None, Accept="text/html,*/*;q=0.8")
    assert answer.status_code == 401
    assert not answer.headers["WWW-Authenticate"].startswith("Basic")
    assert answer.content_type.startswith("text/html")
    assert "Anda belum masuk." in answer.text
    missing = small_door.get(f"/thing/things/{uuid.uuid4()}", Accept="text/html")
    assert (missing.status_code, missing.content_type) == (404, "text/html; charset=utf-8")
    assert small_door.get("/thing/things/", "pihak", Accept="text/html").status_code == 403


def test_confidential_fields_stay_out_of_pages(small_door: Door) -> None:
    id = small_door.make()
    body = {"person_id": str(uuid.uuid4()), "note": "kata rahasia"}
    small_door.post(f"/thing/api/v1/things/{id}/note", body, "mediator")
    page = small_door.get("/thing/notes/", "mediator").text
    assert "(data pribadi)" in page
    assert "pkp1:" not in page
    assert "Catatan rahasia" not in small_door.get(f"/thing/things/{id}", "anggota").text


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_closed_to_what_is_foreign(small_door: Door, path: str) -> None:
    answer = small_door.get(path)
    policy = dict(rule.strip().split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    assert "*" not in str(policy)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES[:4])
def test_a_page_asks_this_origin_only_and_what_it_asks_for_is_there(small_door: Door, path: str) -> None:
    page = small_door.get(path).text
    assert 'name="viewport"' in page
    wanted = re.findall(r'(?:src|href)="([^"#]+)"', page)
    assert wanted
    for address in wanted:
        assert address.startswith("/"), address
        if address.startswith(("/static", "/bootstrap", "/thing/docs/files")):
            assert small_door.get(address, None).status_code == 200, address


# --- the origin ---------------------------------------------------------------------------------------------------


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Client]:
    """Everything that is installed, on one origin, freshly migrated."""
    settings = load({"PKP_DATA_DIR": str(tmp_path), "PKP_DEMO": "1"})
    working = {name: runtime(service, settings) for name, service in services(settings).items()}
    for one in working.values():
        one.keys.migrate()
        migrate(one.store)
    made = origin(settings, working)
    made.door.accounts.migrate()
    yield Client(made, TestResponse)
    made.close()


def test_the_front_page_says_what_this_is_and_leads_everywhere(embedded: Client, tmp_path: Path) -> None:
    page = embedded.get("/")
    assert page.status_code == 200
    assert "Kelompok Kerja Perumahan dan Kawasan Permukiman Provinsi Jawa Barat" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    for name in services(load({"PKP_DATA_DIR": str(tmp_path)})):
        assert f'href="/{name}/"' in page.text
        front = embedded.get(f"/{name}/").text
        for path in ("docs", "openapi.json", "asyncapi.json", "feed?view=public"):
            assert f'href="/{name}/{path}"' in front
            assert embedded.get(f"/{name}/{path}").status_code == 200, (name, path)
        assert embedded.get(f"/{name}/pengembang").status_code == 200


def test_the_menu_leads_to_pages_that_are_there(embedded: Client, tmp_path: Path) -> None:
    settings = load({"PKP_DATA_DIR": str(tmp_path), "PKP_DEMO": "1"})
    headers = {"Authorization": f"Bearer {accounts(settings).token('sekretariat')}"}
    every = [*ALWAYS, *(one for _, entries in GROUPS for one in entries)]
    assert {one.href: embedded.get(one.href, headers=headers).status_code for one in every} == {one.href: 200 for one in every}


def test_the_menu_is_that_of_the_reader_his_language_and_his_place(embedded: Client, tmp_path: Path) -> None:
    people = accounts(load({"PKP_DATA_DIR": str(tmp_path), "PKP_DEMO": "1"}))
    secretary, chair = ({"Authorization": f"Bearer {people.token(name)}"} for name in ("sekretariat", "ketua"))

    def menu(path: str, headers: dict[str, str]) -> str:
        return embedded.get(path, headers=headers).text.partition('<nav class="menu"')[2].partition("</nav>")[0]

    def here(path: str, headers: dict[str, str]) -> list[str]:
        return re.findall(r'<a href="([^"]+)" aria-current="page">', menu(path, headers))

    for _ in range(2):  # what is drawn for one is kept, and must be nobody else's
        for reader in (secretary, chair, {}):
            assert here("/", reader) == ["/"]
            assert here("/forum/public-recommendations/", reader) == ["/forum/public-recommendations/"]
        assert here("/membership/members/?status=active", secretary) == ["/membership/members/"]
        assert here("/membership/members/baru/propose-member", secretary) == ["/membership/members/"]
        assert here("/problems/not-found", secretary) == []
        there = [
            ('href="/mediation/requests/"' in menu("/", reader), 'href="/akun"' in menu("/", reader))
            for reader in (secretary, chair, {})
        ]
        assert there == [(True, True), (False, True), (False, False)]
        for code, words in (("en", [False, True]), ("id", [True, False])):
            embedded.set_cookie("bahasa", code)
            assert [word in menu("/", chair) for word in ("Keanggotaan", "Membership")] == words


def test_every_list_of_every_service_answers(embedded: Client, tmp_path: Path) -> None:
    settings = load({"PKP_DATA_DIR": str(tmp_path), "PKP_DEMO": "1"})
    headers = {"Authorization": f"Bearer {accounts(settings).token('sekretariat')}"}
    for name, service in services(settings).items():
        for path, register, _ in build(service, settings).extensions["pkp"].listings:
            for address in (f"/{name}/{path}/", f"/{name}/api/v1/{path}"):
                answer = embedded.get(address, headers=headers)
                assert answer.status_code == 200, (address, answer.text)
            assert embedded.get(f"/{name}/api/v1/{path}").status_code == (200 if register.public else 401)


def test_the_type_of_a_problem_leads_to_its_meaning(embedded: Client) -> None:
    told = embedded.get("/problems/idempotency-key-required")
    assert told.status_code == 200
    assert "Setiap POST memerlukan kepala Idempotency-Key." in told.text
    assert embedded.get("/problems/no-such-rule-at-all").status_code == 404


def test_an_address_of_no_service_is_a_problem(embedded: Client) -> None:
    for path in ("/nothing", "/nothing/api/v1/x", "/membershipx/", "/%ff", "/%00"):
        answer = embedded.get(path)
        assert answer.status_code == 404, path
        assert answer.content_type == "application/problem+json"
    assert embedded.post("/").status_code == 405
