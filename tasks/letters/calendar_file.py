"""Calendar files (RFC 5545): due dates, and meetings that are planned."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, NamedTuple

from icalendar import Alarm, Calendar, Event

from catalog.clean import one_line
from catalog.dates.days import A_DAY
from tasks.letters.letter_format import Attachment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

REFRESH = dt.timedelta(hours=6)
AHEAD = (7, 1)  # days before the event
NINE = dt.timedelta(hours=9)  # an alarm of a whole day rings at nine in the morning


class DueDate(NamedTuple):
    """The due date of one duty, its version from 1, and the address of the duty's page.

    It `is_off` when the duty is waived: calendars then cancel the event. `changed_at` is the last
    change of what the event says, by default the instant of the file.
    """

    key: str
    due_on: date
    due_version: int
    title: str
    url: str = ""
    is_off: bool = False
    description: str = ""
    changed_at: datetime | None = None
    has_alarms: bool = False

    @property
    def sequence(self) -> int:
        """The SEQUENCE, higher after each new version and each waiver."""
        return 2 * (self.due_version - 1) + self.is_off


class MeetingDay(NamedTuple):
    """A meeting or an event that is planned: UID and SEQUENCE are those of its invitation."""

    uid: str
    sequence: int
    begins: date
    ends: date
    title: str
    place: str = ""
    url: str = ""
    description: str = ""
    changed_at: datetime | None = None
    is_tentative: bool = False
    has_alarms: bool = False


def due_dates(
    dates: Iterable[DueDate],
    *,
    stamp: datetime,
    name: str = "",
    meetings: Iterable[MeetingDay] = (),
) -> Attachment:
    """Return a file with an all-day event for each date, stamped with the instant `stamp`.

    A later due-date version has the same UID and a higher SEQUENCE, and replaces the earlier.
    A `name` is that of the calendar in the program that subscribes to it.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//duban//duban//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", name)  # RFC 7986
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", f"PT{REFRESH // dt.timedelta(hours=1)}H")
    for due in dates:
        calendar.add_component(_due(due, stamp))
    for meeting in meetings:
        calendar.add_component(_meeting(meeting, stamp))
    calendar.add_missing_timezones()
    return Attachment(
        name="due.ics",
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        content=bytes(calendar.to_ical()),
    )


def _due(due: DueDate, stamp: datetime) -> Event:
    uid = f"{hashlib.sha256(due.key.encode()).hexdigest()[:32]}@duban"
    event = _event(due, uid, (due.due_on, due.due_on + A_DAY), stamp)
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if due.is_off else "CONFIRMED")
    return event


def _meeting(meeting: MeetingDay, stamp: datetime) -> Event:
    event = _event(meeting, meeting.uid, (meeting.begins, meeting.ends), stamp)
    event.add("status", "TENTATIVE" if meeting.is_tentative else "CONFIRMED")
    if meeting.place:
        event.add("location", one_line(meeting.place))
    return event


def _event(
    entry: DueDate | MeetingDay, uid: str, days: tuple[date, date], stamp: datetime
) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", entry.changed_at or stamp)
    event.add("sequence", entry.sequence)
    event.add("dtstart", days[0])
    event.add("dtend", days[1])
    event.add("summary", one_line(entry.title))
    if entry.description:
        event.add("description", entry.description)
    if entry.changed_at:
        event.add("last-modified", entry.changed_at)
    if entry.url:
        event.add("url", entry.url)
    for ahead in AHEAD if entry.has_alarms else ():
        event.add_component(_alarm(ahead * A_DAY, days[0], entry.title))
    return event


def _alarm(ahead: dt.timedelta, begins: date, title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", one_line(title))
    alarm.add("trigger", -ahead if isinstance(begins, dt.datetime) else NINE - ahead)
    return alarm
