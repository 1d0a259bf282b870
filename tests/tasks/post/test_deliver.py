"""The outbox against a real mail server: each letter once, or dead with its reason."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from catalog.dates.retries import LAST_TRY
from ledger.post import letters
from ledger.post.letters import claim
from ledger.proof import chain
from ledger.session import Ledger
from ledger.store.changes import Change
from tasks.post.channels.mail import MailChannel
from tasks.post.deliver import Round, deliver
from tasks.post.forming import form
from tasks.post.leaving import ready_through
from tasks.post.lines import Lines
from tests.tasks.post.sink import Sink
from tests.world import ISSUED, PostOffice, World, small_plan

ROOT = Path(__file__).parents[3]
TRADE, CITY = "officer.trade@cast.example", "officer.city@cast.example"
KEY = "small-2013/1.report/city/once"
MINUTE = dt.timedelta(minutes=1)
MANY = {"id": "many", "parties": ["city", "reviewer", "stranger"], "due_on": date(2013, 9, 30)}


@pytest.fixture
def sink():
    with Sink() as sink:
        yield sink


@pytest.fixture
def ledger(home, sink, database):
    with database.open(home, DUBAN_MAIL_URL=sink.url) as opened:
        yield opened


@pytest.fixture
def world(ledger, tmp_path):
    """One report of the city, issued today: a letter to the city and one to the lead wait."""
    stage = World(ledger, PostOffice())
    stage.publish(small_plan(tmp_path, {"parties": ["city"], "due_on": date(2013, 9, 30)}))
    stage.sweep(ISSUED)
    return stage


def later(world, minutes):
    """Run a delivery round so many minutes after the sweep."""
    at = world.at + minutes * MINUTE
    return deliver(world.ledger, on=world.today, clock=lambda: at)


def reopened(ledger, url):
    """Return the same ledger with another mail server."""
    return Ledger.open(replace(ledger.settings, mail_url=url))


def in_order(sink, address):
    return [letter for letter in sink.received if letter.recipients == [address]]


def claimed_of(world):
    """Form the letters of the day and claim them all."""
    form(world.ledger, on=world.today, at=world.at)
    with world.ledger.transaction() as tx:
        return claim(tx, on=world.today, at=world.at, until=world.at + 15 * MINUTE)


def tries(world):
    with world.ledger.read() as conn:
        return [letter.tries for letter in letters.listed(conn)]


def entries(world, deed):
    with world.ledger.read() as conn:
        return [e for e in chain.entries(conn) if e.deed == deed]


def sent_to(sink):
    return [letter.recipients for letter in sink.received]


def test_each_letter_leaves_once_on_one_line(world, sink):
    assert world.deliver()["sent"] == 2
    world.deliver()
    assert sorted(sent_to(sink)) == [[CITY], [TRADE]]
    assert sink.connections == 1


def test_the_chinese_arrives_as_the_ledger_has_it(world, sink):
    world.deliver()
    (mail,) = [m.mail for m in sink.received if m.recipients == [CITY]]
    assert mail["Subject"] == "關於交辦「報告report」的通知（時限9月30日）"
    text = mail.get_body(("plain",)).get_content()
    assert text.startswith("交辦「報告report」。時限：2013年9月30日")
    assert "致：廣州市人民政府" in text
    assert mail["Date"].datetime.isoformat() == "2013-08-05T08:30:00+08:00"


def test_an_issued_duty_brings_its_due_date_as_a_calendar_file(world, sink):
    world.deliver()
    (mail,) = [m.mail for m in sink.received if m.recipients == [CITY]]
    (calendar,) = mail.iter_attachments()
    assert calendar.get_content_type() == "text/calendar"
    assert "DTSTART;VALUE=DATE:20130930" in calendar.get_content()


def test_a_reminder_hangs_under_the_letter_that_first_told_of_the_duty(world, sink):
    world.deliver()
    world.acknowledge(KEY)
    for on in (date(2013, 8, 30), date(2013, 9, 29)):
        world.day(on)
    first, *reminders = [m.mail for m in sink.received if m.recipients == [CITY]]
    assert len(reminders) == 2
    assert first["References"] is None
    assert {m["References"] for m in reminders} == {first["Message-ID"]}
    assert not any(list(m.iter_attachments()) for m in reminders)


def test_a_server_that_is_busy_is_asked_again_with_the_same_letter(world, sink):
    sink.answer("RCPT", "451 4.3.0 try again", "451 4.3.0 try again")
    assert world.deliver()["failed"] == 2
    assert later(world, 4)["sent"] == 0
    assert later(world, 5)["sent"] == 2
    assert sorted(sent_to(sink)) == [[CITY], [TRADE]]
    ids = {f"<{m.id}@localhost>" for m in world.messages()}
    assert {m.mail["Message-ID"] for m in sink.received} == ids
    assert [e.payload["changes"][0][2]["detail"][:13] for e in entries(world, "failed")] == [
        "RCPT TO: 451 "
    ] * 2


def test_each_failure_doubles_the_wait(world, sink):
    sink.refused = {CITY: "451 4.3.0 full", TRADE: "550 gone"}
    world.deliver()
    tried = [n for n in range(1, 80) if later(world, n)["failed"]]
    assert tried == [5, 15, 35, 75]


def test_a_recipient_nobody_knows_is_dead_and_harms_nobody_else(world, sink):
    sink.refused = {CITY: "550 5.1.1 no such user"}
    counts = world.deliver()
    assert (counts["sent"], counts["dead"]) == (1, 1)
    assert sent_to(sink) == [[TRADE]]
    (dead,) = world.notices(state="dead")
    assert (dead.duty, dead.recipient) == (KEY, "city/officer")
    assert "550 5.1.1 no such user" in dead.reason


def test_a_line_that_breaks_after_the_letter_was_taken_brings_it_twice_and_the_same(world, sink):
    sink.drop = 1
    assert world.deliver()["failed"] == 1
    for minutes in range(5, 30, 5):
        later(world, minutes)
    came = Counter((m.recipients[0], m.mail["Message-ID"], m.content) for m in sink.received)
    assert sorted(came.values()) == [1, 2]
    assert {m.state for m in world.messages()} == {"sent"}


def test_a_refused_login_stops_the_channel_and_counts_nothing(world, sink):
    sink.login = ("duban", "right")
    world.ledger = reopened(world.ledger, f"smtp://duban:wrong@127.0.0.1:{sink.port}")
    counts = world.deliver()
    assert +counts == Counter(put_back=2, waiting=2)
    assert tries(world) == [0, 0]
    assert entries(world, "failed") == []
    (stopped,) = entries(world, "channel-stopped")
    assert stopped.payload["reason"] == "authentication refused: 535"
    assert sink.received == []


def test_after_a_week_without_a_server_each_recipient_gets_one_letter_more_than_the_tried_one(
    ledger, tmp_path
):
    world = World(ledger, PostOffice())
    world.publish(small_plan(tmp_path, MANY, {"id": "own", "due_on": date(2013, 9, 6)}))
    world.ledger = reopened(ledger, "smtp://127.0.0.1:9")  # nobody listens there
    for on in (ISSUED, date(2013, 8, 7), date(2013, 8, 12)):
        world.sweep(on)
        assert sum(later(world, minutes)["sent"] for minutes in range(0, 120, 5)) == 0
    backlog = world.messages(state="queued")
    assert len(backlog) > 7

    with Sink() as back:
        world.ledger = reopened(ledger, back.url)
        for on in (date(2013, 8, 12), date(2013, 8, 13)):
            world.today = on
            for minutes in range(120, 720, 5):
                later(world, minutes)
    first, *_ = (m.message_id for m in backlog if m.recipient == "city/officer")
    mails = [m.mail for m in in_order(back, CITY)]
    assert [mail["Date"].datetime.day for mail in mails] == [12, 13]
    assert mails[0]["Message-ID"] == first
    assert {m.state for m in world.messages()} == {"sent"}
    ids = Counter(m.mail["Message-ID"] for m in back.received)
    assert set(ids.values()) == {1}
    assert len(ids) < len(backlog)


def test_a_server_that_is_gone_for_three_weeks_kills_no_letter(world, sink):
    gone = world.ledger
    world.ledger = reopened(gone, "smtp://127.0.0.1:9")  # nobody listens there
    for hours in range(0, 21 * 24, 6):
        later(world, 60 * hours)
    assert max(tries(world)) > LAST_TRY
    assert {m.state for m in world.messages()} == {"queued"}
    world.ledger = gone
    later(world, 60 * 24 * 21)
    later(world, 60 * 24 * 21 + 6 * 60)
    assert sorted(sent_to(sink)) == [[CITY], [TRADE]]


def test_a_letter_waits_for_the_earlier_one_to_the_same_recipient(world, sink):
    sink.refused = {CITY: "451 4.3.0 full"}
    world.deliver()
    world.sweep(date(2013, 8, 12))
    sink.answer("RCPT", "451 4.3.0 full")
    later(world, 0)
    sink.refused = {}
    for on in (date(2013, 8, 12), date(2013, 8, 13)):
        world.today = on
        for minutes in range(0, 60, 5):
            later(world, minutes)
    mails = [m.mail for m in in_order(sink, CITY)]
    first, second = (m.message_id for m in world.messages() if m.recipient == "city/officer")
    assert [m["Message-ID"] for m in mails] == [first, second]
    assert [m["Date"].datetime.date() for m in mails] == [date(2013, 8, 12), date(2013, 8, 13)]


def test_a_server_that_hangs_costs_one_time_out_a_round(world, sink, monkeypatch):
    monkeypatch.setattr("tasks.post.channels.MailChannel", partial(MailChannel, timeout=0.5))
    sink.hang = "banner"
    began = time.monotonic()
    counts = world.deliver()
    assert (counts["failed"], counts["put_back"]) == (1, 1)
    assert time.monotonic() - began < 1.5


def test_a_sender_killed_before_it_could_settle_loses_nothing(world, sink, home, database):
    locked = ExitStack()
    sink.on_accept = lambda _: locked.enter_context(database.locked(home))
    with locked:
        killed = _sender(database.environ(home, DUBAN_MAIL_URL=sink.url))
        _until(lambda: sink.received)
        time.sleep(0.3)  # the sender has its 250 and waits for the lock to settle
        killed.send_signal(signal.SIGKILL)
        killed.wait(30)
    assert killed.returncode == -signal.SIGKILL
    assert {m.state for m in world.messages()} == {"queued"}

    at = dt.datetime.now(dt.UTC) + 16 * MINUTE  # the dead sender's lease has run out
    sink.on_accept = lambda _: None
    deliver(world.ledger, on=ISSUED, clock=lambda: at)
    ids = Counter(m.mail["Message-ID"] for m in sink.received)
    assert ids.keys() == {m.message_id for m in world.messages()}
    assert sorted(ids.values()) == [1, 2]
    assert {m.state for m in world.messages()} == {"sent"}
    first, again = (m.content for m in sink.received if ids[m.mail["Message-ID"]] == 2)
    assert first == again


def test_while_a_lease_runs_nobody_else_sends_the_letter(world):
    claimed_of(world)
    assert later(world, 14)["sent"] == 0
    assert later(world, 15)["sent"] == 2


def test_a_sender_whose_letter_another_one_settled_goes_on(world, sink):
    """A demonstration's clock leaps a day while a round is under way, and its leases with it."""
    claimed = claimed_of(world)
    assert later(world, 24 * 60)["sent"] == 2
    with Lines(world.ledger.settings, lambda: world.at) as lines:
        slow = Round(world.ledger, lines, lambda: world.at, on=ISSUED)
        slow.take(claimed)
    assert slow.counts == {"elsewhere": 2}
    assert {m.state for m in world.messages()} == {"sent"}
    assert {m.mail["Message-ID"] for m in sink.received} == {m.message_id for m in world.messages()}


