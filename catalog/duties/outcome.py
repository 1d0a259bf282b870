"""Outcome of a duty, by which its performer is judged: on time, late, overdue, not yet judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from catalog.duties.standing import standing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from catalog.duties.standing import Facts, Status

Outcome = Literal["on-time", "late", "overdue", "not-done", "waiting", "excused", "running"]

COUNTED: tuple[Outcome, ...] = ("on-time", "late", "overdue", "not-done")

_ENDED: Mapping[Status, Outcome] = {
    "closed-on-time": "on-time",
    "closed-late": "late",
    "closed-not-done": "not-done",
    "under-review": "waiting",  # the performer has filed, and nobody has judged it
    "waived": "excused",
    "suspended": "excused",
    "past": "excused",  # until it is settled
}


def outcome(facts: Facts, today: date) -> Outcome:
    """Return the outcome of a duty at the end of `today`.

    The due date is the one in force by then: an extension moves it and costs nothing. Only the
    outcomes of COUNTED say anything about the performer.
    """
    ended = _ENDED.get(standing(facts, today).status)
    if ended is not None:
        return ended
    return "overdue" if today > facts.due_on else "running"
