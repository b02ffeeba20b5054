"""Commands that wait at the same time share a transaction; each gets its own answer, whatever becomes of the others."""

import signal
import threading
import time
from contextlib import contextmanager

import pytest

from shared.errors import BrokenRule, Busy, Refused
from shared.store.append import Append, Combiner
from shared.store.command import Outcome, Repeated, Stale, Ticket
from tests.oracles import check_store
from tests.store.accounts import Close, OpenAccount, PutIn, Rename
from tests.store.service import POISON
from tests.store.together import together
from tests.workload import caller


def test_commands_that_wait_share_one_transaction(bank):
    ids = [bank.open() for _ in range(9)]
    told, transactions = together(bank, [(PutIn(rupiah=1), id, f"k{n}") for n, id in enumerate(ids)])
    assert [done.version for done in told] == [3] * 9
    assert transactions == 2
    check_store(bank.runtime)


def test_losers_of_a_batch_lose_alone(bank):
    """In one batch: a stale version, a taken name, a key sent twice, a number, a name freed by one and taken by another."""
    one, two, three = (bank.open(name) for name in ("one", "two", "three"))
    wishes = [
        (PutIn(rupiah=1), one, "first"),
        (PutIn(rupiah=2), two, "a"),
        (PutIn(rupiah=3), two, "b"),  # the same stream: decided anew
        (OpenAccount(name="TWO"), None, "c"),  # taken
        (PutIn(rupiah=2), two, "a"),  # the same command once more
        (Close(), three, "d"),  # frees its name
        (OpenAccount(name="three"), None, "e"),  # takes it, in the same batch
        (OpenAccount(name="new"), None, "f"),
        (OpenAccount(name="NEW"), None, "g"),  # taken in the same batch
    ]
    told, _ = together(bank, wishes)
    refused = [n for n, one in enumerate(told) if isinstance(one, BrokenRule)]
    assert refused == [3, 8], told
    assert (told[4].repeated, told[4].position) == (True, told[1].position)
    assert {told[1].version, told[2].version} == {3, 4}
    assert told[3].slug == told[8].slug == "account-name-taken"
    check_store(bank.runtime)


def test_a_command_whose_fold_raises_fails_alone(bank):
    ids = [bank.open() for _ in range(4)]
    wishes = [(PutIn(rupiah=1), id, f"k{n}") for n, id in enumerate(ids)]
    wishes.insert(2, (OpenAccount(name=POISON), None, "poison"))
    told, _ = together(bank, wishes)
    assert isinstance(told.pop(2), ValueError)
    assert [done.version for done in told] == [3] * 4
    check_store(bank.runtime)


def test_commands_decided_under_the_lock_go_alone(bank):
    ids = [bank.open() for _ in range(5)]
    submit = bank.store.append

    def append(ticket):
        if ticket.stream.endswith(str(ids[2])):
            ticket.prepared = None
        return submit(ticket)

    bank.store.append = append
    told, transactions = together(bank, [(PutIn(rupiah=1), id, f"k{n}") for n, id in enumerate(ids)])
    assert [done.version for done in told] == [3] * 5
    assert transactions == 4


def test_a_busy_batch_is_busy_for_each_of_it(bank):
    ids = [bank.open() for _ in range(4)]
    inner, fail = bank.store.db.appending, []

    @contextmanager
    def appending():
        with inner() as session:
            yield session
            if fail:
                raise Busy("planned")
            fail.append(1)

    bank.store.db.appending = appending
    told, _ = together(bank, [(PutIn(rupiah=1), id, f"k{n}") for n, id in enumerate(ids)])
    assert told[0].version == 3
    assert [type(one) for one in told[1:]] == [Busy] * 3
    assert len({id(one) for one in told[1:]}) == 3  # threads do not raise one and the same exception
    bank.store.db.appending = inner
    for n, account in enumerate(ids[1:], 1):
        assert bank.runtime.execute(PutIn(rupiah=1), "account", account, caller(f"k{n}")).version == 3
    check_store(bank.runtime)


# --- the hand-over from leader to leader, without a database ---------------------------------------------------------


class Slow:
    """Stands for the append: a transaction takes `gate`, and then every ticket of it has an outcome."""

    def __init__(self):
        self.gate, self.batches, self.fails = threading.Semaphore(0), [], []

    def _transact(self, batch):
        self.batches.append([ticket.command_id for ticket in batch])
        assert self.gate.acquire(timeout=20)
        if self.fails:
            raise self.fails.pop(0)
        return [Outcome(ticket.stream, 1, 1, (), "") for ticket in batch]


def _combiner():
    slow = Slow()
    append = Append.__new__(Append)
    append._transact = slow._transact
    append.database = type("Quiet", (), {"notify": staticmethod(lambda: None)})
    return Combiner(append), slow


def _ticket(name):
    return Ticket(name, "", name, "", "", None, lambda session: None, prepared=object())


def _submit(combiner, name, told):
    def run():
        try:
            told[name] = combiner.submit(_ticket(name))
        except BaseException as error:
            told[name] = error

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def _until(true, what):
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.001)


