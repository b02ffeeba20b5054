"""A worker for the teller and the hearer in a process of its own: `python -m tests.delivery.at_work FOLDER`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from shared.delivery.worker import run_worker
from shared.ops import health, logging
from shared.settings import load
from tests.delivery import hearer, teller
from tests.delivery.conftest import Now, fresh

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    given = json.loads((folder / "settings.json").read_text())
    hearer.FAULTS.update(given.pop("FAULTS"))
    settings = load(given)
    logging.configure(settings, "worker")
    clock = Now()
    runtimes = [fresh(settings, clock, service) for service in (teller.service, hearer.service)]
    health.serve(health.of_worker([one.store for one in runtimes]), settings.bind, settings.management_port + 1)
    run_worker(runtimes, settings)
