"""Standing: every status and light, what comes first, and exactly one for every duty."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.duties.standing import LIGHTS, Facts, Status, returned, standing, stopped, under_review

OPEN = Facts(opens_on=date(2014, 1, 1), due_on=date(2014, 12, 31))
SIGNED = replace(OPEN, acknowledged_on=date(2014, 1, 6))
QUOTA = replace(SIGNED, quota_min=30, quota_max=40)
FILED = replace(SIGNED, filed_on=date(2014, 12, 20))
FILED_LATE = replace(SIGNED, filed_on=date(2015, 1, 6))
RETURNED = replace(FILED, returned_on=date(2014, 12, 24))
CLOSED = date(2015, 1, 8)
PAST = replace(OPEN, past_on=date(2015, 3, 1))
SETTLED_ON = date(2015, 3, 9)
SETTLED = replace(PAST, closed_on=SETTLED_ON, closed_as="done")
DONE = date(2014, 12, 30)

TABLE = [
    (OPEN, date(2013, 12, 31), "not-open", "none"),
    (OPEN, date(2014, 1, 1), "awaiting-receipt", "green"),
    (SIGNED, date(2014, 1, 5), "awaiting-receipt", "green"),
    (SIGNED, date(2014, 1, 6), "on-course", "green"),
    (SIGNED, date(2014, 12, 16), "on-course", "green"),
    (SIGNED, date(2014, 12, 17), "due-soon", "amber"),
    (OPEN, date(2014, 12, 31), "due-soon", "amber"),
    (SIGNED, date(2015, 1, 1), "overdue", "red"),
    (OPEN, date(2015, 1, 1), "overdue", "red"),
    (QUOTA, date(2014, 3, 30), "on-course", "green"),
    (QUOTA, date(2014, 3, 31), "behind-pace", "amber"),
    (replace(QUOTA, delivered=6), date(2014, 4, 30), "on-course", "green"),
    (QUOTA, date(2014, 12, 20), "behind-pace", "amber"),
    (QUOTA, date(2015, 1, 1), "overdue", "red"),
    (FILED, date(2014, 12, 31), "under-review", "green"),
    (FILED, date(2015, 1, 5), "under-review", "green"),
    (FILED_LATE, date(2015, 1, 7), "under-review", "amber"),
    (RETURNED, date(2014, 12, 31), "returned", "amber"),
    (RETURNED, date(2015, 1, 1), "returned", "red"),
    (replace(RETURNED, filed_on=date(2014, 12, 25)), date(2014, 12, 31), "under-review", "green"),
    (replace(SIGNED, suspended_on=date(2014, 6, 1)), date(2015, 1, 5), "suspended", "none"),
    (replace(FILED, closed_on=CLOSED, closed_as="done"), CLOSED, "closed-on-time", "green"),
    (replace(SIGNED, closed_on=date(2014, 12, 31)), CLOSED, "closed-on-time", "green"),
    (replace(SIGNED, closed_on=CLOSED, closed_as="done"), CLOSED, "closed-late", "amber"),
    (replace(FILED_LATE, closed_on=CLOSED), CLOSED, "closed-late", "amber"),
    (replace(FILED_LATE, closed_on=CLOSED, done_on=DONE), CLOSED, "closed-on-time", "green"),
    (
        replace(FILED_LATE, closed_on=CLOSED, done_on=date(2015, 1, 5)),
        CLOSED,
        "closed-late",
        "amber",
    ),
    (replace(SIGNED, closed_on=CLOSED, done_on=DONE), CLOSED, "closed-on-time", "green"),
    (replace(FILED, closed_on=CLOSED, closed_as="not-done"), CLOSED, "closed-not-done", "none"),
    (replace(OPEN, waived_on=date(2014, 2, 1)), date(2015, 2, 1), "waived", "none"),
    (PAST, date(2013, 12, 1), "past", "none"),
    (PAST, date(2015, 3, 2), "past", "none"),
    (replace(SETTLED, done_on=date(2014, 12, 31)), SETTLED_ON, "closed-on-time", "green"),
    (replace(SETTLED, done_on=date(2015, 1, 2)), SETTLED_ON, "closed-late", "amber"),
    (replace(SETTLED, done_on=date(2014, 6, 1)), date(2015, 3, 1), "past", "none"),
    (replace(SETTLED, closed_as="not-done"), SETTLED_ON, "closed-not-done", "none"),
]

PRECEDENCE = [
    (replace(FILED, closed_on=CLOSED, waived_on=CLOSED), "waived"),
    (replace(FILED, closed_on=CLOSED, suspended_on=CLOSED), "closed-on-time"),
    (replace(FILED, suspended_on=CLOSED), "suspended"),
    (replace(RETURNED, quota_min=30), "returned"),
    (replace(QUOTA, suspended_on=CLOSED), "suspended"),
]

DAYS = st.dates(date(2013, 6, 1), date(2016, 6, 30))
MAYBE = st.none() | DAYS


@st.composite
def facts(draw):
    opens_on, due_on = sorted((draw(DAYS), draw(DAYS)))
    return Facts(
        opens_on=opens_on,
        due_on=due_on,
        acknowledged_on=draw(MAYBE),
        filed_on=draw(MAYBE),
        returned_on=draw(MAYBE),
        suspended_on=draw(MAYBE),
        closed_on=draw(MAYBE),
        closed_as=draw(st.sampled_from([None, "done", "not-done"])),
        waived_on=draw(MAYBE),
        done_on=draw(MAYBE),
        past_on=draw(MAYBE),
        quota_min=draw(st.none() | st.integers(1, 40)),
        delivered=draw(st.integers(0, 40)),
    )


@pytest.mark.parametrize(("held", "today", "status", "light"), TABLE)
def test_status_and_light(held, today, status, light):
    assert standing(held, today) == (status, light)


def test_the_table_shows_every_status_and_every_light():
    assert {row[2] for row in TABLE} == set(Status.__args__) == set(LIGHTS)
    assert {row[3] for row in TABLE} == {"red", "amber", "green", "none"}


@pytest.mark.parametrize(("held", "status"), PRECEDENCE)
def test_the_graver_fact_comes_first(held, status):
    assert standing(held, CLOSED).status == status


def test_a_return_on_the_day_of_the_filing_counts():
    assert returned(replace(FILED, returned_on=FILED.filed_on), date(2014, 12, 20))


def test_a_fact_of_tomorrow_has_not_happened():
    assert not under_review(FILED, date(2014, 12, 19))
    assert standing(replace(FILED, closed_on=CLOSED), date(2015, 1, 7)).status == "under-review"


@given(facts(), DAYS)
def test_every_duty_has_one_status_and_a_light_that_fits_it(held, today):
    status, light = standing(held, today)
    assert status in LIGHTS
    exceptions = {("returned", "red"), ("under-review", "amber")}
    assert light == LIGHTS[status] or (status, light) in exceptions


@given(facts(), DAYS)
def test_closed_late_is_never_green_and_nothing_past_due_is(held, today):
    status, light = standing(held, today)
    if light == "green" and today > held.due_on:
        assert status in {"closed-on-time", "under-review"}
        days = {"closed-on-time": held.finished_on, "under-review": held.filed_on}
        assert days[status] <= held.due_on


@given(facts(), DAYS)
def test_the_ladder_is_silent_where_nothing_is_to_be_done(held, today):
    settled = {"waived", "closed-on-time", "closed-late", "closed-not-done", "suspended"}
    if standing(held, today).status in settled | {"under-review"}:
        assert stopped(held, today)
