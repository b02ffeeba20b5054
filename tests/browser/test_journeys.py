"""What people come for, from click to click, without scripts: each role does its work, and sees what it led to."""

from __future__ import annotations

import re

from tests.browser.conftest import PHONE, Visitor
from tests.ops.platform import until


def send(visitor: Visitor) -> None:
    """The button at the end of a form."""
    visitor.page.click(".send button")


def test_a_member_is_proposed_verified_and_admitted(visitor: Visitor) -> None:
    page = visitor.sign_in("sekretariat").page
    visitor.open("/membership/members/")
    page.click("text=Usulkan anggota")
    send(visitor)
    assert "Belum tercatat" in visitor.text()
    assert page.get_attribute(".summary a >> nth=0", "href") == "#f-name"
    page.fill("[name='/name']", "Badan Uji Perumahan")
    page.check("[name='/functions'][value=implementer]")
    page.select_option("[name='/subkind']", "regional_agency")
    page.select_option("[name='/component']", "regulator")
    page.select_option("[name='/agency_type']", "other")
    page.click("text=Tambah baris")
    page.select_option("[name='/affairs/0/affair']", "A1")
    page.select_option("[name='/affairs/0/duty']", "support")
    page.fill("[name='/reason']", "Mendukung urusan perumahan.")
    send(visitor)
    assert "Tercatat. Badan Uji Perumahan diusulkan menjadi anggota" in visitor.text()
    thing = visitor.path.split("?")[0]
    page.click("text=Nyatakan terverifikasi >> nth=0")
    page.fill("[name='/nomination/number']", "005/1/UJI")
    page.fill("[name='/nomination/date']", "2025-06-10")
    page.fill("[name='/nomination/sender']", "Badan Uji Perumahan")
    send(visitor)
    assert "Terverifikasi" in visitor.text(".status")
    admitted_by_the_chair(visitor, thing)


def admitted_by_the_chair(visitor: Visitor, thing: str) -> None:
    """On a phone, in two clicks and what the decision itself needs."""
    page = visitor.sign_in("ketua").page
    page.set_viewport_size(PHONE)
    visitor.open("/menunggu-keputusan")
    page.click(f".decision:has(a[href='{thing}']) .answers a >> nth=0")
    page.check("[name='/bodies'][value=pokja]")
    send(visitor)
    assert "Aktif" in visitor.text(".status")
    visitor.open("/menunggu-keputusan")
    assert page.query_selector(f"a[href='{thing}']") is None


def test_a_proposal_goes_to_the_chair_and_back(visitor: Visitor) -> None:
    page = visitor.sign_in("anggota").page
    visitor.open("/advocacy/advocacies/")
    page.click("text=Usulkan advokasi >> nth=0")
    page.fill("[name='/title']", "Sanitasi rumah susun")
    page.select_option("[name='/kind']", "awareness")
    page.fill("[name='/issue']", "Penghuni rumah susun belum mengelola sampahnya bersama-sama.")
    page.select_option("[name='/origin/kind']", "own")
    page.fill("[name='/area_codes/0']", "32.73")
    send(visitor)
    thing = visitor.path.split("?")[0]
    assert "Sanitasi rumah susun" in visitor.text("h1")
    visitor.sign_in("ketua")
    visitor.open("/menunggu-keputusan")
    page.click(f".decision:has(a[href='{thing}']) .answers a:has-text('Kembalikan')")
    page.fill("textarea", "Sebutkan kelompok sasarannya.")
    send(visitor)
    assert "Sebutkan kelompok sasarannya." in visitor.text()


