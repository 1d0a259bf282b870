"""Between opening and due date: the days on which progress is asked for, and what silence does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.dates.workdays import load_workdays
from catalog.duties.standing import Facts
from catalog.ladder.between import is_long, settled_days
from catalog.ladder.due import look
from catalog.ladder.rungs import DEFAULT_LADDER, Ladder, Rung, rung_of

CN = load_workdays("CN")
A_DAY = timedelta(days=1)
PLAN = Facts(opens_on=date(2013, 8, 5), due_on=date(2014, 12, 31), acknowledged_on=date(2013, 8, 5))
ASKED, TEN, TWENTY = date(2013, 9, 30), date(2013, 10, 18), date(2013, 11, 1)

LENGTHS = [
    ("2014-01-01", "2014-07-01", False),  # six months to the day
    ("2014-01-01", "2014-07-02", True),
    ("2014-07-01", "2014-12-31", False),  # a half-year
    ("2013-08-31", "2014-02-28", False),  # the last day of a shorter month
    ("2013-08-31", "2014-03-01", True),
    ("2014-01-01", "2014-06-30", False),
]

SETTLED = [
    ("quarterly", "2013-08-05", "2014-06-30", "2013-09-30 2013-12-31 2014-03-31"),
    ("quarterly", "2013-08-05", "2014-07-01", "2013-09-30 2013-12-31 2014-03-31 2014-06-30"),
    # 31 March and 30 June were Saturdays, 30 September a worked Sunday
    ("quarterly", "2018-01-01", "2018-12-31", "2018-03-30 2018-06-29 2018-09-30"),
    # 1 to 7 October are off, but the quarter's last day is worked
    ("quarterly", "2013-04-01", "2013-10-08", "2013-06-28 2013-09-30"),
    ("quarterly", "2013-09-16", "2014-06-30", "2013-12-31 2014-03-31"),  # new on 30 September
    ("half-yearly", "2013-08-05", "2015-01-05", "2013-12-31 2014-06-30 2014-12-31"),
    ("half-yearly", "2013-08-05", "2014-12-31", "2013-12-31 2014-06-30"),
    ("quarterly", "2014-01-01", "2014-06-30", ""),
]


def _look(facts, told_through, today, ladder=DEFAULT_LADDER):
    return look(ladder, CN, facts, told_through=told_through, today=today)


def _live(facts, until, *, words=(), looks=None, ladder=DEFAULT_LADDER):
    """Live a duty to a day, with a look on each day of `looks` (default: every day).

    Return `(day, keys)` of each telling, the gravest last, and the day of the next look.
    """
    told, told_through, next_on = [], None, None
    for n in range((until - facts.opens_on).days + 1):
        day = facts.opens_on + timedelta(n)
        if looks is None or day in looks:
            seen = _look(facts, told_through, day, ladder)
            if seen.rung:
                told.append((day, (*seen.coalesced, seen.rung)))
            if seen.asks:
                facts = replace(facts, asked_on=day)
            told_through, next_on = day, seen.next_on
        if day in words:
            facts = replace(facts, spoken_on=day)
    return told, next_on


def _between(told):
    """Return the tellings of the rungs between, by name: `(name, day)`."""
    return [
        (rung_of(DEFAULT_LADDER, key).name, day)
        for day, keys in told
        for key in keys
        if rung_of(DEFAULT_LADDER, key).when in {"progress", "silent"}
    ]


@pytest.mark.parametrize(("opens", "due", "long"), LENGTHS)
def test_a_duty_is_long_past_the_same_day_of_the_sixth_month(opens, due, long):
    assert is_long(date.fromisoformat(opens), date.fromisoformat(due)) is long


@pytest.mark.parametrize(("each", "opens", "due", "days"), SETTLED)
def test_settled_days_end_their_period_on_a_working_day(each, opens, due, days):
    settled = settled_days(each, CN, date.fromisoformat(opens), date.fromisoformat(due))
    assert " ".join(f"{s.day}" for s in settled) == days


def test_silence_is_told_after_ten_and_twenty_working_days_and_asked_anew_next_quarter():
    told, _ = _live(PLAN, date(2014, 1, 31))
    assert _between(told) == [
        ("progress", ASKED),
        ("silent-10", TEN),  # the holiday of October lies between
        ("silent-20", TWENTY),
        ("progress", date(2013, 12, 31)),
        ("silent-10", date(2014, 1, 15)),
        ("silent-20", date(2014, 1, 28)),  # 26 January is a worked Sunday
    ]


WORDS = [
    (date(2013, 8, 5), []),  # on the day it opens
    (date(2013, 9, 29), []),
    (ASKED, [("progress", ASKED)]),  # after the sweep of that day: it answers
    (date(2013, 10, 17), [("progress", ASKED)]),
    (TEN, [("progress", ASKED), ("silent-10", TEN)]),
    (date(2013, 11, 2), [("progress", ASKED), ("silent-10", TEN), ("silent-20", TWENTY)]),
]


@pytest.mark.parametrize(("word", "expected"), WORDS)
def test_a_word_stops_what_was_to_come_in_its_quarter(word, expected):
    told, _ = _live(PLAN, date(2013, 12, 30), words=[word])
    assert _between(told) == expected


def test_a_word_counts_for_its_own_quarter_only():
    told, next_on = _live(PLAN, date(2013, 12, 31), words=[date(2013, 9, 29)])
    assert _between(told) == [("progress", date(2013, 12, 31))]
    assert next_on == date(2014, 1, 15)


def test_nobody_looks_at_a_quarter_that_has_its_word():
    spoken = replace(PLAN, spoken_on=date(2013, 8, 20))
    assert _look(spoken, None, date(2013, 8, 21)).next_on == date(2013, 12, 31)


def test_a_duty_of_half_a_year_is_not_asked():
    short = replace(PLAN, opens_on=date(2014, 1, 1), due_on=date(2014, 6, 30))
    assert _between(_live(short, date(2014, 6, 30))[0]) == []


def test_silence_is_not_told_on_the_due_date_or_after_it():
    ten = date(2014, 4, 15)  # working days after 31 March
    last = {
        due: _between(_live(replace(PLAN, due_on=due), date(2014, 5, 31))[0])[-1]
        for due in (ten, ten + A_DAY)
    }
    assert last == {ten: ("progress", date(2014, 3, 31)), ten + A_DAY: ("silent-10", ten)}


def test_progress_travels_with_a_lagging_quota():
    facts = replace(PLAN, quota_min=30)
    told = dict(_live(facts, ASKED)[0])
    assert told[ASKED] == ("progress:2013-Q3", "behind:2013-Q3")


def test_progress_does_not_swallow_a_reminder_before_the_due_date():
    facts = replace(PLAN, due_on=date(2014, 10, 30))
    assert _look(facts, date(2014, 9, 29), date(2014, 9, 30))[:2] == (
        "before-30",
        ("progress:2014-Q3",),
    )


def test_an_extension_does_not_swallow_what_was_asked():
    asked = replace(PLAN, asked_on=ASKED, due_on=date(2015, 6, 30))
    assert _look(asked, date(2013, 10, 17), TEN).rung == f"silent-10:{ASKED}"


@pytest.mark.parametrize("fields", [{"suspended_on": date(2013, 10, 1)}, {"filed_on": ASKED}])
def test_a_stopped_duty_is_not_asked(fields):
    stopped = replace(PLAN, asked_on=ASKED, **fields)
    assert _look(stopped, ASKED, date(2014, 2, 1)).rung is None


def test_another_performer_is_not_told_of_a_silence_that_was_not_theirs():
    assert _look(PLAN, date(2013, 10, 17), TWENTY).rung is None


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        # off over the quarter's end: it is asked late, and silence counts from there
        ([date(2013, 9, 27), date(2013, 10, 14)], [("progress", date(2013, 10, 14))]),
        # off after the inquiry: one notice for the gravest, the other recorded with it
        ([ASKED, date(2013, 11, 8)], [("progress", ASKED), ("silent-10", date(2013, 11, 8)),
                                      ("silent-20", date(2013, 11, 8))]),
    ],
)  # fmt: skip
def test_missed_days_are_caught_up_with_one_notice(looks, expected):
    told, _ = _live(PLAN, max(looks), looks=[PLAN.opens_on, *looks])
    assert _between(told) == expected
    assert len({day for day, _ in told}) == len(told)


HALF_YEARLY = Ladder(
    rungs=(
        Rung(name="issue", when="open", to=("performer",)),
        Rung(name="report", when="progress", each="half-yearly", to=("performer",)),
        Rung(name="quiet", when="silent", days=5, to=("lead",)),
        Rung(name="late", when="due", days=1, every=7, to=("lead",)),
    )
)


@st.composite
def lives(draw):
    opens_on = draw(st.dates(date(2012, 6, 1), date(2025, 6, 30)))
    days = draw(st.integers(150, 700))
    facts = Facts(
        opens_on=opens_on,
        due_on=opens_on + timedelta(days),
        acknowledged_on=opens_on,
        quota_min=draw(st.none() | st.integers(1, 40)),
    )
    at = st.integers(0, days).map(lambda n: opens_on + timedelta(n))
    words = draw(st.lists(at, max_size=6))
    gone = draw(st.lists(st.tuples(at, st.integers(1, 60)), max_size=4))
    off = {day + timedelta(n) for day, length in gone for n in range(length)} - {opens_on}
    return facts, draw(st.sampled_from([DEFAULT_LADDER, HALF_YEARLY])), words, off


@given(lives())
def test_days_missed_are_caught_up_and_nobody_is_told_of_a_silence_unasked(life):
    facts, ladder, words, off = life
    until = facts.due_on
    looks = {facts.opens_on + timedelta(n) for n in range((until - facts.opens_on).days + 1)} - off
    told, _ = _live(facts, until, words=words, looks=looks, ladder=ladder)
    asked_on, keys = None, []
    for day, each in told:
        rungs = [rung_of(ladder, key) for key in each]
        keys += each
        for rung in rungs:
            if rung.when == "silent":
                assert asked_on is not None
                assert CN.add(asked_on, rung.days) <= day < facts.due_on
                assert not any(asked_on <= word < day for word in words)
        if any(rung.when == "progress" for rung in rungs) and day < facts.due_on:
            asked_on = day
    assert len(set(keys)) == len(keys)  # each once, however the days were split


@given(lives())
def test_a_sweep_that_follows_the_next_look_tells_what_one_every_day_tells(life):
    facts, ladder, words, _ = life
    until = facts.due_on
    every_day, _ = _live(facts, until, words=words, ladder=ladder)
    told, told_through, next_on = [], None, facts.opens_on
    for n in range((until - facts.opens_on).days + 1):
        day = facts.opens_on + timedelta(n)
        if day == next_on:
            seen = _look(facts, told_through, day, ladder)
            told += [(day, (*seen.coalesced, seen.rung))] if seen.rung else []
            facts = replace(facts, asked_on=day) if seen.asks else facts
            told_through, next_on = day, seen.next_on
        if day in words:
            facts = replace(facts, spoken_on=day)
    assert told == every_day


@given(lives())
def test_no_quarter_of_a_long_duty_passes_without_a_word_from_either_side(life):
    facts, _, words, _ = life
    told, _ = _live(facts, facts.due_on, words=words)
    spoken = sorted({*(day for day, _ in told), *words})
    for settled in settled_days("quarterly", CN, facts.opens_on, facts.due_on):
        assert any(settled.since < day <= settled.day for day in spoken)
