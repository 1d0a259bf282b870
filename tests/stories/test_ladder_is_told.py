"""Every rung of the ladder is told on its day, to its people, and to nobody else."""

from __future__ import annotations

from datetime import date

import pytest

from tests.world import ISSUED, small_plan

KEY = "small-2013/1.report/-/once"
YEAR_2014 = {"recurrence": "yearly", "since": date(2014, 1, 1), "until": date(2014, 12, 31)}
EVENT = "small-2013/1.event/-/2014"

# due, then T-30, T-7, T-1, +1 and +7 as in docs/rules.md, Days, then +15 and the first repeat,
# which is told together with those of other duties
GOLDEN = [
    "2013-12-31 2013-11-29 2013-12-24 2013-12-30 2014-01-02 2014-01-07 2014-01-15 2014-02-07",
    "2014-06-30 2014-05-30 2014-06-23 2014-06-27 2014-07-01 2014-07-07 2014-07-15 2014-08-01",
    "2014-12-31 2014-12-01 2014-12-24 2014-12-30 2015-01-04 2015-01-07 2015-01-15 2015-02-02",
]


@pytest.mark.parametrize("row", GOLDEN)
def test_before_and_after_the_due_date_each_rung_has_its_day(row, world, tmp_path):
    days = (date.fromisoformat(day) for day in row.split())
    due, before_30, before_7, before_1, late_1, late_7, late_15, late_30 = days
    world.publish(small_plan(tmp_path, {"due_on": due}, between=False))
    world.day(ISSUED)
    world.acknowledge(KEY)
    world.until(late_30)

    world.expect("trade/officer", ISSUED, "issue")
    world.expect("trade/officer", before_30, "before-30")
    world.expect("trade/officer", before_7, "before-7")
    world.expect("trade/officer", before_1, "before-1")
    world.expect("trade/officer", late_1, "late-1")
    world.expect("office/officer", late_7, "late-7")
    world.expect("office/officer", late_15, "late-15")
    world.expect("trade/officer", late_30, "late-every-15:30")
    world.expect("office/officer", late_30, "late-every-15:30")


@pytest.mark.both
def test_over_the_national_day_the_later_rung_takes_the_earlier_with_it(world, tmp_path):
    world.publish(small_plan(tmp_path, {"due_on": date(2013, 9, 30)}))
    world.day(ISSUED)
    world.acknowledge(KEY)
    world.until(date(2013, 10, 8))

    world.expect("trade/officer", ISSUED, "issue")
    world.expect("trade/officer", date(2013, 8, 30), "before-30")
    world.expect("trade/officer", date(2013, 9, 23), "before-7")
    world.expect("trade/officer", date(2013, 9, 29), "before-1")
    world.expect("trade/officer", date(2013, 10, 8), "late-7")
    world.expect("office/officer", date(2013, 10, 8), "late-7")
    last = [n for n in world.notices() if n.on == date(2013, 10, 8)]
    assert {n.coalesced for n in last} == {("late-1",)}
    assert {n.recipient: n.form for n in last} == {
        "trade/officer": "notice",
        "office/officer": "notice",
        "trade/head": "slip",
    }


def test_it_is_repeated_twice_a_month_until_somebody_files(world, tmp_path):
    world.publish(small_plan(tmp_path, {"due_on": date(2013, 8, 15)}))
    world.day(ISSUED)
    world.acknowledge(KEY)
    world.until(date(2013, 10, 14))
    world.post.letters.clear()
    world.until(date(2013, 10, 31))
    world.file(KEY)
    world.until(date(2013, 12, 31))

    world.expect("trade/officer", date(2013, 10, 16), "late-every-15:60")
    world.expect("office/officer", date(2013, 10, 16), "late-every-15:60")
    world.expect("office/officer", date(2013, 11, 1), "filed:1")


