"""A real Kafka Connect with the connectors of MirrorMaker 2, run by the machine's own Java from Maven Central's jars."""

import shutil
import signal
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from tests.realparts import parts
from tests.realparts.kafka import JVM, LOGGING, VERSION

POM = Path(__file__).with_name("connect.xml")


class Connect:
    """One worker of a group. Connectors are given and asked for by its REST interface, on loopback."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._jars = parts.made_once(f"connect-{VERSION}", _fetch)
        self.folder = Path(tempfile.mkdtemp(prefix="pkp-connect-"))
        self.log = self.folder / "connect.log"
        self.base = f"http://127.0.0.1:{parts.free_port()}"
        given = {**settings, "listeners": self.base, "plugin.discovery": "service_load"}
        (self.folder / "worker.properties").write_text("".join(f"{name}={value}\n" for name, value in given.items()))
        (self.folder / "log4j2.properties").write_text(LOGGING)
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    def start(self) -> None:
        """Start it and wait until it takes connectors."""
        logging = f"-Dlog4j2.configurationFile={self.folder / 'log4j2.properties'}"
        words = ["java", *JVM, logging, "-cp", f"{self._jars}/*", "org.apache.kafka.connect.cli.ConnectDistributed"]
        self.process = parts.spawn([*words, str(self.folder / "worker.properties")], self.log)
        parts.wait_until(
            self._serving,
            "Kafka Connect",
            alive=lambda: self.process.poll() is None,
            log=lambda: self.log.read_text(errors="replace"),
            timeout=120,
        )

    def _serving(self) -> bool:
        try:
            return httpx.get(f"{self.base}/connectors", timeout=2, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def put(self, name: str, config: Mapping[str, str]) -> None:
        """Have this connector, with this configuration. Raises PartFailed with the words of a refusal."""
        url = f"{self.base}/connectors/{name}/config"
        answer = httpx.put(url, json=dict(config), timeout=60, trust_env=False)
        if not answer.is_success:
            raise parts.PartFailed(answer.text)

    def state(self, name: str) -> Any:
        """The state of a connector, and of each of its tasks."""
        told = httpx.get(f"{self.base}/connectors/{name}/status", timeout=10, trust_env=False).json()
        return [told["connector"]["state"], *(task["state"] for task in told["tasks"])]

    def kill(self) -> None:
        """End it as kill -9 does."""
        parts.end(self.process, signal.SIGKILL)

    def stop(self) -> None:
        """End it and remove its folder."""
        if hasattr(self, "process"):
            parts.end(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)


def _fetch(folder: Path) -> None:
    goal = f"{parts.DEPENDENCY_PLUGIN}:copy-dependencies"
    parts.maven("-f", str(POM), goal, "-DincludeScope=runtime", f"-DoutputDirectory={folder}")
