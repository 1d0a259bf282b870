"""Lines of letters: one duty each, with the news of it and what it asks of the recipient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from catalog.letters.inquiry import Inquiry
    from catalog.letters.matters import Ask, Part


class Text(NamedTuple):
    """A letter's subject (one line) and plain-text body."""

    subject: str
    body: str


class Parties(NamedTuple):
    """The parties of an obligation in one period, in the eyes of one that is none of them.

    `obligation` names it with its plan and period; `done` of `all` have been closed as done.
    """

    obligation: str
    done: int
    all: int


class News(NamedTuple):
    """A notice in a line: its matter, and what it asks of the recipient.

    `workdays` and `period` are those of its rung, which may `repeat`; an event has the words of
    its deed as its `remark`. `move` is the sentence about a meeting of which the recipient knows
    another day. `inquiry` asks for progress, alone or beside what the rung says.
    """

    matter: str
    ask: Ask
    workdays: int = 0
    period: str = ""
    is_repeat: bool = False
    remark: str = ""
    move: str = ""
    inquiry: Inquiry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyLine:
    """One duty in a letter to one recipient; agencies by name.

    `ask` is the most pressing of its news and of the present facts. `of` names the obligation with
    its plan. `says` are the plan's words, of each of its places. A line that stands for several
    duties has the keys of all in `keys`, their performers in `performers`, and of the due dates the
    next one. `meets_on` is the day of its planned meeting. `reason` is that of the last return.
    `parties` is for whoever follows up a duty of several parties. `plan` is the title of
    its plan in a letter about several.
    """

    key: str
    title: str
    due_on: date
    ask: Ask
    lead: str
    performer: str
    part: Part = "performer"
    news: tuple[News, ...] = ()
    light: str = "none"
    is_over: bool = False
    of: str = ""
    plan: str = ""
    measure: str = ""
    says: tuple[str, ...] = ()
    period: str = ""
    participants: tuple[str, ...] = ()
    provisional: bool = False
    delivered: int = 0
    quota_min: int | None = None
    quota_max: int | None = None
    acknowledged_on: date | None = None
    filed_on: date | None = None
    done_on: date | None = None
    returned_on: date | None = None
    meets_on: date | None = None
    reason: str = ""
    parties: Parties | None = None
    keys: tuple[str, ...] = ()
    performers: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """The number of duties it stands for."""
        return len(self.keys) or 1

    def is_late(self, on: date) -> bool:
        """Tell whether its due date has passed on the day `on`, and it is still to be done."""
        return on > self.due_on and not self.is_over


class TidingLine(NamedTuple):
    """A line of a digest about no duty, and the address of the details, "" for none."""

    title: str
    url: str = ""


class Office(NamedTuple):
    """The office that a letter comes from: its name, its contact person, and their telephone."""

    name: str
    person: str = ""
    telephone: str = ""
