"""Replay of a plan's whole ladder in memory: its duties and its notices."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import InvalidError
from ledger.duties import duties
from ledger.offices.installation import load_settings
from ledger.post import messages, notices
from ledger.session import Ledger
from tasks.plans.publish import publish
from tasks.sweep.steps import STEPS
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick

if TYPE_CHECKING:
    from collections.abc import Callable

    from catalog.plans.model import Plan

IN_MEMORY = STEPS[:-1]  # all but the anchor, because nothing leaves the memory


class Replayed(NamedTuple):
    """The end of a replay: every duty, and every notice and message since a day."""

    since: dt.date
    until: dt.date
    duties: list[duties.Duty]
    notices: list[notices.Notice]
    messages: list[messages.Message]

    @property
    def load(self) -> Counter[tuple[str, str]]:
        """The number of letters by (month, agency): a digest counts once, the day it leaves."""
        return Counter((f"{m.on:%Y-%m}", m.recipient.partition("/")[0]) for m in self.messages)


def replay(
    plan: Plan,
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
    start_on: dt.date | None = None,
    progress: Callable[[dt.date], None] = lambda _: None,
) -> Replayed:
    """Sweep every day from the plan's issue to `until`, as if nobody ever answered.

    Without `until` it goes on to the last day on which a duty is due.

    The steps of a real sweep run on a ledger in memory, which ends with the call. `since` only
    limits the notices returned: the ladder starts with the plan, or on `start_on`.
    """
    start_on = start_on or plan.issued_on
    since, until = since or start_on, until or max(plan.closes_on, start_on)
    if until < since:
        raise InvalidError("window-empty", place="--until", since=since, until=until)
    with TemporaryDirectory() as home:
        settings = replace(load_settings({"DUBAN_HOME": home}), database_url="sqlite://")
        with Ledger.open(settings) as ledger:
            _run(ledger, plan, start_on, until, progress)
            with ledger.read() as conn:
                rows = [n for n in notices.listed(conn) if since <= n.on <= until]
                letters = [m for m in messages.listed(conn) if since <= m.on <= until]
                return Replayed(since, until, duties.listed(conn), rows, letters)


def _run(
    ledger: Ledger,
    plan: Plan,
    on: dt.date,
    until: dt.date,
    progress: Callable[[dt.date], None],
) -> None:
    publish(ledger, plan, at=sweep_instant(plan.zone, on), actor="duban", start_on=on)
    while on <= until:
        tick = Tick(plan.plan, on, sweep_instant(plan.zone, on), confirmed="duban")
        for step in IN_MEMORY:
            step(ledger, tick)
        progress(on)
        on = _next_day(ledger, plan.plan, on)


def _next_day(ledger: Ledger, plan: str, on: dt.date) -> dt.date:
    """Return the next day with work for a sweep: a duty to look at, or a year to expand."""
    with ledger.read() as conn:
        look = duties.next_look(conn, plan)
    new_year = dt.date(on.year + 1, 1, 1)
    return min(look, new_year) if look else new_year
