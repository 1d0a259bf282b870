"""A replay counts its words on each duty by quarter, and names the quarters without one."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.plans.replay import replay
from tasks.plans.words_spoken import words_spoken
from tests.world import small_plan

DUE = date(2014, 8, 15)
LONG = {"id": "long", "due_on": DUE}
SHORT = {"id": "short", "due_on": date(2014, 2, 5)}  # six months to the day


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    """The words on a long and a short duty, by whether the ladder asks between."""
    folder = tmp_path_factory.mktemp("plan")
    plans = {asks: small_plan(folder, LONG, SHORT, between=asks) for asks in (True, False)}
    return {asks: words_spoken(replay(plan, until=DUE)) for asks, plan in plans.items()}


def test_every_quarter_of_a_long_duty_has_a_word(spoken):
    long, short = spoken[True]
    # issue, unsigned, unsigned and progress; then silent, silent and progress each quarter
    assert long.by_quarter == {"2013-Q3": 4, "2013-Q4": 3, "2014-Q1": 3, "2014-Q2": 3}
    assert (long.is_long, long.silent, short.is_long) == (True, [], False)


def test_without_a_rung_between_the_quarters_are_named(spoken):
    long, short = spoken[False]
    assert long.silent == ["2013-Q4", "2014-Q1", "2014-Q2"]
    assert short.by_quarter == {"2013-Q3": 3, "2013-Q4": 0}


def test_a_window_counts_the_quarters_in_it(tmp_path):
    plan = small_plan(tmp_path, LONG)
    (long,) = words_spoken(replay(plan, since=date(2014, 1, 1), until=date(2014, 6, 29)))
    assert list(long.by_quarter) == ["2014-Q1"]
