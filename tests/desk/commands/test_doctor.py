"""`duban doctor` says on which database the ledger lies, and whether it may be trusted."""

from __future__ import annotations

import sqlite3

from ledger.offices.installation import load_settings
from ledger.session import Ledger
from ledger.store.changes import Change
from ledger.store.engine import journal_mode
from tasks.clock import now_utc
from tests.databases import ON_POSTGRESQL, ON_SQLITE
from tests.world import small_plan

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
    duban("plan", "publish", "guangdong-2013", "--start-on", "2013-08-05")
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
    duban("plan", "publish", "guangdong-2013", "--start-on", "2013-08-05")
    before = found_of(duban, "positions")
    typed = before["mend"].replace("ADDRESS", "officer@example.gov.cn").split()
    assert duban(*typed[1:]).code == 0
    assert found_of(duban, "positions")["detail"] != before["detail"]


@ON_SQLITE
def test_every_position_that_the_ladder_names_is_looked_at(duban, tmp_path):
    publish_small(duban, tmp_path)
    for agency in ("office", "trade", "city"):
        assert duban("agency", "contact", agency, "officer", f"{agency}@x.example").code == 0
    before = found_of(duban, "positions")
    for position in ("head", "leader"):
        assert duban("agency", "contact", "city", position, "city@x.example").code == 0

    after = found_of(duban, "positions")

    assert [before["ok"], after["ok"]] == [False, False]
    assert before["detail"].endswith(
        "3 positions without an address: city/head, city/leader, trade/head"
    )
    assert after["detail"].endswith("1 positions without an address: trade/head")


@ON_SQLITE
def test_at_most_ten_positions_are_named(duban):
    duban("plan", "publish", "guangdong-2013", "--start-on", "2013-08-05")

    detail = found_of(duban, "positions")["detail"]

    assert detail.count("/") == 10
    assert detail.endswith(" more")


@ON_SQLITE
def test_an_old_contact_that_would_be_refused_today_is_named(duban, tmp_path):
    publish_small(duban, tmp_path)
    with Ledger.open(load_settings()) as ledger, ledger.transaction() as tx:
        for channel, address in (("mail", "city＠x.example"), ("wecom", "zhang-san")):
            row = Change("contacts", ("city", "officer", channel), {"address": address}, "insert")
            tx.record("reached", "city/officer", changes=[row], at=now_utc(), actor="office")

    channels, addresses = found_of(duban, "channels"), found_of(duban, "addresses")

    assert [channels["ok"], addresses["ok"]] == [False, False]
    assert channels["detail"].endswith("not set up: city/officer by wecom")
    assert "city/officer" in addresses["detail"]
    assert "full-width" in addresses["detail"]


@ON_SQLITE
def test_letters_that_nobody_can_answer_need_a_person(duban, tmp_path, monkeypatch):
    publish_small(duban, tmp_path)
    monkeypatch.setenv("DUBAN_MAIL_URL", "smtp://relay.example")
    checks = ("mail", "person", "reply-to", "desk")
    before = [found_of(duban, check)["ok"] for check in checks]

    person = ("--person", "李敏", "--telephone", "000-0000")
    assert duban("agency", "contact", "office", "officer", "li@x.example", *person).code == 0
    monkeypatch.setenv("DUBAN_MAIL_FROM", "督辦 <duban@office.example>")
    monkeypatch.setenv("DUBAN_BASE_URL", "https://duban.example")

    assert before == [False] * 4
    assert [found_of(duban, check)["ok"] for check in checks] == [True] * 4


def publish_small(duban, tmp_path):
    """Publish a plan with one duty of the city, led by the trade department."""
    plan = small_plan(tmp_path, {"parties": ["city"]})
    assert (
        duban(
            "plan", "publish", str(tmp_path / f"{plan.plan}.toml"), "--start-on", "2013-08-05"
        ).code
        == 0
    )
