"""Each sweep ends with the head of the history in a file outside the database."""

from __future__ import annotations

from datetime import date

import pytest

from ledger import anchors, editions, history
from tests.world import DAY, ISSUED, PostOffice, World, small_plan


@pytest.fixture
def world(ledger, tmp_path):
    made = World(ledger, PostOffice())
    made.publish(small_plan(tmp_path, {}))
    return made


def kept(world):
    return anchors.anchors(world.ledger.settings.home)


def test_a_sweep_anchors_the_head_it_leaves(world):
    world.sweep(ISSUED)
    with world.ledger.read() as conn:
        head = history.head(conn)
    assert kept(world) == [history.Anchor(ISSUED, head.entries, head.head)]


def test_a_head_that_is_on_file_is_not_written_again(world):
    world.sweep(ISSUED)
    world.sweep(ISSUED)
    world.sweep(ISSUED + DAY)
    assert len(kept(world)) == 1


def test_a_sweep_that_did_something_adds_an_anchor(world):
    world.sweep(ISSUED)
    world.sweep(date(2013, 8, 12))
    first, second = kept(world)
    assert (second.on, second.entries > first.entries) == (date(2013, 8, 12), True)


def test_the_plan_is_known_to_be_swept_through_the_day(world):
    world.sweep(date(2013, 8, 7))
    with world.ledger.read() as conn:
        assert editions.in_force(conn, "small-2013").swept_through == date(2013, 8, 7)
