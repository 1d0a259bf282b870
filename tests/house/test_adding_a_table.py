"""A table is one class in `ledger/tables/` and one migration."""

from __future__ import annotations

CLASS = '''

class ShipTable(Row, table=True):
    """A ship in the harbour of a test."""

    __tablename__ = "ships"

    id: str = Field(primary_key=True)
    came_on: date
'''
MIGRATION = '''"""The ships of a test."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import day, text

revision = "{new}"
down_revision = "{last}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ships", *text("id"), *day("came_on"), sa.PrimaryKeyConstraint("id", name="pk_ships")
    )


def downgrade() -> None:
    op.drop_table("ships")
'''
SCRIPT = """
import datetime as dt
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from ledger.proof.ledger_verification import differences
from ledger.session import Ledger
from ledger.offices.installation import load_settings
from ledger.store.changes import Change
from ledger.tables import Row

with Ledger.open(load_settings()) as ledger:
    with ledger.transaction() as tx:
        ship = Change("ships", "wind", {"came_on": dt.date(2014, 1, 6)}, op="insert")
        at = dt.datetime(2014, 1, 6, tzinfo=dt.UTC)
        tx.record("arrived", "wind", changes=[ship], at=at, actor="test")
    with ledger.read() as conn:
        print(compare_metadata(MigrationContext.configure(conn), Row.metadata))
        print(list(differences(conn)))
"""


def test_a_class_and_its_migration_are_a_table_that_the_history_gives_again(house):
    versions = house.root / "ledger" / "migrations" / "versions"
    last = max(file.name[:4] for file in versions.glob("*.py"))
    new = f"{int(last) + 1:04}"
    house.append("ledger/tables/preparation.py", CLASS)
    house.write(f"ledger/migrations/versions/{new}_ships.py", MIGRATION.format(new=new, last=last))
    assert house.python(SCRIPT) == "[]\n[]\n"
