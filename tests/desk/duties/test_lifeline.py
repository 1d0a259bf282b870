"""One duty in time: what the plan asked, what was granted, what was done and how late."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.duties.lifeline import lifeline
from tasks.deeds import extending
from tests.world import ISSUED, PostOffice, World, small_plan

KEY = "small-2013/1.report/-/once"
DUE, MOVED, FILED = dt.date(2013, 12, 31), dt.date(2014, 3, 2), dt.date(2014, 3, 5)


@pytest.fixture
def world(home, tmp_path, database):
    with database.open(home) as ledger:
        made = World(ledger, PostOffice())
        made.publish(small_plan(tmp_path, {}))
        made.sweep(ISSUED)
        made.acknowledge(KEY)
        yield made


def told(world):
    with world.ledger.read() as conn:
        return lifeline(conn, world.duty(KEY))


def test_a_duty_nobody_has_reported_on_has_its_plan_alone(world):
    (span,) = told(world).spans

    assert (span.since, span.until, span.due_on) == (0, 1, DUE)
    assert told(world).marks == ()


def test_what_was_granted_stands_behind_the_plan_and_the_delay_is_counted_to_it(world):
    world.sweep(dt.date(2013, 12, 18))
    ask = {"to": MOVED, "reason": "對方日程調整"}
    extending.ask(world.ledger, KEY, world.act("trade/officer"), **ask)
    by = world.act("office/officer")
    extending.grant(world.ledger, KEY, by, document="粵府函〔2013〕9號")
    world.sweep(FILED)
    world.file(KEY)
    world.give_back(KEY)
    found = told(world)

    assert [(span.due_on, span.until) for span in found.spans] == [
        (DUE, (DUE - ISSUED).days / (FILED - ISSUED).days),
        (MOVED, (MOVED - ISSUED).days / (FILED - ISSUED).days),
    ]
    assert [(mark.deed, mark.on, mark.late, mark.place) for mark in found.marks] == [
        ("filed", FILED, 3, 1),
        ("returned", FILED, 0, 1),
    ]
