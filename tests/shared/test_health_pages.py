"""What those see who keep a service running, and that they can have handled again what is held up."""

from __future__ import annotations

from shared.delivery.letters import listed
from shared.delivery.postbox import ALARM, open_letter
from tests.shared.conftest import Door

PAGE = "/thing/kesehatan"


def held_up(door: Door) -> str:
    """The id of an alarm that nobody has seen yet."""
    store = door.site.runtime.store
    with store.db.writing() as session:
        open_letter(session, "thing", ALARM, "/provinces/32/membership", "fork abc", "the log was restored", position=7)
    return listed(store)[0].id


def test_an_operator_sees_what_is_held_up_and_has_it_handled_again(small_door: Door) -> None:
    small_door.make()
    assert "Tidak ada yang tertahan" in small_door.get(PAGE, "operator").text
    letter = held_up(small_door)
    page = small_door.get(PAGE, "operator").text
    assert "the log was restored" in page
    assert f"{PAGE}/surat/{letter}/ulang" in page
    assert small_door.post(f"{PAGE}/surat/{letter}/ulang", {}, "operator").status_code == 303
    assert "Tidak ada yang tertahan" in small_door.get(PAGE, "operator").text


def test_the_secretariat_sees_it_and_others_see_nothing(small_door: Door) -> None:
    letter = held_up(small_door)
    page = small_door.get(PAGE).text
    assert "the log was restored" in page
    assert "Coba lagi" not in page
    assert small_door.post(f"{PAGE}/surat/{letter}/ulang", {}).status_code == 403
    assert [small_door.get(PAGE, name).status_code for name in ("ketua", "anggota", "pihak", None)] == [403, 403, 403, 401]
