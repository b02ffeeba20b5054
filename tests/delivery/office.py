"""The pair at work: workers for it as processes of their own, with a log."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.delivery.conftest import Pair
from tests.delivery.topics import until
from tests.realparts.parts import CHECKOUT


@dataclass
class Office:
    """The pair, and workers for it."""

    pair: Pair
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def work(self, *faults: str, **more: str) -> subprocess.Popen[bytes]:
        settings = self.pair.settings
        given = {
            "PKP_DATA_DIR": str(self.folder),
            "PKP_PORT": str(settings.port),
            "PKP_INTERNAL_PORT": str(settings.internal_port),
            "PKP_MANAGEMENT_PORT": str(settings.management_port),
            "PKP_DATABASE_URL": settings.database,
            "PKP_BUS_URL": settings.bus_url,
            "PKP_SECRET_KEY": settings.secret_key,
            "PKP_MASTER_KEY": "A" * 43 + "=",
        }
        (self.folder / "settings.json").write_text(json.dumps({**given, **more, "FAULTS": faults}))
        log = (self.folder / "worker.log").open("ab")
        words = [sys.executable, "-m", "tests.delivery.at_work", str(self.folder)]
        self.workers.append(subprocess.Popen(words, stdout=log, stderr=log, cwd=CHECKOUT))
        return self.workers[-1]

    def settled(self, expected: dict, seconds: float = 60) -> None:  # type: ignore[type-arg]
        until(lambda: all(self.pair.lines(id) == lines for id, lines in expected.items()), seconds)

    def close(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
                worker.wait()

    @property
    def log(self) -> str:
        return (self.folder / "worker.log").read_text() if self.workers else ""
