"""Phrases of a text have the days and numbers of docs/rules.md, From phrase to date."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.plans.contents import Quota
from catalog.reading.grammar.matching import Window, marks, quota, window


def test_marks_stand_in_the_order_of_the_text():
    text = "制訂年度工作計劃,每年組織3-5場對接交流會"
    assert [m.phrase for m in marks(text)] == ["制訂", "年度", "每年", "3-5場"]
    assert all(text[m.start : m.end] == m.phrase for m in marks(text))


@given(st.text(alphabet="0123456789-.%+年底前從起個場以上超過每 ", max_size=40))
def test_no_digit_is_passed_over(text):
    read = {n for mark in marks(text) for n in range(mark.start, mark.end)}
    assert [n for n, sign in enumerate(text) if sign.isdigit() and n not in read] == []


@pytest.mark.parametrize(
    ("phrase", "opens_on", "due_on"),
    [
        ("2015年", None, date(2015, 12, 31)),
        ("2013年底前", None, date(2013, 12, 31)),
        ("2015年末", None, date(2015, 12, 31)),
        ("2014年前", None, date(2013, 12, 31)),
        ("2014年上半年", date(2014, 1, 1), date(2014, 6, 30)),
        ("2013年下半年", date(2013, 7, 1), date(2013, 12, 31)),
        ("2013-2015年", date(2013, 1, 1), date(2015, 12, 31)),
        ("從2013年起", date(2013, 1, 1), None),
    ],
)
def test_a_time_phrase_leaves_these_days(phrase, opens_on, due_on):
    assert window(phrase) == Window(opens_on, due_on)


@pytest.mark.parametrize(
    ("phrase", "least", "most"),
    [
        ("1-2次", 1, 2),
        ("30-40場", 30, 40),
        ("1個", 1, 1),
        ("1個以上", 1, None),
        ("超過3000個", 3001, None),
        ("若干場", 1, None),
    ],
)
def test_a_count_asks_for_this_many(phrase, least, most):
    assert quota(phrase) == Quota(min=least, max=most)


@pytest.mark.parametrize("reading", [window, quota])
def test_a_phrase_of_another_rule_is_refused(reading):
    with pytest.raises(ValueError, match="每年"):
        reading("每年")
