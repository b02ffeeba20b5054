"""The same parts from their official images, where a container engine answers."""

import base64
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.realparts import parts

if TYPE_CHECKING:
    import docker


@cache
def engine_answers() -> bool:
    """Whether a container engine answers on this machine."""
    import docker
    from docker.errors import DockerException

    try:
        client = docker.from_env(timeout=5)
        try:
            return bool(client.ping())
        finally:
            client.close()
    except (DockerException, OSError):
        return False


def _pull(client: "docker.DockerClient", image: str) -> None:
    """Have the image here; raises PartMissing, for an engine without a way to its registry has no part to give."""
    from docker.errors import DockerException, ImageNotFound

    try:
        client.images.get(image)
    except ImageNotFound:
        try:
            client.images.pull(image)
        except (DockerException, OSError) as reason:
            raise parts.PartMissing(f"the engine cannot pull {image}: {reason}") from reason
    finally:
        client.close()


class Box:
    """One container whose port keeps its number on the host through kill and restart."""

    def __init__(self, image: str, inner_port: int, command: list[str] | None = None, more: Sequence[int] = ()) -> None:
        """`more` are further ports inside, bound as well: `ports` tells where."""
        if not engine_answers():
            raise parts.PartMissing("no container engine answers (start Docker or Podman, or set DOCKER_HOST)")
        from testcontainers.core.container import DockerContainer

        self.image, self.inner_port, self.command = image, inner_port, command
        self._make = DockerContainer
        self.ports = {inner: parts.free_port() for inner in (inner_port, *more)}
        self.port = self.ports[inner_port]
        probe = DockerContainer(image)
        client = probe.get_docker_client()
        self.host = client.host().replace("localhost", "127.0.0.1")
        _pull(client.client, probe.image)

    def start(self, environment: Mapping[str, str], files: Mapping[Path, str] | None = None) -> None:
        """A new container, its ports bound to this box's ports on the host, with files to read (where: there)."""
        made = self._make(self.image, env=dict(environment))
        for inner, port in self.ports.items():
            made.with_bind_ports(inner, port)
        for file, there in (files or {}).items():
            made.with_volume_mapping(str(file), there, "ro")
        if self.command:
            made.with_command(self.command)
        self.container = made.start()

    def again(self) -> None:
        """Start the same container, with the data that it holds."""
        self.container.get_wrapped_container().start()

    def signal(self, name: str) -> None:
        """Send a signal to the container's first process and wait until the container has ended."""
        inner = self.container.get_wrapped_container()
        if self.alive():
            inner.kill(signal=name)
        inner.wait(timeout=60)

    def pause(self) -> None:
        """Freeze every process in it."""
        self.container.get_wrapped_container().pause()

    def resume(self) -> None:
        """Thaw it; nothing when it is not frozen."""
        self.container.reload()
        if self.container.status == "paused":
            self.container.get_wrapped_container().unpause()

    def alive(self) -> bool:
        """Whether it runs (or is frozen)."""
        self.container.reload()
        return self.container.status in ("running", "paused", "created")

    def log(self) -> str:
        """All that it printed."""
        return b"".join(self.container.get_logs()).decode(errors="replace")

    def remove(self) -> None:
        """Remove it with its volumes."""
        self.container.stop()

    def wait(self, ready: Callable[[], bool], what: str, timeout: float = 120) -> None:
        """Wait until `ready`; raises PartFailed with its log."""
        parts.wait_until(ready, what, alive=self.alive, log=self.log, timeout=timeout)


