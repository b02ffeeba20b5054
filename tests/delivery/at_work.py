"""A worker for the teller and the hearer in a process of its own: `python -m tests.delivery.at_work FOLDER`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from shared.delivery.worker import run_worker
from shared.settings import load
from tests.delivery import hearer, teller
from tests.delivery.conftest import Now, fresh

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    given = json.loads((folder / "settings.json").read_text())
    hearer.FAULTS.update(given.pop("FAULTS"))
    settings = load(given)
    clock = Now()
    runtimes = [fresh(settings, clock, service) for service in (teller.service, hearer.service)]
    run_worker(runtimes, settings)
