from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import UsageRefusedError
from catalog.plans.contents import Baseline, Target
from catalog.plans.load import load_plan
from catalog.plans.trajectory import Place, figure, place

BEGINS = date(2013, 1, 1)
SHARES = st.decimals(-50, 200, places=2)


def target(measured: str, value: float, unit: str = "億美元", **more) -> Target:
    return Target(
        id="x",
        indicator="指標",
        value=value,
        unit=unit,
        by=date(2015, 12, 31),
        says="x",
        measured=measured,
        **more,
    )


def judged(of: Target, **readings: str) -> Place:
    return place(of, {int(y[1:]): Decimal(v) for y, v in readings.items()}, starts_on=BEGINS)


# Measure 8: 由2012年的18.7%提升到21%以上; a third of the way is 19.47, two thirds 20.23.
EMERGING = target(
    "level", 21, "%", bound="at-least", baseline=Baseline(value=18.7, on=date(2012, 12, 31))
)
# Measure 5: 超過3000個, with no baseline.
UNITS = target("level", 3000, "個", bound="more-than")
# Measure 1: 2013-2015年 1800億美元, 600 a year.
TRANSFERS = target("cumulative", 1800)
# Measure 14: 2013-2015年 年均增長率 12%, a percentage each year.
GROWTH = target("average-growth", 12, "%")
# The same for a plan that says what it grows from.
GROWN = target("average-growth", 12, "%", baseline=Baseline(value=100, on=date(2012, 12, 31)))
FALLING = target("level", 40, "噸", baseline=Baseline(value=100, on=date(2012, 12, 31)))


@pytest.mark.parametrize(
    ("of", "readings", "verdict", "year", "figures"),
    [
        (EMERGING, {}, "no-reading", None, (None, None)),
        (EMERGING, {"y2013": "19.46"}, "behind", 2013, ("19.46", "19.47")),
        (EMERGING, {"y2013": "19.47"}, "on-course", 2013, ("19.47", "19.47")),
        (EMERGING, {"y2013": "19", "y2014": "20.3"}, "on-course", 2014, ("20.3", "20.23")),
        (EMERGING, {"y2014": "21"}, "reached", 2014, ("21", "20.23")),
        (EMERGING, {"y2015": "20.99"}, "behind", 2015, ("20.99", "21")),
        (UNITS, {"y2013": "2000"}, "on-course", 2013, ("2000", "2000")),
        (UNITS, {"y2013": "2000", "y2014": "2400"}, "behind", 2014, ("2400", "2500")),
        (UNITS, {"y2013": "2000", "y2014": "2500"}, "on-course", 2014, ("2500", "2500")),
        (UNITS, {"y2015": "3000"}, "behind", 2015, ("3000", "3000")),
        (UNITS, {"y2015": "3001"}, "reached", 2015, ("3001", "3000")),
        (TRANSFERS, {"y2013": "599.99"}, "behind", 2013, ("599.99", "600")),
        (TRANSFERS, {"y2013": "600"}, "on-course", 2013, ("600", "600")),
        (TRANSFERS, {"y2013": "500", "y2014": "700"}, "on-course", 2014, ("1200", "1200")),
        (TRANSFERS, {"y2013": "900", "y2014": "900"}, "reached", 2014, ("1800", "1200")),
        (
            TRANSFERS,
            {"y2013": "600", "y2014": "600", "y2015": "599"},
            "behind",
            2015,
            ("1799", "1800"),
        ),
        (GROWTH, {"y2013": "11.9"}, "behind", 2013, ("11.9", "12")),
        (GROWTH, {"y2013": "20"}, "on-course", 2013, ("20", "12")),
        (GROWTH, {"y2013": "20", "y2014": "4"}, "behind", 2014, ("11.71", "12")),
        (GROWTH, {"y2013": "20", "y2014": "4.54"}, "on-course", 2014, ("12", "12")),
        (GROWTH, {"y2013": "12", "y2014": "12", "y2015": "12"}, "reached", 2015, ("12", "12")),
        (GROWTH, {"y2013": "24", "y2014": "12", "y2015": "0"}, "behind", 2015, ("11.57", "12")),
        (GROWTH, {"y2013": "-100"}, "behind", 2013, ("-100", "12")),
        (GROWN, {"y2013": "111"}, "behind", 2013, ("11", "12")),
        (GROWN, {"y2014": "125.44"}, "on-course", 2014, ("12", "12")),
        (GROWN, {"y2015": "140.4928"}, "reached", 2015, ("12", "12")),
        (GROWN, {"y2014": "-3"}, "behind", 2014, ("-100", "12")),
        (FALLING, {"y2013": "81"}, "behind", 2013, ("81", "80")),
        (FALLING, {"y2013": "80"}, "on-course", 2013, ("80", "80")),
        (FALLING, {"y2014": "39"}, "reached", 2014, ("39", "60")),
    ],
)
def test_each_kind_is_judged_in_its_own_way(of, readings, verdict, year, figures):
    found = judged(of, **readings)

    told = (found.verdict, found.year, found.actual, found.expected)
    assert told == (verdict, year, *(None if f is None else Decimal(f) for f in figures))


