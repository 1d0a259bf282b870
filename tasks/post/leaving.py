"""Days on which letters leave: working days, by the calendar of the plan a message is of."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple, Self

from catalog.plans.load import plan_in
from ledger.holiday_notices import calendar
from ledger.plans import editions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from catalog.dates.workdays import Workdays
    from ledger.post.messages import Message
    from ledger.session import Connection


def leaves_on(workdays: Workdays, day: dt.date) -> dt.date:
    """Return the day a digest of `day` leaves: that day, or the first working day after it."""
    return workdays.roll_forward(day)


def workdays_of(conn: Connection, plan: str) -> Workdays:
    """Return the working days by which the letters of `plan` leave."""
    return _workdays(conn, editions.in_force(conn, plan))


def ready_through(swept: Sequence[dt.date | None], on: dt.date) -> dt.date:
    """Return the day up to which messages may leave on day `on`.

    A digest gathers the notices of all plans that may write to its recipient, so it waits until
    each of them has been swept for its day, but at most one day, so that one broken plan does not
    stop the others' mail.
    """
    return min(on, max(min((s or dt.date.min for s in swept), default=on), on - dt.timedelta(1)))


class Departures(NamedTuple):
    """The messages that may leave on day `on`.

    `resting` are the plans for which it is no working day; `through` the day up to which messages
    to an agency may leave, by agency; `otherwise` that of an agency which no plan names.
    """

    on: dt.date
    resting: frozenset[str]
    through: dict[str, dt.date]
    otherwise: dt.date

    @classmethod
    def of(cls, conn: Connection, on: dt.date) -> Self:
        """Return what may leave on day `on`, by the plans in force."""
        rows = editions.all_in_force(conn)
        resting = {row.plan for row in rows if not _workdays(conn, row).is_workday(on)}
        swept: dict[str, list[dt.date | None]] = {}
        for row in rows:
            for agency in plan_in(row.document).agencies:
                swept.setdefault(agency.id, []).append(row.swept_through)
        return cls(
            on,
            frozenset(resting),
            {agency: ready_through(days, on) for agency, days in swept.items()},
            ready_through([row.swept_through for row in rows], on),
        )

    def may_leave(self, message: Message) -> bool:
        """Tell whether `message` may leave; a slip that a person released leaves at once."""
        if message.form == "slip":
            return message.on <= self.on
        agency = message.recipient.partition("/")[0]
        through = self.through.get(agency, self.otherwise)
        return message.plan not in self.resting and message.on <= through

    def chosen(self, messages: Iterable[Message]) -> list[Message]:
        """Return those of `messages` that may leave."""
        return [message for message in messages if self.may_leave(message)]


def _workdays(conn: Connection, row: editions.Edition) -> Workdays:
    return calendar(conn, plan_in(row.document).workdays)
