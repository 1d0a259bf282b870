"""Verbs of doing: each kind finds its examples, in any script, and nothing in its near misses."""

from __future__ import annotations

import re

import pytest
from opencc import OpenCC

from catalog.reading.grammar.doing import DOING, verb_of
from catalog.reading.grammar.folding import fold

EXAMPLES = [(row, clause) for row in DOING for clause in row.examples]
NEAR = [clause for row in DOING for clause in row.near]


def verb(clause):
    """Return the verb of a clause in folded words, none where it asks for nothing."""
    match = verb_of(clause)
    return match["verb"] if match else None


@pytest.mark.parametrize("row", DOING, ids=lambda row: row.name)
def test_a_kind_brings_examples_and_near_misses(row):
    assert len(row.examples) >= 3
    assert len(row.near) >= 2


@pytest.mark.parametrize(("row", "clause"), EXAMPLES)
@pytest.mark.parametrize("script", ["t2s", "s2t", None])
def test_an_example_asks_for_its_kind_in_every_script(row, clause, script):
    words = OpenCC(script).convert(clause) if script else clause
    match = verb_of(words)
    assert match
    assert re.compile(row.pattern).match(fold(words), match.start("verb"))


@pytest.mark.parametrize("clause", NEAR)
def test_a_near_miss_asks_for_nothing(clause):
    assert verb(clause) is None


@pytest.mark.parametrize("row", DOING, ids=lambda row: row.name)
def test_patterns_are_written_in_the_form_for_comparing(row):
    assert row.pattern == fold(row.pattern)


@pytest.mark.parametrize(
    "clause",
    ["Establish a joint office by June", "到2015年", "其中", "内销额年均增长15%", "“推动、建立”"],
)
def test_dates_figures_quotations_and_other_languages_ask_for_nothing(clause):
    assert verb(clause) is None
