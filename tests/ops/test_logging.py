"""Logs: JSON lines that belong to a request and point at nobody."""

from __future__ import annotations

import io
import json
import logging
from dataclasses import replace

import pytest
import structlog
from flask import Flask, abort

from shared.ops import logging as logs
from shared.settings import Settings
from shared.web.request_log import log_requests

TOKEN = "pkp_PE-l6stcdgSm3g5IQZzb24Z6jouxOYMyHgDx9QYkpcs"


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"token {TOKEN} was refused", "token *** was refused"),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer ***"),
        ("sibling pkp_machine.forum.0a1b2c3d4e5f said", "sibling *** said"),
        ("postgresql+psycopg://pkp:s3cret@db:5432/forum", "postgresql+psycopg://***@db:5432/forum"),
        ("GET /membership/api/v1/members?name=Sari&x=1 200", "GET /membership/api/v1/members?*** 200"),
        ("http://127.0.0.1:8001/forum/feed?after=3", "http://127.0.0.1:8001/forum/feed?***"),
        ("mail to juru.bicara@warga.example now", "mail to *** now"),
        ("NIK 3204123456789012", "NIK ***"),
        ("call 081234567890 or +6281234567890", "call *** or ***"),
        ("duplicate key\nDETAIL:  Key (name)=(Sari) exists.", "duplicate key\nDETAIL: ***"),
        ("bad [parameters: {'name': 'Sari'}]", "bad [parameters:  ***"),
    ],
)
def test_what_points_at_somebody_is_taken_out(text: str, clean: str) -> None:
    assert logs.clean(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T07:29:10.206194Z",
        "position 1234567890123",
        "110c4c1e-7ab3-405f-81ba-379825813ddf",
        "ADV/32/2025/0001 in /membership/api/v1/members/<uuid:id>/admit",
        "what? nothing",
        'database "pkp_membership" does not exist',
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
)
def test_what_operators_need_stays(text: str) -> None:
    assert logs.clean(text) == text


def test_lines_of_libraries_are_json_and_clean_too(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(settings, "worker")
    logging.getLogger("some.library").warning("asked %s", "http://host/path?secret=1")
    logging.getLogger("httpx").info("HTTP Request: GET http://host/feed")
    structlog.get_logger().info("event", token=TOKEN, deep={"password": "x", "list": [f"a {TOKEN}"]}, number=3)
    first, second = told(capsys)
    assert (first["event"], first["level"], first["process"]) == ("asked http://host/path?***", "warning", "worker")
    assert (second["token"], second["deep"], second["number"]) == ("***", {"password": "***", "list": ["a ***"]}, 3)


def test_a_traceback_is_kept_and_clean(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(settings, "web")
    try:
        raise ValueError(f"no such token {TOKEN}")
    except ValueError:
        structlog.get_logger().exception("failed")
    line = told(capsys)[0]
    assert "Traceback" in str(line["exception"])
    assert TOKEN not in str(line["exception"])


def test_the_least_level_is_kept(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(replace(settings, log_level="WARNING"), "web")
    structlog.get_logger().info("not this")
    structlog.get_logger().warning("this")
    assert [line["event"] for line in told(capsys)] == ["this"]


def test_people_read_lines(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(replace(settings, log_format="text"), "web")
    structlog.get_logger().error("died", child="worker", code=-9)
    assert capsys.readouterr().out[8:] == " web    ERROR died child=worker code=-9\n"


@pytest.fixture
def application() -> Flask:
    """A small application whose requests are logged."""
    app = Flask(__name__)
    log_requests(app, "small")

    @app.get("/things/<name>")
    def thing(name: str) -> str:
        structlog.get_logger().info("inside")
        return name

    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("broken")

    @app.get("/gone")
    def gone() -> str:
        abort(410)

    return app


def test_a_request_is_one_line_that_others_can_be_found_by(
    application: Flask, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(settings, "web")
    answer = application.test_client().get("/things/sari?nik=3204123456789012", headers={"X-Request-ID": "from-the-gateway"})
    inside, request = told(capsys)
    assert inside["request_id"] == request["request_id"] == answer.headers["X-Request-ID"] == "from-the-gateway"
    assert (request["event"], request["method"], request["route"], request["status"]) == ("request", "GET", "/things/<name>", 200)
    assert request["service"] == "small"
    assert isinstance(request["ms"], float)
    assert "sari" not in json.dumps([inside, request])


@pytest.mark.parametrize(
    ("path", "status", "route"), [("/broken", 500, "/broken"), ("/gone", 410, "/gone"), ("/x/sari", 404, "unmatched")]
)
def test_a_failed_request_is_a_line_too(
    application: Flask, settings: Settings, capsys: pytest.CaptureFixture[str], path: str, status: int, route: str
) -> None:
    logs.configure(settings, "web")
    application.test_client().get(path)
    request = told(capsys)[-1]
    assert (request["status"], request["route"]) == (status, route)
    assert "sari" not in json.dumps(request)


class Gone(io.StringIO):
    """A stream whose reader has gone."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_work_goes_on_when_nobody_reads_the_log(application: Flask, settings: Settings) -> None:
    logs.configure(settings, "web", Gone())
    logging.getLogger("some.library").warning("said")
    assert application.test_client().get("/things/a").status_code == 200


def test_nothing_of_a_request_stays_behind(application: Flask, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(settings, "web")
    application.test_client().get("/things/a")
    structlog.get_logger().info("later")
    assert "request_id" not in told(capsys)[-1]
