"""How localities are ranked: by score, equals alike, whoever has none apart."""

from __future__ import annotations

import json
from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.reports.evaluation import Evaluation, Group, Locality, Reason, Work
from catalog.reports.evaluation_words import SECTIONS, first_words
from catalog.wording import languages, say

DUE = date(2014, 6, 30)
LATE = Work(key="p/1.x/a/once", title="培訓", measure="1", due_on=DUE, days=9, done=True)
GOOD = Work(
    key="p/1.y/a/once", title="會議", measure="1", due_on=DUE, days=0, done=True, said="已辦"
)


def locality(agency: str, score: str | None, *, done=(GOOD,), lost=(LATE,)) -> Locality:
    return Locality(
        agency=agency,
        name=f"{agency}市",
        due=len(done) + len(lost),
        on_time=len(done),
        late=len(lost),
        undone=0,
        delivered=0,
        wanted=0,
        score=score,
        done=done,
        lost=lost,
    )


def evaluation(*localities: Locality, groups: tuple[Group, ...] = ()) -> Evaluation:
    return Evaluation(
        plan="p",
        title="計劃",
        office="辦公室",
        year=2014,
        on=date(2015, 1, 5),
        entries=1,
        head="0" * 64,
        formula="公式",
        localities=localities,
        groups=groups,
        courses=(),
    )


def ranks(told: Evaluation, group: Group | None = None) -> list[tuple[int, str]]:
    return [(r.rank, r.locality.agency) for r in told.ranking(group)]


def test_equal_scores_share_a_rank_and_the_next_is_passed_over():
    found = evaluation(
        locality("c", "90.00"), locality("a", "80.00"), locality("b", "90.00"), locality("d", "70")
    )
    assert ranks(found) == [(1, "b"), (1, "c"), (3, "a"), (4, "d")]


def test_a_hundred_stands_above_nine():
    assert ranks(evaluation(locality("a", "9.00"), locality("b", "100.00")))[0] == (1, "b")


def test_whoever_has_no_score_has_no_rank():
    told = evaluation(locality("a", "90.00"), locality("b", None))
    assert ranks(told) == [(1, "a")]
    assert [place.agency for place in told.unscored] == ["b"]


def test_a_group_is_ranked_within_itself():
    three = [locality("a", "90.00"), locality("b", "80.00"), locality("c", "70.00")]
    group = Group(name="兩市", members=("b", "c"))
    assert ranks(evaluation(*three, groups=(group,)), group) == [(1, "b"), (2, "c")]


@given(st.lists(st.sampled_from(["0.00", "50.00", "99.99", "100.00"]), max_size=9))
def test_nobody_is_both_an_example_and_to_be_mended(scores):
    told = evaluation(*(locality(f"c{n}", score) for n, score in enumerate(scores)))
    best, last = told.best, told.last
    assert not {r.locality.agency for r in best} & {r.locality.agency for r in last}
    assert all(r.rank <= 3 for r in best)


@pytest.mark.parametrize("language", languages())
def test_every_section_says_something_in_every_language(language):
    empty = evaluation()
    full = evaluation(*(locality(f"c{n}", f"{n}0.00") for n in range(1, 8)))
    for told in (empty, full):
        said = first_words(told, language)
        assert [bool(said[section].strip()) for section in SECTIONS] == [True] * len(SECTIONS)


def test_an_evaluation_frozen_before_it_had_indicators_still_opens():
    old = evaluation(locality("a", "90.00")).model_dump(mode="json")
    for name in ("criteria", "punctuality", "rewards"):
        del old[name]
    for name in ("indicators", "indicator_score", "punctuality", "reason"):
        del old["localities"][0][name]
    again = Evaluation.model_validate_json(json.dumps(old))
    assert ranks(again) == [(1, "a")]
    assert first_words(again, "en")["ranking"].startswith("公式")


@pytest.mark.parametrize("reason", get_args(Reason))
@pytest.mark.parametrize("language", languages())
def test_nobody_is_without_a_rank_without_the_reason(language, reason):
    silent = locality("b", None).model_copy(update={"reason": reason})
    words = first_words(evaluation(locality("a", "90.00"), silent), language)["ranking"]
    assert say(language, f"evaluation.draft.{reason}", names="b市") in words
