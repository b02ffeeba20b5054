"""Alembic's entry: runs on the connection that the store hands over, inside its transaction."""

from alembic import context

from shared.store.tables import store_tables

context.configure(connection=context.config.attributes["connection"], target_metadata=store_tables, render_as_batch=True)
context.run_migrations()
