"""A duty is late by the day it was done, once the office has accepted that day."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.dates.spans import span
from catalog.errors import ConflictError
from desk.api.documents import duty_document
from desk.lists.cells import Frame, cells, document
from ledger.duties import conditions, duties, life
from ledger.people import agencies
from ledger.proof.ledger_verification import differences
from ledger.reports import overview
from tasks.deeds import answering, deciding, extending
from tasks.documents.listing import lines
from tasks.reports import circular_figures, scorecard_figures
from tests.world import ISSUED, small_plan

PLAN = "small-2013"
ONCE, YEARLY = f"{PLAN}/1.once/-/once", f"{PLAN}/1.yearly/-/2013"
QUOTA, MEETING = f"{PLAN}/1.quota/-/2013", f"{PLAN}/1.meeting/-/2013"
DUE, DONE, LATE = date(2013, 12, 31), date(2013, 12, 20), date(2014, 1, 6)


@pytest.fixture
def lived(world, tmp_path):
    """A milestone, a yearly one, a quota of two and a yearly meeting, on the last day of a year."""
    year = {"recurrence": "yearly", "until": date(2014, 12, 31)}
    plan = small_plan(
        tmp_path,
        {"id": "once"},
        {"id": "yearly", **year},
        {"id": "quota", "kind": "event", **year, "quota": {"min": 2}},
        {"id": "meeting", "kind": "meeting", **year},
    )
    world.publish(plan)
    world.sweep(ISSUED)
    world.sweep(LATE)
    yield world
    with world.ledger.read() as conn:
        assert list(differences(conn)) == []
    world.post.letters.clear()


def file(world, key: str, done_on: date | None = None) -> None:
    act = world.act("trade/officer")
    answering.file_submission(world.ledger, key, act, summary="已完成", done_on=done_on)


def deliver(world, *days: date) -> None:
    for number, day in enumerate(days, 1):
        act = world.act("trade/officer")
        title = f"第{number}場活動"
        answering.deliver_item(world.ledger, QUOTA, act, title=title, held_on=day)


def refused(world, key: str, day: date) -> ConflictError:
    with pytest.raises(ConflictError) as error:
        file(world, key, day)
    return error.value


def stands(world, key: str, on: date = LATE) -> tuple[str, str]:
    with world.ledger.read() as conn:
        row = duty_document(duties.one(conn, key), agencies.agencies_on(conn, on), on)
    return row["status"], row["light"]


def test_until_the_office_accepts_it_the_day_of_filing_counts(lived):
    file(lived, YEARLY, DONE)
    assert stands(lived, YEARLY) == ("under-review", "amber")
    assert lived.duty(YEARLY).done_on is None
    lived.close(YEARLY)
    assert stands(lived, YEARLY) == ("closed-on-time", "green")


@pytest.mark.parametrize(
    ("key", "day", "rule", "named"),
    [
        (YEARLY, date(2013, 8, 4), "rule-within-period", ("2013-08-04", "2013-08-05")),
        (YEARLY, date(2014, 1, 2), "rule-within-period", ("2014-01-02", "2013-12-31")),
        (MEETING, date(2014, 1, 2), "rule-within-period", ("2014-01-02", "2013-12-31")),
        (ONCE, date(2013, 8, 4), "rule-within-period", ("2013-08-04", "2013-08-05")),
        (ONCE, date(2014, 1, 7), "rule-not-ahead", ("2014-01-07", "2014-01-06")),
        (QUOTA, date(2014, 1, 7), "rule-not-ahead", ("2014-01-07", "2014-01-06")),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_both_days(lived, key, day, rule, named):
    error = refused(lived, key, day)
    assert error.key == rule
    assert all(each in error.in_language("en") for each in named)


@pytest.mark.parametrize(
    ("key", "day", "status"),
    [
        (YEARLY, None, "closed-late"),
        (YEARLY, LATE, "closed-late"),  # today is the day of filing, of whatever period
        (YEARLY, DUE, "closed-on-time"),
        (ONCE, date(2014, 1, 2), "closed-late"),  # what does not recur may be done late
        (ONCE, ISSUED, "closed-on-time"),
        (MEETING, DONE, "closed-on-time"),
    ],
)
def test_a_duty_is_in_time_by_the_day_it_was_done(lived, key, day, status):
    file(lived, key, day)
    lived.close(key)
    assert stands(lived, key)[0] == status
    assert lived.duty(key).done_on == (day or LATE)


def test_a_meeting_was_done_on_the_day_it_was_held(lived):
    act = lived.act("trade/officer")
    answering.file_submission(lived.ledger, MEETING, act, summary="已召開", held_on=DONE)
    lived.close(MEETING)
    duty = lived.duty(MEETING)
    assert (duty.held_on, duty.done_on, stands(lived, MEETING)[0]) == (DONE, DONE, "closed-on-time")


def test_a_quota_was_done_with_the_item_that_filled_it(lived):
    deliver(lived, DUE, date(2013, 9, 10), DONE)
    assert refused(lived, QUOTA, date(2013, 12, 19)).values["since"] == DONE
    file(lived, QUOTA)
    lived.close(QUOTA)
    assert lived.duty(QUOTA).done_on == DONE
    assert stands(lived, QUOTA)[0] == "closed-on-time"


def test_a_quota_that_was_never_full_counts_by_its_filing(lived):
    deliver(lived, DONE)
    file(lived, QUOTA)
    lived.close(QUOTA)
    assert lived.duty(QUOTA).done_on == LATE
    assert stands(lived, QUOTA)[0] == "closed-late"


def test_an_extended_duty_is_late_by_its_new_due_date(lived):
    to = date(2014, 1, 31)
    extending.ask(lived.ledger, YEARLY, lived.act("trade/officer"), to=to, reason="需會簽")
    extending.grant(
        lived.ledger, YEARLY, lived.act("office/officer"), to=to, document="粵府辦函〔2013〕1號"
    )
    lived.sweep(date(2014, 2, 10))
    assert refused(lived, YEARLY, date(2014, 2, 3)).values["until"] == to
    file(lived, YEARLY, date(2014, 1, 30))
    lived.close(YEARLY)
    assert stands(lived, YEARLY, date(2014, 2, 10))[0] == "closed-on-time"


@pytest.mark.parametrize(("day", "status"), [(None, "closed-late"), (DONE, "closed-on-time")])
def test_each_filing_states_its_own_day(lived, day, status):
    file(lived, ONCE, DONE)
    lived.give_back(ONCE)
    lived.sweep(date(2014, 1, 7))
    file(lived, ONCE, day)
    lived.close(ONCE)
    assert stands(lived, ONCE, date(2014, 1, 7))[0] == status
    with lived.ledger.read() as conn:
        stated = [filing.done_on for filing in life.submissions(conn, ONCE)]
    assert stated == [DONE, day or date(2014, 1, 7)]


def test_what_was_not_done_has_no_day_of_doing(lived):
    file(lived, ONCE, DONE)
    deciding.close_not_done(lived.ledger, ONCE, lived.act("office/officer"), reason="未達要求")
    assert lived.duty(ONCE).done_on is None


def test_every_figure_and_list_counts_by_the_day_of_doing(lived):
    file(lived, YEARLY, DONE)
    file(lived, ONCE)
    lived.close(YEARLY)
    lived.close(ONCE)
    listed = {line.duty.key: line for line in lines(lived.ledger, [YEARLY, ONCE])}
    with lived.ledger.read() as conn:
        own = conditions.of(plan=PLAN)
        card = scorecard_figures.count_cards(conn, PLAN, 2013, on=LATE)["trade"]
        figures = circular_figures.count(conn, PLAN, span("2013-12"), on=LATE).figures
        frame = Frame("en", LATE, agencies.agencies_on(conn, LATE))
        documents = {key: document(line, frame) for key, line in listed.items()}
        by_day = overview.done_by_day(conn, LATE, own)
        late = overview.counts(conn, PLAN, LATE).late
        row = cells(1, listed[YEARLY], frame)
    results = {line.key: (line.outcome, line.days) for line in card.lines}
    assert (results[YEARLY], results[ONCE]) == (("on-time", 0), ("late", 6))
    assert (figures.on_time, figures.late, figures.closed) == (1, 1, 2)
    assert by_day == {DONE: 1, LATE: 1}
    assert late == 1 + 2  # the filing of today, the quota and the meeting
    assert (row["done_on"], row["ended_on"]) == (DONE, LATE)
    days = ("filed_on", "done_on", "closed_on")
    assert [documents[YEARLY][day] for day in days] == [LATE, DONE, LATE]
