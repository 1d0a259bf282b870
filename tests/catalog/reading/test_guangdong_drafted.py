"""The draft of the Guangdong text agrees with the plan that people confirmed."""

from __future__ import annotations

import pytest

from catalog.plans.load import load_plan
from catalog.reading.settling.scoring import score_draft


@pytest.fixture(scope="module")
def scores(drafted, shared_text):
    read = drafted(shared_text("plan/guangdong-2013.txt"))
    return {score.what: score for score in score_draft(read, load_plan("guangdong-2013"))}


def test_every_lead_and_participant_is_right(scores):
    leads = scores["leads and participants"]
    assert (leads.wanted, leads.right, leads.settled) == (45, 45, 45)


@pytest.mark.parametrize("what", ["dates and quotas", "targets"])
def test_nineteen_of_twenty_are_right_and_the_rest_is_asked(scores, what):
    score = scores[what]
    assert score.recall >= 0.95
    assert score.right + score.asked == score.wanted


def test_nothing_dated_is_invented(scores):
    dated = [score for score in scores.values() if score.what != "without a date"]
    assert [line for score in dated for line in score.wrong] == []


def test_what_has_no_date_is_found_too(scores):
    score = scores["without a date"]
    assert (score.recall, score.precision) >= (0.95, 0.95)
