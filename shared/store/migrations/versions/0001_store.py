"""The log, its command records, reservations, numbers, timers and lineage; kept envelopes, letters and checkpoints."""

from alembic import op

import shared.delivery.tables  # noqa: F401
from shared.store.tables import store_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    store_tables.create_all(op.get_bind())
