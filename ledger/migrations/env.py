"""Entry point of Alembic, on the connection from `ledger.store.migrate`."""

from __future__ import annotations

from alembic import context

from ledger.tables import Row

context.configure(connection=context.config.attributes["connection"], target_metadata=Row.metadata)
context.run_migrations()
