"""Ticks: the plan, the day and the instant of a sweep."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt

Counts = Counter[str]


class Keys(NamedTuple):
    """A range of duty keys in the database's order: past `after`, up to `through`; None is open."""

    after: str | None
    through: str | None


ALL = Keys(None, None)


@dataclass(frozen=True, slots=True)
class Tick:
    """One tick of one plan: `on` is the calendar day in the plan's zone, `at` the UTC instant.

    Every step asks the ledger for all that is due up to `on`, so a missed, doubled or late tick
    does no harm. `keys` limit the duties it reminds of, for one shard of a sweep.
    """

    plan: str
    on: dt.date
    at: dt.datetime
    actor: str = "duban"
    keys: Keys = ALL
