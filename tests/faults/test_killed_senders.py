"""Senders killed anywhere lose no letter; one is sent twice only if it had been taken already."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import smtplib
import time
from collections import Counter
from datetime import date
from itertools import count

import pytest

from ledger.post import letters
from tasks.post.contacts import Contact, reach
from tasks.post.deliver import deliver
from tests.faults.surviving import FORK, LONG, assert_sound, dies
from tests.tasks.post.sink import Sink
from tests.world import DAY, ISSUED, PostOffice, World, small_plan

FORGOTTEN = dt.timedelta(minutes=16)  # the lease of a dead sender has run out
UNDER_WAY = "mid-data"
# At which points the server may have taken the letter that nobody has noted as sent yet.
POINTS = {
    "claimed": 0,
    "connected": 0,
    UNDER_WAY: 0,
    "accepted": 1,
    "before-commit": 1,
    "after-commit": 0,
    "settled": 0,
}
LETTERS = {"id": "many", "parties": ["city", "reviewer"], "due_on": date(2013, 9, 30)}


@pytest.fixture
def sink():
    with Sink() as server:
        yield server


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_each_pass_of_a_point_it_loses_nothing(
    point, sink, database, tmp_path, record_property
):
    home = tmp_path / "home"
    with database.open(home) as ledger:
        world = World(ledger, PostOffice())
        world.publish(small_plan(tmp_path, LETTERS))
        world.sweep(ISSUED)
    for n in count(1):
        copy = tmp_path / f"{n}"
        database.copy(home, copy)
        if not dies(
            lambda n=n, copy=copy: send(database, copy, sink, at(point, n)), at=f"{point}:{n}"
        ):
            break
        send(database, copy, sink, later=FORGOTTEN)
        with database.open(copy) as ledger:
            assert_delivered(ledger, sink, most_twice=POINTS[point])
            assert_sound(ledger)
        sink.received.clear()
    assert n > 1, "nobody was killed"
    record_property("kills", n - 1)


def test_two_senders_killed_again_and_again_lose_nothing(sink, database, tmp_path, record_property):
    most = 50 if LONG else 8
    home, chance = tmp_path / "home", random.Random(most)
    with database.open(home) as ledger:
        last = fill(World(ledger, PostOffice()), tmp_path, days=90 if LONG else 25)
    kills = 0
    for round_ in count(1):
        if kills >= most:
            break
        on, later = ISSUED + round_ // 3 * DAY, FORGOTTEN * (round_ % 3)
        senders = [start(database, home, sink, on, later) for _ in range(2)]
        kills += sum(kill(sender, sink, chance) for sender in senders)
        assert on < last, "the letters ran out"
    while on <= last + 5 * DAY:  # a letter that is tried again keeps the next one back
        send(database, home, sink, on=on, later=3 * FORGOTTEN)
        on += DAY
    with database.open(home) as ledger:
        twice = assert_delivered(ledger, sink, most_twice=kills)
        assert_sound(ledger)
    letters = len({m.mail["Message-ID"] for m in sink.received})
    for name, value in {"kills": kills, "letters": letters, "lost": 0, "twice": twice}.items():
        record_property(name, value)


def fill(world, folder, *, days):
    """Sweep day after day without delivering; return the last day.

    Somebody is told something on most days, each officer at two addresses.
    """
    duties = [
        {"id": f"r{n}", "parties": ["city", "reviewer", "stranger"], "due_on": ISSUED + 4 * n * DAY}
        for n in range(1, 12)
    ]
    world.publish(small_plan(folder, *duties))
    several = [
        Contact(agency, "officer", "mail", f"{agency}@a.example, {agency}@b.example")
        for agency in ("trade", "city", "reviewer", "stranger")
    ]
    reach(world.ledger, several, at=world.at, actor="office/officer")
    for n in range(days):
        world.sweep(ISSUED + n * DAY)
    return world.today


def send(database, home, sink, cut_at=None, *, on=ISSUED, later=dt.timedelta()):
    """Send all that waits, so much `later`; die in the midst of the `cut_at`-th letter."""
    if cut_at is not None:
        cut_off(cut_at)
    with database.open(home, DUBAN_MAIL_URL=sink.url) as ledger:
        world = World(ledger, PostOffice())
        world.today = on
        deliver(ledger, on=world.today, clock=lambda: world.at + later)


def start(database, home, sink, on, later):
    options = {"on": on, "later": later}
    sender = FORK.Process(target=send, args=(database, home, sink), kwargs=options)
    sender.start()
    return sender


def kill(sender, sink, chance):
    """Kill a sender after some letters more and a moment; tell whether it was alive."""
    before, more = len(sink.received), chance.randrange(6)
    while sender.is_alive() and len(sink.received) < before + more:
        time.sleep(0.001)
    time.sleep(chance.random() / 50)
    sender.kill()
    sender.join(60)
    assert sender.exitcode in {0, -signal.SIGKILL}
    return sender.exitcode != 0


def at(point, n):
    return n if point == UNDER_WAY else None


def cut_off(number):
    """Have this process die when half of its `number`-th letter is on the line."""
    whole, letters = smtplib.SMTP.send, count(1)

    def half(line, data):
        if len(data) > 500 and next(letters) == number:
            line.sock.sendall(data[: len(data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        whole(line, data)

    smtplib.SMTP.send = half


def assert_delivered(ledger, sink, *, most_twice):
    """Fail if a letter is lost or settled otherwise, or too many came twice; return how many did.

    Copies have the same Message-ID, and those of one day the same words.
    """
    came = Counter(m.mail["Message-ID"] for m in sink.received)
    world = World(ledger, PostOffice())
    assert {m.state for m in world.messages()} <= {"sent", "draft"}
    with ledger.read() as conn:
        states = {letter.message_id: letter.state for letter in letters.listed(conn)}
    assert set(states.values()) == {"sent"}
    assert came.keys() == states.keys()
    twice = sum(came.values()) - len(came)
    assert twice <= most_twice
    words = {(m.mail["Message-ID"], m.mail["Date"], m.content) for m in sink.received}
    assert len(words) == len({each[:2] for each in words})
    return twice