def test_nobody_signs_so_it_is_asked_twice(world, tmp_path):
    world.publish(small_plan(tmp_path, {"due_on": date(2015, 12, 31)}, between=False))
    world.until(date(2013, 9, 30))

    world.expect("trade/officer", ISSUED, "issue")
    world.expect("trade/officer", date(2013, 8, 12), "unsigned-5")
    world.expect("trade/officer", date(2013, 8, 19), "unsigned-10")
    world.expect("office/officer", date(2013, 8, 19), "unsigned-10")


def test_a_signature_ends_the_asking(world, tmp_path):
    world.publish(small_plan(tmp_path, {"due_on": date(2015, 12, 31)}, between=False))
    world.until(date(2013, 8, 12))
    world.acknowledge(KEY)
    world.until(date(2013, 9, 30))

    world.expect("trade/officer", ISSUED, "issue")
    world.expect("trade/officer", date(2013, 8, 12), "unsigned-5")


def test_a_filed_report_ends_the_ladder(world, tmp_path):
    world.publish(small_plan(tmp_path, {"due_on": date(2013, 12, 31)}))
    world.day(ISSUED)
    world.acknowledge(KEY)
    world.until(date(2013, 12, 25))
    world.file(KEY)
    world.until(date(2014, 3, 31))

    world.expect("trade/officer", ISSUED, "issue")
    world.expect("trade/officer", date(2013, 11, 29), "before-30")
    world.expect("trade/officer", date(2013, 12, 24), "before-7")
    world.expect("office/officer", date(2013, 12, 26), "filed:1")


@pytest.mark.both
def test_participants_hear_once_for_their_information(world, tmp_path):
    world.publish(small_plan(tmp_path, {"due_on": date(2013, 12, 31)}, participants=["city"]))
    world.day(ISSUED)
    world.acknowledge(KEY)
    world.until(date(2013, 10, 31))

    world.expect("trade/officer", ISSUED, "issue")
    heard = world.expect("city/officer", ISSUED, "issue")
    assert "請予配合" in heard.letter.body
    assert "請簽收" not in heard.letter.body


def test_a_city_performs_and_the_lead_stays_in_the_picture(world, tmp_path):
    world.publish(small_plan(tmp_path, {"parties": ["city"], "due_on": date(2013, 12, 31)}))
    world.day(ISSUED)
    world.acknowledge("small-2013/1.report/city/once")
    world.until(date(2014, 1, 15))

    for to in ("trade/officer", "city/officer"):
        world.expect(to, ISSUED, "issue")
    world.expect("city/officer", date(2013, 11, 29), "before-30")
    for to in ("trade/officer", "city/officer"):
        world.expect(to, date(2013, 12, 24), "before-7")
    world.expect("city/officer", date(2013, 12, 30), "before-1")
    for to in ("trade/officer", "city/officer"):
        world.expect(to, date(2014, 1, 2), "late-1")
    for day, rung in ((date(2014, 1, 7), "late-7"), (date(2014, 1, 15), "late-15")):
        world.expect("office/officer", day, rung)


def test_a_quota_that_lags_is_told_at_the_quarters_end(world, tmp_path):
    event = {"id": "event", "quota": {"min": 30}, **YEAR_2014}
    world.publish(small_plan(tmp_path, event, between=False))
    world.until(date(2014, 1, 2))
    world.acknowledge(EVENT)
    world.until(date(2014, 4, 30))

    world.expect("trade/officer", date(2014, 1, 2), "issue")
    seen = world.expect("trade/officer", date(2014, 3, 31), "behind:2014-Q1")
    assert "截至2014年第1季度" in seen.letter.body


def test_a_quota_on_its_pace_is_left_in_peace(world, tmp_path):
    world.publish(small_plan(tmp_path, {"id": "event", "quota": {"min": 10}, **YEAR_2014}))
    world.until(date(2014, 1, 2))
    world.acknowledge(EVENT)
    world.deliver_item(EVENT, title="第一場活動")
    world.deliver_item(EVENT, title="第二場活動")
    world.until(date(2014, 4, 30))

    world.expect("trade/officer", date(2014, 1, 2), "issue")
    assert world.duty(EVENT).delivered == 2
