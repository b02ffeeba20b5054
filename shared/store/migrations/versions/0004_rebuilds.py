"""How often each register was rebuilt."""

from alembic import op
from sqlalchemy import Column, Integer, inspect

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """A store that was made since has the column already: the first migration makes the tables as they are declared today."""
    if "built" not in {column["name"] for column in inspect(op.get_bind()).get_columns("registers")}:
        op.add_column("registers", Column("built", Integer, nullable=False, server_default="0"))