class ContainerBroker:
    """The `apache/kafka` image, addressed from the host. See tests.realparts.kafka.Broker."""

    def __init__(
        self, version: str, settings: Mapping[str, str], listeners: Mapping[str, str], serving: Callable[[str], bool]
    ) -> None:
        self._inner = dict(zip(listeners, range(9094, 9100), strict=False))
        self.box = Box(f"apache/kafka:{version}", 9092, more=tuple(self._inner.values()))
        self.bootstrap = f"{self.box.host}:{self.box.port}"
        self.more = {name: f"{self.box.host}:{self.box.ports[inner]}" for name, inner in self._inner.items()}
        self.listeners = listeners
        self.settings, self.serving = settings, serving
        self._start()

    def _environment(self) -> dict[str, str]:
        listening = "".join(f",{name}://:{inner}" for name, inner in self._inner.items())
        shown = "".join(f",{name}://{address}" for name, address in self.more.items())
        protocols = "".join(f",{name}:{protocol}" for name, protocol in self.listeners.items())
        own = {
            "node.id": "1",
            "process.roles": "broker,controller",
            "listeners": f"PLAINTEXT://:9092,CONTROLLER://:9093{listening}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap}{shown}",
            "listener.security.protocol.map": f"PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT{protocols}",
            "controller.listener.names": "CONTROLLER",
            "controller.quorum.voters": "1@localhost:9093",
            "log.dirs": "/tmp/kraft-combined-logs",
        }
        variables = {_variable(name): value for name, value in {**self.settings, **own}.items()}
        cluster = base64.urlsafe_b64encode(b"\0" + uuid4().bytes[1:]).decode().rstrip("=")
        return {**variables, "CLUSTER_ID": cluster, "KAFKA_HEAP_OPTS": "-Xms64m -Xmx256m"}

    def _start(self) -> None:
        self.box.start(self._environment())
        try:
            self._wait()
        except BaseException:
            self.box.remove()
            raise

    def _wait(self) -> None:
        self.box.wait(lambda: self.serving(self.bootstrap), "Apache Kafka")

    def kill(self) -> None:
        """End it as kill -9 does."""
        self.box.signal("SIGKILL")

    def restart(self) -> None:
        """Start it anew on its data and wait until it serves."""
        self.box.resume()
        self.box.signal("SIGTERM")
        self.box.again()
        self._wait()

    def pause(self) -> None:
        """Make it hang."""
        self.box.pause()

    def resume(self) -> None:
        """Let it go on."""
        self.box.resume()

    def wipe(self) -> None:
        """A new container, hence a new empty cluster, at the same address."""
        self.box.remove()
        self._start()

    def stop(self) -> None:
        """Remove it."""
        self.box.remove()


def _variable(name: str) -> str:
    """The variable that the image turns into a server property of this name."""
    return "KAFKA_" + name.upper().replace("_", "__").replace("-", "___").replace(".", "_")


class ContainerPostgres:
    """The `postgres` image. See tests.realparts.postgres.Server."""

    def __init__(self, version: str, options: Mapping[str, str], answers: Callable[[str, int], bool]) -> None:
        words = ["postgres", *(f"-c{name}={value}" for name, value in options.items())]
        self.box = Box(f"postgres:{version}", 5432, words)
        self.host, self.port = self.box.host, self.box.port
        self.answers = answers
        self.box.start(
            {
                "POSTGRES_USER": "pkp",
                "POSTGRES_DB": "postgres",
                "POSTGRES_HOST_AUTH_METHOD": "trust",
                "POSTGRES_INITDB_ARGS": "--encoding=UTF8 --locale=C.UTF-8",
            }
        )
        try:
            self._wait()
        except BaseException:
            self.box.remove()
            raise

    def _wait(self) -> None:
        self.box.wait(lambda: self.answers(self.host, self.port), "PostgreSQL")

    def kill(self) -> None:
        """End it as kill -9 does: the container's other processes end with its first."""
        self.box.signal("SIGKILL")

    def restart(self) -> None:
        """Start it anew on its data and wait until it answers."""
        self.box.signal("SIGINT")
        self.box.again()
        self._wait()

    def stop(self) -> None:
        """Remove it."""
        self.box.remove()


class ContainerKeycloak:
    """The `keycloak/keycloak` image with a realm file. See tests.realparts.keycloak.Keycloak."""

    def __init__(self, version: str, realm: Path, given: Mapping[str, str], serving: Callable[[str], bool]) -> None:
        words = ["start", "--db=dev-file", "--cache=local", "--hostname-strict=false", "--http-enabled=true", "--import-realm"]
        self.box = Box(f"keycloak/keycloak:{version}", 8080, words)
        self.base = f"http://{self.box.host}:{self.box.port}"
        self.box.start(given, {realm: "/opt/keycloak/data/import/realm.json"})
        try:
            self.box.wait(lambda: serving(self.base), "Keycloak", timeout=240)
        except BaseException:
            self.box.remove()
            raise

    def pause(self) -> None:
        """Make it hang."""
        self.box.pause()

    def resume(self) -> None:
        """Let it go on."""
        self.box.resume()

    def stop(self) -> None:
        """Remove it."""
        self.box.remove()
