"""Points by indicators: from the worst to the best figure, and the score of all parts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.plans.contents import Indicator
from catalog.reports.indicator_scores import overall, scores

FIGURES = st.decimals(-1000, 1000, places=2)


def indicator(better="higher", weight=40) -> Indicator:
    return Indicator(id="x", group="g", name="n", unit="個", weight=weight, better=better)


def points(figures, better="higher"):
    places = [*figures, "silent"]
    values = {"x": {a: Decimal(v) for a, v in figures.items()}}
    every = scores([indicator(better)], values, places)
    return {agency: str(lines[0].points) for agency, lines in every.items()}


@pytest.mark.parametrize(
    ("figures", "better", "expected"),
    [
        ({"a": "10", "b": "0", "c": "2.5"}, "higher", {"a": "40.00", "b": "0.00", "c": "10.00"}),
        ({"a": "10", "b": "0", "c": "2.5"}, "lower", {"a": "0.00", "b": "40.00", "c": "30.00"}),
        ({"a": "-5", "b": "-5"}, "higher", {"a": "40.00", "b": "40.00"}),
        ({"a": "7"}, "lower", {"a": "40.00"}),
        ({}, "higher", {}),
    ],
)
def test_the_points_of_a_figure(figures, better, expected):
    assert points(figures, better) == expected | {"silent": "0.00"}


@given(st.dictionaries(st.sampled_from("abcdef"), FIGURES, min_size=2))
def test_a_better_figure_never_has_fewer_points(figures):
    told = points(figures)
    order = sorted(figures, key=lambda agency: figures[agency])
    assert [Decimal(told[a]) for a in order] == sorted(Decimal(told[a]) for a in order)


@pytest.mark.parametrize(
    ("indicators", "punctuality", "percent", "score"),
    [
        ("80", "100", 20, "84.00"),
        ("80", None, 20, "80.00"),
        (None, "60", 20, "60.00"),
        (None, None, 20, None),
        ("80", "100", 0, "80.00"),
        ("33.335", "100", 100, "100.00"),
        ("33.335", "0", 0, "33.34"),
    ],
)
def test_the_score_of_both_parts(indicators, punctuality, percent, score):
    parts = (None if text is None else Decimal(text) for text in (indicators, punctuality))
    total = overall(*parts, percent)
    assert (None if total is None else str(total)) == score
