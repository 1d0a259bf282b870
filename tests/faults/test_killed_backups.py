"""A backup from the page, killed once it is written: it is no copy, and the next one is."""

from __future__ import annotations

import datetime as dt

from tasks.upkeep import backups
from tests.databases import OnSqlite
from tests.faults.surviving import assert_sound, dies

AT = dt.datetime(2014, 3, 14, 1, 30, tzinfo=dt.UTC)
POINTS = ("backup-written",)


def take(home, at):
    with OnSqlite().open(home) as ledger:
        backups.start(ledger, at, lambda: at, actor="office/officer").join()


def test_a_killed_backup_is_no_copy_and_the_next_takes_its_place(tmp_path):
    home = tmp_path / "home"
    with OnSqlite().open(home) as ledger:
        settings = ledger.settings
    assert dies(lambda: take(home, AT), at=f"{POINTS[0]}:1")
    assert (backups.is_interrupted(settings), backups.listed(settings)) == (True, [])

    take(home, AT + dt.timedelta(minutes=1))

    assert not backups.is_interrupted(settings)
    assert len(backups.listed(settings)) == 1
    with OnSqlite().open(home) as ledger:
        assert_sound(ledger)
