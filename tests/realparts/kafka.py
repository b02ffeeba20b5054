"""A real single-node Apache Kafka (KRaft): the official image where an engine answers, else Maven Central's jars."""

import base64
import hashlib
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from tests.realparts import containers, parts, records

VERSION = "4.3.1"
POM = Path(__file__).with_name("pom.xml")
SETTINGS = {
    "auto.create.topics.enable": "false",
    "offsets.topic.num.partitions": "1",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.num.partitions": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    # A killed broker may come back only when its old session is over: 9 s by default.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "200",
}
LOGGING = """\
status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{HH:mm:ss.SSS} %p %c{1} %m%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
"""
JVM = ("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xlog:disable")


class Broker(Protocol):
    """A running broker; its addresses stay the same through kill, restart and wipe. `bootstrap` asks nobody who he is."""

    bootstrap: str
    more: dict[str, str]  # where further listeners answer, by their names

    def kill(self) -> None:
        """End it as kill -9 does."""

    def restart(self) -> None:
        """Start it anew on its data (stopping it first when it runs) and wait until it serves."""

    def pause(self) -> None:
        """Make it hang: it keeps its connections and answers nothing."""

    def resume(self) -> None:
        """Let it go on after `pause`."""

    def wipe(self) -> None:
        """Stop it, delete its data, start a new empty cluster at the same address."""

    def stop(self) -> None:
        """End it and remove what it wrote."""


def start_kafka(settings: Mapping[str, str] | None = None, listeners: Mapping[str, str] | None = None) -> Broker:
    """A broker that serves; `settings` are added to its server properties, `listeners` (protocol by name) to its listeners.

    Raises PartMissing with an instruction.
    """
    chosen, further = {**SETTINGS, **(settings or {})}, listeners or {}
    sources: list[tuple[str, Callable[[], Broker]]] = [
        ("container engine", lambda: containers.ContainerBroker(VERSION, chosen, further, serving)),
        ("Maven Central", lambda: JarBroker(chosen, further)),
    ]
    return parts.first_that_works("Apache Kafka", sources)


def serving(bootstrap: str) -> bool:
    """Whether a broker answers at the address."""
    try:
        client = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0, "socket.timeout.ms": 2000})
        return bool(client.list_topics(timeout=2).brokers)
    except KafkaException:
        return False


