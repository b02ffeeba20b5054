"""The lease: one active worker per service, and a token that an older one cannot write with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from shared.delivery import attempts
from shared.delivery.checkpoints import Checkpoint, load, republish, save
from shared.delivery.lease import Fenced, Lease
from shared.store import Database, open_database


def test_one_holds_it_until_it_gives_it_back(pair):
    first, second = Lease(pair.teller.store.db), Lease(open_database(pair.teller.store.db.url))
    assert first.try_take()
    assert first.try_take()
    assert not second.try_take()
    first.check()
    token = first.fence
    first.release()
    assert second.try_take()
    assert second.fence > token
    second.release()


def test_services_do_not_share_it(pair):
    first, second = Lease(pair.teller.store.db), Lease(pair.hearer.store.db)
    assert first.try_take()
    assert second.try_take()
    first.release()
    second.release()


def test_a_holder_that_is_killed_leaves_it_to_the_next(pair):
    program = (
        "import sys, time\nfrom shared.store import open_database\nfrom shared.delivery.lease import Lease\n"
        "lease = Lease(open_database(sys.argv[1]))\nprint(lease.try_take(), flush=True)\ntime.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", program, pair.teller.store.db.url], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "True"
    mine = Lease(pair.teller.store.db)
    assert not mine.try_take()
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    deadline = time.monotonic() + 5
    while not mine.try_take():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    mine.release()


def test_a_checkpoint_of_an_older_holder_is_refused(pair):
    store = pair.teller.store
    zombie = Lease(store.db)
    assert zombie.try_take()
    with store.db.writing() as session:
        save(session, [Checkpoint("topic", "life", 5, "id", 5)], zombie.fence)
    token = zombie.fence
    zombie.release()
    successor = Lease(store.db)
    assert successor.try_take()
    with pytest.raises(Fenced), store.db.writing() as session:
        save(session, [Checkpoint("topic", "life", 9, "id", 9)], token)
    with store.db.reading() as session:
        assert load(session, "topic").position == 5
    successor.release()


def test_an_order_to_publish_again_fences_the_active_holder(pair):
    store = pair.teller.store
    lease = Lease(store.db)
    assert lease.try_take()
    republish(store)
    with pytest.raises(Fenced), store.db.writing() as session:
        save(session, [Checkpoint("32.teller.public.v1", "life", 9, "id", 9)], lease.fence)
    lease.release()


@pytest.mark.server
def test_a_holder_whose_connection_is_lost_notices(request, tmp_path):
    from tests.delivery.conftest import close_pair, make_pair, make_settings

    pair = make_pair(make_settings("postgresql", tmp_path, request))
    lease = Lease(pair.teller.store.db)
    assert lease.try_take()
    lease.check()
    with pair.teller.store.db.reading() as session:
        session.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()"
        )
    with pytest.raises(Fenced):
        lease.check()
    close_pair(pair)


def test_a_zombie_that_counts_an_attempt_beside_the_true_holder_disturbs_it_not(pair):
    """Both count, and neither fails: that would end the worker that is in charge."""
    holder, zombie = open_database(pair.hearer.store.db.url), open_database(pair.hearer.store.db.url)
    tasks = [f"fact {n}" for n in range(40)]
    abreast = Barrier(2)

    def counts(database: Database) -> list[int]:
        found = []
        for task in tasks:
            abreast.wait(10)
            found.append(attempts.begin(database, task))
        return found

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(counts, (holder, zombie)))
    assert [sorted(both) for both in zip(*found, strict=True)] == [[1, 2]] * len(tasks)
    holder.close()
    zombie.close()
