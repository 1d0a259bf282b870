"""Periods have names that a reader of a letter understands."""

from __future__ import annotations

import pytest

from catalog.dates.period_words import say_period


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("2014", "2014年"),
        ("2014-H1", "2014年上半年"),
        ("2014-H2", "2014年下半年"),
        ("2014-Q3", "2014年第3季度"),
        ("2014-05", "2014年5月"),
    ],
)
def test_each_period_has_a_name(label, name):
    assert say_period("zh-Hant", label) == name
