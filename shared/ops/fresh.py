"""A demo may start afresh: only one that was born as a demo in an empty folder, so that nothing real can be lost."""

from __future__ import annotations

from pathlib import Path

from shared.settings import BORN_AS_DEMO, Settings

WISH = "start-afresh"  # a file in the data folder
LEAVE = {BORN_AS_DEMO, "secrets"}


def possible(settings: Settings) -> bool:
    """Whether this platform may be emptied and filled with its demo again."""
    return _whole(settings) and (settings.data_dir / BORN_AS_DEMO).is_file()


def _whole(settings: Settings) -> bool:
    """Whether it is a demo with all that it stores in its data folder."""
    return settings.demo and settings.database == f"sqlite:///{settings.data_dir / '{service}.db'}"


def born(settings: Settings) -> None:
    """Mark a platform that is a demo from its first start; called before anything is stored."""
    folder = settings.data_dir
    if _whole(settings) and not any(folder.glob("*.db")):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / BORN_AS_DEMO).touch()


def wish(settings: Settings) -> None:
    """Ask for a fresh start; the supervisor sees it."""
    (settings.data_dir / WISH).touch()


def wished(settings: Settings) -> bool:
    """Whether somebody has asked for a fresh start."""
    return (settings.data_dir / WISH).exists() and possible(settings)


def empty(settings: Settings) -> None:
    """Remove what the demo has stored; nothing may run meanwhile. The secrets stay. Does nothing where it is not possible."""
    if not possible(settings):
        return
    for file in sorted(settings.data_dir.rglob("*"), reverse=True):
        if file.relative_to(settings.data_dir).parts[0] not in LEAVE:
            _remove(file)


def _remove(file: Path) -> None:
    if file.is_dir() and not file.is_symlink():
        file.rmdir()
    else:
        file.unlink(missing_ok=True)
