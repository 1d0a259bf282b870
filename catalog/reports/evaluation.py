"""Yearly evaluation of the localities: scores, ranks, good work and work to improve."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from catalog.plans.trajectory import Verdict

Reason = Literal["no-data", "no-duty", "not-due", "waiting", "excused"]
ZERO = Decimal(0)
FIRST_AND_LAST = 3  # localities listed at either end


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Work(_Frozen):
    """A duty of a locality, with its report and the days it was or is late."""

    key: str
    title: str
    measure: str
    due_on: date
    days: int
    done: bool
    said: str = ""


class Criterion(_Frozen):
    """An indicator of the evaluation, as the plan had it."""

    id: str
    group: str
    name: str
    unit: str
    weight: str
    better: Literal["higher", "lower"]


class IndicatorPoints(_Frozen):
    """A locality's figure of an indicator, None without data, and its points out of `of`."""

    id: str
    value: str | None
    points: str
    of: str


class GroupPoints(NamedTuple):
    """A locality's points in a group of indicators, and its rank in it."""

    group: str
    points: Decimal
    of: Decimal
    rank: int


class Gap(NamedTuple):
    """The indicator of a group in which a locality is furthest from the best, and whose that is.

    `value` is None without data.
    """

    criterion: Criterion
    value: str | None
    best: str
    leader: str


class Reward(_Frozen):
    """A reward that the office has recorded for a locality, with its document."""

    agency: str
    name: str
    text: str
    document: str


class Locality(_Frozen):
    """A locality's year; it has no score where nothing of it counts, for the `reason` named.

    `delivered` of `wanted` are the items of its quotas that were due. `done` are the duties it
    did on time, `lost` those it did late or not at all. `score` is that of its card (punctuality)
    and of the `indicators` together, where the plan has some.
    """

    agency: str
    name: str
    due: int
    on_time: int
    late: int
    undone: int
    delivered: int
    wanted: int
    score: str | None
    done: tuple[Work, ...]
    lost: tuple[Work, ...]
    indicators: tuple[IndicatorPoints, ...] = ()
    indicator_score: str | None = None
    punctuality: str | None = None
    reason: Reason | None = None
    undocumented: int = 0  # duties whose date of the plan's own was moved without a document

    @property
    def missing(self) -> tuple[str, ...]:
        """The ids of the indicators without data."""
        return tuple(each.id for each in self.indicators if each.value is None)


class Ranked(NamedTuple):
    """A locality in its place; those of equal score share one."""

    rank: int
    locality: Locality


class Group(_Frozen):
    """A group of localities as the plan names it, and its members."""

    name: str
    members: tuple[str, ...]


class Point(_Frozen):
    """A target at the end of a year: the actual and the expected figure, as decimal text."""

    year: int
    actual: str
    expected: str


class Course(_Frozen):
    """A target and its course up to the evaluated year; `missing` are parties without a figure."""

    id: str
    indicator: str
    lead: str
    goal: str
    unit: str
    by: date
    verdict: Verdict
    points: tuple[Point, ...]
    missing: tuple[str, ...] = ()


class Evaluation(_Frozen):
    """The frozen data of an evaluation, as known at the end of day `on`.

    `entries` and `head` are the end of the history it was counted from.
    """

    plan: str
    title: str
    office: str
    year: int
    on: date
    entries: int
    head: str
    formula: str
    localities: tuple[Locality, ...]
    groups: tuple[Group, ...]
    courses: tuple[Course, ...]
    criteria: tuple[Criterion, ...] = ()
    punctuality: int = 100
    rewards: tuple[Reward, ...] = ()

    def ranking(self, group: Group | None = None) -> list[Ranked]:
        """Return the localities that have a score by rank, all or those of a group."""
        members = set(group.members) if group else {place.agency for place in self.localities}
        places = [p for p in self.localities if p.agency in members and p.score is not None]
        scores = sorted((float(p.score or 0) for p in places), reverse=True)
        ranked = [Ranked(scores.index(float(p.score or 0)) + 1, p) for p in places]
        return sorted(ranked, key=lambda r: (r.rank, r.locality.agency))

    @property
    def unscored(self) -> list[Locality]:
        """The localities without a score."""
        return [place for place in self.localities if place.score is None]

    @property
    def best(self) -> list[Ranked]:
        """The first localities that have something to show; of equal ones all."""
        return [r for r in self.ranking() if r.rank <= FIRST_AND_LAST and _has_merit(r.locality)]

    @property
    def last(self) -> list[Ranked]:
        """The last localities that lost something; none that is among the best."""
        best = {r.locality.agency for r in self.best}
        losers = [r for r in self.ranking()[::-1] if r.locality.lost or _gap(r.locality)]
        return [r for r in losers if r.locality.agency not in best][:FIRST_AND_LAST]

    @property
    def indicator_groups(self) -> list[str]:
        """The groups of the indicators, in the plan's order."""
        return list(dict.fromkeys(criterion.group for criterion in self.criteria))

    def group_points(self, agency: str) -> list[GroupPoints]:
        """Return the points and ranks of a ranked locality by group of indicators."""
        return [each[agency] for each in self._by_group if agency in each]

    def criterion(self, indicator: str) -> Criterion:
        """Return the indicator of that id."""
        return next(each for each in self.criteria if each.id == indicator)

    def widest_gap(self, place: Locality, group: str) -> Gap:
        """Return the indicator of `group` with the most points lost by `place`."""
        members = [c for c in self.criteria if c.group == group]
        lines = {each.id: each for each in place.indicators}
        worst = max(members, key=lambda c: Decimal(lines[c.id].of) - Decimal(lines[c.id].points))
        ranked = [r.locality for r in self.ranking() if worst.id not in r.locality.missing]
        if not ranked:
            return Gap(worst, None, "", "")
        leader = max(ranked, key=lambda p: _points_of(p, worst.id))
        best = next(each.value for each in leader.indicators if each.id == worst.id) or ""
        return Gap(worst, lines[worst.id].value, best, leader.name)

    @cached_property
    def _by_group(self) -> list[dict[str, GroupPoints]]:
        """The points of the ranked localities, for each group of indicators."""
        places = [r.locality for r in self.ranking() if r.locality.indicators]
        return [_group_points(self, name, places) for name in self.indicator_groups]


def _has_merit(place: Locality) -> bool:
    return bool(place.done) or Decimal(place.indicator_score or 0) > 0


def _gap(place: Locality) -> bool:
    return any(Decimal(each.points) < Decimal(each.of) for each in place.indicators)


def _points_of(place: Locality, indicator: str) -> Decimal:
    return next((Decimal(each.points) for each in place.indicators if each.id == indicator), ZERO)


def _group_points(
    evaluation: Evaluation, name: str, places: list[Locality]
) -> dict[str, GroupPoints]:
    members = {criterion.id for criterion in evaluation.criteria if criterion.group == name}
    of = sum((Decimal(c.weight) for c in evaluation.criteria if c.group == name), ZERO)
    points = {p.agency: sum((_points_of(p, each) for each in members), ZERO) for p in places}
    order = sorted(points.values(), reverse=True)
    return {
        agency: GroupPoints(name, value, of, order.index(value) + 1)
        for agency, value in points.items()
    }
