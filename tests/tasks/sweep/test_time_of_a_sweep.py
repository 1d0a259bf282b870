"""A sweep that has taken all its time says what is left, and the next one goes on from there."""

from __future__ import annotations

import datetime as dt
from itertools import count
from types import SimpleNamespace

import pytest

from ledger.plans import editions
from tasks import time_limit
from tasks.sweep import due_pages
from tasks.tick import SWEEP, UnfinishedError
from tests.faults.surviving import assert_sound, everything
from tests.world import ISSUED, PostOffice, World, small_plan

DUTIES = [{"id": f"r{n}", "due_on": dt.date(2013, 9, 30)} for n in range(6)]


@pytest.fixture
def opened(database, tmp_path):
    def _opened(name):
        world = World(database.open(tmp_path / name), PostOffice())
        world.publish(small_plan(tmp_path, *DUTIES))
        return world

    return _opened


@pytest.fixture
def looks(monkeypatch):
    """Return a function: the time of each sweep is over at its so-many-th look at the clock."""
    monkeypatch.setattr(due_pages, "PAGE", 2)

    def _looks(number):
        clock = map((SWEEP / number).__mul__, count())
        monkeypatch.setattr(time_limit, "time", SimpleNamespace(monotonic=clock.__next__))

    return _looks


def test_the_next_sweeps_go_on_where_one_stopped_until_all_is_as_after_one(opened, looks):
    whole, world = opened("whole"), opened("parts")
    whole.sweep(ISSUED)

    left = []
    for number in count(3):
        looks(number)
        try:
            world.sweep(ISSUED)
        except UnfinishedError as unfinished:
            left.append(unfinished.values["left"])
            with world.ledger.read() as conn:
                assert editions.in_force(conn, "small-2013").swept_through is None
        else:
            break
    assert left == sorted(left, reverse=True)
    assert len(left) > 3
    assert left[0] == len(DUTIES)
    assert {m.id for m in world.messages()} == {m.id for m in whole.messages()}
    tables = (everything(world.ledger), everything(whole.ledger))
    assert tables[0]["duties"] == tables[1]["duties"]
    assert tables[0]["notices"] == tables[1]["notices"]
    assert_sound(world.ledger)


def test_the_error_is_one_line_that_says_how_many_are_left(opened, looks):
    looks(5)
    with pytest.raises(UnfinishedError) as stopped:
        opened("home").sweep(ISSUED)
    assert str(stopped.value) == (
        "The sweep of small-2013 for 2013-08-05 has taken all its time, with 6 duties left to look"
        " at; sweep again: it goes on where it stopped."
    )
