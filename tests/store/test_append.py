"""Appending: what is stored, what is refused and leaves nothing, and what a command sent again is told."""

import threading
from uuid import uuid4

import pytest

from shared.errors import BrokenRule, KeyReused, NotFound, VersionMismatch, WrongState
from shared.execute import Caller
from shared.facts import INTERAGENCY, PUBLIC
from tests.oracles import check_store, everything
from tests.store.accounts import Close, OpenAccount, PutIn, Rename, Review, TakeOut
from tests.store.place import TELLER, bank_at
from tests.store.service import accounts, slots

OPENED, WELCOMED, MOVED = "id.pkp.bank.account-opened.v1", "id.pkp.bank.welcome-sent.v1", "id.pkp.bank.money-moved.v2"


def test_a_command_becomes_facts_with_their_registers(bank):
    opened = bank.do(OpenAccount(name="savings"))
    assert (opened.version, opened.position, opened.repeated) == (2, 2, False)
    assert opened.facts == (OPENED, WELCOMED)
    put = bank.do(PutIn(rupiah=70, parts=3), opened.id)
    assert (put.version, put.position) == (5, 5)
    assert put.facts == (MOVED,) * 3

    assert bank.store.head() == 5
    log = bank.store.log(0)
    assert [(one.position, one.version, one.stream) for one in log] == [(n, n, opened.stream) for n in range(1, 6)]
    assert bank.store.stream(opened.stream) == log
    assert [one.version for one in bank.store.stream(opened.stream, after=3)] == [4, 5]
    assert [one.actor for one in log] == ["teller-1"] * 5
    assert {one.incarnation for one in log} == {bank.store.lineage()[0].id}

    row = bank.store.registers().shown(accounts, str(opened.id))
    assert (row.version, row.position, row.row.balance, row.row.moves, row.row.names) == (5, 5, 210, 3, ("savings",))
    assert bank.store.registers().row(slots, f"{opened.id}/1").total == 210
    check_store(bank.runtime)


def test_rows_of_other_keys_are_deleted_by_a_fold(bank):
    id = bank.open()
    for rupiah in (1, 2, 3, 4):
        bank.do(PutIn(rupiah=rupiah), id)
    assert len(bank.store.registers().rows(slots)) == 3
    bank.do(Close(), id)
    assert bank.store.registers().rows(slots) == []
    check_store(bank.runtime)


def test_the_log_is_read_in_pages_and_by_visibility(bank):
    for n in range(4):
        bank.open(f"account {n}")
    assert [one.position for one in bank.store.log(3, 2)] == [4, 5]
    assert [one.position for one in bank.store.log(8)] == []
    assert [one.position for one in bank.store.log(0, visibilities=[INTERAGENCY])] == [2, 4, 6, 8]
    assert [one.position for one in bank.store.log(3, 1, [PUBLIC])] == [5]
    assert bank.store.previous(5, [PUBLIC]) == 3
    assert bank.store.previous(1, [PUBLIC]) == 0


def test_an_empty_store(bank):
    assert bank.store.head() == 0
    assert bank.store.log(0) == []
    assert bank.store.stream(f"32/account/{uuid4()}") == []
    assert bank.store.outcome("nothing") is None


def test_streams_share_the_positions_of_one_log(bank):
    one, other = bank.open("one"), bank.open("other")
    for turn in range(6):
        bank.do(PutIn(rupiah=1), (one, other)[turn % 2])
    check_store(bank.runtime)
    assert bank.store.head() == 10
    assert [fact.version for fact in everything(bank.store) if str(other) in fact.stream] == [1, 2, 3, 4, 5]


def test_a_version_that_is_gone_is_a_mismatch_and_leaves_nothing(bank):
    id = bank.open()
    bank.do(PutIn(rupiah=5), id, expected=2)
    with pytest.raises(VersionMismatch) as refused:
        bank.do(PutIn(rupiah=5), id, expected=2)
    assert refused.value.current == 3
    assert bank.store.head() == 3


def test_a_refusal_leaves_nothing_and_keeps_no_key(bank):
    id = bank.open()
    with pytest.raises(BrokenRule, match="not-enough"):
        bank.do(TakeOut(rupiah=1), id, key="later")
    with pytest.raises(NotFound, match="no-such-account"):
        bank.do(PutIn(rupiah=1), uuid4())
    assert bank.store.head() == 2
    bank.do(PutIn(rupiah=1), id)
    assert bank.do(TakeOut(rupiah=1), id, key="later").version == 4  # the refused key is free


def test_the_same_key_gets_the_same_answer(bank):
    id = bank.open()
    first = bank.do(PutIn(rupiah=5), id, key="k", expected=2)
    bank.do(Close(), id)
    again = bank.do(PutIn(rupiah=5), id, key="k", expected=2)
    assert again.repeated
    assert (again.id, again.version, again.position, again.facts) == (id, 3, 3, (MOVED,))
    assert first.position == again.position
    assert bank.store.head() == 4


def test_a_creating_key_gets_the_same_id_again(bank):
    first, again = (bank.do(OpenAccount(name="mine"), key="open") for _ in range(2))
    assert first.id == again.id
    assert not first.repeated
    assert again.repeated


