"""Parts are made once, die with the runner, and are never silently absent."""

import os
import subprocess
import sys
import textwrap
import time

import psutil
import pytest

from tests.realparts import parts

RUNNER = """
import sys, threading
from pathlib import Path
from tests.realparts import parts
made = []
thread = threading.Thread(target=lambda: made.append(parts.spawn(["sleep", "60"], Path(sys.argv[1]))))
thread.start(); thread.join()
print(made[0].pid, flush=True)
sys.stdin.read()
"""


def test_a_child_outlives_the_thread_that_asked_for_it_and_dies_with_its_runner(tmp_path):
    runner = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(RUNNER), str(tmp_path / "log")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=parts.CHECKOUT,
        text=True,
    )
    child = psutil.Process(int(runner.stdout.readline()))
    time.sleep(0.2)
    assert _lives(child)
    runner.kill()
    runner.wait()
    deadline = time.monotonic() + 5
    while _lives(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _lives(child)


def test_two_processes_that_want_a_part_make_it_once(tmp_path):
    making = (
        "import time, os\n"
        "from tests.realparts import parts\n"
        "def make(folder):\n"
        "    time.sleep(0.5)\n"
        "    (folder / str(os.getpid())).touch()\n"
        "print(*[p.name for p in parts.made_once('part', make).iterdir()])\n"
    )
    environment = {**os.environ, "PKP_CACHE_DIR": str(tmp_path)}
    wanting = [
        subprocess.Popen([sys.executable, "-c", making], stdout=subprocess.PIPE, env=environment, cwd=parts.CHECKOUT, text=True)
        for _ in range(2)
    ]
    said = [one.communicate(timeout=30)[0].strip() for one in wanting]
    assert said[0] == said[1]
    assert int(said[0]) in {one.pid for one in wanting}


def test_a_half_made_part_is_made_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("PKP_CACHE_DIR", str(tmp_path))

    def breaks(folder):
        (folder / "half").touch()
        raise parts.PartFailed("no")

    with pytest.raises(parts.PartFailed):
        parts.made_once("part", breaks)
    made = parts.made_once("part", lambda folder: (folder / "whole").touch())
    assert [p.name for p in made.iterdir()] == ["whole"]


def test_without_any_source_the_message_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    def no_engine():
        raise parts.PartMissing("no container engine answers")

    sources = [("container engine", no_engine), ("Maven Central", lambda: parts.maven("-v"))]
    with pytest.raises(parts.PartMissing, match=r"no container engine answers\n.*apt-get install .*maven"):
        parts.first_that_works("Kafka", sources)


def _lives(process):
    """A dead child that nobody has collected yet (a container without an init) counts as dead."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
