"""Every rule of the grammar matches its examples whole, and nothing that only looks like them."""

from __future__ import annotations

import pytest

from catalog.reading.grammar import matching
from catalog.reading.grammar.amounts import quota_of
from catalog.reading.grammar.matching import RULES, Mark
from catalog.reading.grammar.rule import EXAMPLE

EXAMPLES = [(r, phrase, means) for r in RULES for phrase, means in r.examples.items()]
NEAR = [(rule, phrase) for rule in RULES for phrase in rule.near]


def told(mark: Mark, text: str) -> str:
    """Return the readings of a phrase in the notation of the rules."""
    if mark.sort == "count":
        asked = quota_of(matching.figure(mark, text))
        return f"{asked.min}..{asked.max or ''}"
    if mark.sort == "figure":
        return str(matching.figure(mark, text).least)
    return " | ".join(map(str, matching.readings(mark, text, EXAMPLE)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_brings_three_examples_and_a_near_miss(rule):
    assert len(rule.examples) >= 3
    assert rule.near


@pytest.mark.parametrize(("rule", "phrase", "means"), EXAMPLES)
def test_an_example_is_read_whole_and_means_what_the_table_says(rule, phrase, means):
    text = f"通過{phrase},推動"
    (mark,) = matching.marks(text)
    assert (mark.rule, mark.phrase) == (rule.name, phrase)
    assert told(mark, text) == means


@pytest.mark.parametrize(("rule", "phrase"), NEAR)
def test_a_near_miss_is_not_read_by_the_rule(rule, phrase):
    assert rule.name not in [mark.rule for mark in matching.marks(phrase)]
