"""Tables come and change safely: repeated, raced, killed half-way, rebuilt under load."""

import multiprocessing
import threading
from dataclasses import dataclass, replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

import shared.delivery.tables  # noqa: F401 - adds its tables to the metadata
from shared.errors import Busy
from shared.identity.audit import audit_tables
from shared.registers.rebuild import rebuild, replay_check
from shared.registers.register import Register
from shared.store.tables import store_tables
from tests.oracles import check_other_backend, check_registers, check_store, everything
from tests.store.accounts import AccountOpened, Close, MoneyMoved, NameHolder, OpenAccount, PutIn, Rename
from tests.store.place import Place, bank_at
from tests.store.service import accounts, service, slots
from tests.workload import Load, read_history, work


def test_migrating_again_changes_nothing(bank):
    bank.open()
    before, lineage = everything(bank.store), bank.store.lineage()
    for _ in range(2):
        bank.store.migrate()
        bank.runtime.keys.migrate()
    assert everything(bank.store) == before
    assert bank.store.lineage() == lineage
    check_store(bank.runtime)


def test_migrated_tables_are_those_of_the_code(bank):
    def ours(kind, name):
        return kind != "table" or not name.startswith("reg_")

    with bank.store.db.migrating() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, parents: ours(kind, name), "compare_server_default": True}
        )
        assert compare_metadata(context, [store_tables, audit_tables]) == []
        names = set(inspect(connection).get_table_names())
        assert names == {*store_tables.tables, *audit_tables.tables, "alembic_version", "reg_accounts", "reg_slots"}


def _migrate(place, start):
    with bank_at(place) as bank:
        start.wait(20)
        bank.store.migrate()
        bank.runtime.keys.migrate()


@pytest.mark.platform
def test_several_processes_may_migrate_at_once(new_place):
    place = new_place(migrated=False)
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(3)
    migrating = [context.Process(target=_migrate, args=(place, start)) for _ in range(3)]
    for process in migrating:
        process.start()
    for process in migrating:
        process.join(60)
    assert [process.exitcode for process in migrating] == [0, 0, 0]
    with bank_at(place) as bank:
        assert len(bank.store.lineage()) == 1
        bank.store.check()
        bank.open()
        check_store(bank.runtime)


def test_a_migration_waits_for_the_append_that_is_under_way(bank):
    """Both write the same tables; in another order each would wait for the other, and a command would be refused."""
    begun = threading.Event()

    def migrate():
        with bank.store.db.migrating():
            begun.set()

    with bank.store.db.appending() as session:
        session.rows("SELECT 1")
        thread = threading.Thread(target=migrate)
        thread.start()
        assert not begun.wait(0.5)
    assert begun.wait(10)
    thread.join()


class Killed(BaseException):
    """What stands for the end of a process in the midst of a migration."""


@pytest.mark.parametrize("step", ["guard", "begin", "head"])
def test_a_migration_that_was_ended_half_way_is_finished_by_the_next(new_place, step, monkeypatch):
    place = new_place(migrated=False)

    def die(*_):
        raise Killed

    with bank_at(place) as bank:
        owner = {"guard": bank.store.db, "begin": bank.store, "head": bank.store}[step]
        monkeypatch.setattr(owner, step if step != "head" else "lineage", die)
        with pytest.raises(Killed):
            bank.store.migrate()
    with bank_at(place) as bank:
        bank.store.migrate()
        bank.open()
        assert len(bank.store.lineage()) == 1
        with pytest.raises(Exception, match="facts are never changed"), bank.store.db.writing() as session:
            session.run("DELETE FROM events")
        check_store(bank.runtime)


# --- registers that change -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wider:
    """The row of another version of this service."""

    label: str
    balance: int = 0
    opened: bool = True


WIDER = Register(
    "accounts",
    Wider,
    {
        AccountOpened: lambda row, one, about: Wider(one.name.upper()),
        MoneyMoved: lambda row, one, about: replace(row, balance=row.balance + one.rupiah),
    },
)
ADDED = Register("sums", Wider, {AccountOpened: WIDER.folds[AccountOpened], MoneyMoved: WIDER.folds[MoneyMoved]})
NEXT = replace(service, aggregates=(replace(service.aggregates[0], register=WIDER),), registers=(slots, ADDED))


@pytest.fixture
def aged(new_place):
    """A place with a past, of its own: its registers will change."""
    place = new_place(migrated=False)
    with bank_at(place) as bank:
        bank.store.migrate()
        bank.runtime.keys.migrate()
        id = bank.open("savings")
        for rupiah in (5, 7):
            bank.do(PutIn(rupiah=rupiah), id)
        bank.do(Close(), bank.open("closed"))
    return place


def test_a_register_of_another_shape_is_rebuilt_and_a_new_one_filled(aged):
    runtime = aged.runtime(NEXT)
    runtime.store.migrate()
    for register in (WIDER, ADDED):
        rows = sorted(row.label for _, row in runtime.store.registers().rows(register))
        assert rows == ["CLOSED", "SAVINGS"]
        assert runtime.store.registers().rows(register, label="SAVINGS")[0][1].balance == 12
    check_registers(runtime)
    runtime.store.close()


