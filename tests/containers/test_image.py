"""What the Dockerfile puts into one service's image works alone and imports nothing of another service."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

pytestmark = pytest.mark.platform
CHECKOUT = Path(__file__).resolve().parents[2]
SERVICES = ("membership", "advocacy", "mediation", "forum")
NOT_SENT = ("__pycache__", ".*cache", "*.pyc")

# Migrates, answers a page and a question of the API, and loads every command and the worker; tells what was imported.
ALONE = """
import importlib, json, sys
from werkzeug.test import Client
from shared import app, assembly
from shared.ops.cli import COMMANDS
from shared.ops.commands.running import migrate_all
from shared.settings import load

settings = load()
migrate_all(settings)
for module, name in COMMANDS.values():
    getattr(importlib.import_module(module), name)
importlib.import_module("shared.delivery.worker")
client = Client(app.origin(settings, assembly.runtimes(settings)))
codes = [client.get(path).status_code for path in ("/", f"/{sys.argv[1]}/", f"/{sys.argv[1]}/openapi.json")]
ours = [name for name in sys.modules if name.split(".")[0] in ("services", "shared")]
print(json.dumps({"codes": codes, "modules": {name: getattr(sys.modules[name], "__file__", None) for name in ours}}))
"""


def copied(stages: tuple[str, ...]) -> list[tuple[str, str]]:
    """(source, target) of what these stages of the Dockerfile copy out of the checkout."""
    found, stage = [], ""
    for line in (CHECKOUT / "deploy" / "Dockerfile").read_text("utf-8").splitlines():
        if begun := re.match(r"FROM \S+ AS (\w+)", line):
            stage = begun[1]
        elif (words := line.split())[:1] == ["COPY"] and stage in stages and not words[1].startswith("--from"):
            found.append((words[1], words[2]))
    return found


def tree(service: str, where: Path) -> Path:
    """The files of /app in the image of a service."""
    for source, target in copied(("workshop", "service")):
        origin, place = CHECKOUT / source.replace("${SERVICE}", service), where / target.replace("${SERVICE}", service)
        place.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_dir():
            shutil.copytree(origin, place, ignore=lambda _, names: [n for n in names if any(fnmatch(n, p) for p in NOT_SENT)])
        else:
            shutil.copy(origin, place)
    return where


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_holds_its_service_only_and_works(service: str, tmp_path: Path) -> None:
    app = tree(service, tmp_path / "app")
    assert sorted(path.name for path in app.iterdir()) == ["deploy", "services", "shared"]
    assert sorted(path.name for path in (app / "services").iterdir()) == ["__init__.py", service]
    given = {"PYTHONPATH": str(app), "PKP_DATA_DIR": str(tmp_path / "data"), "PKP_SERVICES": service}
    words = [sys.executable, "-c", ALONE, service]
    done = subprocess.run(words, cwd=app, env={**os.environ, **given}, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["codes"] == [200, 200, 200]
    others = [name for name in told["modules"] if re.match(rf"services\.(?!{service}\b)", name)]
    assert not others
    outside = [name for name, file in told["modules"].items() if file and not file.startswith(str(app))]
    assert not outside


def test_the_builder_is_sent_only_what_an_image_needs() -> None:
    """An image cannot hold what the builder never saw: data, secrets, tests, history."""
    lines = (CHECKOUT / ".dockerignore").read_text("utf-8").splitlines()
    assert next(line for line in lines if line and not line.startswith("#")) == "*"
    allowed = {line[1:] for line in lines if line.startswith("!")}
    needed = {re.sub("^services/.*", "services", source) for source, _ in copied(("workshop", "service", "tools"))}
    assert allowed == needed | {"requirements.lock", "pyproject.toml"}
