"""How much is asked of fault runs, and what they counted: printed, and kept as JSON lines in pytest's cache."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

TIMES = int(os.environ.get("PKP_FAULTS", "1"))
"""Every count of kills and commands is multiplied by `PKP_FAULTS`; 1 fits a change, 10 a night."""
BURST = 40
"""Commands that writers may send around one fault."""


class Tally:
    """Writes down the counts of runs; `file` is `runs.jsonl` in the folder `faults` of pytest's cache."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "runs.jsonl"

    def say(self, run: str, **counts: Any) -> None:
        """One run that held."""
        print(f"{run}: {', '.join(f'{name} {value}' for name, value in counts.items())}")
        line = json.dumps({"run": run, "times": TIMES, "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"), **counts})
        with self.file.open("a") as out:
            out.write(line + "\n")
