"""The 38 provinces by their Kemendagri codes, with the time zone of each."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Province:
    """One province: its two-digit code, its name, and the IANA name of its time zone."""

    code: str
    name: str
    tz: str


@cache
def provinces() -> dict[str, Province]:
    """Every province by its code (Kepmendagri 300.2.2-2430/2025)."""
    lines = files("shared").joinpath("provinces.csv").read_text("utf-8").splitlines()
    return {row["code"]: Province(**row) for row in csv.DictReader(lines)}
