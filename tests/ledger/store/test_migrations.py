from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from ledger.store.engine import make_engine
from ledger.store.migrate import current, downgrade, newest, upgrade
from ledger.tables import TABLES, Row


def schema(conn):
    catalogue = "sqlite_master" if conn.dialect.name == "sqlite" else "pg_class"
    return conn.exec_driver_sql(f"SELECT * FROM {catalogue} ORDER BY 1, 2").all()  # noqa: S608  names and values of our own


LIVE = "closed_on IS NULL AND waived_on IS NULL AND past_on IS NULL"


def test_the_migrations_give_exactly_the_tables(ledger):
    with ledger.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn), Row.metadata) == []


def test_the_migrations_give_the_conditions_of_the_partial_indexes(ledger):
    with ledger.read() as conn:
        where = f"{conn.dialect.name}_where"
        made = {
            index["name"]: re.sub(r"::text|[()]", "", str(index["dialect_options"][where]))
            for table in TABLES
            for index in sa.inspect(conn).get_indexes(table)
            if where in index["dialect_options"]
        }

    assert made == {
        "uq_channel_stops_current": "ended_at IS NULL",
        "uq_editions_in_force": "in_force",
        "uq_messages_digest": "form = 'digest'",
        "ix_duties_filed": f"filed_on IS NOT NULL AND {LIVE}",
        "ix_duties_live": LIVE,
        "ix_duties_spoken": LIVE,
        "ix_duties_quota": f"quota_min IS NOT NULL AND {LIVE}",
        "ix_duties_past": "past_on IS NOT NULL",
        "ix_duties_planned": "planned_on IS NOT NULL",
        "ix_duties_closed": "closed_on IS NOT NULL",
        "ix_duties_waived": "waived_on IS NOT NULL",
    }


def test_every_migration_follows_the_one_before():
    script = ScriptDirectory("ledger/migrations")

    assert script.get_heads() == [newest()]
    assert all(r.doc and r.revision == r.path.rsplit("/")[-1][:4] for r in script.walk_revisions())


def test_upgrading_twice_is_nothing(ledger):
    with ledger.read() as conn:
        before = schema(conn)

    upgrade(ledger.engine)

    with ledger.read() as conn:
        assert schema(conn) == before


def test_going_down_leaves_nothing_and_going_up_again_all(ledger):
    downgrade(ledger.engine)
    with ledger.read() as conn:
        assert sa.inspect(conn).get_table_names() == ["alembic_version"]

    upgrade(ledger.engine)
    with ledger.read() as conn:
        assert current(conn) == newest()
        assert set(TABLES) < set(sa.inspect(conn).get_table_names())


def test_eight_that_open_a_new_ledger_at_once_make_it_once(ledger):
    url = ledger.engine.url.render_as_string(hide_password=False)
    downgrade(ledger.engine)
    engines = [make_engine(url) for _ in range(8)]

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(upgrade, engines))

    with engines[0].connect() as conn:
        assert current(conn) == newest()
    for engine in engines:
        engine.dispose()


def test_the_ledgers_of_several_offices_are_made_at_once_in_one_process(tmp_path):
    engines = [make_engine(f"sqlite:///{tmp_path / str(n)}.db") for n in range(4)]

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(upgrade, engines))

    for engine in engines:
        with engine.connect() as conn:
            assert current(conn) == newest()
        engine.dispose()
