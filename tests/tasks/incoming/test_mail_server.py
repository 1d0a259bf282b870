"""Against a real mail server: a letter it took comes back two rounds later, and an answer comes."""

from __future__ import annotations

import datetime as dt
import smtplib
from email import message_from_bytes, policy

import pytest

from ledger.duties import meetings as ledger_meetings
from ledger.post import bounces, letters
from tasks.deeds import meetings
from tasks.incoming.mailbox import mailbox
from tasks.incoming.reading import read
from tasks.meetings.attendance import attendance
from tests.faults.surviving import assert_sound
from tests.tasks.incoming.exim import BINARY, Exim
from tests.world import ISSUED, PostOffice, World, address, small_plan

pytestmark = pytest.mark.skipif(not BINARY, reason="there is no exim4 here to send mail through")
CITY = address("city/officer")
DAY = dt.date(2013, 9, 25)
MEETING = {"id": "meeting", "kind": "meeting", "due_on": dt.date(2013, 9, 30)}


@pytest.fixture
def exim(request):
    with Exim(*getattr(request, "param", ())) as server:
        yield server


@pytest.fixture
def world(database, home, exim):
    """A world that sends through the server, and reads the mailbox there."""
    settings = {"DUBAN_MAIL_URL": exim.url, "DUBAN_BOUNCES": f"maildir:{exim.home}/own"}
    settings |= {"DUBAN_MAIL_FROM": "督辦 <duban@office.example>"}
    with database.open(home, **settings) as ledger:
        yield World(ledger, PostOffice())
        assert_sound(ledger)


def arrive(world):
    """Read the mailbox; return what became of the mail in it."""
    source = mailbox(world.ledger.settings, on=world.today)
    return dict(read(source, [world.ledger], lambda _: world.at, left=lambda _: None))


@pytest.mark.parametrize("exim", [["officer.city"]], indirect=True)
def test_a_letter_that_the_server_took_comes_back_two_rounds_later(world, exim, tmp_path):
    world.publish(small_plan(tmp_path, {"parties": ["city"], "due_on": dt.date(2013, 9, 30)}))
    world.day(ISSUED)
    assert {message.state for message in world.messages()} == {"sent"}
    for _ in range(2):
        exim.run_queue()
        assert arrive(world) == {}
    exim.give_up()
    exim.run_queue()
    assert arrive(world) == {"bounced": 1}
    with world.ledger.read() as conn:
        (letter,) = letters.listed(conn, state="bounced")
        (mark,) = bounces.unreachable(conn).values()
    assert (letter.address, mark.kind, mark.status) == (CITY, "unknown", "5.1.1")
    assert mark.reason == "550 5.1.1 There is no such mailbox"
    assert {notice.recipient for notice in world.notices(state="bounced")} == {"city/officer"}
    assert world.notices(state="sent")


def test_the_answer_to_an_invitation_comes_back_through_the_server(world, exim, tmp_path):
    world.publish(small_plan(tmp_path, MEETING, participants=["city"]))
    world.day(ISSUED)
    key = "small-2013/1.meeting/-/once"
    meetings.plan_meeting(world.ledger, key, world.act("trade/officer"), day=DAY, time="09:00")
    world.day(ISSUED + dt.timedelta(1))
    exim.run_queue()
    invitation = next(i for mail in exim.mails("others") for i in _invitations(mail, CITY))
    organizer = _line(invitation, "ORGANIZER").rpartition(":")[2]
    calendar = "\r\n".join(
        [
            "BEGIN:VCALENDAR", "PRODID:-//test//EN", "VERSION:2.0", "METHOD:REPLY", "BEGIN:VEVENT",
            _line(invitation, "UID"), f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{CITY}", "SEQUENCE:0",
            "DTSTAMP:20130901T010203Z", "END:VEVENT", "END:VCALENDAR", "",
        ]
    )  # fmt: skip
    mail = (
        f"From: {CITY}\r\nTo: {organizer}\r\nSubject: Accepted\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/calendar; method=REPLY\r\n\r\n{calendar}"
    )
    with smtplib.SMTP("127.0.0.1", exim.port) as line:
        line.sendmail(CITY, [organizer], mail.encode())
    exim.run_queue()
    assert arrive(world) == {"answered": 1}
    with world.ledger.read() as conn:
        coming = attendance(conn, world.duty(key), ledger_meetings.planning(conn, key), on=DAY)
    assert [line.answer for line in coming if line.agency == "city"] == ["accepted"]


def _invitations(content, to):
    mail = message_from_bytes(content, policy=policy.default)
    if mail["To"] != to:
        return
    for part in mail.walk():
        if part.get_content_type() == "text/calendar" and part.get_param("method") == "REQUEST":
            yield part.get_content().replace("\r\n ", "").replace("\n ", "")


def _line(calendar, name):
    return next(line for line in calendar.splitlines() if line.startswith(name))
