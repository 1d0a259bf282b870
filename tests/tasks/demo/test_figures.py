"""The demonstration's figures are readable, the same each time, and both good and bad."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.plans.load import load_plan
from catalog.plans.trajectory import figure, place
from tasks.demo.figures import invented

PLAN = load_plan("guangdong-2013")
TARGETS = [target for measure in PLAN.measures for target in measure.targets]


@pytest.mark.parametrize("target", TARGETS, ids=lambda t: t.id)
def test_a_figure_is_one_and_the_same_each_time(target):
    texts = [invented(PLAN, target, year) for year in (2013, 2014, 2015)]

    assert texts == [invented(PLAN, target, year) for year in (2013, 2014, 2015)]
    assert all(figure(text) > 0 for text in texts)


def test_some_targets_are_behind_and_some_on_course():
    def verdict(target):
        read = {year: Decimal(invented(PLAN, target, year)) for year in (2013, 2014)}
        return place(target, read, starts_on=PLAN.starts_on).verdict

    assert {"behind", "on-course"} <= {verdict(target) for target in TARGETS}
