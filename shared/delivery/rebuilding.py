"""Registers of siblings' facts made anew when this code reads more of what is kept, or keeps it in other columns."""

from __future__ import annotations

from dataclasses import replace

import structlog
from sqlalchemy.schema import CreateTable

from shared.delivery.held import advance, load
from shared.delivery.keeping import APPLIED, ASIDE, QUEUED, SKIPPED, refold
from shared.delivery.postbox import FACT, waiting_keys
from shared.delivery.sibling import Sibling
from shared.registers.register import Register
from shared.registers.table import newest, reshaped, shape, table
from shared.store import Session, Store

log = structlog.get_logger()


def bring_up_to_date(store: Store, sibling: Sibling) -> bool:
    """Fold what is kept anew if a register has other columns than its table, or skipped types can be read now.

    One transaction; whether anything was to do. Facts that were skipped get `applied` numbers, so that reactions see them.
    """
    with store.db.writing() as session:
        load(session, sibling.source, lock=True)
        changed = reshaped(session, sibling.registers)
        types = [
            row[0]
            for row in session.rows(
                f"SELECT DISTINCT type FROM envelopes WHERE source = :source AND state = '{SKIPPED}'", source=sibling.source
            )
            if sibling.types.knows(row[0])
        ]
        if not changed and not types:
            return False
        for register in changed:
            _make_table(session, register)
        if types:
            _unskip(session, sibling, types)
        rebuild(session, store.service.name, sibling)
    log.info("registers-rebuilt", service=store.service.name, source=sibling.source, types=len(types), tables=len(changed))
    return True


def rebuild(session: Session, service: str, sibling: Sibling) -> None:
    """Fold everything that is kept of a sibling anew, inside a write transaction that has locked its row."""
    subjects = session.rows(
        f"SELECT DISTINCT subject FROM envelopes WHERE source = :source AND state IN ('{APPLIED}', '{ASIDE}')",
        source=sibling.source,
    )
    refold(session, service, sibling, [row[0] for row in subjects])


def _make_table(session: Session, register: Register[object]) -> None:
    session.run(f"DROP TABLE IF EXISTS {table(register).name}")
    session.run(str(CreateTable(table(register))))
    session.run(newest(register))
    session.run("DELETE FROM registers WHERE name = :name", name=register.name)
    session.run("INSERT INTO registers (name, shape) VALUES (:name, :shape)", name=register.name, shape=shape(register))


def _unskip(session: Session, sibling: Sibling, types: list[str]) -> None:
    held = load(session, sibling.source)
    rows = session.rows(
        f"SELECT incarnation, position, subject FROM envelopes WHERE source = :source AND state = '{SKIPPED}'"
        f" AND {session.among('type', 'types')} ORDER BY position",
        source=sibling.source,
        types=types,
    )
    blocked = waiting_keys(session, FACT, sibling.source, (row[2] for row in rows))
    number = held.applied
    for incarnation, position, subject in rows:
        number += subject not in blocked
        session.run(
            "UPDATE envelopes SET state = :state, applied = :applied WHERE source = :source AND incarnation = :incarnation"
            " AND position = :position",
            state=QUEUED if subject in blocked else APPLIED,
            applied=None if subject in blocked else number,
            source=sibling.source,
            incarnation=incarnation,
            position=position,
        )
    if number > held.applied:
        advance(session, held, replace(held, applied=number))
