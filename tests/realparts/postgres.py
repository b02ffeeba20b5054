"""A real PostgreSQL: the official image where an engine answers, else this machine's, else Maven Central's."""

import os
import platform
import shutil
import signal
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import psutil
import psycopg
from psycopg import sql

from tests.realparts import containers, parts

IMAGE_VERSION = "17"
BINARIES_VERSION = "17.5.0"
# fsync and synchronous_commit stay as PostgreSQL ships them: on. The tests are about what survives.
OPTIONS = {"max_connections": "200"}


class Runs(Protocol):
    """A running server, whoever runs it."""

    host: str
    port: int

    def kill(self) -> None:
        """End it as kill -9 does."""

    def restart(self) -> None:
        """Start it anew on its data (stopping it first when it runs) and wait until it answers."""

    def stop(self) -> None:
        """End it and remove what it wrote."""


class Server:
    """A PostgreSQL that makes databases on demand. Its address stays the same through kill and restart."""

    def __init__(self, runs: Runs) -> None:
        self.runs = runs
        self.kill, self.restart, self.stop = runs.kill, runs.restart, runs.stop

    def url(self, database: str) -> str:
        """SQLAlchemy's URL of that database, which is made when it is not there."""
        self._say("CREATE DATABASE {} TEMPLATE template0", database, tolerate=psycopg.errors.DuplicateDatabase)
        return f"postgresql+psycopg://pkp@{self.runs.host}:{self.runs.port}/{database}"

    def fresh_database(self) -> str:
        """The URL of a new empty database."""
        return self.url(f"pkp_{uuid4().hex}")

    def drop(self, url: str) -> None:
        """Remove a database, also when somebody is connected to it."""
        self._say("DROP DATABASE IF EXISTS {} WITH (FORCE)", url.rsplit("/", 1)[1])

    def _say(self, statement: str, database: str, tolerate: type[Exception] | tuple[()] = ()) -> None:
        with connected(self.runs.host, self.runs.port) as connection:
            try:
                connection.execute(sql.SQL(statement).format(sql.Identifier(database)))
            except tolerate:
                return


def start_postgres() -> Server:
    """A server that answers. Raises PartMissing with an instruction."""
    sources: list[tuple[str, Callable[[], Runs]]] = [
        ("container engine", lambda: containers.ContainerPostgres(IMAGE_VERSION, OPTIONS, answers)),
        ("installed server", lambda: LocalPostgres(_installed())),
        ("Maven Central", lambda: LocalPostgres(_fetched())),
    ]
    return Server(parts.first_that_works("PostgreSQL", sources))


def connected(host: str, port: int, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
    """A connection in autocommit mode as the server's owner."""
    return psycopg.connect(host=host, port=port, user="pkp", dbname=database, autocommit=True, connect_timeout=5)


def answers(host: str, port: int) -> bool:
    """Whether a server takes connections at the address."""
    try:
        connected(host, port).close()
    except psycopg.OperationalError:
        return False
    return True


class LocalPostgres:
    """A server run from a folder of binaries, on a data folder of its own."""

    def __init__(self, binaries: Path) -> None:
        self.host, self.port = "127.0.0.1", parts.free_port()
        # PostgreSQL refuses to run as root.
        self.user = "nobody" if os.geteuid() == 0 else ""
        self.folder = Path(tempfile.mkdtemp(prefix="pkp-postgres-"))
        self.data, self.log = self.folder / "data", self.folder / "server.log"
        try:
            self.binaries = self._reachable(binaries)
            self._initialise()
            self._start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _reachable(self, binaries: Path) -> Path:
        """The binaries, copied into the data's folder when another user must run them out of the checkout."""
        if not self.user:
            return binaries
        shutil.chown(self.folder, self.user)
        if parts.cache_folder() not in binaries.parents:
            return binaries
        shutil.copytree(binaries.parent, self.folder / "server", symlinks=True)
        return self.folder / "server" / binaries.name

    def _initialise(self) -> None:
        program, data = str(self.binaries / "initdb"), str(self.data)
        culture = ["-E", "UTF8", "--locale=C.UTF-8"]
        words = [program, "-D", data, "-U", "pkp", "-A", "trust", *culture, "--no-sync"]
        made = parts.spawn(words, self.log, user=self.user)
        if made.wait(120):
            raise parts.PartFailed(f"initdb failed:\n{self._logged()}")

    def _start(self) -> None:
        options = {**OPTIONS, "port": str(self.port), "listen_addresses": self.host, "unix_socket_directories": ""}
        words = [str(self.binaries / "postgres"), "-D", str(self.data), *(f"-c{k}={v}" for k, v in options.items())]
        # Quit at once, with all its children: what kill -9 of the first process alone would leave behind.
        self.process = parts.spawn(words, self.log, dies_by=signal.SIGQUIT, user=self.user)
        try:
            parts.wait_until(
                lambda: answers(self.host, self.port),
                "PostgreSQL",
                alive=lambda: self.process.poll() is None,
                log=self._logged,
                timeout=60,
            )
        except BaseException:
            self.kill()
            raise

    def _logged(self) -> str:
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """End it as kill -9 does, the first process and every child."""
        if self.process.poll() is None:
            children = psutil.Process(self.process.pid).children(recursive=True)
            parts.end(self.process, signal.SIGKILL)
            for child in children:
                _kill(child)
            psutil.wait_procs(children, timeout=10)

    def restart(self) -> None:
        """Start it anew on its data and wait until it answers."""
        parts.end(self.process, signal.SIGINT, patience=30)
        self._start()

    def stop(self) -> None:
        """End it and remove its folder."""
        parts.end(self.process, signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def _installed() -> Path:
    """The folder of this machine's newest PostgreSQL server programs."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    for folder in found:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise parts.PartMissing("no initdb on PATH nor under /usr/lib/postgresql (Debian: apt-get install postgresql)")


def _fetched() -> Path:
    return parts.made_once(f"postgres-{BINARIES_VERSION}", _fetch) / "bin"


def _fetch(folder: Path) -> None:
    """Unpack the published server programs (initdb, pg_ctl, postgres)."""
    machine = {"x86_64": "amd64", "aarch64": "arm64v8"}.get(platform.machine())
    if platform.system() != "Linux" or machine is None:
        raise parts.PartMissing(f"no binaries for {platform.system()} {platform.machine()}")
    artifact = f"embedded-postgres-binaries-linux-{machine}"
    parts.maven(
        f"{parts.DEPENDENCY_PLUGIN}:copy",
        f"-Dartifact=io.zonky.test.postgres:{artifact}:{BINARIES_VERSION}",
        f"-DoutputDirectory={folder}",
    )
    jar = folder / f"{artifact}-{BINARIES_VERSION}.jar"
    with zipfile.ZipFile(jar) as packed:
        name = next(name for name in packed.namelist() if name.endswith(".txz"))
        with packed.open(name) as inner, tarfile.open(fileobj=inner, mode="r:xz") as tar:
            # Named this way because the first releases of Python 3.11 have no filters.
            tar.extraction_filter = getattr(tarfile, "tar_filter", lambda member, path: member)
            tar.extractall(folder)
    jar.unlink()
