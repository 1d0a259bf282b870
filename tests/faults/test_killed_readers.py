"""Killed between reading and recording, a letter that came back is counted once and not lost."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from threading import Barrier, Thread

import pytest

from ledger.proof import chain
from tasks.incoming.maildir import Maildir
from tasks.incoming.reading import read
from tests.faults.surviving import assert_sound, dies
from tests.tasks.incoming.samples import dsn
from tests.world import ISSUED, PostOffice, World, small_plan

POINTS = ("before-commit", "after-commit", "taken")


@pytest.fixture
def maildir(tmp_path):
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    return tmp_path / "mail"


@pytest.fixture
def world(database, home, tmp_path, monkeypatch, maildir):
    """A world whose letter to the city came back."""
    post = PostOffice()
    monkeypatch.setattr("tasks.post.lines.channel_for", lambda _settings, _name, **_: post)
    with database.open(home) as ledger:
        stage = World(ledger, post)
        stage.publish(small_plan(tmp_path, {"parties": ["city"], "due_on": dt.date(2013, 9, 30)}))
        stage.day(ISSUED)
        (letter,) = [each for each in post.letters if "officer.city" in each.to]
        for name in ("1", "2"):  # the server reports it twice
            content = dsn(to=letter.to, message_id=letter.message_id)
            (maildir / "new" / name).write_bytes(content)
        yield stage


def read_all(ledger, maildir, at):
    return read(Maildir(maildir), [ledger], lambda _: at, left=lambda _: None)


def bounced(ledger):
    with ledger.read() as conn:
        return [entry for entry in chain.entries(conn) if entry.deed == "bounced"]


@pytest.mark.parametrize("point", [f"{point}:1" for point in POINTS] + ["taken:2"])
def test_a_reader_that_dies_leaves_the_mail_to_the_next(world, database, home, maildir, point):
    def work():
        with database.open(home) as ledger:
            read_all(ledger, maildir, world.at)

    world.ledger.engine.dispose(close=False)  # the child opens its own
    assert dies(work, at=point)
    read_all(world.ledger, maildir, world.at)
    assert len(bounced(world.ledger)) == 1
    assert not list((maildir / "new").iterdir())
    assert len(list((maildir / "cur").iterdir())) == 2
    assert_sound(world.ledger)


def test_two_readers_at_once_count_a_letter_once(world, database, home, maildir):
    together, counts = Barrier(2), Counter()

    def work():
        with database.open(home) as ledger:
            together.wait(10)
            counts.update(read_all(ledger, maildir, world.at))

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert counts["bounced"] == len(bounced(world.ledger)) == 1
    assert not list((maildir / "new").iterdir())
    assert_sound(world.ledger)
