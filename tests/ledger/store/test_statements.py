"""Statements are compiled once a process, however many ledgers it opens."""

from __future__ import annotations

import pytest

from ledger.duties import duties
from ledger.store import engine

pytestmark = pytest.mark.both


def test_a_second_ledger_compiles_nothing_anew(database, tmp_path, monkeypatch):
    def look(name: str) -> int:
        with database.open(tmp_path / name) as ledger, ledger.read() as conn:
            before = len(engine.STATEMENTS)
            assert duties.listed(conn) == []
        return len(engine.STATEMENTS) - before

    monkeypatch.setattr(engine, "STATEMENTS", type(engine.STATEMENTS)(1000))
    assert look("first") > 0
    assert look("second") == 0
