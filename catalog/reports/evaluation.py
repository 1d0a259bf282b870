"""Yearly evaluation of the localities: scores, ranks, good work and work to improve."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from catalog.plans.trajectory import Verdict

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


class Locality(_Frozen):
    """A locality's year; the score is that of its card, None when nothing of it counts.

    `delivered` of `wanted` are the items of its quotas that were due. `done` are the duties it
    did on time, `lost` those it did late or not at all.
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
    """A target and its course up to the evaluated year."""

    id: str
    indicator: str
    lead: str
    goal: str
    unit: str
    by: date
    verdict: Verdict
    points: tuple[Point, ...]


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

    def ranking(self, group: Group | None = None) -> list[Ranked]:
        """Return the localities that have a score by rank, all or those of a group."""
        members = set(group.members) if group else {place.agency for place in self.localities}
        places = [p for p in self.localities if p.agency in members and p.score is not None]
        scores = sorted((float(p.score or 0) for p in places), reverse=True)
        ranked = [Ranked(scores.index(float(p.score or 0)) + 1, p) for p in places]
        return sorted(ranked, key=lambda r: (r.rank, r.locality.agency))

    @property
    def unscored(self) -> list[Locality]:
        """The localities of which nothing counts this year."""
        return [place for place in self.localities if place.score is None]

    @property
    def best(self) -> list[Ranked]:
        """The first localities that did something on time; of equal ones all."""
        return [r for r in self.ranking() if r.rank <= FIRST_AND_LAST and r.locality.done]

    @property
    def last(self) -> list[Ranked]:
        """The last localities that lost something; none that is among the best."""
        best = {r.locality.agency for r in self.best}
        losers = [r for r in self.ranking()[::-1] if r.locality.lost]
        return [r for r in losers if r.locality.agency not in best][:FIRST_AND_LAST]
