"""A new version takes the place of the one before under load, step by step as docs/operating/upgrade.md says.

These come last: whatever followed would run on the newer version.
"""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

from shared.ops.health import newest
from tests.containers.faults import settled
from tests.containers.load import Load
from tests.containers.stack import PREFIX, SERVICES, Stack, run
from tests.realparts.parts import CHECKOUT

MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "next", "{}"


def upgrade() -> None:
    op.add_column("commands", sa.Column("next", sa.Text()))
"""


def version(folder: Path, name: str) -> Path:
    """This checkout as far as images are made of it, as a later version, which has one migration more."""
    shutil.copytree(CHECKOUT / "deploy", folder / "deploy", ignore=shutil.ignore_patterns("secrets", "offline"))
    for part in ("shared", "services"):
        shutil.copytree(CHECKOUT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("requirements.lock", ".dockerignore", "pyproject.toml"):
        shutil.copy(CHECKOUT / part, folder)
    changed(folder / "pyproject.toml", r'^version = ".*"', f'version = "{name}"')
    (folder / "shared" / "store" / "migrations" / "versions" / "9999_next.py").write_text(MIGRATION.format(newest()))
    return folder


def changed(file: Path, before: str, after: str) -> None:
    """Put other words in the place of the one line that they stand in."""
    text, times = re.subn(before, after, file.read_text("utf-8"), flags=re.MULTILINE)
    assert times == 1
    file.write_text(text, "utf-8")


def built(stack: Stack, folder: Path, name: str) -> None:
    """Step 1."""
    run(str(CHECKOUT / "deploy" / "images"), str(folder), IMAGE_PREFIX=PREFIX, IMAGE_TAG=name)
    stack.variables["IMAGE_TAG"] = name


def taken_over(stack: Stack, name: str) -> None:
    """Steps 2 and 3; every process is then of the new version."""
    for service in SERVICES:
        stack.compose("run", "--rm", "-T", f"{service}-migrate")
        run("deploy/rolling", f"{service}-web", **stack.variables)
    stack.up()
    for service in SERVICES:
        for role in ("web", "worker"):
            assert stack.inside(f"{service}-{role}", "pkp", "--version").split()[-1] == name


def test_a_new_version_takes_over_under_load_and_no_request_is_refused(stack: Stack, tmp_path: Path) -> None:
    """Each command is sent once: no second chance from the client."""
    built(stack, version(tmp_path / "next", "99.0.0"), "99.0.0")
    began = time.monotonic()
    with Load(stack, patient=False) as load:
        taken_over(stack, "99.0.0")
        took = time.monotonic() - began
        time.sleep(1)
    settled(stack, load, f"a new version, {took:.0f} s from the first migration to the last worker")
    for service in SERVICES:
        assert stack.sql(service, "SELECT version_num FROM alembic_version") == [["next"]]


def test_a_version_with_another_column_in_a_register_refuses_for_a_moment_and_writes_nothing_wrong(
    stack: Stack, tmp_path: Path
) -> None:
    """The processes of the version before refuse commands once the register was made anew; `settled` replays every register."""
    folder = version(tmp_path / "wider", "99.1.0")
    seats = folder / "services" / "membership" / "registers" / "directory.py"
    changed(seats, "^    reachable: bool = False$", "    reachable: bool = False\n    noted: bool = False")
    built(stack, folder, "99.1.0")
    with Load(stack) as load:
        taken_over(stack, "99.1.0")
        time.sleep(1)
    settled(stack, load, "a new version with another column in a register")
    assert stack.sql("membership", "SELECT count(*) FROM reg_directory WHERE noted IS NULL") == [["0"]]
