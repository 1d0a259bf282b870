"""`duban notice retry`: one dead letter, several, all, or all with a reason."""

from __future__ import annotations

import datetime as dt

import pytest

from ledger.post import notices
from ledger.store.changes import Change
from tests.world import small_plan

DAY = ("--on", "2013-08-05")
AT = dt.datetime(2013, 8, 5, 8, tzinfo=dt.UTC)
RETRY = ("notice", "retry")


@pytest.fixture(autouse=True)
def dead(duban, tmp_path):
    """Return the ids of two notices, to two recipients without an address."""
    plan = small_plan(tmp_path, {"parties": ["city"]})
    assert (
        duban(
            "plan", "publish", str(tmp_path / f"{plan.plan}.toml"), "--start-on", "2013-08-05"
        ).code
        == 0
    )
    assert duban("sweep", *DAY).code == 0
    assert duban("deliver", *DAY).code == 6
    return [notice["id"] for notice in duban("notices", "--state", "dead", "--json").json]


def states(duban):
    return sorted(notice["state"] for notice in duban("notices", "--json").json)


def test_several_are_queued_at_once(duban, dead):
    said = duban(*RETRY, *dead, "--json").json

    assert (len(dead), said["notices"], said["state"]) == (2, dead, "queued")
    assert len(said["messages"]) == 2
    assert states(duban) == ["queued", "queued"]


@pytest.mark.parametrize(
    ("reason", "queued"), [((), 2), (("--reason", "fills city"), 1), (("--reason", "550"), 0)]
)
def test_all_are_queued_or_those_with_a_reason(duban, reason, queued):
    assert len(duban(*RETRY, "--all", *reason, "--json").json["messages"]) == queued
    assert states(duban).count("queued") == queued


def test_what_came_back_is_left_out_of_all_and_counted(duban, home, database, dead):
    with database.open(home) as ledger, ledger.transaction() as tx:
        message = notices.one(tx.conn, dead[0]).message
        change = Change("messages", message, {"state": "bounced"})
        tx.record("bounced", message, changes=[change], at=AT, actor="duban")

    assert duban(*RETRY, "--all", "--reason", "550").out == "0 messages: queued\n"
    assert duban(*RETRY, "--all").out == (
        "1 messages: queued; 1 that came back left out: record the right address, or name them:"
        " duban notices --state bounced, duban notice retry ID ...\n"
    )
    assert duban(*RETRY, dead[0]).out == f"{dead[0]}: queued\n"


def test_a_dry_run_queues_none(duban):
    assert len(duban(*RETRY, "--all", "--dry-run", "--json").json["messages"]) == 2
    assert states(duban) == ["dead", "dead"]


@pytest.mark.parametrize("command", [(), ("0123", "--all"), ("0123", "--reason", "550")])
def test_either_some_are_named_or_all_are_meant(duban, command):
    said = duban(*RETRY, *command)

    assert (said.code, "--all" in said.err) == (2, True)


def test_of_several_all_or_none_are_queued(duban, dead):
    duban(*RETRY, dead[0])

    assert duban(*RETRY, *dead).code == 5
    assert states(duban) == ["dead", "queued"]
