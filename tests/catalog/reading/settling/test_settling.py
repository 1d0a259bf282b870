"""Answers turn a draft into a plan, and nothing doubtful gets in without one."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.errors import InvalidError, NotFoundError
from catalog.plans.contents import Quota
from catalog.plans.load import load_plan
from catalog.reading.draft import answer_question, set_fields
from catalog.reading.settling.coverage import check
from catalog.reading.settling.plan_toml import draft_toml, plan

TEXT = """\
广东省试点工作方案（2024年）
2024年1月5日
一、任务
1.推进试点。每年召开2次会议。6月底前完成摸底，2025年前完成整改。（省外经贸厅、省财政厅按职责分工负责）
2.近期完成清理，“H2000”系统运行30。（省科枝厅）
"""


@pytest.fixture
def draft(drafted):
    return drafted(TEXT)


@pytest.fixture
def answered(draft):
    """Return the draft with every question answered as a person would."""
    answers = {
        "lead-shared": 0,
        "date-doubtful": {"due_on": date(2024, 12, 31)},
        "lead-unknown": {"lead": "science"},
        "date-vague": 1,
        "figure-open": 0,
    }
    for ask in draft.questions:
        draft = answer_question(draft, ask.id, answers[ask.key])
    return draft


def test_each_doubt_is_one_question_with_its_words(draft):
    assert [(q.key, draft.quote(q.span), draft.line(q.span)) for q in draft.questions] == [
        ("lead-shared", "省外经贸厅、省财政厅", 4),
        ("date-doubtful", "2025年前", 4),
        ("lead-unknown", "省科枝厅", 5),
        ("date-vague", "近期", 5),
        ("figure-open", "30", 5),
    ]


def test_with_questions_open_there_is_no_plan(draft):
    with pytest.raises(InvalidError, match="5 questions"):
        plan(draft)


def test_a_plans_file_with_open_questions_is_refused_at_the_first_of_them(draft, tmp_path):
    path = tmp_path / "test.toml"
    path.write_text(draft_toml(draft), encoding="utf-8")
    with pytest.raises(InvalidError, match="省外经贸厅、省财政厅") as refused:
        load_plan(path)
    line = int(refused.value.values["place"].rpartition(":")[2])
    assert path.read_text(encoding="utf-8").splitlines()[line - 1] == "[[questions]]"


def test_when_all_are_answered_the_draft_is_a_plan_that_takes_up_its_text(answered):
    made = plan(answered)
    assert [(m.lead, m.participants) for m in made.measures] == [
        ("wjmt", ("finance",)),
        ("science", ()),
    ]
    assert made.obligation("1.meeting").quota == Quota(min=2, max=2)
    assert check(made, TEXT.replace("省科枝厅", "省科技厅")) == []


def test_the_file_and_the_plan_say_the_same(answered, tmp_path):
    path = tmp_path / "test.toml"
    path.write_text(draft_toml(answered), encoding="utf-8")
    assert load_plan(path) == plan(answered)


def test_what_a_person_drops_becomes_an_aside_with_its_reason(draft):
    dropped = set_fields(draft, "1.milestone", {"drop": True, "reason": "已辦結"})
    (aside,) = [p for p in dropped.measures[0].proposals if p.id == "1.milestone"]
    assert (aside.shape, aside.fields) == ("aside", {"reason": "已辦結"})


def test_a_question_about_what_is_dropped_is_gone(draft):
    (doubtful,) = [q.about for q in draft.questions if q.key == "date-doubtful"]
    dropped = set_fields(draft, doubtful, {"drop": True, "reason": "不辦"})
    assert doubtful not in [q.about for q in dropped.questions]


@pytest.mark.parametrize(("question", "answer"), [("q99", 0), ("q1", 9)])
def test_an_answer_to_nothing_is_refused(draft, question, answer):
    with pytest.raises(NotFoundError):
        answer_question(draft, question, answer)
