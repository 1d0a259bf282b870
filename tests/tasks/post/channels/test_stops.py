"""Refusals about us over rounds: what is dead, waiting, stopped and told, and nothing twice."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from apprise.plugins.wecombot import NotifyWeComBot

from catalog.dates import retries
from catalog.dates.retries import LAST_TRY_FULL, PATIENCE
from catalog.errors import ConflictError
from flows.run import events
from ledger.post import channel_stops, letters
from ledger.proof import chain
from ledger.proof.ledger_verification import differences
from ledger.session import Ledger
from tasks.post.channels import stops
from tasks.post.channels.limits import LIMITS, Limit, Rate
from tasks.post.channels.streak import plain_words
from tasks.post.contacts import Contact, reach
from tasks.post.deliver import deliver
from tests.tasks.post.channels.case_servers import MailServer, WecomServer
from tests.tasks.post.sink import Sink
from tests.world import ISSUED, PostOffice, World, small_plan

MINUTE = dt.timedelta(minutes=1)
CITY, TRADE = "officer.city@cast.example", "officer.trade@cast.example"
MANY = {"id": "many", "parties": ["city", "reviewer", "stranger"], "due_on": date(2013, 9, 30)}


@pytest.fixture
def sink():
    with Sink() as server:
        yield server


@pytest.fixture
def opened(home, database, tmp_path):
    """Return a function that opens a ledger in which letters wait for so many mailboxes."""

    def _opened(url, mailboxes=4, channel="mail", **environ):
        ledger = database.open(home, DUBAN_MAIL_URL=url, **environ)
        world = World(ledger, PostOffice())
        world.publish(small_plan(tmp_path, MANY))
        if mailboxes > 4:
            at = "@city.example" if channel == "mail" else "-key"
            more = ", ".join(f"m{n}{at}" for n in range(mailboxes - 3))
            reach(ledger, [Contact("city", "officer", channel, more)], at=world.at, actor="test")
        world.sweep(ISSUED)
        return world

    return _opened


def later(world, minutes):
    """Run a delivery round so many minutes after the sweep."""
    at = world.at + minutes * MINUTE
    return +deliver(world.ledger, on=world.today, clock=lambda: at)


def moved(world, url):
    """Have the ledger use another mail server."""
    world.ledger = Ledger.open(replace(world.ledger.settings, mail_url=url))


def states(world):
    with world.ledger.read() as conn:
        return Counter((each.state, each.tries) for each in letters.listed(conn))


def stop(world, channel="mail"):
    with world.ledger.read() as conn:
        return channel_stops.current(conn).get(channel)


def deeds(world, *names):
    with world.ledger.read() as conn:
        return [e.deed for e in chain.entries(conn) if e.deed in names]


def stops_and_ends(world):
    return deeds(world, "channel-stopped", "channel-resumed")


def test_a_plain_server_takes_all(opened):
    with MailServer("plain") as server:
        world = opened(server.url, 9)
        assert later(world, 0)["sent"] == 9
    assert Counter(Counter(server.accepted).values()) == {1: 9}


@pytest.mark.both
def test_relaying_denied_stops_the_channel_until_it_is_taken_again(opened):
    with MailServer("relay") as server:
        world = opened(server.url, 9)
        assert later(world, 0) == Counter(put_back=9, waiting=9)
        assert states(world) == {("queued", 0): 9}
        assert stop(world).reason == "RCPT TO: 554 5.7.1 <x>: Relay access denied"
        looks = []
        for minutes in range(5, 470, 10):
            before = server.asked
            later(world, minutes)
            looks += [minutes] * (server.asked - before)
        assert looks == [15, 45, 105, 225, 465]  # one letter each
        assert states(world) == {("queued", 0): 9}
        server.mode = "plain"
        assert later(world, 705)["sent"] == 9
    assert Counter(Counter(server.accepted).values()) == {1: 9}
    assert stops_and_ends(world) == ["channel-stopped", "channel-resumed"]
    assert stop(world) is None
    with world.ledger.read() as conn:
        assert list(differences(conn)) == []


def test_too_many_connections_slow_the_channel_down(opened):
    with MailServer("freq") as server:
        world = opened(server.url, 25)
        assert later(world, 0)["sent"] == 5
        assert states(world) == {("sent", 0): 5, ("queued", 0): 20}
        assert stop(world).kind == "slowed"
        assert later(world, 4) == Counter(waiting=20)
        for minutes in range(5, 300, 5):
            server.letters = 0  # the server counts anew
            later(world, minutes)
    assert states(world) == {("sent", 0): 25}
    assert Counter(Counter(server.accepted).values()) == {1: 25}


def test_a_server_that_closes_is_tried_later(opened):
    with MailServer("rcpt421") as server:
        world = opened(server.url, 25)
        assert later(world, 0)["failed"] == 1
        assert states(world) == {("queued", 1): 1, ("queued", 0): 24}
        assert stop(world) is None
        server.mode = "plain"
        assert later(world, 5)["sent"] == 25
    assert Counter(Counter(server.accepted).values()) == {1: 25}


def test_an_office_is_told_of_a_stop_once(opened):
    with MailServer("relay") as server:
        world = opened(server.url)
        with world.ledger.read() as conn:
            before = chain.head(conn).entries
        later(world, 0)
        (news,) = events.of_delivery(world.ledger, before)
        with world.ledger.read() as conn:
            before = chain.head(conn).entries
        later(world, 15)
        assert events.of_delivery(world.ledger, before) == []
    assert (news.name, news.number) == ("stopped", 1)
    assert news.about == ["mail: RCPT TO: 554 5.7.1 <x>: Relay access denied"]


def test_a_person_has_a_stopped_channel_tried_again_now(opened):
    with MailServer("relay") as server:
        world = opened(server.url)
        later(world, 0)
        server.mode = "plain"
        assert later(world, 5) == Counter(waiting=4)
        stops.resume(world.ledger, "mail", at=world.at + 6 * MINUTE, actor="office/officer")
        assert later(world, 6) == Counter(sent=4)
    assert stops_and_ends(world) == ["channel-stopped", "channel-resumed"]
    with pytest.raises(ConflictError):
        stops.resume(world.ledger, "mail", at=world.at, actor="office/officer")


def test_two_senders_begin_and_end_one_stop(opened, sink):
    world = opened(sink.url)
    later(world, 0)
    with world.ledger.read() as conn:
        letter = letters.listed(conn)[0]
    both = [stops.Stops(world.ledger, lambda: world.at) for _ in range(2)]
    for each in both:
        each.begin("554 relay denied", [letter])
    assert (stop(world).looks, stop(world).letters) == (2, (letter.id,))
    for each in both:
        each.accept("mail")
    assert stops_and_ends(world) == ["channel-stopped", "channel-resumed"]


def test_the_same_words_for_three_recipients_running_are_about_us(opened, sink):
    sink.answer("RCPT", *[f"550 {n}a77f1 computer says no" for n in range(3)])
    world = opened(sink.url)
    assert later(world, 0) == Counter(put_back=4, waiting=4)
    assert (stop(world).kind, states(world)) == ("streak", {("queued", 0): 4})
    assert later(world, 15) == Counter(sent=4)
    assert stops_and_ends(world) == ["channel-stopped", "channel-resumed"]


def test_once_another_got_through_the_letters_of_a_streak_are_dead(opened, sink):
    world = opened(sink.url, 8)
    sink.refused = {f"m{n}@city.example": "550 5.1.1 nobody" for n in range(3)}
    counts = Counter()
    for minutes in range(0, 60, 5):
        counts += later(world, minutes)
    assert (counts["sent"], counts["dead"]) == (5, 3)
    assert len(sink.received) == 5


def test_two_in_the_same_words_are_dead(opened, sink):
    sink.refused = {CITY: "550 5.1.1 nobody", TRADE: "550 5.1.1 nobody"}
    world = opened(sink.url)
    assert later(world, 0) == Counter(sent=2, dead=2)
    assert stop(world) is None


def test_three_in_different_words_are_dead(opened, sink):
    sink.answer("RCPT", "550 5.1.1 nobody", "550 5.2.1 disabled", "550 5.1.1 nobody", "550 gone")
    assert later(opened(sink.url), 0) == Counter(dead=4)


def test_a_streak_that_nobody_gets_through_is_dead_after_five_days(opened, sink):
    names = ("city", "trade", "reviewer", "stranger")
    sink.refused = {f"officer.{name}@cast.example": "550 5.1.1 nobody" for name in names}
    world = opened(sink.url)
    for hours in (0, 1, 5, 48, 119):
        later(world, 60 * hours)
    assert states(world) == {("queued", 0): 4}
    assert stops_and_ends(world) == ["channel-stopped"]
    assert later(world, PATIENCE // MINUTE + 4 * 60)["dead"] == 4


def test_one_letter_taken_for_spam_does_not_keep_the_others(opened, sink):
    world = opened(sink.url)
    sink.answer("RCPT", "554 5.7.1 Spam message rejected")
    assert later(world, 0) == Counter(put_back=4, waiting=4)
    (first,) = stop(world).letters
    with world.ledger.read() as conn:
        sink.refused = {letters.one(conn, first).address: "554 5.7.1 Spam message rejected"}
    assert later(world, 15) == Counter(sent=3, dead=1)
    assert stops_and_ends(world) == ["channel-stopped", "channel-resumed"]


def test_a_greeting_refused_at_any_step_stops_the_channel(opened, sink):
    sink.answer(
        "RCPT", "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname"
    )
    world = opened(sink.url)
    assert later(world, 0) == Counter(put_back=4, waiting=4)
    assert "Helo command rejected" in stop(world).reason


def test_greylisting_is_waited_for(opened, sink):
    sink.answer("RCPT", *["450 4.2.0 Recipient address rejected: Greylisted"] * 4)
    world = opened(sink.url)
    assert later(world, 0) == Counter(failed=4, waiting=4)
    assert later(world, 5) == Counter(sent=4)
    assert len(sink.received) == 4


def test_a_full_mailbox_is_tried_for_five_days(opened, sink):
    sink.refused = {CITY: "552 5.2.2 mailbox full"}
    world, minutes = opened(sink.url), 0
    for tries in range(LAST_TRY_FULL):
        assert states(world)[("dead", tries)] == 0
        later(world, minutes)
        minutes += retries.delay(tries) // MINUTE
    assert states(world) == {("sent", 0): 3, ("dead", LAST_TRY_FULL - 1): 1}
    assert minutes - 6 * 60 in range(5 * 24 * 60, 5 * 24 * 60 + 6 * 60)


def robot(opened, server, monkeypatch, mailboxes):
    monkeypatch.setattr(
        NotifyWeComBot, "notify_url", f"http://127.0.0.1:{server.port}/?key={{key}}"
    )
    monkeypatch.setattr(NotifyWeComBot, "request_rate_per_sec", 0)
    with Sink() as sink:
        world = opened(sink.url, mailboxes, "chat", DUBAN_CHANNELS="chat=wecombot://s3cret-key")
        later(world, -1)
    return world


def chat(world):
    with world.ledger.read() as conn:
        every = [each for each in letters.listed(conn) if each.channel == "chat"]
    return Counter((each.state, each.tries) for each in every)


def test_a_robot_gets_twenty_a_minute_and_each_once(opened, monkeypatch):
    with WecomServer(20) as server:
        world = robot(opened, server, monkeypatch, 28)
        assert chat(world) == {("sent", 0): 20, ("queued", 0): 5}
        assert set(server.codes) == {0}
        server.limit = 99
        later(world, 0)
        assert chat(world) == {("sent", 0): 25}
    assert len(server.codes) == 25


@pytest.mark.parametrize("path", ["s3cret-key", "{to}"])
def test_letters_that_would_be_too_soon_are_put_back_once(opened, monkeypatch, path):
    monkeypatch.setitem(LIMITS, "wecombot", Limit(2048, "bytes", Rate(0, 60)))
    with Sink() as sink:
        world = opened(sink.url, 7, "chat", DUBAN_CHANNELS=f"chat=wecombot://{path}")
        counts = later(world, 0)
    assert counts == Counter(sent=4, put_back=4, waiting=4)
    assert chat(world) == {("queued", 0): 4}


def test_a_robot_that_is_asked_too_often_slows_its_channel_down(opened, monkeypatch):
    with WecomServer(3) as server:
        world = robot(opened, server, monkeypatch, 10)
        assert chat(world) == {("sent", 0): 3, ("queued", 0): 4}
        assert stop(world, "chat").kind == "slowed"
        server.limit = 99
        for minutes in range(0, 15, 5):
            later(world, minutes)
        assert chat(world) == {("sent", 0): 7}
    assert server.codes.count(0) == 7


def test_an_answer_nobody_knows_waits_for_a_person(opened, monkeypatch):
    with WecomServer(99) as server:
        server.words = "<html>a portal</html>"
        world = robot(opened, server, monkeypatch, 6)
        assert chat(world) == {("queued", 0): 3}
        assert stop(world, "chat").kind == "unclear"
        server.words = ""
        assert sum((later(world, minutes) for minutes in range(0, 999, 60)), Counter())["sent"] == 0
        stops.resume(world.ledger, "chat", at=world.at, actor="office/officer")
        later(world, 999)
    assert chat(world) == {("sent", 0): 3}
    assert len(server.codes) == 4


@pytest.mark.parametrize(
    ("reason", "address", "words"),
    [
        ("RCPT TO: 550 5.1.1 <li@a.cn>: User unknown", "li@a.cn", "rcpt to 550 5 1 1 user unknown"),
        ("RCPT TO: 550 li is nobody", "li@a.cn", "rcpt to 550 is nobody"),
        (
            "end of DATA: 554 q7F3a91x refused from 192.0.2.1",
            "li@a.cn",
            "end of data 554 refused from",
        ),
    ],
)
def test_the_words_of_a_refusal_are_those_that_belong_to_no_letter(reason, address, words):
    assert plain_words(reason, address) == words
