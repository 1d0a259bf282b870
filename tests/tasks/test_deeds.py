"""The plain deeds of a duty's life: each records its fact once, in its place."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.errors import ConflictError, NotFoundError
from catalog.standing import standing
from ledger import duties, history
from tests.world import DAY, ISSUED, PostOffice, World, dump, small_plan

KEY = "small-2013/1.report/-/once"
MEETING = "small-2013/1.meeting/-/2013"


@pytest.fixture
def world(ledger, tmp_path):
    made = World(ledger, PostOffice())
    meeting = {"id": "meeting", "kind": "meeting", "recurrence": "yearly", "quota": {"min": 2}}
    made.publish(small_plan(tmp_path, {"due_on": date(2013, 9, 30)}, meeting))
    made.sweep(ISSUED)
    return made


def status(world, key=KEY):
    return standing(duties.facts(world.duty(key)), world.today).status


def refused(deed, key=KEY):
    with pytest.raises(ConflictError) as found:
        deed(key)
    return found.value.key


def test_an_acknowledged_duty_is_on_course(world):
    assert status(world) == "awaiting-receipt"
    world.acknowledge(KEY)
    assert (world.duty(KEY).acknowledged_on, status(world)) == (ISSUED, "on-course")


def test_it_is_acknowledged_once(world):
    world.acknowledge(KEY)
    assert refused(world.acknowledge) == "already-acknowledged"


def test_items_of_a_quota_are_counted(world):
    world.deliver_item(MEETING, title="第一次會議")
    world.deliver_item(MEETING, title="第二次會議")
    with world.ledger.read() as conn:
        items = duties.items(conn, MEETING)
    assert world.duty(MEETING).delivered == 2
    assert {item.title for item in items} == {"第一次會議", "第二次會議"}
    assert {item.recorded_by for item in items} == {"trade/officer"}


def test_a_duty_without_a_quota_has_nothing_to_count(world):
    assert refused(world.deliver_item) == "no-quota"


def test_a_filed_duty_is_under_review(world):
    world.acknowledge(KEY)
    world.file(KEY)
    assert (world.duty(KEY).filed_on, status(world)) == (ISSUED, "under-review")


def test_it_is_filed_once_until_it_is_returned(world):
    world.acknowledge(KEY)
    world.file(KEY)
    assert refused(world.file) == "already-filed"


def test_a_duty_filed_in_time_and_closed_later_is_closed_on_time(world):
    world.acknowledge(KEY)
    world.today = date(2013, 9, 30)
    world.file(KEY)
    world.today = date(2013, 10, 9)
    world.close(KEY)
    assert status(world) == "closed-on-time"
    assert world.duty(KEY).look_on is None


def test_a_duty_filed_late_is_closed_late_and_never_green(world):
    world.acknowledge(KEY)
    world.today = date(2013, 9, 30) + DAY
    world.file(KEY)
    world.close(KEY)
    found = standing(duties.facts(world.duty(KEY)), world.today)
    assert (found.status, found.light) == ("closed-late", "amber")


def test_what_is_closed_is_closed(world):
    world.acknowledge(KEY)
    world.file(KEY)
    world.close(KEY)
    for deed in (world.acknowledge, world.file, world.close):
        assert refused(deed) == "already-closed"


def test_what_was_never_filed_is_not_closed_as_done(world):
    assert refused(world.close) == "not-filed"


def test_a_duty_that_has_not_opened_takes_no_deed(world):
    key = "small-2013/1.meeting/-/2014"
    for deed in (world.acknowledge, world.file, world.close):
        assert refused(deed, key) == "not-open"


def test_a_refused_deed_leaves_nothing_behind(world):
    before = dump(world.ledger)
    refused(world.close)
    with pytest.raises(NotFoundError):
        world.acknowledge("small-2013/1.report/-/twice")
    assert dump(world.ledger) == before


def test_each_deed_is_one_entry_with_its_actor(world):
    world.acknowledge(KEY)
    world.file(KEY)
    world.close(KEY)
    with world.ledger.read() as conn:
        told = [(e.deed, e.actor) for e in history.entries(conn, subject=KEY)]
        assert history.verify(conn).ok
    assert told[-3:] == [
        ("acknowledged", "trade/officer"),
        ("filed", "trade/officer"),
        ("closed", "office/officer"),
    ]
