"""`pkp worker` with a forum that cannot take some of membership's facts: what a bug in a fold or an old release does."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import msgspec

from services.forum.foreign import MemberJoined
from services.forum.registers.organisations import organisations
from shared.delivery import inbox
from shared.delivery.sibling import Sibling
from shared.envelope import Envelope
from shared.ops.cli import main

RAISES, KILLS, GARBLED, NEWER = "Gagal", "Maut", "Rusak", "Baru"
"""In an organisation's name: the fold raises, the fold ends the process, the data cannot be read, its major is unknown."""


def _spoil() -> None:
    joined, read = organisations.folds[MemberJoined], inbox.read

    def fold(row: Any, fact: Any, about: Any) -> Any:
        if RAISES in fact.name.split():
            raise ValueError("a bug in the fold")
        if KILLS in fact.name.split():
            os._exit(9)
        return joined(row, fact, about)

    def read_as_before(sibling: Sibling, one: Envelope) -> inbox.Item:
        of_forum = any(register is organisations for register in sibling.registers)
        if not of_forum or "member-joined" not in one.type:
            return read(sibling, one)
        if GARBLED.encode() in one.payload.split():
            return replace(read(sibling, msgspec.structs.replace(one, data=msgspec.Raw(b'{"name": 7}'))), envelope=one)
        if NEWER.encode() in one.payload.split():
            return replace(read(sibling, msgspec.structs.replace(one, type=one.type.replace(".v1", ".v9"))), envelope=one)
        return read(sibling, one)

    organisations.folds[MemberJoined] = fold  # type: ignore[index]
    inbox.read = read_as_before


if __name__ == "__main__":
    _spoil()
    main()
