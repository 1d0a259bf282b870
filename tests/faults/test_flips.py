"""Every column of every table changed by SQL: noticed, or unnoticed for a reason on file.

Columns that the fold compares are told by one of each table here; `python -m tests.faults.flips`
flips each of them, in several rows.
"""

from __future__ import annotations

import os

import pytest

from ledger.tables import TABLES, is_secret, transient
from tests.databases import OnSqlite
from tests.faults.flipped_home import live
from tests.faults.flips import ROW, Flip, flip_all, reason, reasons

WHOLE = os.environ.get("DUBAN_FAULTS") == "1"
KNOWN = reasons()


def is_quick(flip: Flip) -> bool:
    """Tell whether the suite has time for it: columns compared like others are left out."""
    table = TABLES[flip.table]
    first = next(c.name for c in table.columns if not c.primary_key)
    is_lease = flip.column in transient(table)
    own = flip.column in {first, ROW} or is_lease or is_secret(table)
    near = flip.way.startswith("a day ")
    return WHOLE or (own and not near and f"{flip.table}.*" not in KNOWN)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("flips")
    with OnSqlite().open(folder / "home") as ledger:
        return list(flip_all(ledger, live(ledger, folder), rows=4 if WHOLE else 1, only=is_quick))


def test_each_flip_is_noticed_or_has_a_reason(outcomes, record_property):
    unnoticed = {o.flip[:3] for o in outcomes if not o.noticed and not reason(o.flip, KNOWN)}
    record_property("flips", len(outcomes))
    record_property("noticed", sum(o.noticed for o in outcomes))
    assert unnoticed == set()


@pytest.mark.skipif(not WHOLE, reason="a part of the flips needs a part of the reasons")
def test_every_reason_is_needed(outcomes):
    used = {reason(o.flip, KNOWN) for o in outcomes if not o.noticed}
    assert set(KNOWN.values()) <= used


def test_every_table_was_flipped(outcomes):
    left_out = {place.removesuffix(".*") for place in KNOWN if place.endswith(".*")}
    assert set(TABLES) - left_out <= {o.flip.table for o in outcomes}
