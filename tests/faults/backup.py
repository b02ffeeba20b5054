"""A store copied away and put back: files with SQLite, databases with PostgreSQL. Nobody may use it meanwhile."""

from __future__ import annotations

import shutil
from pathlib import Path

from psycopg import sql
from sqlalchemy.engine import make_url

from tests.journeys.apart import Apart
from tests.realparts.postgres import connected


def wiped(url: str) -> None:
    """The database is gone, and there is a new one without a table."""
    at = make_url(url)
    if at.drivername.startswith("sqlite"):
        for file in Path(str(at.database)).parent.glob(f"{Path(str(at.database)).name}*"):
            file.unlink()
        return
    with connected(str(at.host), at.port or 5432) as connection:
        for statement in ("DROP DATABASE {} WITH (FORCE)", "CREATE DATABASE {}"):
            connection.execute(sql.SQL(statement).format(sql.Identifier(str(at.database))))


class Backup:
    """What one service's store held when this was made."""

    def __init__(self, platform: Apart, service: str, folder: Path) -> None:
        self._url = make_url(platform.settings.database_url(service))
        self._folder = folder / f"backup of {service}"
        self._copy_name = f"{self._url.database}_backup"
        if platform.settings.embedded:
            self._folder.mkdir()
            self._copy(self._files, self._folder)
        else:
            self._make(self._copy_name, str(self._url.database))

    def put_back(self) -> None:
        """The store is what it was then."""
        if self._url.drivername.startswith("sqlite"):
            for file in self._files:
                file.unlink()
            self._copy(sorted(self._folder.iterdir()), Path(str(self._url.database)).parent)
            shutil.rmtree(self._folder)
            return
        self._say("DROP DATABASE {}", str(self._url.database))
        self._make(str(self._url.database), self._copy_name)
        self._say("DROP DATABASE {}", self._copy_name)

    @property
    def _files(self) -> list[Path]:
        path = Path(str(self._url.database))
        return [file for file in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")) if file.exists()]

    def _copy(self, files: list[Path], to: Path) -> None:
        for file in files:
            shutil.copy(file, to / file.name)

    def _make(self, name: str, template: str) -> None:
        self._say("CREATE DATABASE {} TEMPLATE {}", name, template)

    def _say(self, statement: str, *names: str) -> None:
        with connected(str(self._url.host), self._url.port or 5432) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
