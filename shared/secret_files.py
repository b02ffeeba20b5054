"""The two secrets of a platform on one machine: made once, kept in its data folder, readable by its owner only."""

from __future__ import annotations

import base64
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shared import readers

_NEW: dict[str, tuple[str, Callable[[], str], Callable[[str], Any]]] = {
    "secret_keys": ("secret_key", lambda: secrets.token_urlsafe(48), readers.secret_keys),
    "master_keys": ("master_key", lambda: base64.b64encode(secrets.token_bytes(32)).decode(), readers.master_keys),
}


class Missing(Exception):
    """A secret that databases here were written with is gone or damaged: a new one would make them unreadable."""


def fill(values: dict[str, Any]) -> None:
    """Put the kept secrets where `values` (of settings) holds None; makes them on the first run. Raises Missing."""
    folder: Path = values["data_dir"] / "secrets"
    for name, (file, new, read) in _NEW.items():
        if values[name] is None:
            values[name] = _kept(folder / file, new, read, _databases(values["database"]))


def _databases(url: str) -> list[Path]:
    pattern = Path(url.removeprefix("sqlite:///").partition("?")[0].replace("{service}", "*"))
    return list(pattern.parent.glob(pattern.name)) if "*" not in str(pattern.parent) else []


def _kept(file: Path, new: Callable[[], str], read: Callable[[str], Any], databases: list[Path]) -> Any:
    try:
        if not file.exists():
            if databases:
                raise Missing(f"PKP_{file.name.upper()}: {file} is gone, but {databases[0].name} needs it; put it back")
            _make(file, new())
        return read(file.read_text("ascii").strip())
    except ValueError:
        raise Missing(f"PKP_{file.name.upper()}: {file} is damaged; put its copy back") from None
    except OSError as error:
        raise Missing(f"PKP_{file.name.upper()}: {file} cannot be used ({error.strerror})") from None


def _make(file: Path, text: str) -> None:
    """Write the file whole or not at all; of several processes at once, the first wins."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")  # mode 0600
    try:
        with os.fdopen(handle, "w") as out:
            out.write(text + "\n")
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, file)
        except FileExistsError:
            return
        folder = os.open(file.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    finally:
        Path(draft).unlink()
