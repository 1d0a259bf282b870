"""The draft of the Guangdong text agrees with the plan that people confirmed."""

from __future__ import annotations

from collections import Counter

import pytest

from catalog.plans.load import load_plan
from catalog.reading.draft import answer_question
from catalog.reading.settling.coverage import check
from catalog.reading.settling.plan_toml import plan
from catalog.reading.settling.scoring import score_draft

SPLIT = 3  # of four talks and journeys that the text asks for in two clauses, people made five


@pytest.fixture(scope="module")
def confirmed():
    return load_plan("guangdong-2013")


@pytest.fixture(scope="module")
def read(drafted, shared_text):
    return drafted(shared_text("plan/guangdong-2013.txt"))


@pytest.fixture(scope="module")
def scores(read, confirmed):
    return {score.what: score for score in score_draft(read, confirmed)}


def test_every_lead_and_participant_is_right(scores):
    leads = scores["leads and participants"]
    assert (leads.wanted, leads.right, leads.settled) == (45, 45, 45)


@pytest.mark.parametrize(("what", "split"), [("dates and quotas", SPLIT), ("targets", 0)])
def test_nineteen_of_twenty_are_right_and_the_rest_is_asked(scores, what, split):
    score = scores[what]
    assert score.right >= 0.95 * (score.wanted - split)
    assert score.right + score.asked == score.wanted - split


def test_nothing_dated_is_invented(scores):
    dated = [score for score in scores.values() if score.what != "without a date"]
    assert [line for score in dated for line in score.wrong] == []


def test_a_settled_draft_leaves_nothing_of_the_text_untaken(read):
    settled = read
    while settled.questions:
        ask = settled.questions[0]
        settled = answer_question(settled, ask.id, 0)
    assert check(plan(settled), settled.paper.text) == []


def test_a_measure_has_few_reports_on_progress(read):
    reports = Counter(
        measure.number
        for measure in read.measures
        for p in measure.proposals
        if p.fields.get("kind") == "standing"
    )
    assert max(reports.values()) <= 2
