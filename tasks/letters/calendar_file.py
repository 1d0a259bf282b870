"""Due dates as a calendar file (RFC 5545)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from icalendar import Calendar, Event

from catalog.clean import one_line
from catalog.dates.days import A_DAY
from tasks.letters.letter_format import Attachment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime


class DueDate(NamedTuple):
    """The due date of one duty, its version from 1, and the address of the duty's page.

    It `is_off` when the duty is waived: calendars then cancel the event.
    """

    key: str
    due_on: date
    due_version: int
    title: str
    url: str = ""
    is_off: bool = False

    @property
    def sequence(self) -> int:
        """The SEQUENCE, higher after each new version and each waiver."""
        return 2 * (self.due_version - 1) + self.is_off


def due_dates(dates: Iterable[DueDate], *, stamp: datetime) -> Attachment:
    """Return a file with an all-day event for each date, stamped with the instant `stamp`.

    A later due-date version has the same UID and a higher SEQUENCE, and replaces the earlier.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//duban//duban//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for due in dates:
        calendar.add_component(_event(due, stamp))
    return Attachment(
        name="due.ics",
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        content=bytes(calendar.to_ical()),
    )


def _event(due: DueDate, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{hashlib.sha256(due.key.encode()).hexdigest()[:32]}@duban")
    event.add("dtstamp", stamp)
    event.add("sequence", due.sequence)
    event.add("dtstart", due.due_on)
    event.add("dtend", due.due_on + A_DAY)
    event.add("summary", one_line(due.title))
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if due.is_off else "CONFIRMED")
    if due.url:
        event.add("url", due.url)
    return event
