"""Ticks: the plan, the day and the instant of a sweep."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import ConflictError
from ledger.duties import duties
from tasks.time_limit import Deadline

if TYPE_CHECKING:
    import datetime as dt

    from ledger.session import Ledger

Counts = Counter[str]
SWEEP = 30 * 60.0  # seconds; a million duties due take seven minutes


class Keys(NamedTuple):
    """A range of duty keys in the database's order: past `after`, up to `through`; None is open."""

    after: str | None
    through: str | None


ALL = Keys(None, None)


class UnfinishedError(ConflictError):
    """A sweep has taken all its time; the next one goes on where it stopped."""


@dataclass(frozen=True, slots=True)
class Tick:
    """One tick of one plan: `on` is the calendar day in the plan's zone, `at` the UTC instant.

    Every step asks the ledger for all that is due up to `on`, so a missed, doubled or late tick
    does no harm. `keys` limit the duties it reminds of, for one shard of a sweep; `obligation`
    limits it to the duties of one, for a course. A person who has `confirmed` it lets it draft any
    number of slips. After `end` no step is begun, and no page of one.
    """

    plan: str
    on: dt.date
    at: dt.datetime
    actor: str = "duban"
    keys: Keys = ALL
    obligation: str | None = None
    confirmed: str = ""
    end: Deadline = field(default_factory=partial(Deadline, SWEEP), compare=False)

    def go_on(self, ledger: Ledger) -> None:
        """Raise UnfinishedError after `end`, with the number of duties left to look at."""
        if not self.end.is_over:
            return
        with ledger.read() as conn:
            left = duties.count_due(conn, plan=self.plan, on=self.on)
        raise UnfinishedError("sweep-unfinished", plan=self.plan, on=self.on, left=left)
