"""An office that starts in the middle of its plan: the past is listed, and nobody is told of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from catalog.dates.spans import Span
from catalog.errors import ConflictError
from catalog.plans.succession import Order
from ledger.proof import chain
from tasks.agencies.reorganise import reorganise
from tasks.past.foreseeing import foresee
from tasks.past.listing import past
from tasks.past.moving import move_start
from tasks.past.settling import Settlement, settle
from tasks.plans.publish import publish
from tasks.reports.circular_figures import count
from tasks.reports.scorecard_figures import count_cards
from tests.world import small_plan

if TYPE_CHECKING:
    from pathlib import Path

    from catalog.plans.model import Plan
    from tests.world import World

START = date(2013, 11, 4)
PLAN, REPORTS, AHEAD = "small-2013", "small-2013/1.report/-/2013-", "small-2013/1.ahead/-/once"
AUGUST = Span("2013-08", date(2013, 8, 1), date(2013, 8, 31))
PAST = [f"{REPORTS}{month:02}" for month in (8, 9, 10)]


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return small_plan(
        tmp_path,
        {"id": "report", "recurrence": "monthly"},
        {"id": "ahead", "due_on": date(2013, 12, 31)},
    )


@pytest.fixture
def started(world: World, plan: Plan) -> World:
    """A plan of 5 August that starts on 4 November: August to October are past."""
    world.publish(plan, start_on=START)
    world.day(START)
    world.expect("trade/officer", START, "issue")
    return world


def past_keys(world: World) -> list[str]:
    with world.ledger.read() as conn:
        return [duty.key for duty in past(conn, PLAN)]


def settled(world: World, *rows: Settlement) -> list[tuple[str, str]]:
    """Settle the rows and return what was refused: the key and the rule of each."""
    refused = settle(world.ledger, PLAN, world.act("office/officer"), rows)
    return [(row.place, row.error.key) for row in refused]


def test_what_was_due_before_the_start_is_listed_and_nobody_is_told(started: World) -> None:
    assert past_keys(started) == PAST
    assert {n.duty for n in started.notices()} == {f"{REPORTS}11", AHEAD}
    assert started.duty(AHEAD).opens_on == START


def test_the_entry_of_a_duty_under_way_names_the_rungs_that_had_passed(started: World) -> None:
    with started.ledger.read() as conn:
        scheduled = next(chain.entries(conn, AHEAD))
    assert scheduled.payload["passed"] == ["issue", "unsigned-5", "unsigned-10"]
    assert scheduled.payload["start_on"] == "2013-11-04"


def test_all_settlements_are_recorded_or_none(started: World) -> None:
    done = Settlement(PAST[0], "done", done_on=date(2013, 8, 30), document="工作簡報")
    not_done = Settlement(PAST[1], "not-done")
    assert settled(started, done, not_done) == [(PAST[1], "rule-needs-reason")]
    assert started.status(PAST[0]) == "past"

    assert not settled(started, done, not_done._replace(reason="未開展"))
    assert [started.status(key) for key in PAST] == ["closed-on-time", "closed-not-done", "past"]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (Settlement(PAST[0], "done", document="簡報"), "rule-needs-done-on"),
        (Settlement(PAST[0], "done", date(2013, 8, 30)), "rule-needs-document"),
        (Settlement(PAST[0], "done", date(2013, 11, 5), "簡報"), "rule-not-ahead"),
        (Settlement(PAST[0], "done", date(2013, 8, 1), "簡報"), "rule-within-period"),
        (Settlement(AHEAD, "done", date(2013, 11, 4), "簡報"), "rule-standing-running"),
        (Settlement("small-2013/1.none/-/once", "take-up"), "duty-unknown"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_settlement_that_does_not_fit_is_refused(
    started: World, row: Settlement, rule: str
) -> None:
    assert settled(started, row) == [(row.key, rule)]


def test_an_agency_settles_nothing(started: World) -> None:
    row = Settlement(PAST[0], "not-done", reason="未開展")
    (refused,) = settle(started.ledger, PLAN, started.act("trade/officer"), [row])
    assert refused.error.key == "rule-who-office"


def test_a_day_after_the_due_date_is_late(started: World) -> None:
    assert not settled(started, Settlement(PAST[0], "done", date(2013, 9, 2), "簡報"))
    assert started.status(PAST[0]) == "closed-late"


def test_cards_and_circulars_count_what_was_settled_and_nothing_else(started: World) -> None:
    def figures() -> tuple[int, int]:
        with started.ledger.read() as conn:
            card = count_cards(conn, PLAN, 2013, on=START)["trade"]
            circular = count(conn, PLAN, AUGUST, on=START)
        return sum(line.key in PAST for line in card.lines), circular.figures.due

    assert figures() == (0, 0)
    settled(started, Settlement(PAST[0], "done", date(2013, 8, 30), "簡報"))
    assert figures() == (1, 1)


def test_what_is_taken_up_is_told_and_climbs_from_the_next_rung_on(started: World) -> None:
    assert not settled(started, Settlement(PAST[2], "taken-up"))
    assert started.status(PAST[2]) == "overdue"
    started.until(date(2013, 11, 7))
    started.expect("trade/officer", date(2013, 11, 5), "taken-up")
    started.expect("office/officer", date(2013, 11, 7), "late-7")
    assert [n.rung for n in started.notices(duty=PAST[2]) if n.form == "slip"] == ["late-7"]


def test_what_an_amendment_adds_starts_with_it(started: World, tmp_path: Path) -> None:
    more = small_plan(
        tmp_path,
        {"id": "report", "recurrence": "monthly"},
        {"id": "ahead", "due_on": date(2013, 12, 31)},
        {"id": "other", "recurrence": "quarterly"},
    ).model_copy(update={"edition": 2})
    act = started.act("office/officer")
    publish(started.ledger, more, at=act.at, actor=act.user)
    assert set(past_keys(started)) == {*PAST, "small-2013/1.other/-/2013-Q3"}
    started.sweep(date(2013, 11, 5))
    assert "small-2013/1.other/-/2013-Q4" in {n.duty for n in started.notices()}


def test_the_past_follows_the_successor_unsaid(started: World) -> None:
    order = Order("merged", "trade", START, "粵府〔2013〕9號", successor="city")
    reorganise(started.ledger, order, started.act("office/officer"))
    assert {started.duty(key).performer for key in PAST} == {"city"}
    assert not [n for n in started.notices() if n.duty in PAST]


def test_a_start_day_typed_too_early_is_corrected(world: World, plan: Plan) -> None:
    world.publish(plan, start_on=date(2013, 9, 16))
    world.sweep(date(2013, 11, 4))
    assert past_keys(world) == PAST[:1]
    act = world.act("office/officer")
    with pytest.raises(ConflictError, match="reason"):
        move_start(world.ledger, PLAN, act, start_on=START, reason="")
    moved = move_start(world.ledger, PLAN, act, start_on=START, reason="錄入有誤")
    assert (moved.past, past_keys(world)) == (PAST[1:], PAST)
    assert world.messages(state="draft") == []
    world.sweep(date(2013, 11, 8))
    assert {world.status(key) for key in PAST} == {"past"}


def test_a_start_day_typed_too_late_brings_back_what_is_to_come(world: World, plan: Plan) -> None:
    world.publish(plan, start_on=date(2014, 1, 6))
    world.sweep(START)
    assert AHEAD in past_keys(world)
    act = world.act("office/officer")
    moved = move_start(world.ledger, PLAN, act, start_on=date(2013, 10, 8), reason="錄入有誤")
    assert set(moved.back) == {f"{REPORTS}11", f"{REPORTS}12", AHEAD}
    assert past_keys(world) == PAST  # due meanwhile: taken up one by one
    world.sweep(date(2013, 11, 5))
    assert {n.duty for n in world.notices()} == {f"{REPORTS}11", AHEAD}


def test_a_publication_is_foreseen(world: World, plan: Plan) -> None:
    with world.ledger.read() as conn:
        foresight = foresee(conn, plan, START)
    assert [duty.dated.key for duty in foresight.past] == PAST
    assert {duty.dated.key for duty in foresight.opening} == {f"{REPORTS}11", AHEAD}
    assert (foresight.letters, foresight.slips) == (["trade/officer"], 0)
    assert "trade/leader" in foresight.unreached
