"""Days as people type them into cells, and the times that cells set."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.trackers.days import EPOCH, EPOCH_1904, DayDoubt, typed_day
from catalog.trackers.when import When, typed_when

JUNE = date(2026, 6, 30)
AS_TYPED = """
2026/6/30 | 2026年6月30日 | 2026.6.30 | 2026-6-30 | 2026/06/30
2026 年 6 月 30 日 | 20260630 | 46203 | 46203.5 | 2026-06-30 00:00:00
2026-06-30T00:00:00 | 2026/6/30 17:30 | 2026.06.30前 | 2026年6月30日之前 | 2026年6月30日以前完成
２０２６年６月３０日 | 2026-6-30（星期二） | 民国115年6月30日 | 115.6.30 | 115/06/30
30/6/2026 | 30.6.2026 | 30-06-2026 | 30 Jun 2026 | 30 June 2026
30th June, 2026 | June 30, 2026 | 30-Jun-26 | 30-Jun-2026 | Tue 30 Jun 2026
by 30 June 2026 | 2026.6 | 2026/06 | June 2026 | end June 2026
Q2 2026 | 2Q 2026 | 2026 Q2 | 2nd quarter 2026 | 1H 2026
end of June 2026
"""
OF_THE_YEAR = (
    "6月30日 | 6月30日前 | 六月三十日 | 6.30 | 6.30前 | 6/30 | 30 June | 26.6.30 | 30/6/26"
)


@pytest.mark.parametrize("text", re.split(r" \| |\n", AS_TYPED.strip()))
def test_a_day_with_its_year_is_read_as_it_is_typed(text):
    assert typed_day(text) == JUNE
    assert typed_when(text).due_on == JUNE


@pytest.mark.parametrize("text", OF_THE_YEAR.split(" | "))
def test_a_day_without_a_year_takes_the_known_one(text):
    assert typed_when(text, year=2026).due_on == JUNE
    assert typed_when(text).doubt


@pytest.mark.parametrize(
    ("text", "due_on"),
    [
        ("6月底前", JUNE),
        ("6月底", JUNE),
        ("2026年6月底前", JUNE),
        ("二季度", JUNE),
        ("2026年第二季度", JUNE),
        ("上半年", JUNE),
        ("2026年上半年", JUNE),
        ("年底前", date(2026, 12, 31)),
        ("2026年底前", date(2026, 12, 31)),
        ("2026年", date(2026, 12, 31)),
        ("全年", date(2026, 12, 31)),
        ("6月", JUNE),
        ("二〇二六年六月三十日", JUNE),
        ("2026年6月底前完成方案编制", JUNE),
        ("2026.3.1-2026.6.30", JUNE),
        ("3月1日至6月30日", JUNE),
        ("6月10-30日", JUNE),
        ("2025-2026", date(2026, 12, 31)),
    ],
)
def test_a_phrase_is_read_by_the_grammar_of_documents(text, due_on):
    assert typed_when(text, year=2026).due_on == due_on


@pytest.mark.parametrize(
    ("text", "recurrence"),
    [
        ("每月", "monthly"),
        ("每季度", "quarterly"),
        ("每季度末", "quarterly"),
        ("每半年", "half-yearly"),
        ("每年", "yearly"),
        ("每年底前", "yearly"),
        ("Quarterly", "quarterly"),
        ("annually", "yearly"),
        ("monthly", "monthly"),
    ],
)
def test_a_recurrence_is_never_dropped(text, recurrence):
    assert typed_when(text, year=2026).recurrence == recurrence


@pytest.mark.parametrize(
    ("text", "key", "readings"),
    [
        ("3/4/2026", "day-order", ("2026-03-04", "2026-04-03")),
        ("6/7", "day-order", ("2026-06-07", "2026-07-06")),
        ("1926/6/30", "day-century", ("2026-06-30",)),
        ("6月前", "day-before", ("2026-05-31", "2026-06-30")),
        ("3月底前启动，12月底前完成", "day-several", ("2026-03-31", "2026-12-31")),
        ("长期", "day-standing", ("2026-12-31", "quarterly", "yearly")),
        ("持续推进", "day-standing", ("2026-12-31", "quarterly", "yearly")),
        ("Ongoing", "day-standing", ("2026-12-31", "quarterly", "yearly")),
        ("2026", "day-either", ("2026-12-31",)),
        ("2026-27年度", "day-either", ("2027-03-31", "2027-12-31")),
        ("每周五", "day-often", ("monthly", "half-yearly")),
        ("Weekly", "day-often", ("monthly", "half-yearly")),
        ("fortnightly", "day-often", ("monthly", "half-yearly")),
        ("本月底", "day-vague", ()),
        ("尽快", "day-vague", ()),
        ("ASAP", "day-vague", ()),
        ("待定", "day-open", ()),
        ("TBC", "day-open", ()),
        ("/", "day-blank", ()),
        ("", "day-blank", ()),
        ("2026年2月30日", "day-unread", ()),
        ("见附件", "day-unread", ()),
    ],
)
def test_what_names_no_single_day_is_asked_with_its_readings(text, key, readings):
    assert typed_when(text, year=2026) == When(doubt=DayDoubt(key, readings))


def test_without_a_year_a_bare_day_asks_for_it():
    assert typed_when("Q3").doubt == DayDoubt("day-year")
    assert typed_when("Q3", year=2026).due_on == date(2026, 9, 30)
    assert typed_when("6月底前").doubt == DayDoubt("day-year")
    assert typed_when("长期").doubt == DayDoubt("day-standing")


DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@given(DAYS)
def test_every_day_is_read_back_from_every_plain_form(day):
    forms = ("{0.year}/{0.month}/{0.day}", "{0.year}年{0.month}月{0.day}日", "{0:%Y-%m-%d}",
             "{0.year}.{0.month}.{0.day}前", "{0:%Y%m%d}", "{0.day} {0:%B} {0.year}",
             "{0:%b} {0.day}, {0.year}")  # fmt: skip
    assert {typed_day(form.format(day)) for form in forms} == {day}


@given(DAYS)
def test_serial_numbers_count_from_the_epoch_of_the_workbook(day):
    assert typed_day(str((day - EPOCH).days)) == day
    assert typed_day(str((day - EPOCH_1904).days), epoch=EPOCH_1904) == day


@given(DAYS)
def test_day_and_month_are_asked_only_where_both_orders_are_days(day):
    read = typed_day(f"{day.day}/{day.month}/{day.year}")
    if day.day > 12 or day.day == day.month:
        assert read == day
    else:
        assert isinstance(read, DayDoubt)
        assert day.isoformat() in read.readings


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_a_doubt(text):
    when = typed_when(text, year=2026)
    assert when.doubt or when.due_on or when.recurrence


@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.sampled_from(["{0.month}月{0.day}日", "{0.month}月{0.day}日前"]),
)
def test_a_bare_day_is_of_the_year_given(day, form):
    assert typed_day(form.format(day), year=2027) == day.replace(year=2027)
    assert isinstance(typed_day(form.format(day)), DayDoubt)


def test_a_leap_day_of_a_plain_year_is_no_day():
    assert isinstance(typed_day("2月29日", year=2026), DayDoubt)
    assert typed_day("2月29日", year=2028) == date(2028, 2, 28) + timedelta(days=1)
