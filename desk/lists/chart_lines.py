"""Lines of a target's chart: coordinates in the picture, computed from figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.reports.evaluation import Course

WIDTH, HEIGHT = 320, 120  # of the picture, without its text
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 10, 10
HEADROOM = 1.05  # of the span of the figures


class Spot(NamedTuple):
    """A figure's coordinates in the picture, its year, and its value in words."""

    x: float
    y: float
    year: int
    label: str


class CourseLines(NamedTuple):
    """A target's course: the points read, those expected, and the goal."""

    actual: list[Spot]
    expected: list[Spot]
    goal: Spot


def course(target: Course, *, first: int) -> CourseLines:
    """Return the lines of a target's course, from the year `first` to the year of its goal.

    The scale includes zero and all figures.
    """
    goal, last = float(target.goal), target.by.year
    actual = [(p.year, float(p.actual), p.actual) for p in target.points]
    expected = [(p.year, float(p.expected), p.expected) for p in target.points]
    values = [value for _, value, _ in (*actual, *expected)] + [goal]
    low, top = min(0.0, *values), max(0.0, *values)
    high = low + (top - low) * HEADROOM

    def spots(figures: Sequence[tuple[int, float, str]]) -> list[Spot]:
        return [
            Spot(_across(year, first, last), _up(v, low, high), year, label)
            for year, v, label in figures
        ]

    (end,) = spots([(last, goal, f"{target.goal}{target.unit}")])
    return CourseLines(spots(actual), [*spots(expected), end], end)


def path(spots: Sequence[Spot]) -> str:
    """Return the line through the spots as an SVG path."""
    return "M" + "L".join(f"{spot.x:.1f} {spot.y:.1f}" for spot in spots) if spots else ""


def _across(year: int, first: int, last: int) -> float:
    share = (year - first) / (last - first) if last > first else 1.0
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _up(value: float, low: float, high: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.0
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
