"""Trails: the days of the history from which derived columns follow."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.store.changes import Key

    Steps = dict[str, Any]  # the last value of each step of a trail; `failed` is a count

TELLING = {"reminded", "escalated"}
RESTARTING = {"returned", "resumed"}  # the clock of the ladder starts again on their day
SWEEPING = TELLING | {"recalendared", "anchored"}  # entries that only a sweep makes
NOTED = SWEEPING | {"failed", "requeued"}  # beside all that change a duty
DAYS = {"opens_on", "due_on", "covers_from", "covers_until"}
LADDER = DAYS | {"ladder", "quota_min", "lead", "performer", "waived_on", "past_on"}


class PlanDays(NamedTuple):
    """The last days of a plan that its sweeps left in the history, None for never."""

    last: str | None = None
    before: str | None = None
    recalendared: str | None = None


class Trails:
    """Days of each plan, and the last day of all, collected entry by entry."""

    def __init__(self) -> None:
        self.plans: dict[str, PlanDays] = defaultdict(PlanDays)
        self.last = ""

    def take(self, at: str, deed: str, subject: str, payload: Any) -> Iterator[tuple[Key, Steps]]:
        """Yield the steps of an entry: of the duties it changed, or of its letter."""
        on = self.pass_by(at, payload)
        if deed in SWEEPING:
            self._sweep(subject.partition("/")[0], deed, on)
        if deed in TELLING:
            yield subject, {"told_on": on}
        elif deed == "failed":
            yield subject, {"failed_at": at}
        elif deed == "requeued":
            yield subject, {"requeued": True}
        for table, key, values in payload["changes"]:
            if table == "duties":
                yield key, _steps(deed, on, values)

    def pass_by(self, at: str, payload: Any) -> str:
        """Return the day of an entry, and note it as the last so far."""
        on: str = payload.get("on") or at[:10]
        self.last = max(self.last, on)
        return on

    def _sweep(self, plan: str, deed: str, on: str) -> None:
        days = self.plans[plan]
        if days.last is None or on > days.last:
            days = days._replace(last=on, before=days.last)
        self.plans[plan] = days._replace(recalendared=on) if deed == "recalendared" else days


def follow(trail: Steps, steps: Steps) -> None:
    """Add the steps of an entry to a trail."""
    if "requeued" in steps:
        trail.pop("failed", None)
    elif "failed_at" in steps:
        trail["failed"] = trail.get("failed", 0) + 1
    trail.update(steps)


def _steps(deed: str, on: str, values: dict[str, Any]) -> Steps:
    steps: Steps = {"last_on": on}
    if deed in RESTARTING:
        steps["told_on"] = on
    if not LADDER.isdisjoint(values):
        steps["changed_on"] = on
    if values.get("waived_on"):
        steps["waived"] = True
    if values.get("planned_on"):
        steps["prepared"] = False  # its material is made anew, for that day
    return steps