def test_who_waits_too_long_is_told_to_come_back(monkeypatch):
    monkeypatch.setattr("shared.store.append.PATIENCE", 0.1)
    combiner, slow = _combiner()
    told = {}
    leader = _submit(combiner, "leader", told)
    _until(lambda: slow.batches, "the leader leads")
    waiter = _submit(combiner, "waiter", told)
    waiter.join(10)
    assert isinstance(told["waiter"], Busy)
    slow.gate.release()
    leader.join(10)
    assert isinstance(told["leader"], Outcome)
    slow.gate.release()
    assert isinstance(combiner.submit(_ticket("next")), Outcome)
    assert slow.batches == [["leader"], ["next"]]


def test_the_lead_is_not_lost_to_a_wait_that_ends_in_the_same_moment(monkeypatch):
    """The turn comes when the time is over, but before the ticket left the queue: it must lead, or nobody ever will."""
    monkeypatch.setattr("shared.store.append.PATIENCE", 0.05)
    combiner, slow = _combiner()
    told = {}
    leader = _submit(combiner, "leader", told)
    _until(lambda: slow.batches, "the leader leads")
    handed = threading.Event()

    class Slowly:
        """The mutex, with a pause before whoever waits in vain gets it: the hand-over slips in between."""

        def __init__(self, inner):
            self.inner = inner

        def __enter__(self):
            if threading.current_thread().name == "late" and combiner._queue:
                assert handed.wait(10)
            return self.inner.__enter__()

        def __exit__(self, *error):
            return self.inner.__exit__(*error)

    def run():
        told["late"] = combiner.submit(_ticket("late"))

    late = threading.Thread(name="late", target=run)
    late.start()
    _until(lambda: combiner._queue, "the late one waits")
    combiner._mutex = Slowly(combiner._mutex)
    time.sleep(0.2)  # its patience is over
    slow.gate.release()
    leader.join(10)
    slow.gate.release()
    handed.set()
    late.join(10)
    assert isinstance(told["late"], Outcome)
    slow.gate.release()
    assert isinstance(combiner.submit(_ticket("next")), Outcome)


def test_a_wait_that_a_signal_ends_gives_its_turn_away():
    """Only the main thread gets signals: it waits, is interrupted, and the lead that it was about to get goes on."""
    combiner, slow = _combiner()
    told = {}
    leader = _submit(combiner, "leader", told)
    _until(lambda: slow.batches, "the leader leads")

    def leave(number, frame):
        raise SystemExit(0)

    before = signal.signal(signal.SIGUSR1, leave)
    main = threading.main_thread()
    try:
        threading.Timer(0.2, lambda: signal.pthread_kill(main.ident, signal.SIGUSR1)).start()
        with pytest.raises(SystemExit):
            combiner.submit(_ticket("interrupted"))
    finally:
        signal.signal(signal.SIGUSR1, before)
    other = _submit(combiner, "other", told)
    _until(lambda: combiner._queue, "the other waits")
    slow.gate.release(2)
    for thread in (leader, other):
        thread.join(10)
    assert isinstance(told["other"], Outcome)
    assert slow.batches == [["leader"], ["other"]]


@pytest.mark.parametrize("fails", [[SystemExit(1)], [KeyError("bug"), SystemExit(1)]], ids=["batch", "alone"])
def test_an_interrupted_leader_leaves_nobody_behind(fails):
    """SystemExit in the midst of a batch, or of one that is run one by one after an error."""
    combiner, slow = _combiner()
    told = {}
    first = _submit(combiner, "first", told)
    _until(lambda: slow.batches, "the first leads")
    others = [_submit(combiner, name, told) for name in "abc"]
    _until(lambda: len(combiner._queue) == 3, "three wait")
    slow.gate.release()
    first.join(10)
    slow.fails = list(fails)
    slow.gate.release(len(fails))
    for thread in others:
        thread.join(10)
        assert not thread.is_alive()
    kinds = sorted(type(told[name]).__name__ for name in "abc")
    assert kinds == ["Busy", "Busy", "SystemExit"]
    slow.gate.release()
    assert isinstance(combiner.submit(_ticket("next")), Outcome)


def test_many_threads_with_little_patience_all_get_an_answer(monkeypatch):
    monkeypatch.setattr("shared.store.append.PATIENCE", 0.004)
    combiner, _ = _combiner()

    def quick(batch):
        time.sleep(0.003)
        return [Outcome(ticket.stream, 1, 1, (), "") for ticket in batch]

    combiner._append._transact = quick
    told = {}
    threads = [_submit(combiner, f"t{n}", told) for n in range(200)]
    for thread in threads:
        thread.join(20)
    assert len(told) == 200
    assert {type(one) for one in told.values()} <= {Outcome, Busy}
    assert isinstance(combiner.submit(_ticket("next")), Outcome)
    assert not combiner._queue


def test_every_kind_of_refusal_reaches_its_own_caller():
    combiner, slow = _combiner()
    for refusal in (Stale(3), Repeated(Outcome("s", 1, 1, (), "")), BrokenRule("name-taken")):
        slow._transact = lambda batch, refusal=refusal: [refusal]
        combiner._append._transact = slow._transact
        with pytest.raises(type(refusal)) as told:
            combiner.submit(_ticket("x"))
        assert told.value is refusal
    assert issubclass(BrokenRule, Refused)


def test_two_renames_that_swap_names_are_both_refused(bank):
    """Neither may take what the other still holds."""
    one, two = bank.open("one"), bank.open("two")
    told, _ = together(bank, [(Rename(name="two"), one, "a"), (Rename(name="one"), two, "b")])
    assert [one.slug for one in told] == ["account-name-taken"] * 2
    check_store(bank.runtime)