@pytest.mark.parametrize(
    ("swept", "leaves"),
    [
        ([], date(2014, 3, 14)),
        ([date(2014, 3, 14)], date(2014, 3, 14)),
        ([date(2014, 3, 14), date(2014, 3, 13)], date(2014, 3, 13)),
        ([date(2014, 3, 14), date(2014, 2, 1)], date(2014, 3, 13)),
        ([date(2014, 3, 14), None], date(2014, 3, 13)),
        ([date(2014, 3, 20)], date(2014, 3, 14)),
    ],
)
def test_mail_waits_for_every_plan_but_a_day_at_most(swept, leaves):
    assert ready_through(swept, date(2014, 3, 14)) == leaves


def _sender(environ):
    command = [sys.executable, "-m", "desk.cli", "deliver", "--on", str(ISSUED)]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _until(ask, seconds=30):
    deadline = time.monotonic() + seconds
    while not ask():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("column", ["claimed_until", "next_try_at"])
def test_an_instant_from_a_clock_that_was_ahead_delays_no_letter(world, sink, column):
    ahead = world.at + dt.timedelta(days=365)
    form(world.ledger, on=world.today, at=world.at)
    with world.ledger.transaction() as tx:
        every = letters.listed(tx.conn)
        tx.lease(Change("letters", each.id, {column: ahead}) for each in every)
    assert later(world, 0)["sent"] == 2
    assert len(sent_to(sink)) == 2


def test_a_round_without_mail_waits_for_no_writer(world, database, home):
    later(world, 0)
    with database.locked(home):
        assert later(world, 1) == {"waiting": 0}
