"""Answers to invitations: by mail, at the desk, late, refused."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.errors import ConflictError, InvalidError, NotFoundError, UsageRefusedError
from ledger.duties import meetings as ledger_meetings
from tasks.deeds import meetings
from tasks.deeds.meeting_answers import record_answer
from tasks.meetings.attendance import counts
from tests import planned_meeting
from tests.planned_meeting import LATER, MEETING, STRANGER, answers, coming, event, plan, reply


@pytest.fixture
def lived(world, tmp_path):
    yield from planned_meeting.lived(world, tmp_path)


def test_an_answer_by_mail_stands_on_the_duty_once(lived):
    plan(lived)
    _, vevent = event(lived)
    content = reply(vevent["uid"], "DECLINED", comment="出差")
    for _ in range(2):
        assert record_answer(lived.ledger, content, at=lived.at) == MEETING
    with lived.ledger.read() as conn:
        (answer,) = ledger_meetings.answers(conn, MEETING)
    assert (answer.agency, answer.answer, answer.text) == ("city", "declined", "出差")
    assert counts(coming(lived)) == {
        "accepted": 1,
        "tentative": 0,
        "declined": 1,
        "unanswered": 0,
    }


def test_the_last_answer_counts(lived):
    plan(lived)
    _, vevent = event(lived)
    record_answer(lived.ledger, reply(vevent["uid"], "TENTATIVE"), at=lived.at)
    meetings.answer_meeting(lived.ledger, MEETING, lived.act("city/officer"), answer="accepted")
    assert answers(lived) == {"trade": ("host", False), "city": ("accepted", False)}


def test_an_answer_to_an_earlier_planning_is_kept_as_such(lived):
    plan(lived)
    _, vevent = event(lived)
    plan(lived, day=LATER)
    record_answer(lived.ledger, reply(vevent["uid"], "ACCEPTED"), at=lived.at)
    assert answers(lived)["city"] == ("accepted", True)
    assert counts(coming(lived))["unanswered"] == 1
    record_answer(lived.ledger, reply(vevent["uid"], "ACCEPTED", sequence=1), at=lived.at)
    assert answers(lived)["city"] == ("accepted", False)


def test_who_was_not_invited_is_refused(lived):
    plan(lived)
    _, vevent = event(lived)
    for key, content in {
        "attendee-unknown": reply(vevent["uid"], "ACCEPTED", who=STRANGER),
        "meeting-unknown": reply("nobody@knows", "ACCEPTED"),
    }.items():
        with pytest.raises(NotFoundError) as unknown:
            record_answer(lived.ledger, content, at=lived.at)
        assert unknown.value.key == key
    with pytest.raises(ConflictError) as error:
        meetings.answer_meeting(
            lived.ledger, MEETING, lived.act("stranger/officer"), answer="accepted"
        )
    assert error.value.key == "rule-who-performer-or-lead-or-participant-or-guest"


def test_a_guest_answers_at_the_desk(lived):
    plan(lived, participants=["stranger"])
    meetings.answer_meeting(
        lived.ledger, MEETING, lived.act("stranger/officer"), answer="tentative", text="視行程"
    )
    assert answers(lived)["stranger"] == ("tentative", False)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no calendar",
        reply("x", "PERHAPS"),
        reply("x", "ACCEPTED").replace(b"METHOD:REPLY", b"METHOD:REQUEST"),
        reply("x", "ACCEPTED").replace(b"UID:x\r\n", b""),
        reply("x", "ACCEPTED").replace(b"SEQUENCE:0", b"SEQUENCE:soon"),
        reply("x", "ACCEPTED").replace(b"ATTENDEE", b"X-NOBODY"),
    ],
)
def test_what_is_no_reply_is_refused(lived, content):
    with pytest.raises(InvalidError) as refusal:
        record_answer(lived.ledger, content, at=lived.at)
    assert refusal.value.key == "reply-unreadable"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"time": "25:00"}, "time-unreadable"),
        ({"time": "noon"}, "time-unreadable"),
        ({"end": "10:00"}, "meeting-without-time"),
        ({"time": "10:00", "end": "10:00"}, "meeting-ends-early"),
        ({"last_day": date(2013, 9, 24)}, "meeting-last-day"),
        ({"participants": ["nobody"]}, "agency-unknown"),
    ],
)
def test_what_cannot_be_is_refused(lived, fields, error):
    with pytest.raises((ConflictError, NotFoundError, UsageRefusedError)) as refusal:
        plan(lived, **fields)
    assert refusal.value.key == error
