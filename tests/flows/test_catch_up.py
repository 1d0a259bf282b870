"""A stack that stood still for three days makes one sweep for all of them, and none twice."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from catalog.plans.load import load_plan
from flows.run import ticks
from ledger.offices.installation import load_settings
from ledger.plans import editions
from ledger.proof import chain
from ledger.session import Ledger
from tasks.plans.publish import publish
from tasks.sweep.sweep import sweep
from tasks.tick import Tick
from tests.flows.running import PATIENCE, PLAN, end, eventually, start

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(3 * PATIENCE)]

THREE_DAYS = dt.timedelta(3)


@pytest.fixture
def ledger(tmp_path):
    """A ledger of real use, last swept three days ago."""
    with Ledger.open(load_settings({"DUBAN_HOME": str(tmp_path / "home")})) as opened:
        at = ticks.now_utc() - THREE_DAYS
        plan = load_plan(PLAN)
        publish(opened, plan, at=at, actor="office", start_on=plan.issued_on)
        today = ticks.tick(opened, PLAN)
        sweep(opened, Tick(PLAN, today.on - THREE_DAYS, at, confirmed="office"))
        yield opened


@pytest.fixture
def running(ledger):
    stack = start(ledger.settings.home)
    yield stack
    end(stack)


def told(ledger):
    """Return how often each rung of each duty was told, and the day the plan is swept through."""
    with ledger.read() as conn:
        found = Counter(
            (e.subject, e.payload["rung"])
            for e in chain.entries(conn)
            if e.deed in {"reminded", "escalated"}
        )
        return found, editions.in_force(conn, PLAN).swept_through


def test_one_sweep_catches_up_and_a_late_run_of_a_missed_day_changes_nothing(running, ledger):
    eventually(lambda: running.finished(PLAN))
    made = [run for run in running.runs(PLAN) if not run["auto_scheduled"]]
    rungs, swept = told(ledger)

    assert [run["state_type"] for run in made] == ["COMPLETED"]
    assert swept == ticks.tick(ledger, PLAN).on
    assert set(rungs.values()) == {1}

    late = (ticks.now_utc() - THREE_DAYS).isoformat()
    state = {"type": "SCHEDULED", "state_details": {"scheduled_time": late}}
    running.ask(f"deployments/{running.deployment(PLAN)}/create_flow_run", {"state": state})
    eventually(lambda: len(running.finished(PLAN)) > 1)

    assert told(ledger) == (rungs, swept)
