"""A world of which a letter to the city has left."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.tasks.incoming.samples import dsn
from tests.world import ISSUED, PostOffice, World, small_plan


@pytest.fixture
def world(ledger, tmp_path, monkeypatch):
    post = PostOffice()
    monkeypatch.setattr("tasks.post.lines.channel_for", lambda _settings, _name, **_: post)
    stage = World(ledger, post)
    stage.publish(small_plan(tmp_path, {"parties": ["city"], "due_on": dt.date(2013, 9, 30)}))
    stage.day(ISSUED)
    return stage


@pytest.fixture
def letter(world):
    """The letter that the officer of the city got."""
    (one,) = [letter for letter in world.post.letters if "officer.city" in letter.to]
    return one


@pytest.fixture
def report(letter):
    """Return a function that makes a report about the letter."""

    def report(*words, **changes):
        return dsn(*words, **{"message_id": letter.message_id, "to": letter.to, **changes})

    return report
