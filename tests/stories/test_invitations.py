"""Invitations: real iTIP parts of letters, moved and called off."""

from __future__ import annotations

import datetime as dt
from datetime import date

import pytest
import vobject
from ical.calendar_stream import IcsCalendarStream

from tasks.deeds import meetings, pausing
from tasks.deeds.meeting_answers import record_answer
from tasks.post.contacts import Contact, end, reach
from tests import planned_meeting
from tests.planned_meeting import (
    CITY,
    DAY,
    FAIR,
    LATER,
    MEETING,
    STRANGER,
    TRADE,
    answers,
    attendees,
    call_off,
    event,
    invitations,
    plan,
    reply,
)
from tests.world import address


@pytest.fixture
def lived(world, tmp_path):
    yield from planned_meeting.lived(world, tmp_path)


def test_the_letter_that_announces_a_meeting_is_an_invitation(lived):
    plan(lived, time="9:00", end="11時30分", place="省府會議室", chair="李副省長", note="聽取進展")
    method, vevent = event(lived)
    assert (method, vevent["status"], vevent["sequence"]) == ("REQUEST", "CONFIRMED", 0)
    begins, ends = vevent["dtstart"].dt, vevent["dtend"].dt
    assert begins.isoformat() == "2013-09-25T09:00:00+08:00"
    assert ends.isoformat() == "2013-09-25T11:30:00+08:00"
    assert vevent["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert vevent["location"] == "省府會議室"
    assert "主持人：李副省長" in vevent["description"]
    assert "聽取進展" in vevent["description"]
    assert vevent["organizer"].params["CN"] == "協調辦公室"
    assert str(vevent["organizer"]) == f"mailto:{address('office/officer')}"
    mine, host = attendees(vevent)[f"mailto:{CITY}"], attendees(vevent)[f"mailto:{TRADE}"]
    assert (mine["RSVP"], mine["PARTSTAT"]) == ("TRUE", "NEEDS-ACTION")
    assert (host["RSVP"], host["PARTSTAT"]) == ("FALSE", "ACCEPTED")


def test_other_libraries_read_the_invitation(lived):
    plan(lived, time="09:00", end="11:30", place="省府會議室", chair="李副省長")
    (calendar,) = invitations(lived)
    text = calendar.to_ical().decode()
    (strict,) = IcsCalendarStream.calendar_from_ics(text).events
    lenient = vobject.readOne(text).vevent
    assert strict.uid == lenient.uid.value
    assert strict.dtstart == lenient.dtstart.value
    assert [a.uri for a in strict.attendees] == [a.value for a in lenient.attendee_list]
    assert strict.organizer.common_name == lenient.organizer.params["CN"][0] == "協調辦公室"


def test_the_zone_of_the_plan_is_in_the_invitation(lived):
    plan(lived, time="09:00")
    (calendar,) = invitations(lived)
    assert [zone["tzid"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]


def test_without_a_time_it_lasts_the_whole_day_and_an_event_its_days(lived):
    plan(lived, FAIR, last_day=date(2013, 9, 27), tentative=True)
    _, vevent = event(lived)
    assert (vevent["dtstart"].dt, vevent["dtend"].dt) == (DAY, date(2013, 9, 28))
    assert vevent["status"] == "TENTATIVE"


def test_a_meeting_moved_keeps_its_uid_and_its_sequence_grows(lived):
    plan(lived, time="09:00", tentative=True)
    _, before = event(lived)
    plan(lived, day=LATER, time="14:00")
    method, after = event(lived)
    assert method == "REQUEST"
    assert after["uid"] == before["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after["dtstart"].dt.date() == LATER
    assert after["status"] == "CONFIRMED"


def test_a_letter_calls_a_meeting_moved_to_whoever_knows_another_day(lived):
    plan(lived, time="09:00", participants=["stranger"])
    lived.day(lived.today + dt.timedelta(1))
    lived.post.letters.clear()
    plan(lived, day=LATER, time="09:00", participants=["stranger", "reviewer"])
    lived.day(lived.today + dt.timedelta(1))
    bodies = {each.to: each.body for each in lived.post.letters}
    moved = "由原定2013年9月25日 09:00改為2013年10月16日 09:00"
    assert f"會議改期，{moved}。" in bodies[CITY]
    assert "會議改期：報告meeting，" + moved in bodies[STRANGER]
    assert "請出席會議：" in bodies[address("reviewer/officer")]


def test_a_meeting_that_only_got_its_time_and_place_has_not_moved(lived):
    plan(lived)
    invitations(lived)
    plan(lived, time="09:00", place="省府會議室")
    lived.day(lived.today + dt.timedelta(1))
    (letter,) = (each for each in lived.post.letters if each.to == CITY)
    assert "改期" not in letter.body
    assert "時間地點：2013年9月25日 09:00，省府會議室" in letter.body


def test_two_plannings_of_one_day_are_one_invitation_to_the_last(lived):
    plan(lived)
    plan(lived, day=LATER)
    _, vevent = event(lived)
    assert (vevent["dtstart"].dt, vevent["sequence"]) == (LATER, 1)


def test_a_meeting_called_off_leaves_the_calendars(lived):
    plan(lived)
    _, before = event(lived)
    act = lived.act("trade/officer")
    meetings.call_off_meeting(lived.ledger, MEETING, act, reason="改為書面")
    method, vevent = event(lived)
    assert (method, vevent["status"]) == ("CANCEL", "CANCELLED")
    assert (vevent["uid"], vevent["sequence"]) == (before["uid"], 1)
    assert "改為書面" in vevent["description"]
    assert lived.duty(MEETING).planned_on is None


@pytest.mark.parametrize(
    "deed",
    [
        lambda w, act: pausing.suspend(w.ledger, MEETING, act, reason="機構改革"),
        lambda w, act: pausing.waive(w.ledger, MEETING, act, reason="已並辦", document="3號文"),
    ],
)
def test_a_duty_suspended_or_waived_takes_its_meeting_back(lived, deed):
    plan(lived)
    invitations(lived)
    deed(lived, lived.act("office/officer"))
    lived.day(lived.today + dt.timedelta(1))
    for to in (CITY, TRADE):
        (letter,) = (each for each in lived.post.letters if each.to == to)
        (file,) = letter.attachments
        assert "method=CANCEL" in file.content_type


def test_an_agency_beside_the_duty_is_invited_and_uninvited(lived):
    plan(lived, participants=["stranger"])
    method, vevent = event(lived, STRANGER)
    assert (method, len(attendees(vevent))) == ("REQUEST", 3)
    plan(lived, participants=[])
    method, vevent = event(lived, STRANGER)
    assert (method, vevent["sequence"], list(attendees(vevent))) == (
        "CANCEL",
        1,
        [f"mailto:{STRANGER}"],
    )


def test_a_letter_says_how_the_meeting_stands_when_it_leaves(lived):
    """Invited, uninvited and invited again in one day: one line, one invitation."""
    for guests in (["stranger"], [], ["stranger"]):
        plan(lived, participants=guests)
    lived.day(lived.today + dt.timedelta(1))
    (letter,) = (each for each in lived.post.letters if each.to == STRANGER)
    assert "不再邀請" not in letter.body
    (file,) = letter.attachments
    assert "method=REQUEST" in file.content_type


def test_a_guest_invited_and_uninvited_in_one_day_is_told_of_no_meeting(lived):
    plan(lived, participants=["stranger"])
    plan(lived, participants=[])
    lived.day(lived.today + dt.timedelta(1))
    assert STRANGER not in {each.to for each in lived.post.letters}


def test_a_guest_hears_of_the_end_of_a_meeting_only_if_they_heard_of_it(lived):
    plan(lived, participants=["stranger"])
    call_off(lived)
    lived.day(lived.today + dt.timedelta(1))
    assert STRANGER not in {each.to for each in lived.post.letters}
    plan(lived, participants=["stranger"])
    invitations(lived, STRANGER)
    plan(lived, day=LATER, participants=["stranger"])
    call_off(lived)
    lived.day(lived.today + dt.timedelta(1))
    (letter,) = (each for each in lived.post.letters if each.to == STRANGER)
    assert "會議取消" in letter.body
    assert "改為" not in letter.body


def test_a_meeting_planned_again_after_it_was_off_is_announced(lived):
    plan(lived)
    invitations(lived)
    call_off(lived)
    plan(lived, day=LATER)
    method, vevent = event(lived)
    assert (method, vevent["sequence"]) == ("REQUEST", 2)


def test_two_meetings_in_one_letter_are_two_invitations(lived):
    plan(lived)
    plan(lived, FAIR, day=LATER)
    calendars = invitations(lived)
    assert len({c.walk("VEVENT")[0]["uid"] for c in calendars}) == 2


def test_somebody_without_a_mail_address_is_no_attendee_and_has_not_said(lived):
    end(lived.ledger, Contact("stranger", "officer", "", ""), at=lived.at, actor="test")
    plan(lived, participants=["stranger"])
    _, vevent = event(lived)
    assert set(attendees(vevent)) == {f"mailto:{CITY}", f"mailto:{TRADE}"}
    assert answers(lived)["stranger"] == ("", False)


def test_every_address_of_a_person_is_an_attendee_and_answers_for_them(lived):
    both = f"{CITY}, second@city.example"
    reach(lived.ledger, [Contact("city", "officer", "mail", both)], at=lived.at, actor="test")
    plan(lived, participants=["stranger"])
    _, vevent = event(lived, STRANGER)
    assert {f"mailto:{CITY}", "mailto:second@city.example"} < attendees(vevent).keys()
    plan(lived, day=LATER)
    _, own = event(lived, "second@city.example")
    assert attendees(own)["mailto:second@city.example"]["RSVP"] == "TRUE"
    assert attendees(own)[f"mailto:{CITY}"]["RSVP"] == "FALSE"
    record_answer(
        lived.ledger,
        reply(own["uid"], "ACCEPTED", who="second@city.example", sequence=1),
        at=lived.at,
    )
    assert answers(lived)["city"] == ("accepted", False)


def test_a_domain_of_another_script_is_invited_and_answers_in_ascii(lived):
    own = Contact("stranger", "officer", "mail", "he@商務廳.廣東")
    reach(lived.ledger, [own], at=lived.at, actor="test")
    plan(lived, participants=["stranger"])
    _, vevent = event(lived)
    (ascii_one,) = (each for each in attendees(vevent) if "xn--" in each)
    content = reply(vevent["uid"], "ACCEPTED", who=ascii_one.removeprefix("mailto:"))
    record_answer(lived.ledger, content, at=lived.at)
    assert answers(lived)["stranger"] == ("accepted", False)