def test_a_process_of_the_version_before_writes_nothing_into_a_register_of_another_shape(aged):
    """Its rows would lack columns; it says that it is busy until it is replaced, and what it had stored is there."""
    with bank_at(aged) as before:
        id = before.open("late")
        runtime = aged.runtime(NEXT)
        runtime.store.migrate()
        for refused in (lambda: before.do(PutIn(rupiah=5), id), lambda: before.open("later")):
            with pytest.raises(Busy, match="register accounts is another version's"):
                refused()
    assert sorted(row.label for _, row in runtime.store.registers().rows(WIDER)) == ["CLOSED", "LATE", "SAVINGS"]
    check_registers(runtime)
    runtime.store.close()


def test_a_rebuild_that_was_ended_is_made_up_for(aged, monkeypatch):
    """Also of a register that is new: an empty table must not pass for a filled one."""

    def die(*_):
        raise Killed

    runtime = aged.runtime(NEXT)
    with monkeypatch.context() as dying:
        dying.setattr("shared.store.migrate.rebuild", die)
        with pytest.raises(Killed):
            runtime.store.migrate()
    runtime.store.migrate()
    assert len(runtime.store.registers().rows(ADDED)) == 2
    check_registers(runtime)
    runtime.store.close()


def test_a_row_that_went_wrong_is_found_and_mended(bank):
    id = bank.open()
    bank.do(PutIn(rupiah=5), id)
    with bank.store.db.writing() as session:
        session.run("UPDATE reg_accounts SET balance = 6")
    live, replayed = replay_check(bank.store)["accounts"]
    assert live != replayed
    with pytest.raises(AssertionError, match="accounts"):
        check_registers(bank.runtime)
    rebuild(bank.store, accounts)
    check_registers(bank.runtime)
    assert bank.store.registers().row(accounts, str(id)).balance == 5


def test_a_rebuild_under_load_loses_nothing(bank, place, tmp_path):
    """Writers go on, in this process and on connections of their own, while both registers are rebuilt again and again."""
    rebuilt, ended = [], threading.Event()

    def rebuild_on():
        while not ended.is_set():
            for register in (accounts, slots):
                rebuild(bank.store, register)
                rebuilt.append(register.name)

    thread = threading.Thread(target=rebuild_on)
    thread.start()
    try:
        work(Load(place, str(tmp_path), "w", put_in, threads=4, count=40))
    finally:
        ended.set()
        thread.join()
    assert len(rebuilt) >= 4
    told = [one.word for one in read_history(tmp_path).values()]
    assert told == ["ok"] * 160
    check_store(bank.runtime)


def put_in(chance, ids):
    """A few accounts, and money into them."""
    if len(ids) < 3:
        return OpenAccount(name=f"{chance.random()}"), "account", None
    return PutIn(rupiah=chance.randint(1, 9)), "account", chance.choice(ids)


def test_a_command_under_way_writes_no_row_from_before_a_rebuild(bank):
    """A row that went wrong is read by a command, then mended by a rebuild: the command must not bring it back."""
    id = bank.open()
    bank.do(PutIn(rupiah=5), id)
    with bank.store.db.writing() as session:
        session.run("UPDATE reg_accounts SET balance = 6")
    append = bank.store.append

    def late(ticket):
        bank.store.append = append
        rebuild(bank.store, accounts)
        return append(ticket)

    bank.store.append = late
    bank.do(PutIn(rupiah=1), id)
    assert bank.store.registers().row(accounts, str(id)).balance == 6
    check_store(bank.runtime)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_rows_are_the_same_on_the_other_database(kind, postgres_server, tmp_path):
    urls = {kind: (postgres_server.fresh_database(), postgres_server.fresh_database()) for kind in ("postgresql",)}
    urls["sqlite"] = (f"sqlite:///{tmp_path}/bank.db", f"sqlite:///{tmp_path}/keys.db")
    other = next(name for name in urls if name != kind)
    with bank_at(Place(kind, *urls[kind])) as bank:
        bank.store.migrate()
        bank.runtime.keys.migrate()
        id = bank.open("savings")
        for rupiah in (5, 7, 9, 5):
            bank.do(PutIn(rupiah=rupiah), id)
        bank.do(NameHolder(person=id, contact="a secret"), id)
        bank.do(Rename(name="Tabungan \u2713 \U0001f3e0"), id)
        bank.do(Close(), bank.open("closed"))
        check_other_backend(bank.runtime, urls[other][0])
    for url in urls["postgresql"]:
        postgres_server.drop(url)


def test_a_snapshot_sees_one_moment(bank):
    bank.open()
    with bank.store.db.snapshot() as session:
        before = session.rows("SELECT max(position) FROM events")
        bank.open()
        assert session.rows("SELECT max(position) FROM events") == before
    assert bank.store.head() == 4
