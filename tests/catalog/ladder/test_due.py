"""The ladder: on which day each rung falls, who is told, and what a catch-up makes of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from catalog.dates.workdays import load_workdays
from catalog.duties.standing import Facts
from catalog.ladder.due import look
from catalog.ladder.rungs import DEFAULT_LADDER, Ladder, Rung, rung_of

CN = load_workdays("CN")
A_DAY = timedelta(days=1)
SPOKEN = date.max  # a duty with a word in every quarter: `test_between.py` is about the others
YEARLY = Facts(opens_on=date(2014, 1, 1), due_on=date(2014, 12, 31), spoken_on=SPOKEN)
SIGNED = replace(YEARLY, acknowledged_on=date(2014, 1, 2))
SEPTEMBER = Facts(
    opens_on=date(2013, 8, 5), due_on=date(2013, 9, 30), acknowledged_on=date(2013, 8, 6)
)

# docs/rules.md, Days: due, then T-30, T-7, T-1, +1 and +7.
GOLDEN = [
    ("2013-12-31", "2013-11-29", "2013-12-24", "2013-12-30", "2014-01-02", "2014-01-07"),
    ("2014-06-30", "2014-05-30", "2014-06-23", "2014-06-27", "2014-07-01", "2014-07-07"),
    ("2014-12-31", "2014-12-01", "2014-12-24", "2014-12-30", "2015-01-04", "2015-01-07"),
    ("2013-09-30", "2013-08-30", "2013-09-23", "2013-09-29", "2013-10-08", "2013-10-08"),
]


def _look(facts, told_through, today, ladder=DEFAULT_LADDER):
    return look(ladder, CN, facts, told_through=told_through, today=today)


def _keys(seen):
    return [*seen.coalesced, seen.rung] if seen.rung else []


def _day_by_day(facts, since, until, ladder=DEFAULT_LADDER):
    """Return each key with the day it was told on, looking every day."""
    days = [since + timedelta(n) for n in range((until - since).days + 1)]
    seen = ((day, _look(facts, day - A_DAY, day, ladder)) for day in days)
    return [(key, day) for day, each in seen for key in _keys(each)]


@pytest.mark.parametrize("days", GOLDEN)
def test_golden_days(days):
    due, *expected = days
    due_on = date.fromisoformat(due)
    opens_on = date(2013, 8, 5)
    facts = Facts(opens_on=opens_on, due_on=due_on, acknowledged_on=opens_on, spoken_on=SPOKEN)
    told = dict(_day_by_day(facts, date(2013, 8, 6), due_on + timedelta(days=14)))
    names = ["before-30", "before-7", "before-1", "late-1", "late-7"]
    assert {name: day.isoformat() for name, day in told.items()} == dict(
        zip(names, expected, strict=True)
    )


def test_two_rungs_on_one_day_are_one_telling_of_the_graver():
    seen = _look(SEPTEMBER, date(2013, 10, 7), date(2013, 10, 8))
    assert seen.rung == "late-7"
    assert seen.coalesced == ("late-1",)


def test_coalescing_leaves_nobody_out():
    seen = _look(SEPTEMBER, date(2013, 10, 7), date(2013, 10, 8))
    assert seen.to == (
        ("performer.head", "slip"),
        ("office", "notice"),
        ("performer", "notice"),
        ("lead", "notice"),
    )


def test_a_catch_up_drafts_the_gravest_slip_and_no_other():
    seen = _look(SEPTEMBER, date(2013, 9, 30), date(2013, 11, 20))
    assert seen.rung == "late-15"
    assert seen.coalesced == ("late-1", "late-every-15:30", "late-every-15:45", "late-7")
    slips = [role for role, form in seen.to if form == "slip"]
    assert slips == ["performer.leader", "performer.head"]


def test_the_first_look_tells_the_issue_to_performer_lead_and_participants():
    seen = _look(YEARLY, None, date(2014, 1, 1))
    assert seen.rung == "issue"
    assert [role for role, _ in seen.to] == ["performer", "lead", "participants"]
    assert {form for _, form in seen.to} == {"notice"}


def test_unsigned_counts_working_days_from_the_opening():
    told = dict(_day_by_day(YEARLY, date(2014, 1, 2), date(2014, 1, 31)))
    assert told == {"unsigned-5": date(2014, 1, 8), "unsigned-10": date(2014, 1, 15)}


def test_acknowledgement_stops_unsigned():
    assert _look(SIGNED, date(2014, 1, 1), date(2014, 1, 31)).rung is None


def test_behind_is_told_at_the_end_of_each_quarter_that_lags():
    facts = replace(SIGNED, quota_min=30, quota_max=40, delivered=8)
    told = _day_by_day(facts, date(2014, 1, 2), date(2014, 11, 30))
    assert told == [
        ("behind:2014-Q2", date(2014, 6, 30)),
        ("behind:2014-Q3", date(2014, 9, 30)),
    ]


def test_behind_rolls_back_to_a_working_day():
    facts = Facts(
        opens_on=date(2018, 1, 1),
        due_on=date(2018, 12, 31),
        acknowledged_on=date(2018, 1, 2),
        spoken_on=SPOKEN,
        quota_min=30,
    )
    told = _day_by_day(facts, date(2018, 2, 1), date(2018, 4, 30))
    assert told == [("behind:2018-Q1", date(2018, 3, 30))]  # the 31st is a Saturday


def test_after_fifteen_days_it_is_told_twice_a_month():
    told = dict(_day_by_day(SIGNED, date(2015, 1, 1), date(2015, 3, 10)))
    assert told == {
        "late-1": date(2015, 1, 4),
        "late-7": date(2015, 1, 7),
        "late-15": date(2015, 1, 15),
        "late-every-15:30": date(2015, 2, 2),  # the 1st is a Sunday
        "late-every-15:45": date(2015, 2, 16),
        "late-every-15:60": date(2015, 3, 2),  # the 1st is a Sunday
    }


# Due, then the days of late-every-15 in turn: 30 days after, 45, 60 and 75.
TOGETHER = [
    ("2013-12-31", "2014-02-07", "2014-02-17", "2014-03-03", "2014-03-17"),
    ("2014-06-30", "2014-08-01", "2014-08-18", "2014-09-01", "2014-09-16"),
    ("2013-12-17", "2014-01-16", "2014-02-07", "2014-02-17", "2014-03-17"),  # Spring Festival
    ("2014-08-17", "2014-09-16", "2014-10-08", "2014-10-16", "2014-11-03"),  # 1 to 7 October
]


@pytest.mark.parametrize("days", TOGETHER)
def test_repeats_are_told_on_the_first_and_the_sixteenth_rolled_forward(days):
    due_on, *expected = map(date.fromisoformat, days)
    facts = Facts(opens_on=due_on, due_on=due_on, acknowledged_on=due_on)
    told = _day_by_day(facts, due_on + timedelta(days=20), expected[-1])
    assert told == [
        (f"late-every-15:{late}", day) for late, day in zip([30, 45, 60, 75], expected, strict=True)
    ]


def test_two_repeats_of_one_gathering_day_are_one_telling_of_the_later():
    due_on = date(2013, 12, 17)  # 90 days after it is 17 March, 105 days 1 April
    facts = Facts(opens_on=due_on, due_on=due_on, acknowledged_on=due_on)
    seen = _look(facts, date(2014, 3, 31), date(2014, 4, 1))
    assert (seen.rung, seen.coalesced) == ("late-every-15:105", ("late-every-15:90",))


def test_a_rung_that_does_not_repeat_together_falls_on_its_own_day():
    apart = Ladder(rungs=(Rung(name="late", when="due", days=30, every=15, to=("lead",)),))
    told = dict(_day_by_day(SIGNED, date(2015, 1, 1), date(2015, 3, 10), apart))
    assert told == {
        "late:30": date(2015, 1, 30),
        "late:45": date(2015, 2, 15),  # a worked Sunday; the 14th is a Saturday
        "late:60": date(2015, 3, 2),
    }


def test_a_rung_before_the_opening_does_not_exist():
    short = Facts(opens_on=date(2014, 6, 25), due_on=date(2014, 6, 30))
    told = dict(_day_by_day(short, date(2014, 5, 1), date(2014, 6, 30)))
    assert told == {"issue": date(2014, 6, 25), "before-1": date(2014, 6, 27)}


SILENT = [
    {"filed_on": date(2014, 12, 20)},
    {"filed_on": date(2014, 12, 20), "returned_on": date(2014, 12, 19)},
    {"suspended_on": date(2014, 6, 1)},
    {"closed_on": date(2014, 12, 29)},
    {"waived_on": date(2014, 2, 1)},
]


@pytest.mark.parametrize("fields", SILENT)
def test_filed_suspended_closed_and_waived_are_left_alone(fields):
    seen = _look(replace(SIGNED, **fields), date(2014, 12, 28), date(2015, 3, 1))
    assert seen == (None, (), (), None, False)


def test_a_return_starts_the_ladder_again():
    facts = replace(SIGNED, filed_on=date(2014, 12, 20), returned_on=date(2015, 1, 5))
    assert _look(facts, date(2015, 1, 5), date(2015, 1, 7)).rung == "late-7"


@pytest.mark.parametrize(
    ("today", "next_on"),
    [
        (date(2013, 12, 1), date(2014, 1, 1)),
        (date(2014, 1, 1), date(2014, 1, 8)),
        (date(2014, 1, 15), date(2014, 12, 1)),
        (date(2014, 12, 1), date(2014, 12, 24)),
        (date(2014, 12, 30), date(2015, 1, 4)),
        (date(2015, 1, 15), date(2015, 2, 2)),
        (date(2015, 2, 2), date(2015, 2, 16)),
    ],
)
def test_the_next_look_is_the_day_of_the_next_rung(today, next_on):
    assert _look(YEARLY, None, today).next_on == next_on


def test_the_next_look_passes_over_unsigned_when_it_is_signed():
    assert _look(SIGNED, None, date(2014, 1, 2)).next_on == date(2014, 12, 1)


DAYS = st.dates(date(2012, 6, 1), date(2028, 6, 30))
DENSE = Ladder(
    rungs=(
        *DEFAULT_LADDER.rungs,
        Rung(name="on-the-day", when="due", to=("performer",)),
        Rung(name="daily", when="due", days=1, every=1, to=("office",)),
    ),
)


@st.composite
def duties(draw):
    opens_on = draw(DAYS)
    return Facts(
        opens_on=opens_on,
        due_on=opens_on + timedelta(draw(st.integers(0, 500))),
        acknowledged_on=draw(st.none() | st.just(opens_on)),
        quota_min=draw(st.none() | st.integers(1, 40)),
        delivered=draw(st.integers(0, 40)),
    )


@st.composite
def windows(draw):
    """A duty, a ladder, and the days before its opening and after its due date."""
    facts = draw(duties())
    since = facts.opens_on - timedelta(draw(st.integers(0, 10)))
    until = facts.due_on + timedelta(draw(st.integers(0, 60)))
    return facts, draw(st.sampled_from([DEFAULT_LADDER, DENSE])), since, until


@given(windows())
def test_looking_every_day_and_catching_up_tell_the_same_rungs_each_once(window):
    facts, ladder, since, until = window
    daily = Counter(key for key, _ in _day_by_day(facts, since, until, ladder))
    at_once = Counter(_keys(_look(facts, since - A_DAY, until, ladder)))
    assert daily == at_once
    assert set(daily.values()) <= {1}


@given(windows(), st.lists(st.integers(1, 90), min_size=1, max_size=12))
def test_any_rhythm_of_looking_tells_the_same_rungs(window, gaps):
    facts, ladder, since, until = window
    looks = [since - A_DAY]
    looks += [
        day for n in range(len(gaps)) if (day := since + timedelta(sum(gaps[: n + 1]))) < until
    ]
    told = [
        key
        for before, day in pairwise([*looks, until])
        for key in _keys(_look(facts, before, day, ladder))
    ]
    assert sorted(told) == sorted(_keys(_look(facts, since - A_DAY, until, ladder)))


@given(windows())
def test_following_the_next_look_misses_nothing(window):
    facts, ladder, since, until = window
    told, before, day = [], since - A_DAY, since
    while day is not None and day <= until:
        seen = _look(facts, before, day, ladder)
        told += [(key, day) for key in _keys(seen)]
        before, day = day, seen.next_on
    assert told == _day_by_day(facts, since, until, ladder)


@given(windows())
def test_no_rung_is_told_before_the_opening_or_later_than_it_rolls(window):
    facts, ladder, since, until = window
    for key, day in _day_by_day(facts, since, until, ladder):
        rung = rung_of(ladder, key)
        assert day >= facts.opens_on
        if rung.when == "due" and rung.days <= 0:
            assert day == CN.roll_back(facts.due_on + timedelta(rung.days))
        if rung.when == "due" and rung.days > 0:
            own = facts.due_on + timedelta(int(key.partition(":")[2] or rung.days))
            while rung.together and own.day not in {1, 16}:
                own += A_DAY
            assert day == CN.roll_forward(own)


@given(windows(), st.integers(0, 500))
def test_no_rung_is_told_after_the_closing(window, days):
    facts, ladder, since, until = window
    closed = replace(facts, closed_on=facts.opens_on + timedelta(days))
    assume(closed.closed_on <= until)
    told = _day_by_day(closed, since, until, ladder)
    assert all(day < closed.closed_on for _, day in told)


@given(windows())
def test_every_role_of_every_rung_told_is_reached_once(window):
    facts, ladder, since, until = window
    seen = _look(facts, since - A_DAY, until, ladder)
    roles = [role for role, _ in seen.to]
    assert len(set(roles)) == len(roles)
    assert set(roles) == {role for key in _keys(seen) for role in rung_of(ladder, key).to}
    assert ("office", "slip") not in seen.to


@given(DAYS, st.integers(0, 24))
def test_no_repeat_is_told_before_its_day_or_later_than_rest_days_excuse(due_on, turn):
    facts = Facts(opens_on=due_on, due_on=due_on, acknowledged_on=due_on)
    own = due_on + timedelta(30 + turn * 15)
    told = dict(_day_by_day(facts, due_on + timedelta(20), own + timedelta(30)))
    late = (told[f"late-every-15:{30 + turn * 15}"] - own).days
    assert late >= 0
    assert not any(CN.is_workday(own + timedelta(n)) for n in range(16, late))
