"""The ledger of erasures: who was erased, kept apart from data and keys, so that an older backup of the keys revives nobody.

A text file per service with the id of a subject on each line, in the folder of the high-water marks. An erasure stands there
before the key is destroyed, and whatever stands there is erased again before a store is served.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from shared.privacy.keys import KeyStore


def recorded(ledger: Path) -> set[str]:
    """The subjects in the ledger; a last line without an end was not written whole, and its erasure never begun."""
    try:
        lines = ledger.read_text("ascii").split("\n")
    except FileNotFoundError:
        return set()
    return set(lines[:-1])


def erase(keys: KeyStore, ledger: Path, subjects: Iterable[str]) -> None:
    """Destroy the keys of subjects for ever: into the ledger first, on disk, then the keys. Safe to repeat."""
    wanted = set(subjects)
    _record(ledger, wanted)
    keys.erase(wanted)


def apply(keys: KeyStore, ledger: Path) -> int:
    """Make ledger and keys say the same: erase whoever stands in one and not in the other; how many keys were destroyed."""
    erased = keys.erased()
    _record(ledger, erased)
    revived = recorded(ledger) - erased
    keys.erase(revived)
    return len(revived)


def _record(ledger: Path, subjects: set[str]) -> None:
    new = sorted(subjects - recorded(ledger))
    if not new:
        return
    ledger.parent.mkdir(parents=True, exist_ok=True)
    torn = ledger.exists() and not ledger.read_bytes().endswith(b"\n")
    with os.fdopen(os.open(ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as out:
        out.write((("\n" if torn else "") + "".join(f"{one}\n" for one in new)).encode("ascii"))
        out.flush()
        os.fsync(out.fileno())
