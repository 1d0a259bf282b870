"""The frame in which the rows of a tracker are read: its plan, its answers and its duties."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from catalog.trackers.days import typed_day
from tasks.trackers.uses.row import OMIT, Ask, Said, own

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from catalog.trackers.columns import Role
    from catalog.trackers.doubt import Doubt
    from catalog.trackers.line import Line
    from ledger.duties.duties import Duty
    from ledger.duties.life import Latest
    from tasks.trackers.uses.matching import Matcher
    from tasks.trackers.uses.row import AskKind

OF_FILE = "*"  # in place of a line: what is asked of the whole file
KINDS: Mapping[Role, AskKind] = {
    "lead": "agency",
    "participants": "agency",
    "opens": "day",
    "due": "day",
    "done": "day",
}


class Case(NamedTuple):
    """What the rows of a tracker are read with.

    `names` are the agencies by id, `file` is the name of the file, `year` that of days without
    one. `duties` are those that lines are matched with; `past` are the keys of the unsettled past
    ones, `live` of those that words may be reported on, and `latest` the last words of these.
    `relays` tells that the office passes on the word of agencies.
    """

    plan: str
    on: dt.date
    file: str
    year: int | None
    names: Mapping[str, str]
    answers: Mapping[str, str]
    duties: Matcher
    past: Collection[str] = ()
    live: Collection[str] = ()
    latest: Mapping[str, Latest] = {}
    relays: bool = False

    def answer(self, line: Line, name: str) -> str | None:
        """Return the answer about a whole line, None where there is none."""
        return self.answers.get(own(line, name))

    def of_file(self, name: str) -> str:
        """Return the answer about the whole file."""
        return self.answers.get(f"{OF_FILE}#{name}", "")

    def day_of_file(self, name: str) -> dt.date | None:
        """Return the day that the person typed for the whole file, None where it is none."""
        day = typed_day(self.of_file(name), year=self.year)
        return day if isinstance(day, dt.date) else None

    def is_left_out(self, line: Line) -> bool:
        """Tell whether the person leaves a line out."""
        return self.answer(line, "leave") == "yes"

    def day(self, line: Line, name: str, read: dt.date | None) -> dt.date | None:
        """Return the day that the person typed for a line, otherwise the one that was `read`."""
        text = self.answer(line, name)
        if text is None:
            return read
        day = typed_day(text, year=self.year)
        return day if isinstance(day, dt.date) else None

    def agency(self, name: str) -> str | None:
        """Return the id of the agency of that name or id."""
        if name in self.names:
            return name
        return next((id_ for id_, each in self.names.items() if each == name), None)

    def ask(
        self,
        line: Line,
        name: str,
        kind: AskKind,
        read: object = "",
        readings: tuple[str, ...] = (),
    ) -> Ask:
        """Return a question about a whole line; its value is the answer, otherwise as `read`."""
        answer = self.answer(line, name)
        value = str(read or "") if answer is None else answer
        return Ask(own(line, name), kind, f"tracker-ask.{name}", value=value, readings=readings)

    def doubts(self, line: Line, *roles: Role) -> Iterator[Ask]:
        """Yield the doubts about the roles that a use takes, as questions."""
        return map(_question, line.doubts_about(*roles))

    def answers_about(self, line: Line, before: Line, *roles: Role) -> Iterator[Ask]:
        """Yield the doubts that the person has answered; `before` is the line without answers."""
        open_ = {doubt.id for doubt in line.doubts}
        for doubt in before.doubts_about(*roles):
            if doubt.id not in open_ and doubt.id in self.answers:
                yield _question(doubt)._replace(value=self.answers[doubt.id] or OMIT)

    def due_note(self, line: Line, duty: Duty) -> tuple[Said, ...]:
        """Return the remark that the due dates of a line and of its duty differ, if they do."""
        if line.due_on is None or line.recurrence or line.due_on == duty.due_on:
            return ()
        days = {"cell": line.due_on, "ledger": duty.due_on}
        return (Said("tracker-note.due-differs", days),)


def _question(doubt: Doubt) -> Ask:
    return Ask(
        doubt.id,
        KINDS.get(doubt.role, "text"),
        f"tracker-doubt.{doubt.key}",
        doubt.text,
        doubt.place,
        tuple(filter(None, doubt.readings)),
        omits=True,
    )
