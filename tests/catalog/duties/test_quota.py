"""Quotas: pace, lag and shortfall."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.duties import quota

YEAR = (date(2014, 1, 1), date(2014, 12, 31))
DAYS = st.dates(date(2013, 1, 1), date(2016, 12, 31))


@pytest.mark.parametrize(
    ("minimum", "today", "items"),
    [
        (30, date(2013, 12, 31), 0),
        (30, date(2014, 1, 1), 0),
        (30, date(2014, 3, 31), 7),  # 90 of 365 days
        (30, date(2014, 6, 30), 14),
        (30, date(2014, 9, 30), 22),
        (30, date(2014, 12, 30), 29),
        (30, date(2014, 12, 31), 30),
        (30, date(2015, 3, 1), 30),
        (1, date(2014, 12, 30), 0),  # one meeting a year is due at the end, not before
        (1, date(2014, 12, 31), 1),
    ],
)
def test_pace_is_even_and_counts_whole_items(minimum, today, items):
    assert quota.expected(minimum, *YEAR, today=today) == items


@pytest.mark.parametrize(
    ("delivered", "lags"),
    [(0, True), (11, True), (12, False), (14, False)],  # 14 are due, 80 % of that is 11.2
)
def test_under_80_percent_of_pace_is_behind(delivered, lags):
    assert quota.behind(30, delivered, *YEAR, today=date(2014, 6, 30)) is lags


def test_exactly_80_percent_is_not_behind():
    assert not quota.behind(20, 8, *YEAR, today=date(2014, 7, 2))  # 10 are due


def test_nothing_due_yet_is_never_behind():
    assert not quota.behind(3, 0, *YEAR, today=date(2014, 3, 31))


def test_pace_is_looked_at_when_a_quarter_ends_before_the_due_date():
    assert [(q.label, q.due_on) for q in quota.looks(*YEAR)] == [
        ("2014-Q1", date(2014, 3, 31)),
        ("2014-Q2", date(2014, 6, 30)),
        ("2014-Q3", date(2014, 9, 30)),
    ]


def test_pace_is_not_looked_at_before_the_opening():
    first = quota.looks(date(2013, 8, 5), date(2013, 12, 31))
    assert [q.due_on for q in first] == [date(2013, 9, 30)]


@pytest.mark.parametrize(("delivered", "missing"), [(0, 3), (2, 1), (3, 0), (5, 0)])
def test_a_shortfall_is_never_negative(delivered, missing):
    assert quota.shortfall(3, delivered) == missing


@given(st.integers(1, 50), DAYS, DAYS, DAYS)
def test_pace_runs_from_nothing_to_all(minimum, one, other, today):
    opens_on, due_on = sorted((one, other))
    items = quota.expected(minimum, opens_on, due_on, today=today)
    assert 0 <= items <= minimum
    assert today < due_on or items == minimum
    assert today >= opens_on or items == 0


HALF = (date(2014, 1, 1), date(2014, 6, 30))


@pytest.mark.parametrize(
    ("days", "extensions", "counted"),
    [
        ((*HALF, None, None), 0, HALF),  # of a ledger from before periods were recorded
        ((date(2014, 1, 1), date(2014, 7, 10), *HALF), 0, HALF),  # due ten days after its period
        ((date(2014, 1, 1), date(2014, 3, 31), *HALF), 0, (HALF[0], date(2014, 3, 31))),
        ((date(2014, 3, 5), date(2014, 6, 30), *HALF), 0, HALF),  # issued within it, counted whole
        ((date(2014, 1, 1), date(2014, 9, 30), *HALF), 1, (HALF[0], date(2014, 9, 30))),
    ],
)
def test_a_quota_is_counted_over_its_period_to_the_due_date(days, extensions, counted):
    assert quota.paced(*days, extensions) == counted


def test_items_are_held_within_the_period_and_until_an_extended_due_date():
    days = (date(2014, 1, 1), date(2014, 7, 10), *HALF)
    assert quota.item_days(*days) == HALF
    assert quota.item_days(*days, extensions=1) == (HALF[0], date(2014, 7, 10))
