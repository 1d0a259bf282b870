"""Courses of obligations leave the ledger as the day's sweep alone would have left it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from itertools import cycle

import pytest
import sqlalchemy as sa

from catalog.dates.days import A_DAY
from catalog.errors import NotFoundError
from catalog.plans.load import load_plan
from ledger.duties import conditions, duties, preparations
from ledger.proof import chain
from ledger.tables import RECORDED, TABLES
from tasks.demo import play
from tasks.sweep.course import carry
from tasks.sweep.steps import CHASE, STEPS
from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.faults.surviving import LONG

PLAN = load_plan("guangdong-2013")
SINCE = dt.date(2014, 1, 1)
YEAR = [SINCE + n * A_DAY for n in range(365)]
BUSY = [SINCE, dt.date(2014, 1, 8), dt.date(2014, 11, 17), dt.date(2014, 12, 1)]


def first_day(**more):
    return Tick(PLAN.plan, SINCE, sweep_instant(PLAN.zone, SINCE), **more)


FIRST = STEPS.index(CHASE[0])
BEFORE, COURSE = STEPS[:FIRST], STEPS[FIRST:-1]  # without the anchor, which ends a day
WITHOUT = {"changes": None, "head": None}  # these depend on the order within a day
RAN = Counter[str]()


def once(ledger, tick):
    RAN["due"] += carry(ledger, tick, COURSE).total()


def twice(ledger, tick):
    carry(ledger, tick, COURSE)
    assert carry(ledger, tick, COURSE).total() == 0


def late(ledger, tick):
    assert not carry(ledger, replace(tick, on=SINCE - 2 * A_DAY), COURSE)


def killed_half_way(ledger, tick):
    carry(ledger, tick, COURSE[:2])


def skipped(_ledger, _tick):
    pass


def in_all_ways():
    return cycle([once, once, twice, late, killed_half_way, skipped])


@pytest.fixture(scope="module")
def begun(tmp_path_factory, kind):
    """The demonstration on the eve of the year, once for each way to live it."""
    with ExitStack() as stack:
        homes = [tmp_path_factory.mktemp(name) for name in ("alone", "with")]
        ledgers = [stack.enter_context(kind.open(home)) for home in homes]
        for ledger in ledgers:
            play.begin(ledger, PLAN)
            play.live(ledger, PLAN.plan, SINCE - A_DAY)
        yield ledgers


def live(ledger, ways):
    for day in YEAR if LONG else BUSY:
        if ways:
            courses(ledger, Tick(PLAN.plan, day, sweep_instant(PLAN.zone, day)), ways)
        play.live(ledger, PLAN.plan, day)


def courses(ledger, tick, ways):
    """As the sweep flow does it."""
    sweep(ledger, tick, BEFORE)
    with ledger.read() as conn:
        due = duties.obligations_due(conn, plan=tick.plan, on=tick.on)
    for obligation in due:
        next(ways)(ledger, replace(tick, obligation=obligation))
        RAN["courses"] += 1


def facts(ledger):
    """Everything recorded, and the history without its order within a day."""
    with ledger.read() as conn:
        rows = {name: Counter(conn.execute(sa.select(*_columns(name)))) for name in RECORDED}
        return rows, Counter(
            (e.deed, e.subject, e.at, e.actor, repr(e.payload | WITHOUT))
            for e in chain.entries(conn)
        )


def _columns(name):
    """All columns, without the hash of the history, which has an order."""
    return [c for c in TABLES[name].c if name != "tidings" or c.name not in ("id", "subject")]


@pytest.mark.both
def test_a_course_goes_over_the_duties_of_its_obligation_alone(ledger):
    play.begin(ledger, PLAN)
    tick = first_day(obligation="40.meeting")
    sweep(ledger, tick, BEFORE)
    assert carry(ledger, tick, COURSE)["opened"] == 2
    with ledger.read() as conn:
        opened = duties.chosen(conn, conditions.OPENED)
        material = preparations.of(conn, "guangdong-2013/40.meeting/-/2013")
    assert {duty.obligation for duty in opened} == {"40.meeting"}
    assert material.prepared_on == SINCE


def test_an_obligation_that_no_edition_has_is_refused(ledger):
    play.begin(ledger, PLAN)
    with pytest.raises(NotFoundError, match=r"no obligation 40\.dinner"):
        carry(ledger, first_day(obligation="40.dinner"), COURSE)


def test_a_year_with_courses_twice_late_half_done_and_skipped_is_the_year_without(begun):
    alone, with_courses = begun
    live(alone, None)
    live(with_courses, in_all_ways())
    assert RAN["courses"] > 150
    assert RAN["due"] > 100
    for without, other in zip(facts(alone), facts(with_courses), strict=True):
        assert without == other
