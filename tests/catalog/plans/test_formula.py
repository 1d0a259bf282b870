"""The formula of a plan's scorecard: refused the wrong way round, and told in words."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from catalog.plans.score_formula import Formula
from catalog.wording import languages


@pytest.mark.parametrize(
    "wrong",
    [{"late": 101}, {"undone": 61}, {"performer": 0, "lead": 0, "participant": 0}, {"late": -1}],
)
def test_a_formula_the_wrong_way_round_is_refused(wrong):
    with pytest.raises(ValidationError):
        Formula(**wrong)


@pytest.mark.parametrize("language", languages())
def test_the_formula_is_told_in_words(language):
    told = Formula(on_time=100, late=70, objection_days=9).in_words(language)
    assert "70" in told
    assert "9" in told
