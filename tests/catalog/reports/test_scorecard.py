"""What a card adds up to: the means of the roles, weighted, without what does not count."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.duties.outcome import Outcome, outcome
from catalog.duties.standing import Facts
from catalog.plans.score_formula import ROLES, Formula
from catalog.reports.scorecard import CardFigures, CardLine, result

if TYPE_CHECKING:
    from catalog.role_names import AgencyRole

OUTCOMES: list[Outcome] = [
    "on-time", "late", "overdue", "not-done", "waiting", "excused", "running",
]  # fmt: skip
DUE = date(2014, 6, 30)


def card(*lines: tuple[AgencyRole, Outcome], formula: Formula | None = None) -> CardFigures:
    chosen = formula or Formula()
    told = [
        CardLine(
            key=f"p/1.x/-/{n}",
            title="x",
            measure="1",
            performer="外經貿廳",
            role=role,
            due_on=DUE,
            outcome=became,
            days=0,
            extensions=0,
            points=chosen.points(became),
        )
        for n, (role, became) in enumerate(lines)
    ]
    return CardFigures(
        plan="p",
        title="計劃",
        office="辦公室",
        year=2014,
        agency="trade",
        name="外經貿廳",
        on=date(2015, 1, 5),
        entries=1,
        head="0" * 64,
        formula=chosen,
        lines=tuple(told),
    )


@pytest.mark.parametrize(
    ("lines", "score"),
    [
        ([], None),
        ([("performer", "waiting"), ("performer", "excused"), ("lead", "running")], None),
        ([("performer", "on-time")], "100.00"),
        ([("performer", "late")], "60.00"),
        ([("performer", "overdue"), ("performer", "on-time")], "50.00"),
        ([("performer", "not-done"), ("performer", "on-time"), ("performer", "late")], "53.33"),
        # 60 : 25 between performer and lead, the participant's 15 left to them
        ([("performer", "on-time"), ("lead", "overdue")], "70.59"),
        ([("performer", "on-time"), ("lead", "on-time"), ("participant", "overdue")], "85.00"),
    ],
)
def test_the_score_is_the_weighted_mean_of_the_roles(lines, score):
    found = result(card(*lines)).score
    assert found == (None if score is None else Decimal(score))


def test_a_duty_whose_objection_was_upheld_is_left_out():
    told = card(("performer", "overdue"), ("performer", "on-time"))
    assert result(told, without={"p/1.x/-/0"}).score == Decimal("100.00")


def test_late_but_done_stands_apart_from_what_is_not_done():
    told = card(("performer", "late"), ("performer", "overdue"), ("performer", "not-done"))
    part = result(told).parts[0]
    assert (part.late, part.undone, part.on_time) == (1, 2, 0)


def test_a_card_announced_when_participants_were_scored_says_so():
    """Cards are frozen with their points, so they are read by the formula of their day."""
    assert ":15加權" in card(("participant", "late")).formula_in_words("zh-Hant")
    assert ":15加權" not in card(("performer", "late")).formula_in_words("zh-Hant")


@given(st.lists(st.tuples(st.sampled_from(ROLES), st.sampled_from(OUTCOMES)), max_size=20))
def test_a_score_lies_between_the_points_and_is_whoever_lists_the_duties(lines):
    found, turned = result(card(*lines)).score, result(card(*reversed(lines))).score
    assert found == turned
    assert found is None or 0 <= found <= 100


@pytest.mark.parametrize(
    ("facts", "today", "became"),
    [
        ({"filed_on": DUE, "closed_on": date(2014, 7, 9), "closed_as": "done"}, 9, "on-time"),
        ({"filed_on": date(2014, 7, 1), "closed_on": date(2014, 7, 9)}, 9, "late"),
        ({"filed_on": DUE}, 9, "waiting"),
        ({"filed_on": date(2014, 6, 20), "returned_on": date(2014, 6, 25)}, 9, "overdue"),
        ({}, 1, "overdue"),
        ({"waived_on": DUE}, 9, "excused"),
        ({"suspended_on": DUE}, 9, "excused"),
        ({"closed_on": date(2014, 7, 2), "closed_as": "not-done"}, 9, "not-done"),
    ],
)
def test_what_became_of_a_duty(facts, today, became):
    told = Facts(opens_on=date(2014, 1, 1), due_on=DUE, **facts)
    assert outcome(told, date(2014, 7, today)) == became


def test_on_its_last_day_a_duty_is_not_overdue():
    assert outcome(Facts(opens_on=date(2014, 1, 1), due_on=DUE), DUE) == "running"
