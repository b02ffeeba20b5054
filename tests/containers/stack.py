"""The platform of docker-compose.yml, unchanged, under a name, a port and secrets of its own."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from tests.realparts.parts import CHECKOUT, free_port

SERVICES = ("membership", "advocacy", "mediation", "forum")
PREFIX = "pkp-test/"


def run(*words: str, timeout: float = 600, **environment: str) -> str:
    """What a program prints; its own words in the error when it fails."""
    done = subprocess.run(
        words, cwd=CHECKOUT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=timeout, check=False
    )
    if done.returncode:
        raise AssertionError(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


class Stack:
    """One running platform in containers. Its images are built beforehand with the prefix `pkp-test/`."""

    def __init__(self, **variables: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pkp-stack-"))
        self.name = f"pkp-test-{secrets.token_hex(3)}"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.variables = {
            "COMPOSE_PROJECT_NAME": self.name,
            "COMPOSE_DISABLE_ENV_FILE": "1",
            "COMPOSE_PROGRESS": "quiet",
            "SECRETS_DIR": str(self.folder / "secrets"),
            "IMAGE_PREFIX": PREFIX,
            "PKP_PORT": str(self.port),
            "PKP_DEMO": "true",
            "PROMETHEUS_PORT": str(free_port()),
            **variables,
        }
        run(str(CHECKOUT / "deploy" / "prepare"), str(self.folder / "secrets"))

    def compose(self, *words: str, timeout: float = 600) -> str:
        """`docker compose WORDS` on this platform."""
        return run("docker", "compose", *words, timeout=timeout, **self.variables)

    def up(self, *words: str) -> float:
        """Start what is not running and wait until all is healthy; the seconds that it took."""
        began = time.monotonic()
        try:
            self.compose("up", "--no-build", "--detach", "--wait", "--wait-timeout", "300", *words)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.compose('ps', '-a')}\n{self.logs()[-6000:]}") from None
        return time.monotonic() - began

    def down(self) -> None:
        """Stop and remove everything, with its data."""
        self.compose("--profile", "*", "down", "--volumes", "--timeout", "20")
        shutil.rmtree(self.folder, ignore_errors=True)

    def logs(self, *services: str) -> str:
        """What containers printed."""
        return self.compose("logs", "--no-color", "--tail", "400", *services)

    def ids(self, *services: str) -> list[str]:
        """The containers that run (of these services)."""
        return self.compose("ps", "--quiet", *services).split()

    def inspected(self, *services: str) -> list[dict[str, Any]]:
        """What the engine says of each of these containers."""
        found: list[dict[str, Any]] = json.loads(run("docker", "inspect", *self.ids(*services)))
        return found

    def inside(self, service: str, *words: str) -> str:
        """What a command prints that runs inside a service's container."""
        return self.compose("exec", "-T", service, *words)

    def sql(self, database: str, statement: str) -> list[list[str]]:
        """The rows of a statement, asked by the server's administrator."""
        words = ("psql", "-X", "-U", "postgres", "-d", database, "-AtF", "\t", "-c", statement)
        return [line.split("\t") for line in self.inside("postgres", *words).splitlines()]

    def token(self, account: str) -> str:
        """A new token of a demo account."""
        return self.inside("membership-web", "pkp", "account", "token", account).split()[-1]

    def client(self, account: str, **more: Any) -> httpx.Client:
        """Speaks with the gateway as an account."""
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.token(account)}"}, timeout=30, **more)


def until(what: str, ready: Callable[[], Any], timeout: float = 30) -> Any:
    """The first answer that is true; fails after `timeout` seconds with the last one."""
    deadline, last = time.monotonic() + timeout, None
    while time.monotonic() < deadline:
        last = ready()
        if last:
            return last
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {timeout:.0f} s, last {last!r}")
