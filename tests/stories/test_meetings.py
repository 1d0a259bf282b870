"""A meeting has a day: announced, prepared for, held within its period, followed by decisions."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.dates.spans import span
from catalog.errors import ConflictError
from catalog.reports.preparation import Agenda
from ledger.duties import preparations
from ledger.proof.ledger_verification import differences
from tasks.deeds import answering, meetings
from tasks.demo.evidence import papers
from tasks.plans import assigning
from tasks.plans.assigning import Order
from tasks.reports import circular_figures, scorecard_figures
from tests.world import ISSUED, address, small_plan

PLAN, ONCE = "small-2013", "small-2013/1.meeting/-/once"
YEARLY, COUNTED = "small-2013/1.yearly/-/2013", "small-2013/1.counted/-/2013"
FIRST = date(2013, 8, 6)
PLANNED = date(2013, 9, 25)
PREPARED = date(2013, 9, 10)  # ten working days before: 22 September is worked, 19 to 21 are not


@pytest.fixture
def lived(world, tmp_path):
    """A meeting held once, one a year, and two a year; all opened."""
    meeting = {"kind": "meeting"}
    year = {"recurrence": "yearly", "until": date(2014, 12, 31)}
    world.publish(
        small_plan(
            tmp_path,
            {"id": "meeting", **meeting},
            {"id": "yearly", **meeting, **year},
            {"id": "counted", **meeting, **year, "quota": {"min": 2}},
            participants=["city"],
        )
    )
    world.day(ISSUED)
    world.day(FIRST)
    world.post.letters.clear()
    yield world
    world.post.letters.clear()


def plan(world, key, day=PLANNED, place="", user="trade/officer"):
    meetings.plan_meeting(world.ledger, key, world.act(user), day=day, place=place)


def file(world, key, held_on=None):
    act = world.act("trade/officer")
    answering.file_submission(world.ledger, key, act, summary="已召開", held_on=held_on)


def refused(deed, *arguments, **fields) -> ConflictError:
    with pytest.raises(ConflictError) as error:
        deed(*arguments, **fields)
    return error.value


def agenda(world, key):
    with world.ledger.read() as conn:
        preparation = preparations.of(conn, key)
    return preparation and Agenda.model_validate_json(preparation.data)


def test_all_who_take_part_are_told_the_day_and_the_place(lived):
    plan(lived, ONCE, place="省府會議室")
    lived.day(date(2013, 8, 7))
    letter = lived.expect("city/officer", date(2013, 8, 7), "meeting-planned:1").letter
    assert "時間地點：2013年9月25日，省府會議室" in letter.body


def test_all_leads_are_invited_to_a_meeting_on_the_whole_plan(world, tmp_path):
    world.publish(small_plan(tmp_path, {"id": "meeting", "kind": "meeting", "agenda": "plan"}))
    world.day(ISSUED)
    order = Order("覆核名錄", "city", date(2013, 9, 2), source="批示")
    assigning.assign(world.ledger, PLAN, world.act("office/officer"), order)
    plan(world, ONCE, place="省府會議室")
    world.post.letters.clear()
    world.day(FIRST)

    (letter,) = (each for each in world.post.letters if each.to == address("city/officer"))
    assert "請出席會議：報告meeting，2013年9月25日，省府會議室" in letter.body
    world.post.letters.clear()


def test_the_agenda_is_prepared_ten_working_days_before_that_day(lived):
    plan(lived, ONCE, place="省府會議室")
    lived.sweep(date(2013, 9, 9))
    assert agenda(lived, ONCE) is None
    lived.sweep(PREPARED)
    made = agenda(lived, ONCE)
    assert (made.held_on, made.planned, made.place) == (PLANNED, True, "省府會議室")


def test_a_meeting_put_off_has_its_agenda_prepared_anew(lived):
    plan(lived, ONCE)
    lived.sweep(PREPARED)
    plan(lived, ONCE, day=date(2013, 11, 20))
    lived.sweep(date(2013, 11, 6))
    assert (agenda(lived, ONCE).on, agenda(lived, ONCE).held_on) == (
        date(2013, 11, 6),
        date(2013, 11, 20),
    )
    rungs = {n.rung for n in lived.notices(duty=ONCE)}
    assert {"prepared-meeting", "prepared-meeting:2"} <= rungs


def test_without_a_plan_the_day_is_proposed_by_rule(lived):
    lived.sweep(date(2013, 11, 15))
    made = agenda(lived, ONCE)
    assert (made.held_on, made.planned) == (date(2013, 12, 17), False)


def test_the_next_meeting_of_a_quota_has_a_day_of_its_own(lived):
    plan(lived, COUNTED)
    lived.sweep(PLANNED)
    answering.deliver_item(lived.ledger, COUNTED, lived.act("trade/officer"), title="第一次會議")
    assert lived.duty(COUNTED).planned_on is None
    plan(lived, COUNTED, day=date(2013, 12, 10))
    lived.sweep(date(2013, 11, 26))
    assert (agenda(lived, COUNTED).held_on, agenda(lived, COUNTED).since) == (
        date(2013, 12, 10),
        PLANNED,
    )


def test_a_meeting_was_held_on_the_day_it_is_filed_unless_another_is_given(lived):
    lived.sweep(date(2013, 10, 9))
    file(lived, ONCE)
    file(lived, YEARLY, date(2013, 9, 30))
    assert lived.duty(ONCE).held_on == date(2013, 10, 9)
    assert lived.duty(YEARLY).held_on == date(2013, 9, 30)


@pytest.mark.parametrize(
    ("key", "day", "rule"),
    [
        (YEARLY, date(2013, 8, 4), "rule-within-period"),
        (ONCE, date(2013, 8, 4), "rule-within-period"),
        (YEARLY, date(2013, 8, 7), "rule-not-ahead"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_both_days(lived, key, day, rule):
    error = refused(file, lived, key, day)
    assert error.key == rule
    assert str(day) in error.in_language("en")


def test_a_meeting_with_a_quota_has_the_days_of_its_items(lived):
    assert refused(file, lived, COUNTED, FIRST).key == "rule-day-of-a-meeting"


def test_a_yearly_meeting_cannot_be_held_in_the_next_year(lived):
    lived.sweep(date(2014, 1, 6))
    error = refused(file, lived, YEARLY)
    assert error.key == "rule-within-period"
    assert "2014-01-06" in error.in_language("en")
    assert "2013-12-31" in error.in_language("en")
    file(lived, YEARLY, date(2013, 12, 30))
    file(lived, ONCE)  # one held late is late, not refused
    assert lived.duty(ONCE).held_on == date(2014, 1, 6)


@pytest.mark.parametrize(
    ("key", "day", "user", "rule"),
    [
        (ONCE, date(2013, 8, 5), "trade/officer", "rule-not-past"),
        (YEARLY, date(2014, 1, 6), "trade/officer", "rule-within-period"),
        (ONCE, PLANNED, "city/officer", "rule-who-performer-or-lead"),
        (ONCE, PLANNED, "office/officer", "rule-who-performer-or-lead"),
    ],
)
def test_a_plan_that_does_not_hold_is_refused(lived, key, day, user, rule):
    assert refused(plan, lived, key, day, user=user).key == rule


def test_only_a_meeting_is_planned(lived):
    order = Order("報送名單", "trade", date(2013, 9, 30), "省領導批示")
    key = assigning.assign(lived.ledger, PLAN, lived.act("office/officer"), order)
    lived.sweep(date(2013, 8, 7))
    assert refused(plan, lived, key).key == "rule-only-a-meeting"
    assert refused(file, lived, key, date(2013, 8, 7)).key == "rule-day-of-a-meeting"


def test_the_days_of_preparation_follow_from_the_history(lived):
    plan(lived, ONCE)
    plan(lived, COUNTED)
    with lived.ledger.read() as conn:
        assert list(differences(conn)) == []
    lived.sweep(PREPARED)
    lived.sweep(PLANNED)
    answering.deliver_item(lived.ledger, COUNTED, lived.act("trade/officer"), title="第一次會議")
    plan(lived, ONCE, day=date(2013, 11, 20))
    with lived.ledger.read() as conn:
        assert list(differences(conn)) == []


def test_a_decision_becomes_a_duty_is_late_gets_a_slip_and_stands_on_the_next_agenda(lived):
    """The whole way of a decision, from the meeting that made it to the next one."""
    lived.sweep(date(2013, 9, 25))
    office, trade = lived.act("office/officer"), lived.act("trade/officer")
    answering.deliver_item(lived.ledger, COUNTED, trade, title="第一次會議")
    order = Order("報送企業名單", "city", date(2013, 10, 15), meeting=COUNTED)
    decision = assigning.assign(lived.ledger, PLAN, office, order)

    lived.day(date(2013, 9, 26))
    letter = lived.expect("city/officer", date(2013, 9, 26), "issue").letter
    assert "交辦依據：「報告counted，2013年9月25日」" in letter.body

    lived.sweep(date(2013, 10, 22))
    (draft,) = [n for n in lived.notices(state="draft") if n.duty == decision]
    assert draft.rung == "late-7"
    lived.release(draft.id)
    lived.deliver()
    (slip,) = [letter for letter in lived.post.letters if "督辦" in letter.subject]
    assert "計劃外交辦事項「報送企業名單」由廣州市人民政府承辦" in slip.body

    plan(lived, COUNTED, day=date(2013, 12, 10))
    lived.sweep(date(2013, 11, 26))
    made = agenda(lived, COUNTED)
    assert [(line.key, line.status) for line in made.decisions] == [(decision, "overdue")]

    with papers(lived.ledger, ["document"], "企業名單", on=lived.today) as files:
        act = lived.act("city/officer")
        answering.file_submission(lived.ledger, decision, act, summary="已報送", evidence=files)
    lived.close(decision)
    lived.sweep(date(2013, 12, 10))
    answering.deliver_item(lived.ledger, COUNTED, lived.act("trade/officer"), title="第二次會議")
    with lived.ledger.read() as conn:
        assert list(differences(conn)) == []


def test_the_circular_and_the_scorecard_count_a_decision_for_its_performer(lived):
    order = Order("報送名單", "city", date(2013, 8, 30), "省領導批示")
    key = assigning.assign(lived.ledger, PLAN, lived.act("office/officer"), order)
    lived.sweep(date(2013, 9, 4))
    with lived.ledger.read() as conn:
        overdue = circular_figures.count(conn, PLAN, span("2013-09"), on=lived.today).overdue
        cards = scorecard_figures.count_cards(conn, PLAN, 2013, on=lived.today)
    assert [line.key for line in overdue] == [key]
    assert key in {line.key for line in cards["city"].lines}
