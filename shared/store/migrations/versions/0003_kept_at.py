"""When an envelope came."""

from alembic import op
from sqlalchemy import Column, Text, inspect

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """A store that was made since has the column already: the first migration makes the tables as they are declared today."""
    if "kept_at" not in {column["name"] for column in inspect(op.get_bind()).get_columns("envelopes")}:
        op.add_column("envelopes", Column("kept_at", Text))
