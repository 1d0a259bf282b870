"""Working days: the published notices, rolling, counting, and two packages that agree."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.dates.workdays import TABLES, load_workdays, read_workdays
from catalog.errors import NotFoundError

CN = load_workdays("CN")
DAYS = st.dates(date(2005, 1, 1), date(2032, 12, 31))  # well beyond the table on both sides

NOTICE = """
[2014]
papers = []
off = [[2014-01-01, 2014-01-01]]
work = [2014-01-04]
"""


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2013, 9, 29), True),  # a worked Sunday
        (date(2013, 9, 28), False),
        (date(2013, 10, 7), False),
        (date(2013, 10, 8), True),
        (date(2015, 1, 2), False),
        (date(2015, 1, 4), True),  # a worked Sunday
        (date(2015, 9, 3), False),  # by the notice of May 2015
        (date(2020, 1, 31), False),  # by the notice of January 2020
    ],
)
def test_a_day_is_worked_as_its_notice_says(day, worked):
    assert CN.is_workday(day) is worked


@pytest.mark.parametrize("year", range(2013, 2027))
def test_chinesecalendar_agrees_on_every_day(year):
    assert _worked(year) == [d for d in _days(year) if chinese_calendar.is_workday(d)]


@pytest.mark.parametrize("year", range(2013, 2027))
def test_holidays_agrees_on_every_day(year):
    china = holidays.country_holidays("CN", years=year)
    assert _worked(year) == [d for d in _days(year) if china.is_working_day(d)]


@pytest.mark.parametrize("day", [date(2009, 12, 31), date(2027, 1, 1), date(2027, 10, 1)])
def test_a_year_without_a_notice_is_provisional(day):
    assert CN.is_provisional(day)


def test_a_year_with_a_notice_is_not_provisional():
    assert not CN.is_provisional(date(2010, 1, 1))
    assert not CN.is_provisional(date(2026, 12, 31))


@pytest.mark.parametrize("year", [2009, 2027, 2031])
def test_a_provisional_year_is_worked_monday_to_friday(year):
    assert _worked(year) == [d for d in _days(year) if d.weekday() < 5]


def test_a_year_missing_between_two_notices_is_worked_monday_to_friday():
    between = read_workdays("XX", NOTICE + NOTICE.replace("2014", "2016"))
    assert between.is_workday(date(2015, 1, 1))
    assert between.is_provisional(date(2015, 1, 1))
    assert not between.is_workday(date(2016, 1, 1))


def test_every_table_in_the_folder_loads():
    codes = [path.stem for path in TABLES.glob("*.toml")]
    assert [load_workdays(code).code for code in codes] == codes
    assert "CN" in codes


def test_every_year_of_the_table_cites_its_notice():
    text = (TABLES / "CN.toml").read_text(encoding="utf-8")
    tables = text.split("\n[2")[1:]
    assert len(tables) == len(CN.years) == 17
    assert all("gov.cn/zhengce/" in table for table in tables)


def test_an_unknown_calendar_is_not_found():
    with pytest.raises(NotFoundError) as refused:
        load_workdays("../CN")
    assert refused.value.key == "workdays-unknown"
    assert refused.value.values == {"code": "../CN", "known": "CN"}


def test_the_version_follows_the_days_and_not_the_comments():
    same = read_workdays("XX", "# a comment\n" + NOTICE)
    amended = read_workdays("XX", NOTICE.replace("2014-01-04", "2014-01-05"))
    assert same.version == read_workdays("XX", NOTICE).version != amended.version


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2013, 8, 5), 5, date(2013, 8, 12)),
        (date(2013, 8, 5), 10, date(2013, 8, 19)),
        (date(2013, 9, 30), 1, date(2013, 10, 8)),
        (date(2013, 10, 8), -1, date(2013, 9, 30)),
        (date(2014, 1, 1), 1, date(2014, 1, 2)),
        (date(2013, 10, 1), 0, date(2013, 10, 1)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),  # provisional
    ],
)
def test_working_days_are_counted_from_the_day_after(day, count, expected):
    assert CN.add(day, count) == expected


@given(DAYS)
def test_rolling_gives_the_nearest_working_day_on_that_side(day):
    back, forward = CN.roll_back(day), CN.roll_forward(day)
    assert back <= day <= forward
    assert CN.is_workday(back)
    assert CN.is_workday(forward)
    between = [back + timedelta(n) for n in range(1, (forward - back).days)]
    assert not any(CN.is_workday(d) for d in between if d != day)
    assert CN.is_workday(day) == (back == day == forward)


@given(DAYS, st.integers(1, 400))
def test_adding_steps_over_exactly_so_many_working_days(day, count):
    end = CN.add(day, count)
    passed = [day + timedelta(n) for n in range(1, (end - day).days + 1)]
    assert sum(map(CN.is_workday, passed)) == count
    assert CN.is_workday(end)


@given(DAYS, st.integers(1, 400))
def test_adding_and_taking_away_comes_back_to_a_working_day(day, count):
    start = CN.roll_forward(day)
    assert CN.add(CN.add(start, count), -count) == start


def _days(year):
    return [
        date(year, 1, 1) + timedelta(n)
        for n in range((date(year, 12, 31) - date(year, 1, 1)).days + 1)
    ]


def _worked(year):
    return [d for d in _days(year) if CN.is_workday(d)]