@pytest.mark.parametrize(
    ("of", "readings", "verdict", "actual"),
    [
        (EMERGING, {"y2015": "20.995"}, "reached", "21.00"),
        (EMERGING, {"y2015": "20.9949"}, "behind", "20.99"),
        (TRANSFERS, {"y2013": "599.996"}, "on-course", "600.00"),
        (GROWTH, {"y2013": "20", "y2014": "4.5333"}, "on-course", "12.00"),
        (UNITS, {"y2015": "3000.004"}, "behind", "3000.00"),
        (FALLING, {"y2015": "40.004"}, "reached", "40.00"),
    ],
)
def test_a_figure_is_compared_as_it_is_shown(of, readings, verdict, actual):
    at = judged(of, **readings)

    assert (at.verdict, str(at.actual)) == (verdict, actual)


def test_a_goal_of_more_decimals_is_compared_to_its_last():
    fine = target("level", 0.125, "%")

    assert judged(fine, y2015="0.124").verdict == "behind"
    assert judged(fine, y2015="0.1245").verdict == "reached"


def test_the_years_a_sum_or_a_mean_wants_are_named():
    assert judged(TRANSFERS, y2015="1800").unreported == (2013, 2014)
    assert judged(GROWTH, y2013="12", y2015="12").unreported == (2014,)
    assert judged(EMERGING, y2015="21").unreported == ()
    assert judged(GROWN, y2015="150").unreported == ()


def test_a_mean_with_a_year_wanting_is_not_yet_reached_nor_on_course_at_the_end():
    assert judged(GROWTH, y2013="50", y2015="50").verdict == "behind"


def test_what_is_read_after_the_targets_year_counts_nothing():
    assert judged(EMERGING, y2016="30").verdict == "no-reading"


def test_a_day_inside_the_year_is_the_end_of_the_way():
    half = EMERGING.model_copy(update={"by": date(2014, 6, 30)})

    assert judged(half, y2014="20.9").verdict == "behind"
    assert judged(half, y2014="21").verdict == "reached"


def test_every_target_of_the_real_plan_can_be_judged():
    plan = load_plan("guangdong-2013")
    targets = [target for measure in plan.measures for target in measure.targets]

    assert {t.measured for t in targets} == {"level", "cumulative", "average-growth"}
    for one in targets:
        figures = {2013: Decimal(1), 2014: Decimal(2)}
        assert place(one, figures, starts_on=plan.starts_on).verdict in {"behind", "on-course"}


@pytest.mark.parametrize("of", [UNITS, EMERGING, TRANSFERS, GROWTH, GROWN])
@given(SHARES, SHARES, SHARES)
def test_a_better_last_year_is_never_a_worse_verdict(of, first, last, more):
    rank = ["behind", "on-course", "reached"]
    lower, higher = sorted((last, last + abs(more)))
    worse = place(of, {2013: first, 2014: lower}, starts_on=BEGINS)
    better = place(of, {2013: first, 2014: higher}, starts_on=BEGINS)

    assert rank.index(worse.verdict) <= rank.index(better.verdict)


@pytest.mark.parametrize("text", ["14800", "19.5", "-3", " 0.25 ", "007"])
def test_a_plain_decimal_is_a_figure(text):
    assert figure(text) == Decimal(text.strip())


@pytest.mark.parametrize(
    "text", ["", "14,800", "19.5%", "1e9", "NaN", "Infinity", "１２", "+3", "1.", "9" * 16, "1\n2"]
)
def test_anything_else_is_not(text):
    with pytest.raises(UsageRefusedError):
        figure(text)
