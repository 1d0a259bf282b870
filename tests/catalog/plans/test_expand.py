"""Expansion: which duties an obligation makes, under which keys, in which window."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.dates.edges import Edge
from catalog.plans.contents import Agency, Measure, Obligation, Quota
from catalog.plans.expand import expand
from catalog.plans.model import Plan

TERM = {"since": date(2013, 1, 1), "until": date(2015, 12, 31)}
WINDOWS = st.lists(st.dates(date(2013, 1, 1), date(2016, 6, 30)), min_size=3, max_size=3).map(
    sorted
)


def _obligation(name, recurrence="once", **fields):
    if recurrence == "once":
        fields.setdefault("due_on", date(2015, 12, 31))
    return Obligation(
        id=f"1.{name}",
        kind="event",
        title=name,
        says=name,
        basis="plan",
        recurrence=recurrence,
        **fields,
    )


def _plan(*obligations, issued_on=date(2013, 8, 5), starts_on=date(2013, 1, 1)):
    return Plan(
        plan="trial",
        title="試行計劃",
        issued_on=issued_on,
        starts_on=starts_on,
        ends_on=date(2015, 12, 31),
        office="office",
        agencies=(
            Agency(id="wjmt", name="省外經貿廳", kind="department"),
            Agency(id="guangzhou", name="廣州市人民政府", kind="city"),
            Agency(id="zhuhai", name="珠海市人民政府", kind="city"),
            Agency(id="office", name="協調辦公室", kind="office", host="wjmt"),
        ),
        measures=(
            Measure(
                number="1",
                chapter="一",
                section="一",
                title="措施",
                lead="wjmt",
                obligations=obligations,
            ),
        ),
    )


MIXED = _plan(
    _obligation("once", due_on=date(2013, 12, 31)),
    _obligation("later", opens_on=date(2014, 1, 1), due_on=date(2014, 6, 30)),
    _obligation("yearly", "yearly", parties=("guangzhou", "zhuhai")),
    _obligation("half", "half-yearly", since=date(2014, 3, 1)),
    _obligation("quarterly", "quarterly", until=date(2014, 11, 30)),
    _obligation("monthly", "monthly", anchor=date(2013, 8, 31), parties=("zhuhai",)),
    _obligation("plan", "yearly", opens="start - 1 month", due="start + 3 months"),
    _obligation("reading", "yearly", opens="end + 1 day", due="end + 3 months"),
    _obligation("return", "quarterly", due="end + 10 working days"),
)


def _dates(*obligations, **plan):
    duties = expand(_plan(*obligations, **plan), **TERM)
    return [(duty.key, duty.opens_on, duty.due_on) for duty in duties]


def test_a_yearly_obligation_is_one_duty_a_year_and_the_first_opens_when_the_plan_is_issued():
    assert _dates(_obligation("meeting", "yearly")) == [
        ("trial/1.meeting/-/2013", date(2013, 8, 5), date(2013, 12, 31)),
        ("trial/1.meeting/-/2014", date(2014, 1, 1), date(2014, 12, 31)),
        ("trial/1.meeting/-/2015", date(2015, 1, 1), date(2015, 12, 31)),
    ]


def test_an_obligation_of_once_opens_when_the_plan_is_issued():
    assert _dates(_obligation("draft")) == [
        ("trial/1.draft/-/once", date(2013, 8, 5), date(2015, 12, 31))
    ]


def test_an_obligation_of_once_opens_on_its_own_day_where_it_has_one():
    assert _dates(_obligation("advisory", opens_on=date(2014, 1, 1), due_on=date(2014, 6, 30))) == [
        ("trial/1.advisory/-/once", date(2014, 1, 1), date(2014, 6, 30))
    ]


@pytest.mark.parametrize("recurrence", ["once", "yearly", "half-yearly", "quarterly", "monthly"])
def test_nothing_opens_before_the_plan_is_issued(recurrence):
    assert min(opens for _, opens, _ in _dates(_obligation("o", recurrence))) == date(2013, 8, 5)


def test_a_period_that_ended_before_the_issue_date_gives_no_duty():
    keys = [key for key, _, _ in _dates(_obligation("o", "half-yearly"))]
    assert keys[0] == "trial/1.o/-/2013-H2"


def test_a_plan_issued_before_its_term_recurs_from_the_term_on():
    obligation = _obligation("o", "yearly")
    early = _dates(obligation, issued_on=date(2013, 8, 5), starts_on=date(2014, 1, 1))
    assert [opens for _, opens, _ in early] == [date(2014, 1, 1), date(2015, 1, 1)]


def test_each_party_performs_its_own_duty_and_the_lead_all_others():
    obligation = _obligation("advisory", parties=("guangzhou", "zhuhai"))
    duties = [*expand(_plan(obligation, _obligation("own")), **TERM)]
    assert [(d.key, d.performer) for d in duties] == [
        ("trial/1.advisory/guangzhou/once", "guangzhou"),
        ("trial/1.advisory/zhuhai/once", "zhuhai"),
        ("trial/1.own/-/once", "wjmt"),
    ]


def test_since_and_until_bound_a_recurrence():
    bounded = _obligation("o", "yearly", since=date(2014, 1, 1), until=date(2014, 12, 31))
    assert [key for key, _, _ in _dates(bounded)] == ["trial/1.o/-/2014"]


def test_a_moved_date_keeps_the_key():
    before = _dates(_obligation("o", due_on=date(2013, 12, 31)))
    after = _dates(_obligation("o", due_on=date(2014, 3, 31)))
    assert before[0][0] == after[0][0]
    assert before[0][2] != after[0][2]


def test_a_window_holds_the_periods_that_begin_in_it():
    duties = expand(MIXED, since=date(2014, 1, 1), until=date(2014, 1, 1))
    assert sorted(d.key for d in duties) == [
        "trial/1.later/-/once",
        "trial/1.monthly/zhuhai/2014-01",
        "trial/1.plan/-/2014",
        "trial/1.quarterly/-/2014-Q1",
        "trial/1.reading/-/2014",
        "trial/1.return/-/2014-Q1",
        "trial/1.yearly/guangzhou/2014",
        "trial/1.yearly/zhuhai/2014",
    ]


def test_a_work_plan_is_due_early_in_its_year_and_in_the_first_counted_from_the_issue():
    assert _dates(_obligation("plan", "yearly", due="start + 3 months")) == [
        ("trial/1.plan/-/2013", date(2013, 8, 5), date(2013, 11, 4)),
        ("trial/1.plan/-/2014", date(2014, 1, 1), date(2014, 3, 31)),
        ("trial/1.plan/-/2015", date(2015, 1, 1), date(2015, 3, 31)),
    ]


def test_a_reading_is_due_in_the_next_year_and_the_last_after_the_end_of_the_plan():
    reading = _obligation("reading", "yearly", opens="end + 1 day", due="end + 3 months")
    assert _dates(reading) == [
        ("trial/1.reading/-/2013", date(2014, 1, 1), date(2014, 3, 31)),
        ("trial/1.reading/-/2014", date(2015, 1, 1), date(2015, 3, 31)),
        ("trial/1.reading/-/2015", date(2016, 1, 1), date(2016, 3, 31)),
    ]


def test_a_duty_covers_its_period_whenever_it_opens_and_is_due():
    duties = expand(_plan(_obligation("return", "quarterly", due="end + 10 days")), **TERM)
    assert [(d.period, d.covers_from, d.covers_until, d.due_on) for d in duties][:2] == [
        ("2013-Q3", date(2013, 8, 5), date(2013, 9, 30), date(2013, 10, 10)),
        ("2013-Q4", date(2013, 10, 1), date(2013, 12, 31), date(2014, 1, 10)),
    ]


def test_an_obligation_of_once_covers_no_period():
    (duty,) = expand(_plan(_obligation("draft")), **TERM)
    assert (duty.covers_from, duty.covers_until) == (None, None)


def test_a_month_that_ends_in_february_is_due_at_the_end_of_march():
    monthly = _obligation("o", "monthly", due="end + 1 month", since=date(2014, 2, 1))
    assert _dates(monthly)[0][1:] == (date(2014, 2, 1), date(2014, 3, 31))


def test_what_was_due_before_the_plan_was_issued_is_no_duty():
    early = _obligation("o", "yearly", opens="start - 2 months", due="start - 10 days")
    assert [key for key, _, _ in _dates(early)] == ["trial/1.o/-/2014", "trial/1.o/-/2015"]


@pytest.mark.parametrize(
    ("first_part", "covers_from", "quotas"),
    [
        ("from-issue", date(2013, 8, 5), [(12, 24), (12, 24)]),
        ("whole", date(2013, 1, 1), [(12, 24), (12, 24)]),
        ("share", date(2013, 8, 5), [(5, 10), (12, 24)]),  # 149 of 365 days, rounded up
    ],
)
def test_the_quota_of_a_first_part_period_by_the_choice_of_the_office(
    first_part, covers_from, quotas
):
    quota = Quota(min=12, max=24)
    meeting = _obligation("o", "yearly", quota=quota, first_part=first_part)
    first, second, _ = expand(_plan(meeting), **TERM)
    assert (first.covers_from, first.opens_on) == (covers_from, date(2013, 8, 5))
    assert [(d.quota.min, d.quota.max) for d in (first, second)] == quotas


EDGES = st.builds(
    Edge,
    st.just("end"),
    st.integers(0, 400),
    st.sampled_from(["days", "working days", "weeks", "months"]),
)


@given(st.sampled_from(["yearly", "half-yearly", "quarterly", "monthly"]), EDGES)
def test_nothing_counted_from_the_end_of_its_period_is_due_before_that_is_over(recurrence, due):
    duties = [*expand(_plan(_obligation("o", recurrence, due=due)), **TERM)]
    assert duties
    assert all(duty.due_on >= duty.covers_until for duty in duties)


def test_a_plan_closes_with_its_last_duty():
    assert _plan(_obligation("o", "yearly")).closes_on == date(2015, 12, 31)
    reading = _obligation("o", "yearly", due="end + 3 months")
    assert _plan(reading).closes_on == date(2016, 3, 31)


def test_an_obligation_without_a_date_has_no_duty():
    undated = _obligation("o").model_copy(update={"due_on": None, "basis": "office"})
    assert list(expand(_plan(undated), **TERM)) == []


def test_keys_are_unique():
    keys = [duty.key for duty in expand(MIXED, **TERM)]
    assert len(set(keys)) == len(keys) > 40


@given(WINDOWS)
def test_splitting_a_window_gives_the_same_duties(days):
    first, middle, last = days
    whole = expand(MIXED, since=first, until=last)
    parts = [
        *expand(MIXED, since=first, until=middle),
        *expand(MIXED, since=middle + timedelta(1), until=last),
    ]
    assert sorted(map(_shown, whole)) == sorted(map(_shown, parts))


def _shown(duty):
    return duty.key, duty.opens_on, duty.due_on, duty.performer
