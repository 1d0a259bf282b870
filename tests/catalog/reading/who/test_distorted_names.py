"""A document whose agencies are all misspelt yields questions, and no invented lead."""

from __future__ import annotations

import re

import pytest

LAST_BRACKET = re.compile(r"\([^()]*\)$", re.MULTILINE)
TELLING = re.compile("[廳局委辦署會關府保行部]")  # what a Chinese agency's name ends in


@pytest.mark.parametrize("wrong", ["聽", "〇", "處處"])
def test_no_misspelt_lead_is_taken_for_a_registered_one(drafted, shared_text, wrong):
    text = shared_text("plan/guangdong-2013.txt")
    made = drafted(LAST_BRACKET.sub(lambda found: TELLING.sub(wrong, found[0]), text))
    assert len(made.measures) >= 40
    assert [measure.number for measure in made.measures if measure.lead is not None] == []
    assert {ask.about for ask in made.questions} >= {m.number for m in made.measures}


def test_as_it_stands_every_lead_of_that_document_is_read(drafted, shared_text):
    made = drafted(shared_text("plan/guangdong-2013.txt"))
    assert [measure.number for measure in made.measures if measure.lead is None] == []
