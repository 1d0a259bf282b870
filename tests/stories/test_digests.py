"""A recipient gets one letter a day, however many duties and plans it covers."""

from __future__ import annotations

from datetime import date

from tests.world import DAY, ISSUED, small_plan

THREE = ({"id": "plan"}, {"id": "survey"}, {"id": "report"})


def test_all_that_falls_on_one_day_travels_in_one_letter(world, tmp_path):
    world.publish(small_plan(tmp_path, *THREE))
    world.day(ISSUED)

    seen = world.expect("trade/officer", ISSUED, "issue")
    assert len(seen.notices) == 3
    assert seen.letter.subject == "關於交辦3項任務的通知（最近時限12月31日）"
    assert all(f"報告{given['id']}" in seen.letter.body for given in THREE)


def test_issued_duties_share_one_calendar_file(world, tmp_path):
    world.publish(small_plan(tmp_path, *THREE))
    world.day(ISSUED)

    letter = world.expect("trade/officer", ISSUED, "issue").letter
    (calendar,) = letter.attachments
    assert calendar.content_type.startswith("text/calendar")
    assert calendar.content.count(b"DTSTART;VALUE=DATE:20131231") == 3


def test_two_plans_share_a_letter(world, tmp_path):
    world.publish(small_plan(tmp_path, {"id": "plan"}, code="first-2013"))
    world.publish(small_plan(tmp_path, {"id": "plan"}, code="second-2013"))
    world.day(ISSUED)

    seen = world.expect("trade/officer", ISSUED, "issue")
    assert {key.partition("/")[0] for key, _ in seen.notices} == {"first-2013", "second-2013"}


def test_a_letter_waits_until_every_plan_has_been_swept(world, tmp_path):
    first = small_plan(tmp_path, {"id": "plan"}, code="first-2013")
    second = small_plan(tmp_path, {"id": "plan"}, code="second-2013")
    world.publish(first)
    world.publish(second)
    world.plans = [first]
    world.day(ISSUED)
    world.calm()

    world.plans = [second]
    world.day(ISSUED)
    assert len(world.expect("trade/officer", ISSUED, "issue").notices) == 2


def test_a_plan_nobody_can_sweep_keeps_the_others_back_for_a_day_at_most(world, tmp_path):
    first = small_plan(tmp_path, {"id": "plan"}, code="first-2013")
    world.publish(first)
    world.publish(small_plan(tmp_path, {"id": "plan"}, code="second-2013"))
    world.plans = [first]
    world.day(ISSUED)
    world.calm()

    world.day(ISSUED + DAY)
    world.expect("trade/officer", ISSUED + DAY, "issue")


def test_a_letter_that_left_takes_nothing_more_in(world, tmp_path):
    world.publish(small_plan(tmp_path, {"id": "plan"}, code="first-2013"))
    world.day(ISSUED)
    world.publish(small_plan(tmp_path, {"id": "plan"}, code="second-2013"))
    world.day(ISSUED)

    assert len(world.expect("trade/officer", ISSUED, "issue").notices) == 1
    world.calm()
    world.day(ISSUED + DAY)
    late = world.expect("trade/officer", ISSUED + DAY, "issue")
    assert late.notices == {("second-2013/1.plan/-/once", "issue")}


def test_a_later_letter_refers_to_the_one_that_first_told_of_the_duty(world, tmp_path):
    world.publish(small_plan(tmp_path, {"due_on": date(2013, 9, 30)}))
    world.day(ISSUED)
    world.acknowledge("small-2013/1.report/-/once")
    world.until(date(2013, 9, 23))

    first = world.expect("trade/officer", ISSUED, "issue").letter
    assert (first.references, first.in_reply_to) == ((), ())
    for day, rung in ((date(2013, 8, 30), "before-30"), (date(2013, 9, 23), "before-7")):
        later = world.expect("trade/officer", day, rung).letter
        assert later.references == (first.message_id,)


def test_the_gravest_duty_of_the_day_gives_the_subject(world, tmp_path):
    late = {"id": "late", "due_on": date(2013, 8, 9)}
    fresh = {"id": "fresh", "opens_on": date(2013, 8, 12)}
    world.publish(small_plan(tmp_path, late, fresh))
    world.day(ISSUED)
    world.acknowledge("small-2013/1.late/-/once")
    world.expect("trade/officer", ISSUED, "issue")
    world.until(date(2013, 8, 12))

    world.expect("trade/officer", date(2013, 8, 8), "before-1")
    seen = world.expect("trade/officer", date(2013, 8, 12), "issue", "late-1")
    assert seen.letter.subject.startswith("關於立即辦理1項逾期任務、交辦1項任務的通知")


def test_what_opens_after_its_period_is_told_with_the_name_of_the_period(world, tmp_path):
    data = {"id": "data", "recurrence": "yearly", "opens": "end + 1 day", "due": "end + 1 month"}
    world.publish(small_plan(tmp_path, data))
    world.day(date(2014, 1, 1))
    world.calm()  # a holiday
    world.day(date(2014, 1, 2))

    letter = world.expect("trade/officer", date(2014, 1, 2), "issue").letter
    assert "報告data（2013年）" in letter.subject
    assert "報告data（2013年）\n" in letter.body
