"""Entry point of Alembic, on the connection from `ledger.store.migrate`."""

from __future__ import annotations

from alembic import context

from ledger.proof import seals
from ledger.tables import Row

SEALED_FROM = "0018"  # the revision from which on every password and token has its seal

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Row.metadata)
before = context.get_context().get_current_revision()
context.run_migrations()
after = context.get_context().get_current_revision() or ""
if before is not None and before < SEALED_FROM <= after:
    seals.adopt(connection)
