"""`duban sweep` stops where the clock leapt far ahead, until a person says that it is right."""

from __future__ import annotations

import pytest

LEAP = ("sweep", "--on", "2015-01-15")


@pytest.fixture
def _swept(duban):
    duban("plan", "publish", "guangdong-2013")
    assert duban("sweep", "--on", "2013-08-05").code == 0


@pytest.mark.usefixtures("_swept")
def test_the_leap_is_refused_in_one_line_that_says_what_to_do(duban):
    said = duban(*LEAP)
    assert (said.code, said.out) == (5, "")
    assert "from 2013-08-05 to 2015-01-15" in said.err
    assert "duban sweep --plan guangdong-2013 --confirm" in said.err
    assert duban("sweep", "--on", "2013-08-12").code == 0  # the right clock again


@pytest.mark.usefixtures("_swept")
def test_whoever_confirms_is_named_in_the_history(duban):
    assert duban(*LEAP, "--plan", "guangdong-2013", "--confirm").code == 0
    told = duban("history", "guangdong-2013", "--json").json
    (confirmed,) = [entry for entry in told if entry["deed"] == "leap-confirmed"]
    assert confirmed["actor"].startswith("cli:")
