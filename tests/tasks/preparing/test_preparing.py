"""Material is ready before the first reminder, once, and counts only as news."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.dates.workdays import load_workdays
from catalog.plans.load import load_plan
from catalog.reports.preparation import Agenda, Draft, Pace, checkpoints, meeting_day, prepares_on
from ledger.duties import duties, preparations
from ledger.post import notices
from ledger.proof import chain
from tasks.plans.publish import publish
from tasks.preparing.meeting import prepare_meetings
from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick

PLAN = load_plan("guangdong-2013")
CN = load_workdays("CN")
MEETING = "guangdong-2013/40.meeting/-/2014"
EVENTS = "guangdong-2013/8.events/-/2014"
REPORT = "guangdong-2013/32.yearly-report/-/2014"
# Ten working days before the first reminders of a meeting due on 2014-11-30 and of that report.
DAY, DRAFTED = date(2014, 10, 17), date(2015, 2, 10)


@pytest.mark.parametrize(
    ("kind", "opens_on", "due_on", "day"),
    [
        ("meeting", date(2014, 1, 1), date(2014, 12, 31), date(2014, 11, 17)),
        ("report", date(2014, 1, 1), date(2014, 6, 30), date(2014, 5, 16)),
        ("report", date(2014, 6, 2), date(2014, 6, 30), date(2014, 6, 9)),  # reminded at -7
        ("meeting", date(2014, 12, 29), date(2014, 12, 31), date(2014, 12, 29)),
        ("event", date(2014, 1, 1), date(2014, 12, 31), date(2014, 1, 1)),
        ("deliverable", date(2014, 1, 1), date(2014, 12, 31), None),
    ],
)
def test_material_is_due_ten_working_days_before_the_first_reminder(kind, opens_on, due_on, day):
    assert prepares_on(kind, PLAN.ladder, CN, opens_on, due_on) == day


def test_a_meeting_is_proposed_for_two_weeks_before_it_is_due():
    assert meeting_day(CN, date(2014, 12, 31), prepared_on=date(2014, 11, 17)) == date(2014, 12, 17)


def test_a_meeting_prepared_late_is_proposed_for_the_next_working_day():
    assert meeting_day(CN, date(2014, 12, 31), prepared_on=date(2014, 12, 19)) == date(2014, 12, 22)


def test_the_pace_of_a_quota_ends_with_all_of_it():
    ends = checkpoints(30, date(2014, 1, 1), date(2014, 12, 31))
    assert [c.expected for c in ends] == [2, 4, 7, 9, 12, 14, 17, 19, 22, 24, 27, 30]
    assert ends[-1].on == date(2014, 12, 31)


@pytest.fixture(scope="module")
def lived(tmp_path_factory, kind):
    """The real plan, unanswered, swept on the days on which these three are seen to."""
    with kind.open(tmp_path_factory.mktemp("prepared")) as ledger:
        publish(ledger, PLAN, at=sweep_instant(PLAN.zone, PLAN.issued_on), actor="duban")
        for on in (date(2014, 1, 2), DAY, date(2014, 10, 20), date(2014, 10, 31), DRAFTED):
            sweep(ledger, Tick(PLAN.plan, on, sweep_instant(PLAN.zone, on)))
        yield ledger


def told(ledger, key):
    with ledger.read() as conn:
        return {n.rung: n.on for n in notices.listed(conn, duty=key)}


def prepared(ledger, key):
    with ledger.read() as conn:
        return preparations.of(conn, key)


def test_a_meeting_has_its_agenda_before_its_first_reminder(lived):
    days = told(lived, MEETING)
    assert days["prepared-meeting"] == DAY < days["before-30"]
    agenda = Agenda.model_validate_json(prepared(lived, MEETING).data)
    assert agenda.held_on == date(2014, 11, 14)
    assert agenda.participants == ("省港澳辦",)


def test_events_have_their_calendar_from_the_day_they_open(lived):
    assert told(lived, EVENTS)["prepared-event"] == date(2014, 1, 2)  # the first day swept
    pace = Pace.model_validate_json(prepared(lived, EVENTS).data)
    assert (pace.wanted, pace.checkpoints[-1].expected) == ("30-40", 30)


def test_a_report_has_its_draft_with_the_duties_of_its_measure(lived):
    draft = Draft.model_validate_json(prepared(lived, REPORT).data)
    assert draft.on == DRAFTED
    assert draft.open[0].light == "red"
    assert {line.key.split("/")[1].split(".")[0] for line in draft.open} == {"32"}


def test_material_is_prepared_once(lived):
    tick = Tick(PLAN.plan, DRAFTED, sweep_instant(PLAN.zone, DRAFTED))
    assert not prepare_meetings(lived, tick)["prepared"]
    with lived.read() as conn:
        deeds = [entry.deed for entry in chain.entries(conn, subject=MEETING)]
    assert deeds.count("prepared") == 1


def test_prepared_is_not_done(lived):
    with lived.read() as conn:
        duty = duties.one(conn, MEETING)
    assert (duty.filed_on, duty.closed_on, duty.delivered) == (None, None, 0)
