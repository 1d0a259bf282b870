"""A calendar feed, read by two other libraries: what it holds, and that it stays the same."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import vobject
from ical.calendar_stream import IcsCalendarStream

from ledger.duties import conditions, duties
from tasks.act import Act
from tasks.deeds import meetings

ON = dt.date(2014, 1, 24)
AT = dt.datetime(2014, 1, 24, 1, 30, tzinfo=dt.UTC)


@pytest.fixture
def subscribed(signed_in):
    """Subscribe a person's calendar; return a function that fetches it, and its address."""

    def _subscribed(user):
        person = signed_in(user)
        shown = person.post_form("/feeds", shown_on="/feeds").text
        address = re.search(r"/feed/[\w-]+\.ics\?lang=[\w-]+", shown)[0]

        def fetch(more="", **headers):
            return person.get(address + more, headers=headers)

        return fetch

    return _subscribed


def strictly(answer):
    """Return the events as `ical` reads them, which refuses what the standard does not allow."""
    stream = IcsCalendarStream.calendar_from_ics(answer.text)
    return stream.events


def leniently(answer):
    """Return the calendar as `vobject` reads it, the library of CalDAV servers."""
    return vobject.readOne(answer.text)


def test_two_other_libraries_read_the_same_events(subscribed):
    answer = subscribed("li")()
    by_ical, by_vobject = strictly(answer), leniently(answer).vevent_list
    assert len(by_ical) == len(by_vobject) > 10
    assert [event.uid for event in by_ical] == [each.uid.value for each in by_vobject]
    assert [event.dtstart for event in by_ical] == [each.dtstart.value for each in by_vobject]


def test_an_event_says_measure_performer_standing_and_where(subscribed):
    event = strictly(subscribed("li")())[0]
    lines = event.description.split("\n")
    assert [line.split("：")[0] for line in lines[:3]] == [
        f"措施{lines[0][2:].split('：')[0]}",
        "承辦單位",
        "現狀",
    ]
    assert event.last_modified is not None
    assert event.last_modified == event.dtstamp <= AT + dt.timedelta(1)


def test_the_calendar_has_a_name_and_says_when_to_come_again(subscribed):
    calendar = leniently(subscribed("li")())
    (name,) = {calendar.contents[key][0].value for key in ("name", "x-wr-calname")}
    assert name == "督辦期限：東莞市人民政府"
    assert calendar.contents["refresh-interval"][0].value == "PT6H"
    assert calendar.contents["x-published-ttl"][0].value == "PT6H"


def test_an_agency_has_what_it_performs_with_alarms_and_the_rest_on_request(
    subscribed, desk_ledger
):
    fetch = subscribed("li")
    own, every = strictly(fetch()), strictly(fetch("&all=1"))
    with desk_ledger.read() as conn:
        performed = conditions.performed_by(["dongguan"]) & conditions.UNCLOSED
        assert len(own) == duties.count(conn, performed) < len(every)
    rings = [event for event in own if event.status != "CANCELLED"]
    assert {len(event.alarm) for event in rings} == {2}
    triggers = {alarm.trigger for event in rings for alarm in event.alarm}
    assert triggers == {dt.timedelta(days=-7, hours=9), dt.timedelta(days=-1, hours=9)}
    assert {len(event.alarm) for event in every} == {0}


def test_the_office_has_all_and_no_alarm(subscribed, desk_ledger):
    events = strictly(subscribed("chen")())
    with desk_ledger.read() as conn:
        assert len(events) == duties.count(conn, conditions.UNCLOSED)
    assert not any(event.alarm for event in events)


def test_the_same_ledger_gives_the_same_bytes_and_no_second_copy(subscribed):
    fetch = subscribed("li")
    first, second = fetch(), fetch()
    assert first.content == second.content
    assert not first.headers["etag"].startswith("W/")
    assert first.headers["cache-control"].startswith("private")
    again = fetch(**{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert fetch(**{"If-None-Match": '"another"'}).status_code == 200


def test_the_feed_speaks_the_language_of_its_address(subscribed):
    assert "承办单位：" in strictly(subscribed("li")("&lang=zh-Hans"))[0].description
    assert "Performer: " in strictly(subscribed("li")("&lang=en"))[0].description


def test_a_planned_meeting_is_in_the_feed_at_its_time(subscribed, desk_ledger):
    fetch = subscribed("wu")
    before = fetch()
    with desk_ledger.read() as conn:
        (meeting, *_) = [
            d
            for d in duties.listed(conn)
            if d.kind == "meeting"
            and d.performer == "wjmt"
            and d.opens_on <= ON < d.due_on
            and d.closed_on is None
            and d.filed_on is None
            and d.suspended_on is None
        ]
    day = dt.date(2014, 3, 20)
    meetings.plan_meeting(
        desk_ledger,
        meeting.key,
        Act("wu", ON, AT),
        day=day,
        time="09:30",
        end="11:00",
        place="三樓會議室",
        tentative=True,
    )
    answer = fetch()
    assert answer.headers["etag"] != before.headers["etag"]
    (event,) = [each for each in strictly(answer) if each.location]
    assert event.dtstart.isoformat() == "2014-03-20T09:30:00+08:00"
    assert event.dtend.isoformat() == "2014-03-20T11:00:00+08:00"
    assert (event.location, event.status) == ("三樓會議室", "TENTATIVE")
    zone = leniently(answer).vtimezone_list[0]
    assert zone.tzid.value == "Asia/Shanghai"
