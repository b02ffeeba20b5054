"""What every real part needs: a place made once, ports that stay free, children that die with the runner."""

import fcntl
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

CHECKOUT = Path(__file__).resolve().parents[2]
DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1"
LAUNCHER = Path(__file__).with_name("launch.py")
Part = TypeVar("Part")

# A child asked to die with its parent dies with the parent's *thread* that made it (prctl(2)). So one thread, which
# lives as long as the runner, makes them all.
_spawner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="realparts")


class PartMissing(Exception):
    """A real part cannot be had on this machine; the message tells what to install."""


class PartFailed(Exception):
    """A real part did not come up; the message holds the end of its log."""


def cache_folder() -> Path:
    """Where everything fetched lands: `PKP_CACHE_DIR`, else `.cache/realparts` in the checkout."""
    folder = Path(os.environ.get("PKP_CACHE_DIR") or CHECKOUT / ".cache" / "realparts").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """The folder `name` of the cache, made by `make(empty_folder)` when it is not there.

    Several test processes may ask at once: one makes it, the others wait. A half-made folder never shows.
    """
    target = cache_folder() / name
    with _locked(cache_folder() / f"{name}.lock"):
        if not target.exists():
            half = target.with_name(f"{name}.half")
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            make(half)
            half.rename(target)
    return target


def maven(*arguments: str) -> None:
    """Run Maven on a repository in the cache folder; raises PartMissing without Maven, PartFailed on its error."""
    program = shutil.which("mvn")
    if program is None or shutil.which("java") is None:
        raise PartMissing("Java 17+ and Maven are not installed (Debian: apt-get install openjdk-17-jre-headless maven)")
    repository = f"-Dmaven.repo.local={cache_folder() / 'm2'}"
    words = [program, "-B", "-q", repository, *arguments]
    done = subprocess.run(words, capture_output=True, text=True, timeout=900, check=False)
    if done.returncode:
        raise PartFailed(f"Maven could not fetch a part:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on, nor on the three behind it, below the range of outgoing connections.

    A platform listens on up to four in a row. A stopped server's port must still be free when it is started again, so the
    system may not lend it in between.
    """
    while True:
        port = random.randrange(15000, 30000, 4)
        if all(_is_free(one) for one in range(port, port + 4)):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def spawn(
    command: Sequence[str], log: Path, *, dies_by: signal.Signals = signal.SIGKILL, user: str = ""
) -> subprocess.Popen[bytes]:
    """Start a server with its output appended to `log`; when the runner dies, however it dies, it gets `dies_by`.

    It gets a session of its own, so that Ctrl-C on the runner reaches it only through the runner.
    """
    become = [sys.executable, "-I", str(LAUNCHER), str(int(dies_by)), str(os.getpid()), user]
    words = [*become, *command]

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", start_new_session=True
            )

    return _spawner.submit(start).result()


def end(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM, patience: float = 15.0) -> None:
    """Send `how`, wait up to `patience` seconds, then kill -9. A process that is gone already is left in peace."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait(10)


def wait_until(
    ready: Callable[[], bool], what: str, *, alive: Callable[[], bool], log: Callable[[], str], timeout: float
) -> None:
    """Poll `ready` every 50 ms.

    Raises PartFailed with the end of the log when `alive` turns false or `timeout` seconds pass.
    """
    deadline = time.monotonic() + timeout
    while not ready():
        if not alive():
            raise PartFailed(f"{what} ended while starting:\n{log()[-3000:]}")
        if time.monotonic() > deadline:
            raise PartFailed(f"{what} was not ready after {timeout:.0f} s:\n{log()[-3000:]}")
        time.sleep(0.05)


def first_that_works(what: str, sources: Sequence[tuple[str, Callable[[], Part]]]) -> Part:
    """The part from the first source that has it; raises PartMissing that names what each source lacks."""
    lacking = []
    for name, start in sources:
        try:
            return start()
        except PartMissing as reason:
            lacking.append(f"  {name}: {reason}")
    raise PartMissing("\n".join([f"The tests need a real {what} and no source of one works here:", *lacking]))
