"""The life of a duty: answers of agencies, decisions of the office, and the ladder after each."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from catalog.duties.standing import standing
from catalog.errors import ConflictError
from ledger.duties import duties, life
from ledger.proof import chain
from tasks.act import Act
from tasks.deeds import answering, deciding, extending, pausing, raising, reassigning
from tests.world import DAY, ISSUED, small_plan

KEY = "small-2013/1.report/-/once"
EVENTS = "small-2013/1.event/-/2013"
DUE = date(2013, 12, 31)
BEIJING = timezone(timedelta(hours=8))


@pytest.fixture
def signed(world, tmp_path):
    """The report is issued and signed for; its mail so far has been read."""
    world.publish(small_plan(tmp_path, {"due_on": DUE}, between=False))
    world.day(ISSUED)
    world.acknowledge(KEY)
    world.expect("trade/officer", ISSUED, "issue")
    return world


def light(world, key=KEY):
    return standing(duties.facts(world.duty(key)), world.today)


def read(world, noun, key=KEY):
    with world.ledger.read() as conn:
        return getattr(life, noun)(conn, key)


def office(world, key=KEY):
    return world.ledger, key, world.act("office/officer")


def trade(world, key=KEY):
    return world.ledger, key, world.act("trade/officer")


def test_a_silent_agency_climbs_to_a_red_slip(world, tmp_path):
    world.publish(small_plan(tmp_path, {"due_on": DUE}))
    world.until(date(2014, 1, 15))

    said = [
        (ISSUED, "issue"),
        (date(2013, 8, 12), "unsigned-5"),
        (date(2013, 8, 19), "unsigned-10"),
        (date(2013, 11, 29), "before-30"),
        (date(2013, 12, 24), "before-7"),
        (date(2013, 12, 30), "before-1"),
        (date(2014, 1, 2), "late-1"),
    ]
    for day, rung in said:
        world.expect("trade/officer", day, rung)
    for day, rung in ((date(2013, 8, 19), "unsigned-10"), (date(2014, 1, 7), "late-7")):
        world.expect("office/officer", day, rung)
    world.expect("office/officer", date(2014, 1, 15), "late-15")
    assert {(n.recipient, n.rung) for n in world.notices(state="draft")} == {
        ("trade/head", "late-7"),
        ("trade/leader", "late-15"),
        ("trade/head", "late-15"),
    }
    assert light(world) == ("overdue", "red")


def test_an_extension_granted_on_the_last_day_has_a_ladder_of_its_own(signed):
    signed.until(date(2013, 12, 27))
    extending.ask(*trade(signed), to=date(2014, 3, 31), reason="需徵求意見")
    signed.until(DUE)
    extending.grant(*office(signed), document="粵府函〔2013〕9號")
    assert (light(signed).status, signed.duty(KEY).due_version) == ("on-course", 2)
    assert [(d.version, d.due_on) for d in read(signed, "due_dates")] == [(1, DUE)]
    signed.until(date(2014, 4, 1))

    for day, rung in ((date(2013, 11, 29), "before-30"), (date(2013, 12, 24), "before-7")):
        signed.expect("trade/officer", day, rung)
    asked = signed.expect("office/officer", date(2013, 12, 30), "extension-asked:1")
    assert "說明：申請延至2014年3月31日；需徵求意見" in asked.letter.body
    signed.expect("trade/officer", date(2013, 12, 30), "before-1")
    granted = signed.expect("trade/officer", date(2014, 1, 2), "extension-granted:1")
    assert "同意延期，時限改為2014年3月31日。" in granted.letter.body
    again = [("2014-02-28", "before-30"), ("2014-03-24", "before-7"), ("2014-03-28", "before-1")]
    for day, rung in again:
        signed.expect("trade/officer", date.fromisoformat(day), rung)
    signed.expect("trade/officer", date(2014, 4, 1), "late-1")


def test_what_is_returned_after_closing_time_is_told_the_next_day_and_is_late(signed):
    signed.until(date(2013, 12, 20))
    signed.file(KEY)
    signed.until(date(2014, 1, 6))
    late = datetime(2014, 1, 6, 22, 0, tzinfo=BEIJING)
    act = Act("office/officer", signed.today, late)
    deciding.give_back(signed.ledger, KEY, act, reason="缺少數據來源")
    assert light(signed) == ("returned", "red")
    signed.until(date(2014, 1, 7))

    signed.expect("trade/officer", date(2013, 11, 29), "before-30")
    signed.expect("office/officer", date(2013, 12, 23), "filed:1")
    back = signed.expect("trade/officer", date(2014, 1, 7), "returned:1")
    assert "請修改補充後重新報送。退回原因：缺少數據來源" in back.letter.body
    # the ladder goes on from the day of the return: late-1 lies before it, late-7 after
    signed.expect("office/officer", date(2014, 1, 7), "late-7")
    signed.file(KEY)
    signed.close(KEY)
    signed.until(date(2014, 2, 28))
    assert light(signed) == ("closed-late", "amber")
    signed.expect("trade/officer", date(2014, 1, 8), "closed")


def test_a_suspension_across_a_new_year_moves_the_date_by_its_days(signed):
    signed.until(date(2013, 12, 20))
    pausing.suspend(*office(signed), reason="等待國家政策")
    signed.until(date(2014, 1, 9))
    assert light(signed) == ("suspended", "none")
    pausing.resume(*office(signed))
    assert (signed.duty(KEY).due_on, signed.duty(KEY).due_version) == (date(2014, 1, 20), 2)
    signed.until(date(2014, 1, 21))

    signed.expect("trade/officer", date(2013, 11, 29), "before-30")
    stopped = signed.expect("trade/officer", date(2013, 12, 23), "suspended:1")
    assert "時限暫停計算" in stopped.letter.body
    resumed = signed.expect("trade/officer", date(2014, 1, 10), "resumed:1")
    assert "時限改為2014年1月20日" in resumed.letter.body
    signed.expect("trade/officer", date(2014, 1, 13), "before-7")
    signed.expect("trade/officer", date(2014, 1, 17), "before-1")
    signed.expect("trade/officer", date(2014, 1, 21), "late-1")


def test_a_quota_of_thirty_with_twenty_nine_is_filed_with_its_shortfall(world, tmp_path):
    quota = {"id": "event", "recurrence": "yearly", "quota": {"min": 30, "max": 40}}
    world.publish(small_plan(tmp_path, quota | {"until": DUE}))
    world.day(ISSUED)
    world.acknowledge(EVENTS)
    for _ in range(29):
        world.deliver_item(EVENTS)
    world.until(DUE)
    world.post.letters.clear()
    world.file(EVENTS)
    with world.ledger.read() as conn:
        *_, filed = chain.entries(conn, subject=EVENTS)
    assert (filed.deed, filed.payload["shortfall"]) == ("filed", 1)
    assert light(world, EVENTS).status == "under-review"

    reason = "全年29場,未達30場"
    deciding.close_not_done(*office(world, EVENTS), reason=reason)
    world.day(date(2014, 1, 2))
    assert light(world, EVENTS) == ("closed-not-done", "none")
    closed = world.expect("trade/officer", date(2014, 1, 2), "closed-not-done")
    assert reason in closed.letter.body
    assert "已完成29項，要求30-40項" in closed.letter.body
    world.calm()  # the office has decided on the filing before its letter leaves


def test_six_cities_and_one_is_excused_by_a_document(world, guangdong):
    world.publish(guangdong)
    world.sweep(date(2014, 1, 2))
    cities = [d for d in world.duties() if d.measure == "35" and d.due_on == date(2014, 6, 30)]
    foshan = next(d.key for d in cities if d.performer == "foshan")
    said = {"reason": "另有安排", "document": "粵府辦函〔2014〕7號"}
    pausing.waive(*office(world, foshan), **said)
    world.sweep(date(2014, 7, 1))

    lights = {d.performer: light(world, d.key) for d in cities}
    assert len(lights) == 6
    assert lights.pop("foshan") == ("waived", "none")
    assert set(lights.values()) == {("overdue", "red")}
    told = {n.rung for n in world.notices(duty=foshan)}
    assert told == {"issue", "waived"}


def test_a_substitute_acts_until_its_time_has_run_out(signed):
    until = date(2013, 8, 9)
    reassigning.delegate(
        signed.ledger,
        "trade/officer",
        signed.act("trade/officer"),
        substitute="stranger/officer",
        until=until,
    )
    signed.until(until)
    stands_in = signed.act("stranger/officer")
    answering.progress(signed.ledger, KEY, stands_in, text="代為報告")
    signed.until(until + DAY)
    late = signed.act("stranger/officer")
    with pytest.raises(ConflictError) as refused:
        answering.progress(signed.ledger, KEY, late, text="代為報告")
    assert refused.value.key == "rule-who-performer-or-lead"
    assert [r.said_by for r in read(signed, "remarks")] == ["stranger/officer"]


def test_a_problem_and_its_answer_travel_with_the_days_mail(signed):
    raising.raise_problem(*trade(signed), text="缺配套資金")
    signed.until(date(2013, 8, 6))
    brought = signed.expect("office/officer", date(2013, 8, 6), "problem:1")
    assert brought.letter.body.startswith("請審核或答覆「報告report」")
    assert "說明：缺配套資金" in brought.letter.body
    raising.answer_problem(*office(signed), number=1, text="已商財政廳")
    signed.until(date(2013, 8, 7))
    answered = signed.expect("trade/officer", date(2013, 8, 7), "problem-answered:1")
    assert "所反映的問題已答覆。說明：已商財政廳" in answered.letter.body


def test_what_befalls_a_recipient_on_one_day_is_one_letter(signed):
    pausing.suspend(*office(signed), reason="等待國家政策")
    pausing.resume(*office(signed))
    deciding.close_not_done(*office(signed), reason="政策已取消")
    signed.until(date(2013, 8, 10))
    told = {"suspended:1", "resumed:1", "closed-not-done"}
    signed.expect("trade/officer", date(2013, 8, 6), *told)


def test_acknowledging_stops_the_asking_for_it(world, tmp_path):
    world.publish(small_plan(tmp_path, {"due_on": date(2014, 12, 31)}, between=False))
    world.until(date(2013, 8, 13))
    world.acknowledge(KEY)
    world.until(date(2013, 10, 31))
    world.expect("trade/officer", ISSUED, "issue")
    world.expect("trade/officer", date(2013, 8, 12), "unsigned-5")
