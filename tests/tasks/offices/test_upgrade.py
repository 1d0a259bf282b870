"""Every office of an installation is upgraded, and one that cannot be stops no other."""

from __future__ import annotations

import datetime as dt

import pytest

from catalog.errors import ConflictError
from ledger.offices.jurisdictions import Jurisdiction, settings_of
from ledger.session import Ledger
from ledger.store.engine import make_engine
from ledger.store.migrate import current, downgrade, newest
from tasks.offices.add import add
from tasks.offices.upgrade import pending, upgraded

AT = dt.datetime(2026, 11, 30, 9, 30, tzinfo=dt.UTC)
BEFORE = "0014"
OFFICES = ("", "city", "town")


@pytest.fixture
def settings(ledger):
    """An installation of three offices, all of an older version."""
    for name in OFFICES[1:]:
        add(ledger.settings, Jurisdiction(name, name))
    for name in OFFICES:
        engine = make_engine(settings_of(ledger.settings, name).database_url)
        downgrade(engine, BEFORE)
        engine.dispose()
    ledger.close()
    return ledger.settings


def change(settings, office, statement):
    engine = make_engine(settings_of(settings, office).database_url)
    with engine.begin() as conn:
        conn.exec_driver_sql(statement)
    engine.dispose()


def revisions(settings):
    found = []
    for name in OFFICES:
        engine = make_engine(settings_of(settings, name).database_url)
        with engine.connect() as conn:
            found.append(current(conn))
        engine.dispose()
    return found


def test_all_offices_are_upgraded_each_with_a_backup_in_its_own_home(settings):
    assert [(one.jurisdiction, one.is_due) for one in pending(settings, AT)] == [
        (name, True) for name in OFFICES
    ]
    outcomes = list(upgraded(settings, AT))

    assert revisions(settings) == [newest()] * 3
    for name, outcome in zip(OFFICES, outcomes, strict=True):
        home = settings_of(settings, name).home
        assert outcome.step.backup.is_relative_to(home / "backups")
        Ledger.open(settings_of(settings, name)).close()


def test_an_office_of_a_newer_version_is_named_and_the_others_are_upgraded(settings):
    change(settings, "city", "UPDATE alembic_version SET version_num = '0042'")

    outcomes = list(upgraded(settings, AT))

    assert revisions(settings) == [newest(), "0042", newest()]
    assert [outcome.jurisdiction for outcome in outcomes if outcome.problem] == ["city"]
    assert "newer than this version" in outcomes[1].problem


def test_a_main_ledger_of_a_newer_version_stops_all(settings):
    change(settings, "", "UPDATE alembic_version SET version_num = '0042'")

    with pytest.raises(ConflictError, match="newer than this version"):
        list(upgraded(settings, AT))

    assert revisions(settings) == ["0042", BEFORE, BEFORE]
