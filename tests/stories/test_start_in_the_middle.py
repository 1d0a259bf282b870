"""An office that starts in the middle of its plan: the past is listed, and nobody is told of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tasks.past.listing import past
from tasks.past.settling import Settlement, settle
from tests.world import small_plan

if TYPE_CHECKING:
    from pathlib import Path

    from tests.world import World

START = date(2013, 11, 4)
REPORT = {"id": "report", "recurrence": "monthly"}
REPORTS = "small-2013/1.report/-/2013-"
AHEAD = {"id": "ahead", "due_on": date(2013, 12, 31)}


@pytest.fixture
def started(world: World, tmp_path: Path) -> World:
    """A plan of 5 August that starts on 4 November: August to October are past."""
    world.publish(small_plan(tmp_path, REPORT, AHEAD), start_on=START)
    world.day(START)
    return world


def test_what_was_due_before_the_start_is_listed_and_nobody_is_told(started: World) -> None:
    with started.ledger.read() as conn:
        assert [d.period for d in past(conn, "small-2013")] == ["2013-08", "2013-09", "2013-10"]
    started.expect("trade/officer", START, "issue")
    assert {n.duty for n in started.notices()} == {
        "small-2013/1.report/-/2013-11",
        "small-2013/1.ahead/-/once",
    }


def test_all_settlements_are_recorded_or_none(started: World) -> None:
    started.expect("trade/officer", START, "issue")
    rows = [
        Settlement(f"{REPORTS}08", "done", done_on=date(2013, 8, 30), document="工作簡報"),
        Settlement(f"{REPORTS}09", "not-done"),
    ]
    act = started.act("office/officer")
    (refused,) = settle(started.ledger, "small-2013", act, rows)
    assert (refused.place, refused.error.key) == (f"{REPORTS}09", "rule-needs-reason")
    assert started.status(f"{REPORTS}08") == "past"

    rows[1] = rows[1]._replace(reason="未開展")
    assert not settle(started.ledger, "small-2013", act, rows)
    assert started.status(f"{REPORTS}08") == "closed-on-time"
    assert started.status(f"{REPORTS}09") == "closed-not-done"
