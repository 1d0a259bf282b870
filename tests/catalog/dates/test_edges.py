"""Days counted from the edges of a period: golden days, and words that are none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.dates.edges import UNITS, Edge, edge
from catalog.dates.workdays import load_workdays

CN = load_workdays("CN")
YEAR = (date(2014, 1, 1), date(2014, 12, 31))
QUARTER = (date(2014, 1, 1), date(2014, 3, 31))
FEBRUARY = (date(2014, 2, 1), date(2014, 2, 28))
PART = (date(2013, 8, 5), date(2013, 12, 31))  # the year in which the plan was issued

DAYS = [
    ("start", YEAR, date(2014, 1, 1)),
    ("end", YEAR, date(2014, 12, 31)),
    ("start + 3 months", YEAR, date(2014, 3, 31)),
    ("start + 2 months", YEAR, date(2014, 2, 28)),
    ("start + 10 days", YEAR, date(2014, 1, 10)),
    ("start + 2 weeks", YEAR, date(2014, 1, 14)),
    ("start - 1 month", YEAR, date(2013, 12, 1)),
    ("start - 10 days", YEAR, date(2013, 12, 22)),
    ("end + 3 months", YEAR, date(2015, 3, 31)),
    ("end + 2 months", YEAR, date(2015, 2, 28)),
    ("end + 1 day", YEAR, date(2015, 1, 1)),
    ("end - 1 month", YEAR, date(2014, 11, 30)),
    ("end + 10 days", QUARTER, date(2014, 4, 10)),
    ("end + 10 working days", QUARTER, date(2014, 4, 15)),  # without Qingming
    ("start + 5 working days", QUARTER, date(2014, 1, 8)),  # without the New Year
    ("end - 5 working days", QUARTER, date(2014, 3, 24)),
    ("end + 1 month", FEBRUARY, date(2014, 3, 31)),
    ("start + 3 months", PART, date(2013, 11, 4)),
    ("end + 3 months", PART, date(2014, 3, 31)),
    ("end + 2 months", (date(2015, 1, 1), date(2015, 12, 31)), date(2016, 2, 29)),
]


@pytest.mark.parametrize(("written", "period", "day"), DAYS)
def test_the_day_of_a_period(written, period, day):
    assert edge(written).day(*period, CN) == day


@pytest.mark.parametrize(("written", "_", "__"), DAYS)
def test_it_is_written_as_it_was_read(written, _, __):
    assert str(edge(written)) == written


@pytest.mark.parametrize(
    "written",
    ["", "begin", "end +", "end + days", "end + 1.5 months", "end + 0 days", "end 3 months",
     "end + 3 years", "31 March", "end + 3 months - 1 day", "END"],
)  # fmt: skip
def test_other_words_are_no_day(written):
    with pytest.raises(ValueError, match=r".*"):
        edge(written)


@given(
    st.sampled_from(sorted(UNITS)),
    st.integers(1, 500),
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
)
def test_a_day_after_the_end_is_after_it_and_one_before_the_start_before(unit, number, first):
    last = first + timedelta(89)
    assert Edge("end", number, unit).day(first, last, CN) > last
    assert Edge("start", -number, unit).day(first, last, CN) < first
