"""Matters of notices, and the states of duties they are judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from catalog.duties.deeds import DEEDS
from catalog.duties.standing import returned, stopped, under_review

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from catalog.duties.standing import Facts

# From the most pressing to the least. A `file` past its due date comes before the others.
Ask = Literal[
    "mend",
    "release",
    "decide",
    "accept",
    "file",
    "sign",
    "report",
    "deliver",
    "follow-up",
    "attend",
    "support",
    "know",
]
ASKS: tuple[Ask, ...] = get_args(Ask)
# What a recipient is to a duty; an `outsider` has no part in it any more.
Part = Literal["performer", "lead", "participant", "office", "outsider"]

# The events of a duty, with what its notice asks of the reader: to act, to decide, or to know.
EVENTS: Mapping[str, Literal["act", "decide", "know"]] = {
    **{deed.entry: deed.tells for deed in DEEDS.values() if deed.tells},
    "amended": "act",
    "copied": "know",
    "named": "act",
    "prepared-event": "know",
    "prepared-meeting": "know",
    "prepared-report": "know",
    "problem": "decide",
    "reinstated": "act",
    "relieved": "know",
    "succeeded": "act",
}


class Matter(NamedTuple):
    """The matter of a notice: an event, or the condition of a rung (`open`, `before`, `draft`...).

    `since` is the first day on which a word answers it, where it asks for one. `is_current` tells
    whether it is about the present due date. `is_open` is false once the very thing it asks for
    was done (its request decided, its problem answered, its slip released), and for the end of
    what the recipient never heard of.
    """

    name: str
    since: date | None = None
    is_current: bool = True
    is_open: bool = True


class State(NamedTuple):
    """A duty at the end of the day `on`."""

    facts: Facts
    on: date
    lead_performs: bool = True
    is_accepted: bool = False
    is_refused: bool = False
    planned_on: date | None = None

    @property
    def is_over(self) -> bool:
        """Whether it is waived or closed."""
        ends = (self.facts.waived_on, self.facts.closed_on)
        return any(day is not None and day <= self.on for day in ends)

    @property
    def has_begun(self) -> bool:
        """Whether it has opened: nothing is done about one that has not."""
        return self.facts.opens_on <= self.on

    @property
    def is_paused(self) -> bool:
        """Whether its clock stands still."""
        day = self.facts.suspended_on
        return not self.is_over and day is not None and day <= self.on

    @property
    def is_filed(self) -> bool:
        """Whether a filing waits for the lead or the office."""
        is_held = self.is_over or self.is_paused or not self.has_begun
        return not is_held and under_review(self.facts, self.on)

    @property
    def is_returned(self) -> bool:
        """Whether the last filing came back."""
        return not stopped(self.facts, self.on) and returned(self.facts, self.on)

    @property
    def is_late(self) -> bool:
        """Whether it is past its due date."""
        return self.on > self.facts.due_on

    @property
    def is_unsigned(self) -> bool:
        """Whether nobody has acknowledged it."""
        day = self.facts.acknowledged_on
        return day is None or day > self.on

    @property
    def is_running(self) -> bool:
        """Whether its performer can act: it has begun, and nobody else has the next word."""
        return self.has_begun and not self.is_refused and not stopped(self.facts, self.on)
