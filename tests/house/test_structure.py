"""The structure stays as `python -m tests.house.measure` found it."""

from __future__ import annotations

import pytest

from tests.house.measure import MOST, ROOT, figures


@pytest.fixture(scope="module")
def measured():
    return figures(ROOT)


def test_no_folder_of_code_holds_more_modules_than_a_person_can_take_in(measured):
    assert measured[f"folders over {MOST} modules"] == 0


def test_no_module_imports_itself_through_others(measured):
    assert measured["modules in an import circle"] == 0


def test_functions_stay_small(measured):
    assert measured["lines a function, median"] <= 8
    assert measured["lines a function, 90 %"] <= 20
    assert measured["lines a function, most"] <= 60


def test_no_module_opens_with_a_question(measured):
    assert measured["module docstrings that ask"] == 0


def test_few_functions_have_a_name_that_says_nothing(measured):
    assert measured["% of functions with a bare participle"] <= 3