def test_the_same_key_with_another_body_is_refused(bank):
    id, other = bank.open(), bank.open()
    bank.do(PutIn(rupiah=5), id, key="k")
    for wish, target in ((PutIn(rupiah=6), id), (PutIn(rupiah=5), other), (TakeOut(rupiah=5), id)):
        with pytest.raises(KeyReused):
            bank.do(wish, target, key="k")
    assert bank.store.head() == 5


def test_keys_of_callers_reactions_and_timers_are_apart(bank):
    id = bank.open()
    for kind in ("caller", "reaction", "timer"):
        for who in ("a", "b"):
            done = bank.runtime.execute(PutIn(rupiah=1), "account", id, Caller(kind, who, "k", TELLER))
            assert not done.repeated
    assert bank.store.head() == 8


def test_a_wish_that_is_already_true_is_kept_too(bank):
    id = bank.open("same")
    done = bank.do(Rename(name="same"), id, key="k")
    assert (done.facts, done.version, done.position, done.repeated) == ((), 2, 2, False)
    assert bank.do(Rename(name="same"), id, key="k").repeated
    with pytest.raises(KeyReused):
        bank.do(Rename(name="other"), id, key="k")
    assert bank.do(Review(), id).version == 2
    assert bank.store.head() == 2


def test_a_reserved_name_is_taken_until_it_is_freed(bank):
    first = bank.open("Dinas")
    with pytest.raises(BrokenRule, match="account-name-taken"):
        bank.open("dinas")
    second = bank.open("other")
    with pytest.raises(BrokenRule, match="account-name-taken"):
        bank.do(Rename(name="DINAS"), second)
    bank.do(Rename(name="moved on"), first)
    bank.do(Rename(name="dinas"), second)
    bank.do(Close(), second)
    bank.open("Dinas")
    check_store(bank.runtime)


def test_a_command_decided_under_the_lock_meets_the_newest_state(bank):
    """Others move the stream between every decision and its append: the last try is made under the lock."""
    id = bank.open()
    submit, moved = bank.store.append, []

    def append(ticket):
        if ticket.prepared and ticket.actor == "teller-1" and len(moved) < 5 and threading.current_thread().name != "mover":
            moved.append(1)
            mover = threading.Thread(name="mover", target=lambda: bank.do(PutIn(rupiah=1), id))
            mover.start()
            mover.join()
        return submit(ticket)

    bank.store.append = append
    done = bank.do(TakeOut(rupiah=1), id) if bank.do(PutIn(rupiah=10), id) else None
    assert done.version == bank.store.stream(done.stream)[-1].version
    assert len(moved) >= 4
    bank.store.append = submit
    check_store(bank.runtime)


def test_a_refusal_under_the_lock_leaves_the_store_at_work(bank):
    id = bank.open()
    submit = bank.store.append

    def append(ticket):
        ticket.prepared = None  # decide under the lock
        return submit(ticket)

    bank.store.append = append
    for _ in range(3):
        with pytest.raises(BrokenRule, match="not-enough"):
            bank.do(TakeOut(rupiah=1), id)
        bank.do(PutIn(rupiah=1), id)
        bank.do(TakeOut(rupiah=1), id)
    check_store(bank.runtime)


def test_only_what_the_state_allows_is_legal(bank):
    examples = {wish: wish(rupiah=1) for wish in (PutIn, TakeOut)}
    examples |= {OpenAccount: OpenAccount(name="x"), Rename: Rename(name="x"), Review: Review(), Close: Close()}

    def legal(id, *roles):
        behind = bank.runtime.service.aggregate("account")
        recorded = bank.store.stream(bank.runtime.stream("account", id)) if id else []
        rows = [row for row in behind.commands if row.creates == (id is None) and {*roles} & set(row.roles)]
        state = bank.runtime.fold(behind, recorded)
        return {row.command.__name__ for row in bank.runtime.legal("account", state, rows, examples, TELLER)}

    id = bank.open()
    assert legal(None, "teller") == {"OpenAccount"}
    assert legal(id, "teller") == {"NameHolder", "PutIn", "TakeOut", "Rename", "Review"}
    assert legal(id, "manager") == {"Close"}
    assert legal(id, "stranger") == set()
    bank.do(Close(), id)
    assert legal(id, "manager") == set()
    assert legal(id, "teller") == set()
    with pytest.raises(WrongState):
        bank.do(PutIn(rupiah=1), id)


@pytest.mark.parametrize("expected", [None, 2])
@pytest.mark.parametrize("before", [True, False])
def test_a_key_that_was_accepted_gets_its_answer(bank, place, expected, before):
    """The same command, sent twice: it was accepted before it is decided, or meanwhile, and is refused by its own effect."""
    id = bank.open()
    with bank_at(place) as other:

        def accept(state):
            other.do(Close(), id, key="k", expected=expected)

        if before:
            accept(None)
        caller = Caller("caller", bank.who, "k", TELLER, correlation="k", permitted=accept)
        done = bank.runtime.execute(Close(), "account", id, caller, expected)
    assert done.repeated
    assert (done.version, done.position, bank.store.head()) == (3, 3, 3)
