"""Where the lines of a chart run: places in its picture, reckoned from figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.reports.evaluation import Course as Told

WIDTH, HEIGHT = 320, 120  # of the picture; text stands outside of it
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 10, 10
HEADROOM = 1.05  # of the span of the figures


class Spot(NamedTuple):
    """A figure in the picture, and the year and words it stands for."""

    x: float
    y: float
    year: int
    said: str


class Course(NamedTuple):
    """A target's course: the points read, those expected, and the goal."""

    actual: list[Spot]
    expected: list[Spot]
    goal: Spot


def course(told: Told, *, first: int) -> Course:
    """Return where the course of a target runs, from the year `first` to that of its goal.

    The scale has zero in it, and all figures.
    """
    goal, last = float(told.goal), told.by.year
    actual = [(p.year, float(p.actual), p.actual) for p in told.points]
    expected = [(p.year, float(p.expected), p.expected) for p in told.points]
    values = [value for _, value, _ in (*actual, *expected)] + [goal]
    low, top = min(0.0, *values), max(0.0, *values)
    high = low + (top - low) * HEADROOM

    def spots(figures: Sequence[tuple[int, float, str]]) -> list[Spot]:
        return [Spot(_across(y, first, last), _up(v, low, high), y, said) for y, v, said in figures]

    (end,) = spots([(last, goal, f"{told.goal}{told.unit}")])
    return Course(spots(actual), [*spots(expected), end], end)


def path(spots: Sequence[Spot]) -> str:
    """Return the line through the spots, as SVG writes it."""
    return "M" + "L".join(f"{spot.x:.1f} {spot.y:.1f}" for spot in spots) if spots else ""


def _across(year: int, first: int, last: int) -> float:
    share = (year - first) / (last - first) if last > first else 1.0
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _up(value: float, low: float, high: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.0
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
