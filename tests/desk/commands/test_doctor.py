"""`duban doctor` says on which database the ledger lies, and whether it may be trusted."""

from __future__ import annotations

import sqlite3

from ledger.store.engine import journal_mode
from tests.databases import ON_POSTGRESQL, ON_SQLITE


def database_found(duban):
    found = duban("doctor", "--json").json["findings"]
    return next(each for each in found if each["check"] == "database")


@ON_SQLITE
def test_sqlite_is_named_with_its_version_and_the_journal_in_use(duban):
    found = database_found(duban)
    version = sqlite3.sqlite_version
    assert found["detail"] == f"SQLite {version}, journal {journal_mode()}, quick check: ok"
    assert found["ok"]


@ON_POSTGRESQL
def test_a_server_that_may_lose_what_it_confirmed_needs_a_person(duban):
    """The server of the tests does: it waits for no disk."""
    found = database_found(duban)
    assert found["detail"].startswith("PostgreSQL 18.")
    assert found["detail"].endswith("fsync off")
    assert not found["ok"]


def test_a_real_ledger_whose_anchors_reach_no_reviewer_needs_a_person(duban):
    duban("plan", "publish", "guangdong-2013")
    before = reviewers_found(duban)
    assert duban("agency", "contact", "office", "reviewer", "audit@example.org").code == 0
    after = reviewers_found(duban)
    assert [before["ok"], after["ok"]] == [False, True]
    assert after["detail"].startswith("1 address")


def reviewers_found(duban):
    found = duban("doctor", "--json").json["findings"]
    return next(each for each in found if each["check"] == "reviewers")
