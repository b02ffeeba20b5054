"""The supervisor with small children of its own: it gives up on what cannot live, and ends a frozen holder of a lock."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from shared.ops import supervisor
from shared.ops.supervisor import Child, GaveUp, Supervisor
from shared.settings import Settings, load
from shared.store.fair_lock import FairLock, holder
from tests.ops.platform import HOUSE, free_ports, until

pytestmark = pytest.mark.platform

FREEZE = (
    "import os, signal, sys; from shared.store.fair_lock import FairLock;"
    "lock = FairLock(sys.argv[1]); lock.acquire(); os.kill(os.getpid(), signal.SIGSTOP)"
)
SLEEP = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('set', flush=True); time.sleep(600)"


def child(code: str, *words: str) -> Child:
    environment = {**os.environ, "PYTHONPATH": str(HOUSE)}
    return Child("small", [sys.executable, "-c", code, *words], environment, "http://127.0.0.1:9")


@pytest.fixture
def handlers() -> Iterator[None]:
    """The supervisor takes over the signals of its process."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def test_what_dies_at_once_every_time_is_given_up(settings: Settings, handlers: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 0.1)
    living, dying = child(SLEEP), child("raise SystemExit(3)")
    with pytest.raises(GaveUp, match="the small process died 5 times"):
        Supervisor(settings, [living, dying]).run()
    assert living.process is not None
    assert living.process.poll() is not None


def test_deaths_after_a_while_are_no_reason_to_give_up(
    settings: Settings, handlers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "QUICK", 0.0)
    monkeypatch.setattr(supervisor, "TICK", 0.02)
    watched = Supervisor(settings, [child("raise SystemExit(0)")])
    began: set[float] = set()

    def stop_after_seven() -> None:
        until(lambda: began.add(watched.children[0].began) or len(began) > 7)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=stop_after_seven)
    thread.start()
    watched.run()
    thread.join()
    assert len(began) > 7


def test_who_does_not_listen_is_killed(settings: Settings, handlers: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "PATIENCE", 0.3)
    stubborn = child(STUBBORN)
    threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
    Supervisor(settings, [stubborn]).run()
    assert stubborn.process is not None
    assert stubborn.process.returncode == -signal.SIGKILL


def test_who_answers_no_more_is_replaced(settings: Settings, handlers: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "DEAF", 0.3)
    monkeypatch.setattr(supervisor, "QUESTION", 0.1)
    deaf = child(SLEEP)
    monkeypatch.setattr(Child, "answers", lambda self, question: question == "ready")
    began: set[float] = set()

    def stop_after_a_second() -> None:
        until(lambda: began.add(deaf.began) or len(began) > 2)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=stop_after_a_second)
    thread.start()
    Supervisor(settings, [deaf]).run()
    thread.join()
    assert len(began) > 2


def test_a_frozen_holder_of_a_store_is_ended(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FROZEN", 0.5)
    settings.data_dir.mkdir(exist_ok=True)
    store = settings.data_dir / "forum.db"
    store.touch()
    frozen = child(FREEZE, str(store))
    watched = Supervisor(settings, [frozen])
    frozen.start()
    try:
        until(lambda: holder(str(store)))
        pid = holder(str(store))[0]
        until(lambda: psutil.Process(pid).status() == psutil.STATUS_STOPPED)
        watched._end_frozen_holders(0.0)
        watched._end_frozen_holders(0.4)
        assert psutil.Process(pid).status() == psutil.STATUS_STOPPED
        watched._end_frozen_holders(0.6)
        until(lambda: frozen.process.poll() == -signal.SIGKILL)
        assert holder(str(store)) is None
        FairLock(str(store)).acquire()
    finally:
        frozen.kill()


def test_a_holder_that_is_not_ours_is_left_alone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FROZEN", 0.5)
    settings.data_dir.mkdir(exist_ok=True)
    store = settings.data_dir / "forum.db"
    store.touch()
    lock = FairLock(str(store))
    lock.acquire()
    watched = Supervisor(settings, [])
    for now in (0.0, 5.0, 10.0):
        watched._end_frozen_holders(now)  # had it killed the holder, it would have killed this test
    assert holder(str(store)) == (os.getpid(), pytest.approx(holder(str(store))[1]))
    lock.release()


def test_a_holder_that_changes_is_at_work(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[int] = []
    monkeypatch.setattr(supervisor.os, "kill", lambda pid, number: killed.append(pid))
    monkeypatch.setattr(Supervisor, "_is_ours", lambda self, pid: True)
    settings.data_dir.mkdir(exist_ok=True)
    (settings.data_dir / "forum.db").touch()
    watched = Supervisor(settings, [])
    for now in range(0, 60, 5):
        monkeypatch.setattr(supervisor, "holder", lambda path, now=now: (4711, float(now)))
        watched._end_frozen_holders(float(now))
    assert killed == []


def test_a_port_that_somebody_listens_on_is_taken(tmp_path: Path) -> None:
    port = free_ports()
    settings = load({"PKP_DATA_DIR": str(tmp_path), "PKP_PORT": str(port)})
    assert supervisor.taken(settings) == []
    with socket.socket() as other:
        other.bind(("127.0.0.1", port + 3))
        other.listen()
        assert supervisor.taken(settings) == [port + 3]
