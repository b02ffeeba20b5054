"""A store that holds less than was seen here is not served, until somebody says that it is the true one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared import assembly
from shared.errors import UnsafeStore
from shared.execute import Done, Runtime
from shared.ops import highwater
from shared.settings import Settings
from shared.store import open_store
from tests.ops.platform import until

NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)


def copied(settings: Settings, to: Path) -> None:
    """A backup, and back again."""
    to.mkdir(exist_ok=True)
    for file in settings.data_dir.glob("membership.db*"):
        shutil.copy(file, to / file.name)


def restored(membership: Runtime, settings: Settings, backup: Path) -> None:
    membership.store.close()
    for file in settings.data_dir.glob("membership.db*"):
        file.unlink()
    for file in backup.iterdir():
        shutil.copy(file, settings.data_dir / file.name)


def test_a_store_as_it_was_left_is_served(membership: Runtime, settings: Settings, do: Callable[..., Done]) -> None:
    highwater.check(membership.store, settings)
    do("ProposeMember")
    highwater.keep(membership.store, settings)
    highwater.check(membership.store, settings)
    assert highwater.read(highwater.file_of(settings, "membership")).position == 1


def test_a_store_without_tables_is_refused_in_words(settings: Settings) -> None:
    with pytest.raises(UnsafeStore, match="advocacy: the store was never migrated: `pkp migrate`"):
        assembly.runtimes(settings)


def test_an_older_copy_is_refused_and_can_be_accepted(
    membership: Runtime, settings: Settings, do: Callable[..., Done], tmp_path: Path
) -> None:
    first = do("ProposeMember")
    membership.store.close()
    copied(settings, tmp_path / "backup")
    do("VerifyMember", id=first.id)
    do("RejectMember", id=first.id)
    highwater.keep(membership.store, settings)
    restored(membership, settings, tmp_path / "backup")

    with pytest.raises(UnsafeStore, match=r"membership: the store holds 1 facts, 3 were seen here; .*restore --accept"):
        highwater.check(membership.store, settings)
    with pytest.raises(UnsafeStore, match="membership: the store holds"):
        assembly.runtimes(replace(settings, services=("membership",)))

    accepted = highwater.accept(membership.store, settings, NOW)
    assert (accepted.service, accepted.lost) == ("membership", 2)
    lives = membership.store.lineage()
    assert [(life.parent, life.forked_at) for life in lives] == [(None, 0), (lives[0].id, 1)]
    highwater.check(membership.store, settings)
    assert highwater.read(highwater.file_of(settings, "membership")) == highwater.Mark(lives[1].id, 1, {})


def test_numbers_that_were_seen_stay_used_and_timers_wait(
    membership: Runtime, settings: Settings, do: Callable[..., Done]
) -> None:
    do("ProposeMember")
    life = membership.store.lineage()[0].id
    highwater.file_of(settings, "membership").parent.mkdir(parents=True)
    mark = {"incarnation": life, "position": 9, "numbers": {"MEM/2026": 7, "OLD/2025": 2}}
    highwater.file_of(settings, "membership").write_text(json.dumps(mark))
    with membership.store.db.writing() as session:
        session.run("INSERT INTO numbers (series, year, last) VALUES ('MEM', 2026, 4)")
        session.run("INSERT INTO numbers (series, year, last) VALUES ('NEW', 2026, 1)")
        session.run(
            "INSERT INTO timers (stream, name, due, command, data, causation_id, correlation_id)"
            " VALUES ('32/member/x', 'late', '2026-01-01T00:00:00.000000Z', 'C', '{}', 'c', 'c')"
        )
    accepted = highwater.accept(membership.store, settings, NOW)
    assert (accepted.lost, accepted.held) == (8, 1)
    with membership.store.db.reading() as session:
        assert sorted(session.rows("SELECT series, year, last FROM numbers")) == [
            ("MEM", 2026, 7),
            ("NEW", 2026, 1),
            ("OLD", 2025, 2),
        ]
        due = "SELECT name FROM timers WHERE due <= '9999-12-31T23:59:59.999999Z'"
        assert session.rows(due) == []
    assert highwater.accept(membership.store, settings, NOW).held == 1  # again after an interruption
    assert highwater.release(membership.store) == 1
    with membership.store.db.reading() as session:
        assert session.rows("SELECT due FROM timers") == [("2026-01-01T00:00:00.000000Z",)]


def test_another_store_is_refused(membership: Runtime, settings: Settings, do: Callable[..., Done]) -> None:
    do("ProposeMember")
    highwater.keep(membership.store, settings)
    membership.store.close()
    for file in settings.data_dir.glob("membership.db*"):
        file.unlink()
    membership.store.migrate()
    do("ProposeMember")
    with pytest.raises(UnsafeStore, match="not the one that was served here"):
        highwater.check(membership.store, settings)


def test_facts_without_a_mark_are_not_served_on_sqlite(membership: Runtime, settings: Settings, do: Callable[..., Done]) -> None:
    """The folder was lost with the server: nothing tells whether this is the store as it was left, or an older copy."""
    do("ProposeMember")
    with pytest.raises(UnsafeStore, match=r"what was seen of it here is gone; .*restore --accept --service membership"):
        highwater.check(membership.store, settings)
    highwater.accept(membership.store, settings, NOW)
    highwater.check(membership.store, settings)


def test_a_first_boot_is_served_and_marked_before_its_first_fact(
    membership: Runtime, settings: Settings, do: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, looked = highwater.file_of(settings, "membership"), highwater.read

    def overtaken(path: Path) -> highwater.Mark | None:
        """A process finds no mark, and while it looks another one boots and takes the first command."""
        monkeypatch.undo()
        found = looked(path)
        highwater.keep(membership.store, settings)
        do("ProposeMember")
        return found

    monkeypatch.setattr(highwater, "read", overtaken)
    highwater.check(membership.store, settings)
    assert file.exists()
    highwater.check(membership.store, settings)


def test_a_damaged_mark_is_no_mark_that_can_be_passed_over(membership: Runtime, settings: Settings) -> None:
    file = highwater.file_of(settings, "membership")
    file.parent.mkdir(parents=True)
    file.write_text('{"incarnation": ')
    with pytest.raises(UnsafeStore, match=r"membership\.json is damaged"):
        highwater.check(membership.store, settings)
    highwater.accept(membership.store, settings, NOW)
    highwater.check(membership.store, settings)


def test_the_mark_never_goes_back(
    membership: Runtime, settings: Settings, do: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = highwater.seen(membership.store)
    do("ProposeMember")
    highwater.keep(membership.store, settings)
    with monkeypatch.context() as patch:  # a process that has looked earlier, and writes later
        patch.setattr(highwater, "seen", lambda store: before)
        highwater.keep(membership.store, settings)
    assert highwater.read(highwater.file_of(settings, "membership")).position == 1


def test_a_process_of_a_left_life_writes_nothing(
    membership: Runtime, settings: Settings, do: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = highwater.file_of(settings, "membership")
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"incarnation": "a life that this store never had", "position": 1, "numbers": {}}))
    do("ProposeMember")
    do("EstablishWorkingGroup", "working-group")
    highwater.keep(membership.store, settings)
    assert json.loads(file.read_text())["position"] == 1


def test_a_keeper_writes_as_the_head_moves_and_at_its_end(
    membership: Runtime, settings: Settings, do: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(highwater, "INTERVAL", 0.05)
    keeper = highwater.Keeper([membership.store], settings)
    keeper.start()
    file = highwater.file_of(settings, "membership")
    first = do("ProposeMember")
    until(lambda: file.exists() and highwater.read(file).position == 1, 5)
    monkeypatch.setattr(highwater, "INTERVAL", 60)
    do("VerifyMember", id=first.id)
    keeper.stop()
    assert highwater.read(file).position == 2


def test_the_same_on_postgresql(settings: Settings, postgres_url: str) -> None:
    store = open_store(postgres_url, assembly.installed()["membership"], "32")
    try:
        with pytest.raises(UnsafeStore, match="never migrated"):
            highwater.check(store, settings)
        store.migrate()
        life = store.lineage()[0].id
        highwater.file_of(settings, "membership").parent.mkdir(parents=True)
        highwater.file_of(settings, "membership").write_text(
            json.dumps({"incarnation": life, "position": 5, "numbers": {"MEM/2026": 7}})
        )
        with pytest.raises(UnsafeStore, match="holds 0 facts, 5 were seen"):
            highwater.check(store, settings)
        with store.db.writing() as session:
            session.run(
                "INSERT INTO timers (stream, name, due, command, data, causation_id, correlation_id)"
                " VALUES ('32/member/x', 'late', '2026-01-01T00:00:00.000000Z', 'C', '{}', 'c', 'c')"
            )
        accepted = highwater.accept(store, settings, NOW)
        assert (accepted.lost, accepted.held) == (5, 1)
        with store.db.reading() as session:
            assert session.rows("SELECT name FROM timers WHERE due <= '9999-12-31T23:59:59.999999Z'") == []
            assert session.rows("SELECT series, year, last FROM numbers") == [("MEM", 2026, 7)]
        assert highwater.release(store) == 1
        highwater.check(store, settings)
        highwater.file_of(settings, "membership").unlink()
        highwater.check(store, settings)  # a fresh volume is no restore
        with store.db.migrating() as connection:  # as whoever puts a dump back does
            connection.exec_driver_sql("CREATE TABLE put_back (LIKE events INCLUDING ALL)")
            connection.exec_driver_sql("DROP TABLE events")
            connection.exec_driver_sql("ALTER TABLE put_back RENAME TO events")
        store.close()
        store.db.expected_server = None
        with pytest.raises(UnsafeStore, match="the database, its server or its timeline is another one"):
            highwater.check(store, settings)
    finally:
        store.close()
