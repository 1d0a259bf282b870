"""Timeline of a duty: the days on which the rungs of its ladder fall if nobody acts."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.days import A_DAY
from catalog.duties import quota
from catalog.ladder.between import settled_days

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.dates.recurrence import Period
    from catalog.dates.workdays import Workdays
    from catalog.ladder.between import SettledDay
    from catalog.ladder.rungs import Ladder, Rung

GATHERING = (1, 16)  # days of a month on which the repeats of all duties are told together


class Step(NamedTuple):
    """One occurrence of a rung; a graver rung has a higher `rank`.

    `key` is the rung's name, with the period, the days after due or the day of the inquiry where
    it occurs repeatedly: `behind:2014-Q1`, `late-every-15:45`, `silent-10:2014-03-31`. `pace_on` is
    the quarter's end where pace is measured. A word on a day after `since` stops the step.
    """

    day: date
    rank: int
    key: str
    rung: Rung
    pace_on: date | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """The steps of one duty by day, the rungs that repeat without end, and those of silence."""

    workdays: Workdays
    due_on: date
    steps: tuple[Step, ...]
    days: tuple[date, ...]
    repeats: tuple[tuple[int, Rung], ...]
    silences: tuple[tuple[int, Rung], ...]

    def between(self, after: date, until: date) -> list[Step]:
        """Return the steps after the one day and up to the other."""
        steps = list(self.steps[bisect_right(self.days, after) : bisect_right(self.days, until)])
        if until > self.due_on:
            for rank, rung in self.repeats:
                turns = range(self._turn(rung, after), self._turn(rung, until))
                steps += [self._repeat(rank, rung, turn) for turn in turns]
        return steps

    def later(self, today: date) -> Iterator[Step]:
        """Yield the steps after `today`, of each rung that repeats only the next."""
        yield from self.steps[bisect_right(self.days, today) :]
        for rank, rung in self.repeats:
            yield self._repeat(rank, rung, self._turn(rung, today))

    def silent(self, asked_on: date | None) -> list[Step]:
        """Return the steps that follow if nobody answers after progress was asked for that day.

        None falls on the due date or after it, where the late rungs speak.
        """
        if asked_on is None:
            return []
        days = [(self.workdays.add(asked_on, r.days), rank, r) for rank, r in self.silences]
        return [
            Step(day, rank, f"{rung.name}:{asked_on}", rung, since=asked_on - A_DAY)
            for day, rank, rung in days
            if day < self.due_on
        ]

    def _turn(self, rung: Rung, day: date) -> int:
        """Return the number of turns that a repeating rung has had by `day`.

        A turn rolls past `day` exactly when it lies after the last working day up to `day`, and one
        that is told together when it lies after the last gathering day up to that.
        """
        last = self.workdays.roll_back(day)
        last = _gathering_day_until(last) if rung.together else last
        days = (last - self.due_on).days - rung.days
        return max(days // (rung.every or 1) + 1, 0)

    def _repeat(self, rank: int, rung: Rung, turn: int) -> Step:
        days = rung.days + turn * (rung.every or 1)
        day = self.due_on + timedelta(days)
        day = _gathering_day_from(day) if rung.together else day
        return Step(self.workdays.roll_forward(day), rank, f"{rung.name}:{days}", rung)


@lru_cache(maxsize=65536)
def timeline(
    ladder: Ladder, workdays: Workdays, opens_on: date, due_on: date, *, has_quota: bool
) -> Timeline:
    """Return the timeline of every duty that opens and is due on these days (docs/rules.md, Days).

    The due date and days before it roll back to a working day, days after it forward. No step
    lies before the opening.
    """
    looks = quota.looks(opens_on, due_on) if has_quota else ()
    steps = []
    for rank, rung in enumerate(ladder.rungs):
        if rung.when == "pace":
            steps += [_look(workdays, rank, rung, quarter) for quarter in looks]
        elif rung.each is not None:
            settled = settled_days(rung.each, workdays, opens_on, due_on)
            steps += [_inquiry(rank, rung, day) for day in settled]
        elif not rung.every and rung.when != "silent":
            day = _day(workdays, rung, opens_on, due_on)
            steps.append(Step(day, rank, rung.name, rung))
    steps = sorted((step for step in steps if step.day >= opens_on), key=attrgetter("day", "rank"))
    return Timeline(
        workdays=workdays,
        due_on=due_on,
        steps=tuple(steps),
        days=tuple(step.day for step in steps),
        repeats=tuple((rank, rung) for rank, rung in enumerate(ladder.rungs) if rung.every),
        silences=tuple((n, r) for n, r in enumerate(ladder.rungs) if r.when == "silent"),
    )


def _gathering_day_from(day: date) -> date:
    """Return the first gathering day on or after `day`."""
    while day.day not in GATHERING:
        day += A_DAY
    return day


def _gathering_day_until(day: date) -> date:
    """Return the last gathering day on or before `day`."""
    return day.replace(day=max(first for first in GATHERING if first <= day.day))


def _look(workdays: Workdays, rank: int, rung: Rung, quarter: Period) -> Step:
    day = workdays.roll_back(quarter.covers_until)
    return Step(day, rank, f"{rung.name}:{quarter.label}", rung, quarter.covers_until)


def _inquiry(rank: int, rung: Rung, settled: SettledDay) -> Step:
    key = f"{rung.name}:{settled.label}"
    return Step(settled.day, rank, key, rung, since=settled.since)


def _day(workdays: Workdays, rung: Rung, opens_on: date, due_on: date) -> date:
    if rung.when == "open":
        return opens_on
    if rung.when == "unsigned":
        return workdays.add(opens_on, rung.days)
    day = due_on + timedelta(rung.days)
    return workdays.roll_forward(day) if rung.days > 0 else workdays.roll_back(day)
