"""A database server that takes up a connection and says nothing is lost, not waited for."""

from __future__ import annotations

import time

import pytest

from catalog.errors import ConflictError
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from ledger.store import engine
from tests.trickling import Trickler


@pytest.mark.parametrize(
    ("every", "usual", "address"), [(0.2, 1, ""), (60, 60, "&connect_timeout=1")]
)
def test_a_server_that_never_lets_in_is_lost(every, usual, address, tmp_path, monkeypatch):
    """What the address says counts first."""
    monkeypatch.setitem(engine.ANSWERS, "connect_timeout", usual)
    with Trickler(b"R\0\0\0\x0c\0\0\0\x05salt", every=every) as server:
        url = f"postgresql://duban:secret@{server.address}/duban?sslmode=disable{address}"
        settings = load_settings({"DUBAN_HOME": str(tmp_path / "home"), "DUBAN_DATABASE_URL": url})
        began = time.monotonic()
        with pytest.raises(ConflictError) as lost:
            Ledger.open(settings)
    assert lost.value.key == "ledger-lost"
    assert time.monotonic() - began < 10
