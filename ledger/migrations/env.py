"""Where Alembic begins: on the connection `ledger.store.migrate` gives it."""

from __future__ import annotations

from alembic import context

from ledger.tables import Row

context.configure(connection=context.config.attributes["connection"], target_metadata=Row.metadata)
context.run_migrations()
