"""A world with a meeting and a fair, planned, called off and answered."""

from __future__ import annotations

import datetime as dt
from datetime import date

from icalendar import Calendar

from ledger.duties import meetings as ledger_meetings
from ledger.proof.ledger_verification import differences
from tasks.deeds import meetings
from tasks.meetings.attendance import attendance
from tests.world import ISSUED, address, small_plan

MEETING, FAIR = "small-2013/1.meeting/-/once", "small-2013/1.fair/-/once"
FIRST = date(2013, 8, 6)
DAY, LATER = date(2013, 9, 25), date(2013, 10, 16)
CITY, TRADE, STRANGER = (address(f"{a}/officer") for a in ("city", "trade", "stranger"))


def lived(world, tmp_path):
    """A meeting and a fair of trade in which the city takes part, both opened."""
    world.publish(
        small_plan(
            tmp_path,
            {"id": "meeting", "kind": "meeting"},
            {"id": "fair", "kind": "event"},
            participants=["city"],
        )
    )
    world.day(ISSUED)
    world.day(FIRST)
    world.post.letters.clear()
    yield world
    world.post.letters.clear()
    with world.ledger.read() as conn:
        assert list(differences(conn)) == []


def plan(world, key=MEETING, day=DAY, **fields):
    meetings.plan_meeting(world.ledger, key, world.act("trade/officer"), day=day, **fields)


def call_off(world, key=MEETING):
    meetings.call_off_meeting(world.ledger, key, world.act("trade/officer"), reason="另行通知")


def invitations(world, to=CITY):
    """Deliver the next day; return the calendars in the letters to that address."""
    world.day(world.today + dt.timedelta(1))
    letters = [letter for letter in world.post.letters if letter.to == to]
    world.post.letters.clear()
    files = (file for letter in letters for file in letter.attachments)
    return [
        Calendar.from_ical(file.content)
        for file in files
        if "method=PUBLISH" not in file.content_type
    ]


def event(world, to=CITY):
    (calendar,) = invitations(world, to)
    return calendar["method"], calendar.walk("VEVENT")[0]


def attendees(vevent):
    every = vevent["attendee"]
    return {str(a): a.params for a in (every if isinstance(every, list) else [every])}


def reply(uid, partstat, *, who=CITY, sequence=0, comment=""):
    """Return the bytes that a calendar sends back."""
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN",
            "VERSION:2.0",
            "METHOD:REPLY",
            "BEGIN:VEVENT",
            f"ATTENDEE;PARTSTAT={partstat}:MAILTO:{who.upper()}",
            *([f"COMMENT:{comment}"] if comment else []),
            f"UID:{uid}",
            f"SEQUENCE:{sequence}",
            "DTSTAMP:20130901T010203Z",
            "DTSTART:20130925T010000Z",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    ).encode()


def coming(world, key=MEETING):
    duty = world.duty(key)
    with world.ledger.read() as conn:
        last = ledger_meetings.planning(conn, key)
        return attendance(conn, duty, last, on=world.today)


def answers(world, key=MEETING):
    return {line.agency: (line.answer, line.is_outdated) for line in coming(world, key)}
