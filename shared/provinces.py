"""The 38 provinces by their Kemendagri codes, with the time zone of each, and the names of areas within them."""

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


@cache
def areas() -> dict[str, str]:
    """The names of regencies and cities by their codes, `32.73`; of the provinces whose list is at hand (Jawa Barat)."""
    lines = files("shared").joinpath("areas.csv").read_text("utf-8").splitlines()
    return {row["code"]: row["name"] for row in csv.DictReader(lines)}


def area_named(code: str) -> str:
    """An area as people read it: the name of its province, regency or city with the code; the code alone where none is known."""
    within = areas().get(code[:5]) or (provinces()[code].name if code in provinces() else None)
    return f"{within} ({code})" if within else code
