"""The due date as a calendar file (RFC 5545), so that the day stands in the reader's calendar."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar, Event

from catalog.notice_text import one_line
from tasks.channels.letter import Attachment

if TYPE_CHECKING:
    from datetime import date, datetime


def due_date_event(
    key: str,
    *,
    due_on: date,
    due_version: int,
    title: str,
    stamp: datetime,
    description: str = "",
    url: str = "",
) -> Attachment:
    """Return an all-day event on the due date; a later due-date version replaces the earlier."""
    event = Event()
    event.add("uid", f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@duban")
    event.add("dtstamp", stamp)
    event.add("sequence", due_version - 1)
    event.add("dtstart", due_on)
    event.add("dtend", due_on + timedelta(days=1))
    event.add("summary", one_line(title))
    event.add("transp", "TRANSPARENT")
    for name, value in (("description", description), ("url", url)):
        if value:
            event.add(name, value)
    return Attachment(
        name="due.ics",
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        content=_calendar(event),
    )


def _calendar(event: Event) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//duban//duban//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
