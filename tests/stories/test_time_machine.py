"""The ledger of a past day is what it was on that day, whatever was recorded later."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.api.documents import duty_document
from ledger.duties import duties, life
from ledger.people.agencies import agencies_on
from ledger.proof import chain
from ledger.proof.ledger_verification import differences
from tasks.act import Act
from tasks.deeds import answering, deciding, extending, pausing
from tasks.known_on import known_on
from tasks.people import users
from tests.world import DAY, ISSUED, small_plan

REPORT = "small-2013/1.report/-/once"
MEETING = "small-2013/1.meeting/-/2013"
TABLE = "small-2013/1.table/-/once"
LAST = dt.date(2013, 9, 6)


def on(day: int, month: int = 8) -> dt.date:
    return dt.date(2013, month, day)


# What is done on which day: the deed, the duty, and what is said.
DEEDS = [
    (on(6), answering.acknowledge, REPORT, {}),
    (on(7), answering.deliver_item, MEETING, {"title": "第一次會議"}),
    (on(8), extending.ask, REPORT, {"to": on(30, 9), "reason": "數據未齊"}),
    (on(9), extending.grant, REPORT, {"document": "粵府函〔2013〕9號"}),
    (on(12), answering.deliver_item, MEETING, {"title": "第二次會議"}),
    (on(13), pausing.suspend, MEETING, {"reason": "等候上級意見"}),
    (on(15), answering.file_submission, TABLE, {"summary": "已完成"}),
    (on(19), deciding.give_back, TABLE, {"reason": "缺數據"}),
    (on(20), answering.file_submission, TABLE, {"summary": "已補齊"}),
    (on(22), pausing.resume, MEETING, {}),
    (on(26), deciding.close, TABLE, {}),
    (on(2, 9), pausing.waive, REPORT, {"reason": "任務取消", "document": "粵辦函〔2013〕1號"}),
]
OFFICE = {extending.grant, pausing.suspend, pausing.resume, pausing.waive}
OFFICE |= {deciding.give_back, deciding.close}


@pytest.fixture
def lived(world, tmp_path):
    """Three duties lived through in four weeks; what the ledger said at the end of each day."""
    standing = {"kind": "standing"}  # files without evidence
    meeting = {"id": "meeting", "recurrence": "yearly", "quota": {"min": 4}, **standing}
    plan = small_plan(
        tmp_path,
        {"due_on": on(30), **standing},
        {"id": "table", "due_on": on(23), **standing},
        meeting,
    )
    world.publish(plan, unreached=["office/officer"])
    cast = [users.Newcomer("li", "李", "trade"), users.Newcomer("chen", "陳", "office")]
    users.add(world.ledger, cast, since=ISSUED, at=world.at, actor="office")
    said = {}
    while world.today < LAST:
        world.sweep(world.today + DAY)
        for day, deed, key, given in DEEDS:
            if day == world.today:
                act = Act("chen" if deed in OFFICE else "li", day, world.at)
                deed(world.ledger, key, act, **given)
                with world.ledger.read() as conn:
                    assert list(differences(conn)) == []
        with world.ledger.read() as conn:
            said[world.today] = documents(conn, world.today)
    return said


def documents(conn, day):
    agencies = agencies_on(conn, day)
    return [duty_document(duty, agencies, day) for duty in duties.listed(conn)]


def test_every_day_is_told_later_as_it_was_told_then(world, lived):
    assert len({str(said) for said in lived.values()}) > 10

    for day, said in lived.items():
        with known_on(world.ledger, day, lambda: world.at) as conn:
            assert documents(conn, day) == said, day


def test_a_past_day_keeps_the_due_date_the_count_and_the_standing_of_then(lived):
    def of(day, key):
        return next(d for d in lived[day] if d["key"] == key)

    assert [of(on(d), REPORT)["due_on"] for d in (8, 9)] == [on(30), on(30, 9)]
    assert [of(on(d), MEETING)["delivered"] for d in (6, 7, 12)] == [0, 1, 2]
    assert [of(on(d), TABLE)["status"] for d in (15, 19, 20, 26)] == [
        "under-review",
        "returned",
        "under-review",
        "closed-on-time",
    ]


@pytest.mark.usefixtures("lived")
def test_what_happened_to_a_duty_is_told_up_to_the_day(world):
    with known_on(world.ledger, on(19), lambda: world.at) as conn:
        (first,) = life.submissions(conn, TABLE)
        deeds = [entry.deed for entry in chain.entries(conn, TABLE)]

    assert (first.returned_on, first.reason) == (on(19), "缺數據")
    assert deeds[-2:] == ["filed", "returned"]


@pytest.mark.usefixtures("lived")
def test_today_and_later_is_the_ledger_itself(world):
    for day in (LAST, LAST + DAY):
        with known_on(world.ledger, day, lambda: world.at) as conn:
            assert conn.engine is world.ledger.engine