def test_four_questions_show_the_branch_before_anything_is_sent(visitor: Visitor) -> None:
    page = visitor.sign_in("sekretariat").page
    visitor.open("/advocacy/policies/baru/register-policy")
    page.fill("[name='/title']", "Peraturan hunian berimbang")
    page.select_option("[name='/instrument']", index=1)
    page.select_option("[name='/level']", index=1)
    page.fill("[name='/number']", "Perda 1/2020")
    page.select_option("[name='/status']", "in_force")
    page.fill("[name='/topic']", "Hunian berimbang")
    send(visitor)
    visitor.open(visitor.path.split("?")[0] + "/assess")
    seen = [visitor.text(".branches .is")]
    for answer in ("/pro_public", "/effective", "/contrary_to_public_interest"):
        page.check(f"[name='{answer}']")
        page.click("text=Hitung lagi dari jawaban")
        seen.append(visitor.text(".branches .is"))
    assert seen == ["Menyempurnakan kebijakan", "Menegakkan kebijakan", "Sudah memadai", "Mencabut dan mengganti kebijakan"]


def test_somebody_without_an_account_asks_for_mediation_and_follows_it(phone: Visitor) -> None:
    page = phone.page
    phone.open("/mediation/lacak")
    page.click("main >> text=Mohon mediasi")
    page.fill("[name='/what_happened']", "Rumah yang kami cicil belum diserahkan sesudah dua tahun.")
    page.fill("[name='/against']", "PT Pengembang Contoh")
    page.fill("[name='/contact']", "warga@warga.example")
    page.fill("[name='/area_code']", "32.04")
    send(phone)
    code = re.search(r"Kode lacak ([2-9A-Z]{10})", phone.text())
    assert code, phone.text()
    phone.open(f"/mediation/lacak?kode={code[1].lower()}")
    assert "Diterima" in phone.text()
    phone.open("/mediation/lacak?kode=AAAAAAAAAA")
    assert "Tidak ada permohonan" in phone.text()


def test_what_is_searched_is_found_across_services(visitor: Visitor) -> None:
    page = visitor.sign_in("sekretariat").page
    page.fill("#cari-atas", "perumahan")
    page.click(".find button")
    assert visitor.path.startswith("/cari?q=perumahan")
    assert "Keanggotaan" in visitor.text(".found")
    page.click(".hits a >> nth=1")
    assert page.query_selector("h1") is not None


def test_behind_the_scenes_a_fact_arrives_at_the_siblings(visitor: Visitor) -> None:
    visitor.sign_in("sekretariat")

    def arrived() -> bool:
        visitor.open("/di-balik-layar")
        return "tiba setelah" in visitor.text()

    until(arrived, 20, "an arrival with its delay")


def test_the_date_moves_forward_and_deadlines_with_it(visitor: Visitor) -> None:
    page = visitor.sign_in("sekretariat").page
    visitor.open("/mencoba")
    before = visitor.text("#tanggal strong")
    page.click("text=Maju 1 hari")
    assert "Tanggal dimajukan." in visitor.text()
    assert visitor.text("#tanggal strong") != before


def test_the_keyboard_alone_is_enough(scripted: Visitor) -> None:
    """The first stop skips to the content; every stop shows where it is."""
    page = scripted.page
    scripted.open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "isi"
    scripted.open("/mencoba")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('form[action=\"/coba-sebagai/ketua\"]') !== null"):
            break
        seen = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(seen) != "none"
    page.keyboard.press("Enter")
    page.wait_for_url("**/menunggu-keputusan")
    assert "Ketua" in scripted.text("header")


def test_the_menu_opens_on_a_phone_without_scripts(phone: Visitor) -> None:
    page = phone.page
    phone.open("/")
    assert not page.is_visible("nav.menu")
    page.click("text=Menu")
    page.click("nav.menu >> text=Register Publik")
    assert phone.path == "/mediation/public-cases/"


def test_a_page_is_fit_to_print(visitor: Visitor) -> None:
    visitor.sign_in("sekretariat")
    visitor.open("/membership/members/")
    visitor.page.emulate_media(media="print")
    assert not visitor.page.is_visible("nav.menu")
    assert not visitor.page.is_visible(".filters")
    assert visitor.page.is_visible("table")
