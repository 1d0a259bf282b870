"""Material is prepared by runs of flows of their own, started by the sweep of the day.

It is another jurisdiction's sweep: a run that was not told so would find no such plan.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest

from catalog.plans.load import load_plan
from flows.stack.server import environment
from ledger.duties import preparations
from ledger.offices.installation import load_settings
from ledger.offices.jurisdictions import Jurisdiction, settings_of
from ledger.plans import editions
from ledger.post import notices
from ledger.session import Ledger
from tasks.demo import play
from tasks.offices.add import add
from tests.flows.running import PATIENCE, PLAN

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(3 * PATIENCE)]

SWEEP = """
import datetime as dt, sys
from flows.shard import shard
from flows.sweep import sweep
jurisdiction, plan, *days = sys.argv[1:]
for day in map(dt.date.fromisoformat, days):
    sweep(plan, day, jurisdiction)
at = dt.datetime.combine(day, dt.time(), dt.UTC)
shard(plan, day, at=at, number=2, jurisdiction=jurisdiction)
"""
CITY = "xin-cheng"
DAYS = ("2014-01-02", "2014-11-17", "2014-12-01")  # opened, prepared, first reminded


@pytest.fixture(scope="module")
def swept(stack, tmp_path_factory):
    """A demonstration of its own, swept by real flow runs on the server of `stack`."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    settings = load_settings({"DUBAN_HOME": str(home)})
    add(settings, Jurisdiction(CITY, "新城區督辦室"))
    with Ledger.open(settings_of(settings, CITY)) as ledger:
        play.begin(ledger, load_plan(PLAN))
        env = environment(home, stack.port, stack.secret.read_text(encoding="ascii"))
        command = [sys.executable, "-c", SWEEP, CITY, PLAN, *DAYS]
        subprocess.run(command, env=env, check=True, timeout=2 * PATIENCE)
        yield ledger


@pytest.mark.parametrize(
    ("key", "kind", "day"),
    [
        ("guangdong-2013/8.events/-/2014", "event", DAYS[0]),
        ("guangdong-2013/40.meeting/-/2014", "meeting", DAYS[1]),
        ("guangdong-2013/32.yearly-report/-/2014", "report", DAYS[1]),
    ],
)
def test_material_comes_of_a_run_before_the_first_reminder(stack, swept, key, kind, day):
    with swept.read() as conn:
        material = preparations.of(conn, key)
        told = {notice.rung: notice.on for notice in notices.listed(conn, duty=key)}
    assert (material.kind, material.prepared_on) == (kind, dt.date.fromisoformat(day))
    assert told[f"prepared-{kind}"] < min(on for rung, on in told.items() if "before" in rung)
    assert _run(stack, kind, day)["state_type"] == "COMPLETED"


def test_a_run_prepares_only_where_something_is_to_be_prepared(stack, swept):
    with swept.read() as conn:
        assert preparations.of(conn, "guangdong-2013/40.meeting/-/2014") is not None
    assert _run(stack, "meeting", DAYS[2]) is None


def test_a_shard_is_of_the_jurisdiction_it_is_told(stack, swept):
    with swept.read() as conn:
        assert editions.in_force(conn, PLAN).swept_through == dt.date.fromisoformat(DAYS[-1])
    assert _run(stack, "shard", f"{DAYS[-1]} 2")["state_type"] == "COMPLETED"
    assert stack.table(f"{CITY}--sweep-{PLAN}-2")["day"] == DAYS[-1]


def _run(stack, flow, day):
    named = {"name": {"any_": [f"{CITY}.{PLAN} {day}"]}}
    found = stack.ask("flow_runs/filter", {"flows": {"name": {"any_": [flow]}}, "flow_runs": named})
    return next(iter(found), None)
