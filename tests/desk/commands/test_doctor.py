"""`duban doctor` says on which database the ledger lies, and whether it may be trusted."""

from __future__ import annotations

import sqlite3

from ledger.store.engine import journal_mode
from tests.databases import ON_POSTGRESQL, ON_SQLITE

PROVIDER = {
    "DUBAN_BASE_URL": "https://duban.example.org",
    "DUBAN_OIDC_ISSUER": "https://sign-in.example.org",
    "DUBAN_OIDC_CLIENT": "duban",
    "DUBAN_OIDC_SECRET": "hunter2",
}


def database_found(duban):
    return found_of(duban, "database")


def found_of(duban, check):
    found = duban("doctor", "--json").json["findings"]
    return next(each for each in found if each["check"] == check)


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
    return found_of(duban, "reviewers")


@ON_SQLITE
def test_a_proxy_that_is_not_configured_needs_a_person(duban, monkeypatch):
    monkeypatch.setenv("DUBAN_BASE_URL", "https://duban.example.org")
    before = found_of(duban, "proxies")
    monkeypatch.setenv("DUBAN_PROXIES", "127.0.0.1")

    assert [before["ok"], found_of(duban, "proxies")["ok"]] == [False, True]


@ON_SQLITE
def test_a_provider_with_one_name_space_for_several_offices_needs_a_person(duban, monkeypatch):
    for name, value in PROVIDER.items():
        monkeypatch.setenv(name, value)
    alone = found_of(duban, "provider")
    duban("jurisdiction", "add", "city", "--name", "City", "--address", "https://city.example.org")
    shared = found_of(duban, "provider")
    monkeypatch.setenv("DUBAN_OIDC_CLAIM", "login_{office}")

    assert [alone["ok"], shared["ok"], found_of(duban, "provider")["ok"]] == [True, False, True]
    assert "not for city" in shared["detail"]


@ON_SQLITE
def test_the_remedy_for_a_position_without_an_address_works_as_printed(duban):
    duban("plan", "publish", "guangdong-2013")
    before = found_of(duban, "positions")
    typed = before["mend"].replace("ADDRESS", "officer@example.gov.cn").split()
    assert duban(*typed[1:]).code == 0
    assert found_of(duban, "positions")["detail"] != before["detail"]
