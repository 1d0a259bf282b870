"""A month or a quarter by its label: its days, the one after it, and what it is called."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.dates.days import A_DAY
from catalog.dates.spans import span, span_of
from catalog.errors import UsageRefusedError
from catalog.wording import languages


@pytest.mark.parametrize(
    ("label", "since", "until", "following", "name"),
    [
        ("2014-12", date(2014, 12, 1), date(2014, 12, 31), "2015-01", "2014年12月"),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29), "2016-03", "2016年2月"),
        ("2014-Q4", date(2014, 10, 1), date(2014, 12, 31), "2015-Q1", "2014年第4季度"),
        ("2015-Q1", date(2015, 1, 1), date(2015, 3, 31), "2015-Q2", "2015年第1季度"),
    ],
)
def test_a_span_has_its_days_and_its_name(label, since, until, following, name):
    found = span(label)
    assert (found.since, found.until) == (since, until)
    assert (found.following.label, found.name("zh-Hant")) == (following, name)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0000",
        "14",
        "2014-13",
        "2014-00",
        "2014-1",
        "2014-Q0",
        "2014-Q5",
        "2014-Q",
        "Q4",
        "2014-12-01",
    ],
)
def test_what_is_no_month_or_quarter_is_refused(typed):
    with pytest.raises(UsageRefusedError):
        span(typed)


@given(st.text(max_size=9))
def test_any_text_is_a_span_or_refused(typed):
    try:
        found = span(typed)
    except UsageRefusedError:
        return
    assert found.label == typed


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.booleans())
def test_the_spans_leave_no_day_out(day, quarter):
    found = span_of(day, quarter=quarter)
    assert found.since <= day <= found.until
    assert found.following.since == found.until + A_DAY
    assert span(found.label) == found


@pytest.mark.parametrize("language", languages())
def test_a_span_is_named_in_every_language(language):
    assert "2014" in span("2014-Q4").name(language)
