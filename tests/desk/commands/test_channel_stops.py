"""A stopped channel needs a person, who has it tried again by the command that doctor names."""

from __future__ import annotations

import datetime as dt

import pytest

from ledger.store.changes import Change
from tests.databases import ON_SQLITE

REASON = "RCPT TO: 554 5.7.1 Relay access denied"
AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)


@ON_SQLITE
def test_doctor_names_a_stopped_channel_and_the_remedy_works_as_printed(duban, home, database):
    duban("plan", "publish", "guangdong-2013", "--start-on", "2013-08-05")
    stop_mail(home, database, "stopped")

    (stop,) = stops_named(duban)
    assert stop["detail"] == f"mail: stopped since 2014-01-24 02:00 UTC: {REASON}"
    remedy = stop["mend"].partition("then duban ")[2].split()
    assert remedy == ["notice", "resume", "mail"]
    tried = duban(*remedy, "--dry-run", "--json").json
    assert tried == {"channel": "mail", "state": "resumed", "dry_run": True}
    assert stops_named(duban) == [stop]
    assert duban(*remedy).code == 0
    assert stops_named(duban) == []
    assert duban(*remedy).code == 5


@ON_SQLITE
@pytest.mark.parametrize(
    ("cause", "words"),
    [("streak", "refused in the same words"), ("unclear", "whether that letter was taken")],
)
def test_doctor_says_in_plain_words_why_a_channel_stopped(duban, home, database, cause, words):
    duban("plan", "publish", "guangdong-2013", "--start-on", "2013-08-05")
    stop_mail(home, database, cause)

    (stop,) = stops_named(duban)
    assert stop["detail"].startswith("mail: stopped since 2014-01-24 02:00 UTC")
    assert words in stop["detail"]
    assert cause not in stop["detail"]


def stop_mail(home, database, kind):
    values = {"channel": "mail", "kind": kind, "reason": REASON, "words": "x", "since": AT}
    with database.open(home) as ledger, ledger.transaction() as tx:
        change = Change("channel_stops", "stop", values, op="insert")
        tx.record("channel-stopped", "mail", changes=[change], at=AT, actor="duban")


def stops_named(duban):
    findings = duban("doctor", "--json").json["findings"]
    return [each for each in findings if each["check"] == "channel"]
