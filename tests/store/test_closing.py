"""A service that is closed leaves nothing open: neither connections nor the files of its locks."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from shared.store.fair_lock import FairLock
from tests.store.accounts import NameHolder
from tests.store.place import Bank, Place

PERSON = UUID(int=7)


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_a_closed_service_holds_nothing_open_and_can_be_used_again(place: Place) -> None:
    before = open_files()
    bank = Bank(place.runtime())
    for _ in range(3):
        account = bank.open()
        bank.do(NameHolder(person=PERSON, contact="sekretariat@contoh.example"), account)
        assert bank.store.head() > 0
        assert open_files() > before
        bank.close()
        assert open_files() == before


def test_a_lock_that_nobody_holds_on_to_closes_its_files_once(tmp_path: Path) -> None:
    before = open_files()
    lock = FairLock(str(tmp_path / "some.db"))
    assert open_files() == before + 2
    lock.close()
    with (tmp_path / "another").open("w") as another:
        lock.close()
        del lock
        another.write("still open")
    FairLock(str(tmp_path / "some.db"))
    assert open_files() == before
