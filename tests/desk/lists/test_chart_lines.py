"""The lines of a chart stay in their picture, whatever the figures."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from catalog.reports.evaluation import Course, Point
from desk.lists.chart_lines import HEIGHT, WIDTH, course, path

if TYPE_CHECKING:
    from decimal import Decimal

FIGURES = st.decimals(-(10**6), 10**6, places=2)


def told(goal: str, *points: tuple[int, str, str]) -> Course:
    return Course(
        id="1.x",
        indicator="指標",
        lead="牽頭",
        goal=goal,
        unit="%",
        by=date(2015, 12, 31),
        verdict="on-course",
        points=tuple(Point(year=y, actual=a, expected=e) for y, a, e in points),
    )


@given(FIGURES, st.lists(st.tuples(FIGURES, FIGURES), max_size=3))
def test_every_spot_lies_in_the_picture(goal: Decimal, read: list[tuple[Decimal, Decimal]]):
    points = [(2013 + n, str(a), str(e)) for n, (a, e) in enumerate(read)]
    drawn = course(told(str(goal), *points), first=2013)
    spots = [*drawn.actual, *drawn.expected, drawn.goal]
    assert all(0 <= spot.x <= WIDTH and 0 <= spot.y <= HEIGHT for spot in spots)


def test_a_higher_figure_stands_higher_and_a_later_year_further_right():
    first, second = course(told("80", (2013, "40", "50"), (2014, "60", "65")), first=2013).actual
    assert second.y < first.y
    assert second.x > first.x


def test_what_is_expected_leads_to_the_goal():
    drawn = course(told("80", (2013, "40", "50")), first=2013)
    assert drawn.expected[-1] == drawn.goal
    assert path(drawn.expected).count("L") == 1


def test_without_a_reading_there_is_no_line():
    assert path(course(told("80"), first=2013).actual) == ""
