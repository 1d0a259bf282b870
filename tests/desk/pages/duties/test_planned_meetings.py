"""Planned meetings at the desk: on the calendar, on the duty, for those invited beside it."""

from __future__ import annotations

import datetime as dt

import pytest

from ledger.duties import duties
from tasks.act import Act
from tasks.deeds import meetings

ON = dt.date(2014, 1, 24)
AT = dt.datetime(2014, 1, 24, 1, 30, tzinfo=dt.UTC)
DAY = dt.date(2014, 3, 20)


@pytest.fixture
def meeting(desk_ledger):
    """A running meeting of the commerce department, planned with a guest."""
    with desk_ledger.read() as conn:
        (duty, *_) = [
            d
            for d in duties.listed(conn)
            if (d.kind, d.performer) == ("meeting", "wjmt")
            and "shantou" not in d.participants
            and d.opens_on <= ON < d.due_on
            and not (d.closed_on or d.filed_on or d.suspended_on)
        ]
    meetings.plan_meeting(
        desk_ledger,
        duty.key,
        Act("wu", ON, AT),
        day=DAY,
        time="09:30",
        place="三樓會議室",
        chair="李主任",
        participants=["shantou"],
    )
    return duty


def test_the_calendar_shows_a_planned_meeting_at_its_time_and_who_comes(signed_in, meeting):
    page = signed_in("chen").get("/calendar?month=2014-03").text
    assert meeting.title in page
    assert '<b class="n">09:30 </b>' in page
    assert "2014年3月20日 09:30" in page
    assert "參加1個" in page
    assert "已安排的會議和活動" not in signed_in("chen").get("/calendar?month=2014-02").text


def test_a_guest_sees_the_duty_and_answers_on_its_page(signed_in, meeting):
    guest = signed_in("zhou")
    path = f"/duty/{meeting.key}"
    assert "2014年3月20日 09:30" in guest.get("/calendar?month=2014-03").text
    page = guest.get(path).text
    assert "主持人：李主任" in page
    assert "/do/answer-meeting" in page
    assert "/do/plan-meeting" not in page
    answered = guest.post_form(
        f"{path}/do/answer-meeting", answer="declined", text="有會", shown_on=path
    )
    assert "回覆參會" in answered.text
    assert "有會" in signed_in("chen").get(path).text


def test_an_agency_that_is_not_invited_any_more_sees_nothing(signed_in, meeting, desk_ledger):
    meetings.plan_meeting(desk_ledger, meeting.key, Act("wu", ON, AT), day=DAY)
    guest = signed_in("zhou")
    assert guest.get(f"/duty/{meeting.key}").status_code == 404
    assert meeting.title not in guest.get("/calendar?month=2014-03").text


def test_the_form_plans_and_says_what_is_wrong(signed_in, meeting):
    wu = signed_in("wu")
    path = f"/duty/{meeting.key}"
    form = wu.get(f"{path}/do/plan-meeting").text
    assert 'type="time"' in form
    assert 'name="participants" value="shantou" checked' in form
    assert 'value="三樓會議室"' in form
    fields = {"day": "2014-03-21", "time": "10:00", "end": "9:00"}
    wrong = wu.post_form(f"{path}/do/plan-meeting", shown_on=path, **fields)
    assert wrong.status_code == 422
    assert "結束時間09:00不晚於開始時間10:00" in wrong.text
    fields |= {"end": "11:30", "participants": "shantou", "tentative": "yes"}
    done = wu.post_form(f"{path}/do/plan-meeting", shown_on=path, **fields)
    assert done.status_code < 400
    assert "2014年3月21日 10:00–11:30（擬定）" in wu.get(path).text
