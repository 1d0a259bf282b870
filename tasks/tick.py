"""What a sweep is told from outside: which plan, which day, at which instant."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt

Counts = Counter[str]


class Keys(NamedTuple):
    """A range of duty keys as the database sorts them: past `after`, up to `through`.

    None is an open end.
    """

    after: str | None
    through: str | None


ALL = Keys(None, None)


@dataclass(frozen=True, slots=True)
class Tick:
    """One tick of one plan: `on` is the calendar day in the plan's zone, `at` the UTC instant.

    A tick carries no meaning of its own: every step asks the ledger for all that is due up to
    `on`, so a missed, doubled or late tick changes nothing that should not change. `keys` are the
    duties it chases: a share of them, where several do it together.
    """

    plan: str
    on: dt.date
    at: dt.datetime
    actor: str = "duban"
    keys: Keys = ALL
