"""Recurrence: labels, bounds, month ends and leap days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.dates.recurrence import RECURRENCES, Recurs, Yearly

DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))
CALENDAR = st.sampled_from([name for name in RECURRENCES if name != "once"])


def _periods(name, since, until, anchor=None):
    return list(RECURRENCES[name].periods(since, until, anchor=anchor))


def _days(name, since, until):
    """Return label, opening and due date of each period, which are the days it covers."""
    periods = _periods(name, since, until)
    assert all((p.covers_from, p.covers_until) == (p.opens_on, p.due_on) for p in periods)
    return [(p.label, p.opens_on, p.due_on) for p in periods]


def _due(name, since, until, anchor=None):
    return [period.due_on for period in _periods(name, since, until, anchor)]


def test_every_recurrence_a_plan_may_name_is_there():
    assert set(RECURRENCES) == set(Recurs.__args__)


def test_once_is_one_period():
    assert _days("once", date(2013, 8, 5), date(2015, 12, 31)) == [
        ("once", date(2013, 8, 5), date(2015, 12, 31))
    ]


def test_yearly_opens_on_the_first_day_of_the_term_and_of_each_year():
    assert _days("yearly", date(2013, 8, 5), date(2015, 12, 31)) == [
        ("2013", date(2013, 8, 5), date(2013, 12, 31)),
        ("2014", date(2014, 1, 1), date(2014, 12, 31)),
        ("2015", date(2015, 1, 1), date(2015, 12, 31)),
    ]


def test_half_yearly_is_due_in_june_and_december():
    assert _days("half-yearly", date(2013, 8, 5), date(2014, 12, 31)) == [
        ("2013-H2", date(2013, 8, 5), date(2013, 12, 31)),
        ("2014-H1", date(2014, 1, 1), date(2014, 6, 30)),
        ("2014-H2", date(2014, 7, 1), date(2014, 12, 31)),
    ]


def test_quarterly_and_monthly_are_due_at_their_ends():
    assert _days("quarterly", date(2014, 1, 1), date(2014, 6, 30)) == [
        ("2014-Q1", date(2014, 1, 1), date(2014, 3, 31)),
        ("2014-Q2", date(2014, 4, 1), date(2014, 6, 30)),
    ]
    assert _days("monthly", date(2014, 1, 20), date(2014, 3, 10)) == [
        ("2014-01", date(2014, 1, 20), date(2014, 1, 31)),
        ("2014-02", date(2014, 2, 1), date(2014, 2, 28)),
        ("2014-03", date(2014, 3, 1), date(2014, 3, 10)),
    ]


def test_the_31st_of_a_short_month_is_its_last_day():
    assert _due("monthly", date(2014, 1, 1), date(2014, 5, 31), date(2014, 1, 31)) == [
        date(2014, 1, 31),
        date(2014, 2, 28),
        date(2014, 3, 31),  # from the anchor, not from 28 February
        date(2014, 4, 30),
        date(2014, 5, 31),
    ]


def test_29_february_yearly_is_28_february_until_the_next_leap_year():
    assert _due("yearly", date(2012, 1, 1), date(2016, 12, 31), date(2012, 2, 29)) == [
        date(2012, 2, 29),
        date(2013, 2, 28),
        date(2014, 2, 28),
        date(2015, 2, 28),
        date(2016, 2, 29),
    ]


def test_months_of_a_leap_year_end_on_29_february():
    assert date(2016, 2, 29) in _due("monthly", date(2016, 1, 1), date(2016, 12, 31))


@pytest.mark.parametrize(
    ("name", "anchor", "due"),
    [
        ("yearly", date(2014, 3, 31), [date(2014, 3, 31), date(2015, 3, 31)]),
        (
            "half-yearly",
            date(2014, 8, 31),
            [date(2014, 8, 31), date(2015, 2, 28), date(2015, 8, 31)],
        ),
        (
            "quarterly",
            date(2015, 5, 31),
            [date(2015, 5, 31), date(2015, 8, 31), date(2015, 11, 30)],
        ),
    ],
)
def test_the_anchor_is_the_first_due_date(name, anchor, due):
    assert _due(name, date(2013, 8, 5), date(2015, 12, 31), anchor) == due


def test_what_would_be_due_before_the_first_day_is_left_out():
    labels = [
        p.label for p in _periods("yearly", date(2013, 8, 5), date(2014, 12, 31), date(2013, 3, 31))
    ]
    assert labels == ["2014"]


@pytest.mark.parametrize("name", RECURRENCES)
def test_days_the_wrong_way_round_give_nothing(name):
    assert _periods(name, date(2014, 2, 2), date(2014, 2, 1)) == []


@given(CALENDAR, DAYS, DAYS)
def test_periods_cover_every_day_once(name, since, until):
    covered = [
        period.opens_on + timedelta(n)
        for period in _periods(name, since, until)
        for n in range((period.due_on - period.opens_on).days + 1)
    ]
    assert covered == [since + timedelta(n) for n in range((until - since).days + 1)]


@given(CALENDAR, DAYS, DAYS, DAYS)
def test_labels_are_unique_and_due_dates_rise(name, since, until, anchor):
    periods = _periods(name, since, until, anchor)
    due = [period.due_on for period in periods]
    assert due == sorted(due)
    assert len({period.label for period in periods}) == len(periods)
    assert all(since <= p.opens_on <= p.due_on <= until for p in periods)


def test_a_recurrence_may_be_longer_than_a_year():
    class EverySecondYear(Yearly):
        months = 24

    periods = EverySecondYear().periods(date(2013, 8, 5), date(2016, 12, 31))

    assert [(p.label, p.opens_on, p.due_on) for p in periods] == [
        ("2012", date(2013, 8, 5), date(2013, 12, 31)),
        ("2014", date(2014, 1, 1), date(2015, 12, 31)),
        ("2016", date(2016, 1, 1), date(2016, 12, 31)),
    ]
