"""Progress of the ladder on a duty, recomputed from its facts and its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.days import A_DAY
from catalog.duties.standing import stopped
from catalog.ladder.due import next_rung_on, steps_that_hold
from catalog.ladder.timeline import timeline

if TYPE_CHECKING:
    from datetime import date

    from catalog.dates.workdays import Workdays
    from catalog.duties.standing import Facts
    from catalog.ladder.rungs import Ladder
    from catalog.ladder.timeline import Timeline


class Progress(NamedTuple):
    """The days that decide what a sweep does with a duty.

    Rungs up to `told_through` are settled, `look_on` is the day of the next look, and `prepare_on`
    that of its material.
    """

    told_through: date | None
    look_on: date | None
    prepare_on: date | None


class Trail(NamedTuple):
    """The days on which the history tells of a duty, None for never.

    `told_on`: a rung was sent, or the clock of the ladder started again. `changed_on`: a deed
    changed what the ladder depends on, so rungs up to then may have been passed over. `last_on`:
    any fact of the duty changed. `waived` tells whether it was waived at any time.
    """

    told_on: date | None = None
    changed_on: date | None = None
    last_on: date | None = None
    waived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressFacts:
    """The facts from which the progress on a duty follows.

    `swept` is the last day of a finished sweep, `latest` the last day any sweep can have had.
    `prepares_on` is the day for its material by its present dates, None where it needs none or has
    it. `filed` tells whether it was ever filed.
    """

    ladder: Ladder
    workdays: Workdays
    facts: Facts
    trail: Trail
    opened: bool
    filed: bool
    prepares_on: date | None
    swept: date | None
    latest: date

    @property
    def line(self) -> Timeline:
        """The timeline of its rungs."""
        days, has_quota = (self.facts.opens_on, self.facts.due_on), self.facts.quota_min is not None
        return timeline(self.ladder, self.workdays, *days, has_quota=has_quota)

    @property
    def ended(self) -> bool:
        """True once it is closed or waived, and while it is past."""
        ends = (self.facts.closed_on, self.facts.waived_on, self.facts.past_on)
        return any(end is not None for end in ends)

    @property
    def first(self) -> date:
        """The day before it opens."""
        return self.facts.opens_on - A_DAY


def right(basis: ProgressFacts, progress: Progress) -> Progress:
    """Return `progress` with each day replaced that does not follow from the facts.

    Days that lead to the same notices as the right ones are taken as they are.
    """
    told_through = _told_through(basis, progress.told_through)
    look_on = _look_on(basis, progress.look_on, told_through)
    return Progress(told_through, look_on, _prepare_on(basis, progress.prepare_on))


def unlooked(basis: ProgressFacts, look_on: date | None) -> bool:
    """Tell whether a sweep that finished on `basis.swept` would have looked at the duty."""
    woken_on = basis.trail.last_on
    return (
        look_on is not None
        and basis.swept is not None
        and look_on <= basis.swept
        and not basis.ended
        and (woken_on is None or woken_on < look_on)
    )


def _told_through(basis: ProgressFacts, day: date | None) -> date | None:
    told_on, changed_on = basis.trail.told_on, basis.trail.changed_on
    if told_on is None and (day is None or day <= basis.first):
        return day  # before the first rung, as a deed before the opening leaves it
    if day is None or not (told_on or basis.first) <= day <= basis.latest:
        return told_on
    settled = max(told_on or basis.first, changed_on or basis.first)
    if not basis.opened:
        return day if day <= settled else told_on
    if stopped(basis.facts, day):
        return day
    missed = [step.day for step in steps_that_hold(basis.line, basis.facts, settled, day)]
    return min(missed) - A_DAY if missed else day


def _look_on(basis: ProgressFacts, day: date | None, told_through: date | None) -> date | None:
    if basis.ended:
        return None
    woken_on = basis.trail.last_on or basis.first
    if not basis.opened:
        opens_on = basis.facts.opens_on
        return day if day and opens_on <= day <= max(opens_on, woken_on) else opens_on
    next_on = next_rung_on(basis.line, basis.facts, told_through or basis.first)
    silent = stopped(basis.facts, basis.latest)
    if day is None:
        return None if silent else next_on
    latest = woken_on if next_on is None else max(next_on, woken_on)
    if not basis.first < day <= latest or (day != next_on and unlooked(basis, day)):
        return None if silent else next_on
    return day


def _prepare_on(basis: ProgressFacts, day: date | None) -> date | None:
    if day is None or basis.prepares_on is None:
        passed_over = basis.ended or basis.filed or basis.trail.waived
        return None if passed_over else basis.prepares_on
    put_off = basis.ended or basis.facts.suspended_on is not None
    return day if put_off and day <= basis.latest + A_DAY else basis.prepares_on
