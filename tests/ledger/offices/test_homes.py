"""A second home of one ledger is found: a copy, or one that shares its database."""

from __future__ import annotations

import shutil
from datetime import date, timedelta

import pytest

from ledger.offices import homes
from ledger.proof.ledger_verification import verify_ledger
from ledger.store.identity import identity, identity_file
from tasks.proof.mending import mend
from tasks.sweep_time import sweep_instant
from tests.databases import ON_SQLITE
from tests.world import ISSUED, PostOffice, World, small_plan

pytestmark = ON_SQLITE
LATER = ISSUED + timedelta(days=7)


@pytest.fixture
def swept(ledger, tmp_path):
    world = World(ledger, PostOffice())
    world.publish(small_plan(tmp_path, {}))
    world.sweep(ISSUED)
    return world


def doubles(ledger, *, home=None, on=ISSUED):
    with ledger.read() as conn:
        return list(homes.doubles(conn, home or ledger.settings.home, on))


def test_an_installation_keeps_its_identity(ledger):
    home = ledger.settings.home
    assert identity(home) == identity(home)
    assert len(identity(home).id) == 16


def test_the_home_that_sweeps_is_no_double_of_itself(swept):
    swept.sweep(LATER)
    assert doubles(swept.ledger) == []


def test_a_copied_home_is_told_from_the_one_it_is_a_copy_of(swept, database, tmp_path):
    home, copy = swept.ledger.settings.home, tmp_path / "copy"
    shutil.copytree(home, copy)
    with database.open(copy) as ledger:
        (double,) = doubles(ledger)
        assert f"a copy of {identity(home).place}" in double
        identity_file(copy).unlink()  # the remedy, once the other is out of use
        assert doubles(ledger, on=date(2013, 9, 30)) == []


def test_another_home_on_the_same_database_is_named_while_it_sweeps(swept, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (double,) = doubles(swept.ledger, home=other)
    assert f"{identity(swept.ledger.settings.home).place} swept this ledger too" in double
    assert doubles(swept.ledger, home=other, on=LATER) == []


def test_a_home_whose_clock_was_ahead_is_no_double_until_it_sweeps_again(swept, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    swept.sweep(LATER)
    assert doubles(swept.ledger, home=other) == []
    with swept.ledger.transaction() as tx:
        tx.lease(homes.seen(tx.conn, swept.ledger.settings.home, ISSUED))
    assert len(doubles(swept.ledger, home=other)) == 1


@pytest.mark.parametrize("value", ["'yesterday'", "5", "'20130805'", "x'00ff'"])
def test_a_last_sweep_on_no_day_is_named_and_mended(swept, database, tmp_path, value):
    other = tmp_path / "other"
    other.mkdir()
    with database.connect(swept.ledger.settings.home) as conn:
        conn.exec_driver_sql(f"UPDATE homes SET seen_on = {value}")  # noqa: S608  our own
    with swept.ledger.read() as conn:
        faults = verify_ledger(conn).faults
    assert [fault.what for fault in faults if f"not {ISSUED}; `duban verify --mend`" in fault.what]
    swept.sweep(ISSUED + timedelta(days=1))  # which rewrites the day of its own home

    with database.connect(swept.ledger.settings.home) as conn:
        conn.exec_driver_sql(f"UPDATE homes SET seen_on = {value}")  # noqa: S608  our own
    mend(swept.ledger, at=sweep_instant("Asia/Shanghai", LATER), actor="lin")
    with swept.ledger.read() as conn:
        assert verify_ledger(conn).ok
    (double,) = doubles(swept.ledger, home=other)
    assert "last for 2013-" in double
