"""A search finds sections of the handbook in both scripts, and shows the words where they stand."""

from __future__ import annotations

import pytest

from desk.handbook.search import MOST, search


@pytest.mark.parametrize("query", ["催办", "催辦", " 催办 "])
@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant"])
def test_one_script_finds_the_other(lang, query):
    hits = search(lang, query)
    assert hits
    assert all(hit.match in {"催办", "催辦", ""} for hit in hits)


def test_every_word_must_stand_in_the_section():
    both = {hit.section.anchor for hit in search("en", "extension reason")}
    one = {hit.section.anchor for hit in search("en", "extension")}
    assert both
    assert both < one


def test_capital_letters_make_no_difference():
    assert search("en", "EXTENSION") == search("en", "extension")


@pytest.mark.parametrize("query", ["", "   ", "nosuchwordanywhere"])
def test_what_stands_nowhere_finds_nothing(query):
    assert search("en", query) == []


def test_a_search_for_anything_is_cut():
    assert len(search("en", "e")) == MOST
