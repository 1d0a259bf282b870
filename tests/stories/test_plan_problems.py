"""Any agency raises a problem of the plan; the office answers, and the agenda has it until then."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.errors import ConflictError, NotFoundError
from ledger.duties import life
from tasks.deeds import raising
from tasks.plans import problems as plan_problems
from tests.world import ISSUED, small_plan

PLAN, KEY = "small-2013", "small-2013/1.report/-/once"
NEXT = date(2013, 8, 6)
AFTER = date(2013, 8, 7)


@pytest.fixture
def lived(world, tmp_path):
    world.publish(small_plan(tmp_path, {"id": "report"}))
    world.day(ISSUED)
    world.post.letters.clear()
    return world


def raise_problem(world, user: str = "stranger/officer", text: str = "缺少統計口徑") -> int:
    return plan_problems.raise_problem(world.ledger, PLAN, world.act(user), text=text)


def answer(world, number: int = 1, user: str = "office/officer", text: str = "按廳文件執行"):
    act = world.act(user)
    plan_problems.answer_problem(world.ledger, PLAN, act, number=number, text=text)


def open_problems(world):
    with world.ledger.read() as conn:
        return life.open_problems(conn, PLAN)


def test_an_agency_without_a_part_in_the_plan_raises_a_problem_and_is_answered(lived):
    """The office reads it in its next letter, the agency the answer in its own."""
    assert raise_problem(lived) == 1
    lived.day(NEXT)
    letter = lived.expect("office/officer", NEXT).letter
    assert "省博物館反映計劃問題第1號" in letter.body
    assert "缺少統計口徑" in letter.body
    answer(lived)
    lived.day(AFTER)
    letter = lived.expect("stranger/officer", AFTER).letter
    assert "第1號已答覆" in letter.body
    assert "按廳文件執行" in letter.body
    lived.calm()


def test_open_problems_are_those_of_the_plan_and_of_its_duties(lived):
    """One query gives the agenda of a coordination meeting both kinds, the oldest first."""
    raise_problem(lived)
    raising.raise_problem(lived.ledger, KEY, lived.act("trade/officer"), text="企業名單未定")
    problems = open_problems(lived)
    assert [(p.duty, p.number, p.agency) for p in problems] == [
        (None, 1, "stranger"),
        (KEY, 1, "trade"),
    ]
    answer(lived)
    assert [p.duty for p in open_problems(lived)] == [KEY]


@pytest.mark.parametrize(
    ("user", "rule"),
    [("office/officer", "plan-problem-who"), ("reviewer/officer", "plan-problem-who")],
)
def test_only_officers_of_agencies_raise_a_problem_of_the_plan(lived, user, rule):
    """The office answers problems, and a reviewer looks on."""
    with pytest.raises(ConflictError) as refused:
        raise_problem(lived, user)
    assert refused.value.key == rule


def test_a_problem_is_answered_once_by_the_office_alone(lived):
    raise_problem(lived)
    with pytest.raises(ConflictError) as refused:
        answer(lived, user="trade/officer")
    assert refused.value.key == "rule-who-office"
    answer(lived)
    with pytest.raises(ConflictError) as refused:
        answer(lived)
    assert refused.value.key == "problem-answered"
    with pytest.raises(NotFoundError):
        answer(lived, number=2)


def test_a_problem_without_words_is_refused(lived):
    with pytest.raises(ConflictError) as refused:
        raise_problem(lived, text="  ")
    assert refused.value.key == "rule-needs-text"
