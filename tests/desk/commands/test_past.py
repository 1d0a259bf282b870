"""The time machine on the command line: a past day as it was known then."""

from __future__ import annotations

import pytest

from tests.desk.conftest import LIVED

KEY = "guangdong-2013/40.meeting/-/2013"


@pytest.mark.usefixtures("demo_home")
def test_after_more_days_a_day_is_told_as_it_was(duban):
    commands = [("duties",), ("targets",), ("duty", "show", KEY)]
    before = {command: duban(*command, "--json").json for command in commands}
    entries = duban("history", "--json").json

    assert duban("clock", "--days", "5").code == 0

    for command, said in before.items():
        assert duban(*command, "--on", LIVED, "--json").json == said
    assert duban("history", "--as-of", LIVED, "--json").json == entries
    assert duban("duties", "--json").json != before["duties",]


@pytest.mark.usefixtures("demo_home")
def test_before_the_plan_was_published_there_was_nothing(duban):
    assert duban("duties", "--on", "2013-08-04", "--json").json == []
    assert duban("targets", "--on", "2013-08-04", "--json").json == []
    assert duban("duty", "show", KEY, "--on", "2013-08-04").code == 3
