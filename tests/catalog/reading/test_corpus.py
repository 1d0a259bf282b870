"""Drafts of documents of several forms agree with answers written by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from catalog.plans.load import load_plan
from catalog.reading.document.lines import paper
from catalog.reading.draft import answer_question
from catalog.reading.proposing.drafting import draft
from catalog.reading.settling.coverage import check
from catalog.reading.settling.plan_toml import plan
from catalog.reading.settling.scoring import score_draft
from catalog.reading.who.register import load_register
from tasks.documents.text import text_of

CORPUS = Path(__file__).with_name("corpus")
DOCUMENTS = sorted(p for p in CORPUS.iterdir() if p.suffix != ".toml")


@pytest.fixture(scope="module", params=DOCUMENTS, ids=lambda path: path.stem)
def compared(request):
    register = load_register(CORPUS / "agencies.toml")
    answer = load_plan(request.param.with_suffix(".toml"))
    words = text_of(request.param.read_bytes(), request.param.name)
    text = paper(words, name=request.param.name)
    drafted = draft(text, register, code="test", on=date(2020, 1, 1))
    return drafted, answer, {score.what: score for score in score_draft(drafted, answer)}


def test_there_are_documents_of_several_forms():
    assert len(DOCUMENTS) >= 6
    assert len({path.suffix for path in DOCUMENTS}) > 1


def test_the_head_is_read(compared):
    drafted, answer, _ = compared
    head = ("title", "issued_on", "starts_on", "ends_on")
    assert [drafted.head[key] for key in head] == [getattr(answer, key) for key in head]


def test_measures_stand_under_their_headings(compared):
    drafted, answer, _ = compared
    assert [(m.number, m.chapter, m.section) for m in drafted.measures] == [
        (m.number, m.chapter, m.section) for m in answer.measures
    ]


@pytest.mark.parametrize("what", ["leads and participants", "dates", "quotas", "targets"])
def test_what_is_not_asked_is_right(compared, what):
    score = compared[2][what]
    assert score.wrong == ()
    assert score.right + score.asked == score.wanted


def test_a_settled_draft_leaves_no_phrase_of_its_text_untaken(compared):
    drafted, _, _ = compared
    while drafted.questions:
        ask = drafted.questions[0]
        chosen = {"lead": "office"} if ask.key.startswith("lead") else {}
        drafted = answer_question(drafted, ask.id, 0 if ask.readings else chosen)
    findings = check(plan(drafted), drafted.paper.text)
    assert {finding.key for finding in findings} <= {"source-agency-unknown"}
