"""What was counted is kept until something is recorded, and no longer."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from desk.web.count_cache import MOST, CountCache

if TYPE_CHECKING:
    from ledger.session import Ledger

AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)


def test_it_is_counted_once_for_each_name(ledger: Ledger) -> None:
    kept, asked = CountCache(), []
    with ledger.read() as conn:
        for name in ("open", "late", "open"):
            kept.of(conn, (name,), lambda name=name: asked.append(name))
    assert asked == ["open", "late"]


def test_it_is_counted_again_once_something_is_recorded(ledger: Ledger) -> None:
    kept, counts = CountCache(), iter(range(9))
    found = []
    for _ in range(2):
        with ledger.read() as conn:
            found.append(kept.of(conn, ("open",), lambda: next(counts)))
        with ledger.transaction() as tx:
            tx.record("tested", "guangdong-2013", at=AT, actor="office")
    assert found == [0, 1]


def test_it_does_not_grow_without_end(ledger: Ledger) -> None:
    kept = CountCache()
    with ledger.read() as conn:
        for n in range(MOST + 1):
            kept.of(conn, (n,), lambda: 0)
    assert len(kept) == 1
