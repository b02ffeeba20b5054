"""The audit trail."""

from alembic import op

from shared.identity.audit import audit_tables

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    audit_tables.create_all(op.get_bind())
