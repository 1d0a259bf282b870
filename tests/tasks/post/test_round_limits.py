"""A letter, and a round, have an end: whatever a provider does to keep them."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from datetime import date
from types import SimpleNamespace

import pytest

from ledger.post import letters
from ledger.proof import chain
from ledger.store.changes import Change
from tasks import time_limit
from tasks.post import deliver as round_of
from tasks.post import lines
from tasks.post.contacts import Contact, reach
from tasks.post.deliver import deliver
from tests.tasks.post.sink import Sink
from tests.trickling import EHLO, HEADERS, Trickler
from tests.world import ISSUED, PostOffice, World, small_plan

CITY, TRADE = "officer.city@cast.example", "officer.trade@cast.example"
MINUTE = dt.timedelta(minutes=1)
MANY = {"id": "many", "parties": ["city", "reviewer", "stranger"], "due_on": date(2013, 9, 30)}
TRICKLING = {
    "headers": Trickler(first=HEADERS),
    "status": Trickler(b"HTTP/1.1 "),
}
LETTER = 0.6  # seconds, in these tests
SOON = 9.0  # a busy machine has its moments
IN_USE = SimpleNamespace(letter=lines.LETTER, farewell=lines.FAREWELL)


@pytest.fixture(autouse=True)
def limits(monkeypatch):
    monkeypatch.setattr(lines, "LETTER", LETTER)
    monkeypatch.setattr(lines, "FAREWELL", LETTER)


@pytest.fixture
def sink():
    with Sink() as server:
        yield server


@pytest.fixture
def opened(home, database, tmp_path):
    """Return a function that opens a ledger with letters for four recipients and a provider."""

    def _opened(url, **environ):
        ledger = database.open(home, DUBAN_MAIL_URL=url, **environ)
        world = World(ledger, PostOffice())
        world.publish(small_plan(tmp_path, MANY))
        return world

    return _opened


def delivered(world, minutes=0):
    """Return the counts of a round, and the seconds it took."""
    began = time.monotonic()
    at = world.at + minutes * MINUTE
    counts = deliver(world.ledger, on=world.today, clock=lambda: at)
    return +counts, time.monotonic() - began


def states(world):
    with world.ledger.read() as conn:
        every = letters.listed(conn)
    return {each.address: (each.state, each.tries, each.claimed_until) for each in every}


def test_a_recipient_whose_server_trickles_is_tried_later_and_the_next_gets_their_letter(
    sink, opened
):
    world = opened(sink.url)
    world.sweep(ISSUED)
    sink.slow = {CITY}
    counts, seconds = delivered(world)
    assert counts == Counter(sent=3, failed=1, waiting=1)
    assert LETTER < seconds < SOON
    assert CITY not in {to for letter in sink.received for to in letter.recipients}
    with world.ledger.read() as conn:
        (failed,) = [e for e in chain.entries(conn) if e.deed == "failed"]
    assert failed.payload["changes"][0][2]["detail"] == "not over within 0.6 s"
    assert states(world)[CITY] == ("queued", 1, None)

    sink.slow = set()
    assert delivered(world, 5)[0] == Counter(sent=1)
    assert len(sink.received) == 4


def test_a_mail_server_that_trickles_to_everybody_has_two_letters_a_round(opened):
    with Trickler(first=EHLO[:10], answer=EHLO[10:]) as server:
        world = opened(f"smtp://{server.address}")
        world.sweep(ISSUED)
        counts, seconds = delivered(world)
    assert counts == Counter(failed=2, put_back=2, waiting=4)
    assert 2 * LETTER < seconds < SOON
    assert not any(claimed for _, _, claimed in states(world).values())


@pytest.mark.parametrize(
    ("answer", "address"), [("headers", "hook://{}/in"), ("status", "json://{}/in")]
)
def test_a_hook_that_trickles_does_not_keep_the_mail(answer, address, opened, sink):
    with TRICKLING[answer] as server:
        channels = f"oa={address.format(server.address)}"
        world = opened(sink.url, DUBAN_CHANNELS=channels, DUBAN_SECRET="s" * 32)
        contact = Contact("city", "officer", "oa", "city-1")
        reach(world.ledger, [contact], at=world.at, actor="test")
        world.sweep(ISSUED)
        counts, seconds = delivered(world)
    assert counts == Counter(sent=4, failed=1, waiting=1)
    assert seconds < SOON


def test_a_server_that_never_says_goodbye_does_not_keep_the_round(sink, opened, monkeypatch):
    world = opened(sink.url)
    world.sweep(ISSUED)
    monkeypatch.setattr("tasks.post.channels.mail.MailChannel.close", lambda _: time.sleep(1))
    counts, seconds = delivered(world)
    assert counts == Counter(sent=4)
    assert LETTER < seconds < SOON


@pytest.mark.both
def test_a_round_begins_no_letter_after_its_end_and_leaves_none_claimed(sink, opened, monkeypatch):
    world = opened(sink.url)
    world.sweep(ISSUED)
    two_minutes_a_letter = SimpleNamespace(monotonic=lambda: 120 * len(sink.received))
    monkeypatch.setattr(time_limit, "time", two_minutes_a_letter)
    assert delivered(world)[0] == Counter(sent=2, put_back=2, waiting=2)
    assert [claimed for state, _, claimed in states(world).values() if state == "queued"] == [
        None,
        None,
    ]
    assert delivered(world)[0] == Counter(sent=2)


def test_a_round_that_is_interrupted_leaves_claimed_only_the_letter_under_way(sink, opened):
    world = opened(sink.url)
    world.sweep(ISSUED)
    clock = iter([world.at] * 3)  # letters formed, a claim, and a letter settled

    def interrupted():
        try:
            return next(clock)
        except StopIteration:
            raise KeyboardInterrupt from None

    with pytest.raises(KeyboardInterrupt):
        deliver(world.ledger, on=world.today, clock=interrupted)
    assert sorted(state for state, _, claimed in states(world).values() if claimed is None) == [
        "queued",
        "queued",
        "sent",
    ]


def test_a_lease_is_longer_than_a_whole_round():
    channels = 3
    longest = round_of.ROUND + IN_USE.letter + channels * IN_USE.farewell
    assert round_of.LEASE.total_seconds() > 2 * longest


def test_a_slip_to_a_mailbox_that_failed_today_is_put_back_once(sink, opened, monkeypatch):
    monkeypatch.setattr(round_of, "ROUND", 3.0)
    world = opened(sink.url)
    world.sweep(ISSUED)
    sink.answer("RCPT", "451 4.3.0 try again")
    delivered(world)
    with world.ledger.transaction() as tx:
        first = next(each for each in letters.listed(tx.conn) if each.state == "queued")
        (message,) = letters.messages_of(tx.conn, [first.id])[first.id]
        slip = first.model_dump() | {"form": "slip", "message_id": "<slip@cast.example>"}
        values = {n: slip[n] for n in ("channel", "address", "on", "form", "state", "message_id")}
        changes = [
            Change("letters", "slip", values, op="insert"),
            Change("carried", ("slip", message.id), {"place": 0}, op="insert"),
        ]
        tx.record("formed", "slip", changes=changes, at=world.at, actor="test")
    sink.refused = {first.address: "451 4.3.0 try again"}
    assert delivered(world, 5)[0] == Counter(failed=1, put_back=1, waiting=2)
