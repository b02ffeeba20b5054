"""The origin behind a real gunicorn, as it is deployed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from shared.assembly import accounts, runtime, services
from shared.settings import load

pytestmark = pytest.mark.platform

HOUSE = Path(__file__).parents[2]


def three_free_ports() -> int:
    """The first of three neighbouring ports that nobody holds."""
    while True:
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
        try:
            for n in range(3):
                with socket.socket() as one:
                    one.bind(("127.0.0.1", port + n))
            return int(port)
        except (OSError, OverflowError):
            continue


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, str]]:
    """A client of the running origin, and the secretariat's token."""
    folder, port = tmp_path_factory.mktemp("origin"), three_free_ports()
    given = {"PKP_DATA_DIR": str(folder), "PKP_DEMO": "1", "PKP_PORT": str(port), "PKP_LOG_LEVEL": "WARNING"}
    settings = load(given)
    accounts(settings).migrate()
    for service in services(settings).values():
        working = runtime(service, settings)
        working.keys.migrate()
        working.store.migrate()
    token = accounts(settings).token("sekretariat")
    command = [sys.executable, "-m", "gunicorn", "-c", str(HOUSE / "deploy" / "gunicorn.conf.py")]
    log = (folder / "gunicorn.log").open("w")
    process = subprocess.Popen(command, cwd=HOUSE, env={**os.environ, **given}, stdout=log, stderr=log)
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20)
    try:
        _wait(client, process, folder / "gunicorn.log")
        yield client, token
    finally:
        client.close()
        process.terminate()
        process.wait(30)
        log.close()


def _wait(client: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            client.get("/")
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def head(token: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": "k", "Content-Type": "application/json", **more}


def test_a_command_goes_through(served: tuple[httpx.Client, str]) -> None:
    client, token = served
    document = client.get("/membership/openapi.json").json()
    assert "ProposeMember" in json.dumps(document)
    answer = client.post("/membership/api/v1/members", content=b"{}", headers=head(token))
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert client.get("/membership/members/", headers=head(token)).status_code == 200


def test_a_body_of_unknown_length_has_the_same_limit(served: tuple[httpx.Client, str]) -> None:
    client, token = served

    def chunks(count: int) -> Iterator[bytes]:
        yield from (b" " * 1024 for _ in range(count))

    small = client.post("/membership/api/v1/members", content=chunks(200), headers=head(token))
    assert small.json()["slug"] == "malformed-json"
    large = client.post("/membership/api/v1/members", content=chunks(300), headers=head(token))
    assert (large.status_code, large.json()["slug"]) == (413, "body-too-large")
    assert client.get("/").status_code == 200


def test_a_deep_body_is_refused(served: tuple[httpx.Client, str]) -> None:
    client, token = served
    answer = client.post("/membership/api/v1/members", content=b"[" * 100_000, headers=head(token))
    assert (answer.status_code, answer.json()["slug"]) == (400, "json-too-deep")
    assert client.get("/").status_code == 200


def test_foreign_bytes_in_addresses_and_headers_are_borne(served: tuple[httpx.Client, str]) -> None:
    client, token = served
    for path in ("/membership/api/v1/members?name=%FF", "/membership/api/v1/members?cursor=%ED%A0%80"):
        assert client.get(path, headers=head(token)).status_code in {200, 400}, path
    raw = httpx.Headers([(b"Authorization", b"Bearer \xff\xfe")])
    assert client.get("/membership/api/v1/members", headers=raw).status_code == 401
    raw = httpx.Headers([(b"Authorization", f"Bearer {token}".encode()), (b"Idempotency-Key", b"\xff")])
    assert client.post("/membership/api/v1/members", content=b"{}", headers=raw).json()["slug"] == "idempotency-key-malformed"
