"""Standing of a duty on a day: its status and its light, from recorded facts alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from catalog.duties import quota

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

Status = Literal[
    "not-open",
    "awaiting-receipt",
    "on-course",
    "due-soon",
    "behind-pace",
    "overdue",
    "under-review",
    "returned",
    "suspended",
    "closed-on-time",
    "closed-late",
    "waived",
    "closed-not-done",
    "past",
]
NOT_OPEN: frozenset[Status] = frozenset({"not-open"})
RUNNING: frozenset[Status] = frozenset(
    {"awaiting-receipt", "on-course", "due-soon", "behind-pace", "overdue", "returned"}
)
REVIEW: frozenset[Status] = frozenset({"under-review"})
SUSPENDED: frozenset[Status] = frozenset({"suspended"})
ENDED: frozenset[Status] = frozenset({"closed-on-time", "closed-late", "waived", "closed-not-done"})
PAST: frozenset[Status] = frozenset({"past"})  # docs/rules.md, Where a ledger starts
LIVE = RUNNING | REVIEW | SUSPENDED

Light = Literal["red", "amber", "green", "none"]

DUE_SOON = timedelta(days=14)  # docs/rules.md, The life of a duty

# The light of each status; `standing` makes two exceptions.
LIGHTS: Mapping[Status, Light] = {
    "not-open": "none",
    "awaiting-receipt": "green",
    "on-course": "green",
    "due-soon": "amber",
    "behind-pace": "amber",
    "overdue": "red",
    "under-review": "green",
    "returned": "amber",
    "suspended": "none",
    "closed-on-time": "green",
    "closed-late": "amber",
    "waived": "none",
    "closed-not-done": "none",
    "past": "none",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts recorded of a duty; every day is a date in the plan's zone, None for no such fact.

    `filed_on` is the last filing, `returned_on` the last return; a filing after a return on the
    same day cancels the return. A fact dated after the day in question has not happened.
    `spoken_on` is the last day with a word on the work, `asked_on` the last on which the ladder
    asked its present performer for one. `done_on` is the day of doing that the office accepted;
    `past_on` the start of the ledger, of a duty that was due before it.
    """

    opens_on: date
    due_on: date
    acknowledged_on: date | None = None
    filed_on: date | None = None
    returned_on: date | None = None
    suspended_on: date | None = None
    closed_on: date | None = None
    closed_as: Literal["done", "not-done"] | None = None
    waived_on: date | None = None
    quota_min: int | None = None
    quota_max: int | None = None
    delivered: int = 0
    covers_from: date | None = None
    covers_until: date | None = None
    extensions: int = 0
    spoken_on: date | None = None
    asked_on: date | None = None
    done_on: date | None = None
    past_on: date | None = None

    @property
    def paced(self) -> tuple[date, date]:
        """The first and the last day over which its quota is counted."""
        covers = (self.covers_from, self.covers_until)
        return quota.paced(self.opens_on, self.due_on, *covers, self.extensions)

    @property
    def finished_on(self) -> date | None:
        """The day by which it was in time or late: that of doing once the office has accepted it.

        Until then, and where no such day is recorded, it is that of the filing or of the closing.
        """
        return self.done_on or self.filed_on or self.closed_on


class Standing(NamedTuple):
    """A status and its light."""

    status: Status
    light: Light


def standing(facts: Facts, today: date) -> Standing:
    """Return the standing at the end of `today` (docs/rules.md, The life of a duty)."""
    status = next(status for status, holds in _FIRST_THAT_HOLDS if holds(facts, today))
    if status == "returned" and today > facts.due_on:
        return Standing(status, "red")
    if status == "under-review" and facts.filed_on and facts.filed_on > facts.due_on:
        return Standing(status, "amber")
    return Standing(status, LIGHTS[status])


def under_review(facts: Facts, today: date) -> bool:
    """Tell whether a submission waits for the lead or the office: filed and not returned."""
    return _happened(facts.filed_on, today) and not returned(facts, today)


def returned(facts: Facts, today: date) -> bool:
    """Tell whether the last submission was returned and none was filed since."""
    back, filed = facts.returned_on, facts.filed_on
    if back is None or back > today:
        return False
    return filed is None or filed > today or back >= filed


def stopped(facts: Facts, today: date) -> bool:
    """Tell whether the ladder is silent: waived, closed, past, suspended or under review.

    The rule: docs/rules.md, The ladder.
    """
    return (
        _happened(facts.waived_on, today)
        or _happened(facts.closed_on, today)
        or facts.past_on is not None
        or _happened(facts.suspended_on, today)
        or under_review(facts, today)
    )


def behind_pace(facts: Facts, today: date) -> bool:
    """Tell whether its quota lagged at the last quarter's end, and has not caught up since."""
    if facts.quota_min is None:
        return False
    look_on = quota.last_look(facts.opens_on, facts.due_on, today)
    return look_on is not None and quota.behind(
        facts.quota_min, facts.delivered, *facts.paced, today=look_on
    )


def _happened(on: date | None, today: date) -> bool:
    return on is not None and on <= today


def _closed_on_time(facts: Facts, today: date) -> bool:
    return _happened(facts.closed_on, today) and _happened(facts.finished_on, facts.due_on)


_FIRST_THAT_HOLDS: tuple[tuple[Status, Callable[[Facts, date], bool]], ...] = (
    ("waived", lambda f, on: _happened(f.waived_on, on)),
    ("closed-not-done", lambda f, on: _happened(f.closed_on, on) and f.closed_as == "not-done"),
    ("closed-on-time", _closed_on_time),
    ("closed-late", lambda f, on: _happened(f.closed_on, on)),
    ("past", lambda f, _: f.past_on is not None),
    ("suspended", lambda f, on: _happened(f.suspended_on, on)),
    ("not-open", lambda f, on: on < f.opens_on),
    ("under-review", under_review),
    ("returned", returned),
    ("overdue", lambda f, on: on > f.due_on),
    ("behind-pace", behind_pace),
    ("due-soon", lambda f, on: f.due_on - on <= DUE_SOON),
    ("awaiting-receipt", lambda f, on: not _happened(f.acknowledged_on, on)),
    ("on-course", lambda _, __: True),
)
