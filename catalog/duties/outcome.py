"""What became of a duty as its doer is judged by it: on time, late, overdue, or not judged yet."""

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
    "under-review": "waiting",  # the doer has done its part, and nobody has judged it
    "waived": "excused",
    "suspended": "excused",
}


def outcome(facts: Facts, today: date) -> Outcome:
    """Return what became of a duty at the end of `today`.

    The due date is the one that counts by then: an extension that was granted moves it and costs
    nothing more. Of the outcomes only those of COUNTED say anything about the doer.
    """
    ended = _ENDED.get(standing(facts, today).status)
    if ended is not None:
        return ended
    return "overdue" if today > facts.due_on else "running"
