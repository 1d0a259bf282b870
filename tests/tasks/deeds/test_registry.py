"""Every declared deed has its function, which takes its fields, and every command its help."""

from __future__ import annotations

import inspect

import pytest

from catalog.duties.deeds import DEEDS
from tasks.deeds.registry import functions


def test_each_deed_has_a_function_and_no_function_does_another():
    assert functions().keys() == DEEDS.keys()


@pytest.mark.parametrize("deed", DEEDS)
def test_the_function_takes_the_fields_that_are_declared(deed):
    only = inspect.Parameter.KEYWORD_ONLY
    parameters = inspect.signature(functions()[deed]).parameters.values()
    fields = {field.name for field in DEEDS[deed].fields}
    fields |= {"evidence"} if DEEDS[deed].takes_files else set()
    assert {p.name for p in parameters if p.kind is only} == fields


def test_each_command_has_one_deed_that_needs_no_option_and_that_one_has_its_help():
    commands = {deed.command.partition(" ")[0] for deed in DEEDS.values() if deed.command}
    assert sorted(deed.command for deed in DEEDS.values() if deed.help) == sorted(commands)
