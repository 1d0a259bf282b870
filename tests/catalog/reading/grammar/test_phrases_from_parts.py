"""Phrases of time composed of parts have the readings of these parts."""

from __future__ import annotations

import calendar
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from catalog.plans.contents import Quota
from catalog.reading.grammar import matching
from catalog.reading.grammar.rule import EXAMPLE, Setting, Timing

YEARS = st.integers(2014, 2049)
MONTHS = st.integers(1, 12)
BEFORE = st.sampled_from(["前", "以前", "之前", ""])
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
CHINESE = "〇一二三四五六七八九"
UNITS = st.sampled_from("个個家场場次项項名")


def in_words(number):
    """Return a number below a hundred in Chinese numerals."""
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else CHINESE[tens]) + "十" if tens else ""
    return ten + (CHINESE[ones] if ones else "")


@st.composite
def written(draw, number, *, digit_by_digit=False):
    """Return a number in digits, wide digits or words."""
    words = "".join(CHINESE[int(d)] for d in str(number)) if digit_by_digit else in_words(number)
    return draw(st.sampled_from([str(number), str(number).translate(WIDE), words]))


@st.composite
def days(draw):
    year, month = draw(YEARS), draw(MONTHS)
    return date(year, month, draw(st.integers(1, calendar.monthrange(year, month)[1])))


def readings(words, setting=EXAMPLE):
    """Return the readings of the one phrase between other words."""
    (phrase,) = matching.interpret(f"各單位要於{words}，完成整改", setting)
    assert phrase.mark.phrase == words
    return phrase.readings


@given(st.data(), days(), BEFORE)
def test_a_day_in_any_writing_is_that_day(data, day, before):
    year = data.draw(written(day.year, digit_by_digit=True))
    month, number = data.draw(written(day.month)), data.draw(written(day.day))
    assert readings(f"{year}年{month}月{number}日{before}") == (Timing(due_on=day),)


@given(st.data(), YEARS, MONTHS, st.sampled_from("底末"), BEFORE)
def test_the_end_of_a_month_is_its_last_day(data, year, month, end, before):
    digits = data.draw(written(year, digit_by_digit=True))
    phrase = f"{digits}年{data.draw(written(month))}月{end}{before}"
    last = calendar.monthrange(year, month)[1]
    assert readings(phrase) == (Timing(due_on=date(year, month, last)),)


@given(YEARS, st.sampled_from(["底", "年底", "末", "年末"]), BEFORE)
def test_the_end_of_a_year_is_its_last_day(year, end, before):
    assert readings(f"{year}年{end}{before}") == (Timing(due_on=date(year, 12, 31)),)


@given(YEARS, st.sampled_from(["前", "以前", "之前"]))
def test_before_a_year_is_asked(year, before):
    assert readings(f"{year}年{before}") == (
        Timing(due_on=date(year - 1, 12, 31)),
        Timing(due_on=date(year, 12, 31)),
    )


@given(YEARS, MONTHS)
def test_a_month_without_a_year_takes_the_one_named_before_it(year, month):
    first = f"{year}年1月1日前報方案，"
    last = calendar.monthrange(year, month)[1]
    phrase = matching.interpret(f"{first}{month}月底前完成", EXAMPLE)[-1]
    assert phrase.readings == (Timing(due_on=date(year, month, last)),)


@given(MONTHS)
def test_a_month_without_any_year_is_asked(month):
    assert len(readings(f"{month}月底前")) > 1


@given(YEARS, MONTHS)
def test_in_a_plan_for_one_year_a_month_is_of_that_year(year, month):
    setting = Setting.of(date(year, 1, 1), date(year, 1, 1), date(year, 12, 31))
    last = calendar.monthrange(year, month)[1]
    assert readings(f"{month}月底前", setting) == (Timing(due_on=date(year, month, last)),)


@given(st.data(), MONTHS)
def test_every_year_by_a_month_comes_round_from_its_first_turn(data, month):
    (when,) = readings(f"每年{data.draw(written(month))}月底前")
    year = 2013 if month >= EXAMPLE.issued_on.month else 2014
    last = calendar.monthrange(year, month)[1]
    assert when == Timing("yearly", None, date(year, month, last))


@given(st.data(), st.integers(2, 20), st.integers(1, 20), UNITS)
def test_a_range_in_digits_or_words_is_a_quota(data, least, more, unit):
    signs = st.sampled_from(["-", "—", "~", "至", "－"])
    most = least + more
    phrase = f"{least}{data.draw(signs)}{most}{unit}"
    if data.draw(st.booleans()):
        phrase = f"{in_words(least)}至{in_words(most)}{unit}"
    assert matching.quota(phrase) == Quota(min=least, max=most)


@given(st.integers(1, 99), UNITS, st.sampled_from(["不少于", "至少", "不低于"]))
def test_at_least_so_many_has_no_upper_end(number, unit, bound):
    assert matching.quota(f"{bound}{number}{unit}") == Quota(min=number)
