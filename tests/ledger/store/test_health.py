from __future__ import annotations

from ledger.store import health


def test_a_fresh_database_is_sound(ledger):
    with ledger.read() as conn:
        state = health.health(conn)
        name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[conn.dialect.name]

    assert state.detail.startswith(f"{name} ")
    assert state.sound is ("fsync off" not in state.detail)
