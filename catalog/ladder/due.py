"""Rungs of the ladder due today, and their recipients."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.days import A_DAY
from catalog.duties import quota
from catalog.duties.standing import stopped
from catalog.ladder.timeline import timeline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from catalog.dates.workdays import Workdays
    from catalog.duties.standing import Facts
    from catalog.ladder.rungs import Form, Ladder, Rung
    from catalog.ladder.timeline import Step, Timeline
    from catalog.role_names import Addressee


class Recipient(NamedTuple):
    """A role that receives a notice, or a slip drafted for release."""

    role: Addressee
    form: Form


class Look(NamedTuple):
    """The result of a look at a duty.

    `rung` is the key of the gravest rung due, None when none is; `coalesced` are the keys of the
    milder ones it stands for, mildest first; `to` are all roles that any of them names, once each.
    `next_on` is the next day on which a rung may fall, None when none will unless a fact changes.
    `asks` tells whether any of the rungs asks for progress.
    """

    rung: str | None
    coalesced: tuple[str, ...]
    to: tuple[Recipient, ...]
    next_on: date | None
    asks: bool = False


@lru_cache(maxsize=4096)  # duties of one period and party list have equal facts
def look(
    ladder: Ladder, workdays: Workdays, facts: Facts, *, told_through: date | None, today: date
) -> Look:
    """Return the rungs that are due after `told_through` and up to `today` (docs/rules.md, Days).

    Days before the due date roll back to a working day, days after it forward; no rung lies
    before the opening. A duty that is waived, closed, suspended or under review has none: the deed
    that ends this sets `told_through` to its own day.
    """
    if stopped(facts, today):
        return Look(None, (), (), None)
    after = told_through or facts.opens_on - A_DAY
    has_quota = facts.quota_min is not None
    line = timeline(ladder, workdays, facts.opens_on, facts.due_on, has_quota=has_quota)
    steps = steps_that_hold(line, facts, after, today)
    if not steps:
        return Look(None, (), (), next_rung_on(line, facts, today))
    asks = today < facts.due_on and any(step.rung.when == "progress" for step in steps)
    next_on = next_rung_on(line, replace(facts, asked_on=today) if asks else facts, today)
    *milder, gravest = sorted(steps, key=attrgetter("rank"))
    coalesced = tuple(step.key for step in milder)
    return Look(gravest.key, coalesced, _recipients(gravest.rung, milder), next_on, asks)


def steps_that_hold(line: Timeline, facts: Facts, after: date, until: date) -> list[Step]:
    """Return the steps after the one day and up to the other whose condition is met."""
    silent = [step for step in line.silent(facts.asked_on) if after < step.day <= until]
    return [step for step in [*line.between(after, until), *silent] if holds(step, facts, until)]


def holds(step: Step, facts: Facts, today: date) -> bool:
    """Tell whether the condition of a rung that falls by `today` is met."""
    if step.rung.when == "unsigned":
        return facts.acknowledged_on is None or facts.acknowledged_on > today
    if step.since is not None:
        return not _is_spoken_of(facts, step.since)
    if step.pace_on is None or facts.quota_min is None:
        return True
    return quota.behind(facts.quota_min, facts.delivered, *facts.paced, today=step.pace_on)


def next_rung_on(line: Timeline, facts: Facts, today: date) -> date | None:
    """Return the first day after `today` on which a rung may fall, None if none will."""
    silent = [step for step in line.silent(facts.asked_on) if step.day > today]
    steps = [*line.later(today), *silent]
    return min((step.day for step in steps if not is_answered(step, facts)), default=None)


def is_answered(step: Step, facts: Facts) -> bool:
    """Tell whether a fact has stopped a step to come for good."""
    if step.rung.when == "unsigned":
        return facts.acknowledged_on is not None
    return step.since is not None and _is_spoken_of(facts, step.since)


def _is_spoken_of(facts: Facts, since: date) -> bool:
    """Tell whether there was a word after the day `since`.

    Only the last one is known. So a later word counts too, as it answers what was to be asked.
    """
    return facts.spoken_on is not None and facts.spoken_on > since


def _recipients(gravest: Rung, milder: Sequence[Step]) -> tuple[Recipient, ...]:
    """Return every role that a rung names, in the form of the gravest where that names it.

    The office releases slips, so it receives a notice that a draft waits.
    """
    slips = set(gravest.to) - {"office"} if gravest.form == "slip" else set()
    rungs = (gravest, *(step.rung for step in reversed(milder)))
    roles = dict.fromkeys(role for rung in rungs for role in rung.to)
    return tuple(Recipient(role, "slip" if role in slips else "notice") for role in roles)
