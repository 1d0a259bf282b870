"""A replay is the whole ladder in memory: the same each time, nothing sent, nothing stored."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest

from catalog.errors import InvalidError
from catalog.plans.load import load_plan
from desk.commands.replay import document
from tasks.plans.replay import replay
from tests.world import ISSUED, small_plan


@pytest.fixture(scope="module")
def plan():
    return load_plan("guangdong-2013")


@pytest.fixture(scope="module")
def replayed(plan):
    return document(plan, replay(plan, until=date(2014, 12, 31)))


def test_it_gives_the_same_bytes_each_time(plan, replayed):
    again = document(plan, replay(plan, until=date(2014, 12, 31)))
    assert json.dumps(again, default=str) == json.dumps(replayed, default=str)


def test_no_agency_gets_more_than_one_digest_a_position_and_day(replayed):
    digests = {
        (n["on"], n["to"], n["position"], n["message"])
        for n in replayed["notices"]
        if n["form"] == "notice"
    }
    assert set(Counter(row[:3] for row in digests).values()) == {1}


def test_the_load_counts_each_letter_once_in_its_month(replayed):
    letters = {(f"{n['on']:%Y-%m}", n["to"], n["message"]) for n in replayed["notices"]}
    assert Counter({(r["month"], r["agency"]): r["messages"] for r in replayed["load"]}) == Counter(
        (month, agency) for month, agency, _ in letters
    )


def test_duties_stand_as_they_would_at_the_end(replayed):
    standing = {duty["key"]: duty["light"] for duty in replayed["duties"]}
    assert standing["guangdong-2013/42.docking/-/2013"] == "red"
    assert standing["guangdong-2013/42.docking/-/2014"] != "red"


def test_since_leaves_out_what_was_told_before(tmp_path):
    plan = small_plan(tmp_path, {"due_on": date(2013, 9, 30)})
    late = replay(plan, since=date(2013, 10, 1), until=date(2013, 11, 15))
    assert {n.on for n in late.notices} == {
        date(2013, 10, 8),
        date(2013, 10, 15),
        date(2013, 11, 1),
    }


def test_it_shows_nothing_beyond_its_last_day(tmp_path):
    plan = small_plan(tmp_path, {"due_on": date(2013, 9, 30)})
    short = replay(plan, until=ISSUED)
    assert [(n.on, n.rung) for n in short.notices] == [(ISSUED, "issue")]


def test_a_window_that_ends_before_it_begins_is_refused(tmp_path):
    plan = small_plan(tmp_path, {})
    with pytest.raises(InvalidError) as refused:
        replay(plan, since=date(2014, 1, 1), until=date(2013, 12, 31))
    assert refused.value.key == "window-empty"
