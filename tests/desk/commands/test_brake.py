"""`duban sweep` stops before a day ahead and where the clock leapt, until a person confirms."""

from __future__ import annotations

import datetime as dt
import itertools
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from tasks import time_limit
from tasks.tick import SWEEP

LEAP = ("sweep", "--on", "2015-01-15")


@pytest.fixture
def _swept(duban):
    duban("plan", "publish", "guangdong-2013", "--start-on", "2013-08-05")
    assert duban("sweep", "--on", "2013-08-05").code == 0


@pytest.mark.usefixtures("_swept")
def test_the_leap_is_refused_in_one_line_that_says_what_to_do(duban):
    said = duban(*LEAP)
    assert (said.code, said.out) == (5, "")
    assert "from 2013-08-05 to 2015-01-15" in said.err
    assert "duban sweep --plan guangdong-2013 --confirm" in said.err
    assert duban("sweep", "--on", "2013-08-12").code == 0  # the right clock again


@pytest.mark.usefixtures("_swept")
def test_a_sweep_that_has_taken_all_its_time_says_what_is_left(duban, monkeypatch):
    clock = itertools.count(0, SWEEP / 3)
    with monkeypatch.context() as patch:
        patch.setattr(time_limit, "time", SimpleNamespace(monotonic=clock.__next__))
        said = duban("sweep", "--on", "2014-01-01", "--json")
    assert (said.code, said.json["left"] > 0, said.json["opened"]) == (6, True, 0)
    assert "sweep again: it goes on where it stopped" in said.err
    assert duban("sweep", "--on", "2014-01-01", "--confirm", "--json").json["left"] == 0


@pytest.mark.usefixtures("_swept")
@pytest.mark.parametrize("days", [2, 3000])
def test_a_day_that_has_not_come_is_refused_with_the_remedy(duban, days):
    ahead = dt.datetime.now(ZoneInfo("Asia/Shanghai")).date() + dt.timedelta(days)
    before = duban("history", "--json").json
    said = duban("sweep", "--on", f"{ahead}")
    assert (said.code, said.out, said.err.count("\n")) == (5, "", 1)
    assert f"--on {ahead} --confirm" in said.err
    assert duban("history", "--json").json == before
    assert "has not come" not in duban("sweep", "--on", f"{ahead}", "--dry-run").err


@pytest.mark.usefixtures("_swept")
def test_whoever_confirms_is_named_in_the_history(duban):
    assert duban(*LEAP, "--plan", "guangdong-2013", "--confirm").code == 0
    told = duban("history", "guangdong-2013", "--json").json
    (confirmed,) = [entry for entry in told if entry["deed"] == "leap-confirmed"]
    assert confirmed["actor"].startswith("cli:")
