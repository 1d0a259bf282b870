"""Words that a replay speaks of each duty in each quarter, and the quarters without one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.recurrence import RECURRENCES
from catalog.ladder.between import is_long

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.dates.recurrence import Period
    from ledger.duties.duties import Duty
    from tasks.plans.replay import Replayed


class Words(NamedTuple):
    """The days on which letters spoke of a duty, counted by the quarters that end before it is due.

    `is_long` tells whether it is open longer than six months.
    """

    duty: Duty
    is_long: bool
    by_quarter: dict[str, int]

    @property
    def silent(self) -> list[str]:
        """The quarters without a word."""
        return [quarter for quarter, number in self.by_quarter.items() if not number]


def words_spoken(replayed: Replayed) -> list[Words]:
    """Return the words on each duty in the quarters that lie in the replay, by key."""
    days = Counter(
        (duty, f"{on.year}-Q{(on.month + 2) // 3}")
        for duty, on in {(notice.duty, notice.on) for notice in replayed.notices}
    )
    return [
        Words(
            duty,
            is_long(duty.opens_on, duty.due_on),
            {quarter.label: days[duty.key, quarter.label] for quarter in _quarters(replayed, duty)},
        )
        for duty in sorted(replayed.duties, key=lambda duty: duty.key)
    ]


def _quarters(replayed: Replayed, duty: Duty) -> Iterator[Period]:
    for quarter in RECURRENCES["quarterly"].periods(duty.opens_on, duty.due_on):
        in_replay = replayed.since <= quarter.covers_from <= quarter.covers_until <= replayed.until
        if in_replay and quarter.covers_until < duty.due_on:
            yield quarter
