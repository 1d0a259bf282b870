"""Drafts of real documents have no mistake: what is not right is a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.plans.load import load_plan
from catalog.reading.settling.scoring import score_draft
from catalog.reading.who.register import Register

ANSWERS = sorted(Path(__file__).with_name("samples").glob("*.toml"))


@pytest.fixture(scope="module", params=ANSWERS, ids=lambda path: path.stem)
def compared(request, drafted, shared_text):
    answer = load_plan(request.param)
    made = drafted(shared_text(f"samples/{request.param.stem}.txt"), Register.of(answer))
    return made, answer, score_draft(made, answer)


def test_every_sample_has_its_answer():
    assert len(ANSWERS) == 4


def test_the_head_is_read(compared):
    made, answer, _ = compared
    head = ("title", "number", "issued_on", "starts_on", "ends_on")
    assert [made.head[key] for key in head] == [getattr(answer, key) for key in head]


def test_nothing_that_is_settled_is_wrong(compared):
    assert [score.wrong for score in compared[2]] == [()] * len(compared[2])


def test_every_lead_date_quota_and_target_is_right_or_asked(compared):
    missed = {s.what: s.wanted - s.right - s.asked for s in compared[2]}
    missed.pop("without a date")
    assert set(missed.values()) == {0}
