"""The walls of the house hold, and each of them stops what it is there to stop."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

# One breach of every wall: the contract's name, and the file with the import that it must catch.
BREACHES = {
    "No service imports another": ("services/one/registers/r.py", "import services.two.domain.thing"),
    "The workshop knows no service": ("shared/anything.py", "from services.one import service"),
    "One way inside a service": ("services/one/domain/thing.py", "import services.one.registers.r"),
    "Rules, foreign facts and examples are plain Python": ("services/one/foreign.py", "from sqlalchemy import text"),
    "Rules, foreign facts and examples take only facts": ("services/one/examples.py", "from shared.store import log"),
    "confluent_kafka in two files": ("shared/bus/feed.py", "from confluent_kafka import Producer"),
    "psycopg in two files": ("services/two/pages.py", "import psycopg.rows"),
    "sqlite3 in one file": ("shared/store/log.py", "import sqlite3"),
}
ALLOWED = {
    "shared/facts.py": "",
    "shared/decider.py": "from shared import facts",
    "shared/store/log.py": "import sqlalchemy",
    "shared/store/postgres.py": "import psycopg",
    "shared/store/postgres_session.py": "import psycopg",
    "shared/store/sqlite.py": "import sqlite3",
    "shared/bus/feed.py": "import httpx",
    "shared/bus/kafka.py": "import confluent_kafka",
    "shared/bus/topics.py": "import confluent_kafka.admin",
    "shared/anything.py": "",
    **{
        f"services/{name}/{file}": text
        for name in ("one", "two")
        for file, text in {
            "service.py": f"from services.{name} import pages, reactions, examples, registers, domain",
            "pages.py": f"import services.{name}.registers.r, flask",
            "reactions.py": f"import services.{name}.domain.thing, services.{name}.foreign",
            "examples.py": f"import services.{name}.domain.thing",
            "registers/r.py": f"import services.{name}.domain.thing, services.{name}.foreign, shared.store.log",
            "domain/thing.py": "from shared.decider import facts\nimport shared.facts",
            "foreign.py": "from shared.facts import *",
        }.items()
    },
}


def lint(where: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    config = CHECKOUT / "pyproject.toml"
    environment = {**os.environ, "PYTHONPATH": str(where), "COLUMNS": "200", "NO_COLOR": "1"}
    words = [str(program), "--config", str(config), "--no-cache", "--no-logo"]
    return subprocess.run(words, cwd=where, env=environment, capture_output=True, text=True, timeout=120, check=False)


def house(where: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n")
        for folder in path.relative_to(where).parents[:-1]:
            (where / folder / "__init__.py").touch()
    return where


def test_the_walls_hold():
    found = lint(CHECKOUT)
    assert found.returncode == 0, found.stdout + found.stderr


def test_a_house_built_as_it_should_passes(tmp_path):
    found = lint(house(tmp_path, ALLOWED))
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize("wall", BREACHES)
def test_each_wall_stops_a_breach(wall, tmp_path):
    name, breach = BREACHES[wall]
    found = lint(house(tmp_path, {**ALLOWED, name: f"{ALLOWED[name]}\n{breach}"}))
    broken = [line for line in found.stdout.splitlines() if " BROKEN" in line]
    assert any(line.startswith(wall) for line in broken), found.stdout + found.stderr