class JarBroker:
    """A broker run by the machine's own Java from the published jars."""

    def __init__(self, settings: Mapping[str, str], listeners: Mapping[str, str]) -> None:
        jars = parts.made_once(f"kafka-{VERSION}", _fetch)
        prepared = parts.made_once(f"kafka-{VERSION}-{_java_mark()}", lambda folder: _prepare(jars, folder))
        self._start_on(settings, listeners, jars, prepared)

    @classmethod
    def unprepared(cls, jars: Path) -> "JarBroker":
        """A broker that formats its own folder and records on exit which classes it loaded."""
        broker = cls.__new__(cls)
        broker._start_on(SETTINGS, {}, jars, None)
        return broker

    def _start_on(self, settings: Mapping[str, str], listeners: Mapping[str, str], jars: Path, prepared: Path | None) -> None:
        self.jars, self.prepared = jars, prepared
        self.folder = Path(tempfile.mkdtemp(prefix="pkp-kafka-"))
        self.data, self.log = self.folder / "data", self.folder / "broker.log"
        port, controller = parts.free_port(), parts.free_port()
        self.bootstrap = f"127.0.0.1:{port}"
        self.more = {name: f"127.0.0.1:{parts.free_port()}" for name in listeners}
        shown = "".join(f",{name}://{address}" for name, address in self.more.items())
        protocols = "".join(f",{name}:{protocol}" for name, protocol in listeners.items())
        own = {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "listeners": f"PLAINTEXT://{self.bootstrap},CONTROLLER://127.0.0.1:{controller}{shown}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap}{shown}",
            "listener.security.protocol.map": f"PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT{protocols}",
            "controller.listener.names": "CONTROLLER",
            "log.dirs": str(self.data),
        }
        (self.folder / "server.properties").write_text("".join(f"{k}={v}\n" for k, v in {**settings, **own}.items()))
        (self.folder / "log4j2.properties").write_text(LOGGING)
        try:
            self._format()
            self._start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _java(self, main: str, *arguments: str) -> list[str]:
        if self.prepared is None:
            archive = f"-XX:ArchiveClassesAtExit={self.folder / 'classes.jsa'}"
        else:
            archive = f"-XX:SharedArchiveFile={self.prepared / 'classes.jsa'}"
        logging = f"-Dlog4j2.configurationFile={self.folder / 'log4j2.properties'}"
        return ["java", *JVM, archive, logging, "-cp", f"{self.jars}/*", main, *arguments]

    def _format(self) -> None:
        if self.prepared is None:
            properties = str(self.folder / "server.properties")
            words = self._java("kafka.tools.StorageTool", "format", "-t", _new_id(), "-c", properties)
            words = [word for word in words if not word.startswith("-XX:ArchiveClassesAtExit")]
            subprocess.run(words, check=True, capture_output=True, timeout=120)
            return
        shutil.copytree(self.prepared / "data", self.data)
        identity = {"version": "1", "node.id": "1", "cluster.id": _new_id(), "directory.id": _new_id()}
        (self.data / "meta.properties").write_text("".join(f"{k}={v}\n" for k, v in identity.items()))

    def _start(self) -> None:
        self.process = parts.spawn(self._java("kafka.Kafka", str(self.folder / "server.properties")), self.log)
        try:
            parts.wait_until(
                lambda: serving(self.bootstrap),
                "Apache Kafka",
                alive=lambda: self.process.poll() is None,
                log=lambda: self.log.read_text(errors="replace"),
                timeout=60,
            )
        except BaseException:
            parts.end(self.process, signal.SIGKILL)
            raise

    def _halt(self) -> None:
        self.resume()
        parts.end(self.process)

    def kill(self) -> None:
        """End it as kill -9 does."""
        parts.end(self.process, signal.SIGKILL)

    def restart(self) -> None:
        """Start it anew on its data and wait until it serves."""
        self._halt()
        self._start()

    def pause(self) -> None:
        """Make it hang."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def wipe(self) -> None:
        """Delete its data and start a new empty cluster at the same address."""
        self.kill()
        shutil.rmtree(self.data)
        self._format()
        self._start()

    def stop(self) -> None:
        """End it and remove its folder."""
        self._halt()
        shutil.rmtree(self.folder, ignore_errors=True)


def _fetch(folder: Path) -> None:
    goal = f"{parts.DEPENDENCY_PLUGIN}:copy-dependencies"
    parts.maven("-f", str(POM), goal, "-DincludeScope=runtime", f"-DoutputDirectory={folder}")


def _prepare(jars: Path, folder: Path) -> None:
    """Keep a formatted folder, and the classes that a broker loads (AppCDS): later starts take 1 s instead of 3 s."""
    broker = JarBroker.unprepared(jars)
    try:
        records.make_topic(broker.bootstrap, "first")
        records.write(broker.bootstrap, "first", [b"1"])
        records.read(broker.bootstrap, "first", 1)
        parts.end(broker.process, patience=60)
        shutil.copy(broker.folder / "classes.jsa", folder)
        shutil.rmtree(broker.data)
        broker._format()
        shutil.copytree(broker.data, folder / "data")
    finally:
        broker.stop()


def _java_mark() -> str:
    """Eight letters that change with the Java: a class archive serves only the one that wrote it."""
    program = shutil.which("java")
    if program is None:
        raise parts.PartMissing("Java 17+ is not installed (Debian: apt-get install openjdk-17-jre-headless maven)")
    said = subprocess.run([program, "-version"], capture_output=True, check=True, timeout=60)
    return hashlib.sha256(said.stderr + str(POM.read_text()).encode()).hexdigest()[:8]


def _new_id() -> str:
    """A KRaft id: 16 random bytes in base64 for URLs. One that begins with `-` would be taken for an option."""
    while True:
        text = base64.urlsafe_b64encode(uuid4().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text
