"""What a person sees of a sweep in Prefect, on a real server."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from ledger.offices.installation import load_settings
from ledger.proof import chain
from ledger.session import Ledger
from tasks.sweep.steps import STEPS
from tests.flows.running import PATIENCE, PLAN, SEEDED, Stack, eventually

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(2 * PATIENCE)]


def head(stack: Stack) -> chain.Head:
    settings = load_settings({"DUBAN_HOME": str(stack.home)})
    with Ledger.open(settings) as ledger, ledger.read() as conn:
        return chain.head(conn)


def test_a_start_sweeps_the_plan_in_force_at_once(stack):
    first = eventually(lambda: stack.finished(PLAN))[0]
    assert first["name"] == f"{PLAN} {SEEDED}"
    assert first["state_type"] == "COMPLETED"
    assert {"duban", f"plan:{PLAN}"} <= set(first["tags"])
    assert first["parameters"] == {"plan": PLAN}


def test_each_step_and_the_delivery_are_task_runs(stack):
    run = eventually(lambda: stack.finished(PLAN))[0]
    found = stack.ask("task_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}})
    steps = [*(step.__name__ for step in STEPS), "deliver", "check"]
    assert sorted(t["name"].split()[0] for t in found) == sorted(steps)
    assert {t["state_type"] for t in found} == {"COMPLETED"}


def test_a_sweep_leaves_its_table_under_the_plans_key(stack):
    eventually(lambda: stack.finished(PLAN))
    table = stack.table(f"sweep-{PLAN}")
    assert set(table) == {
        "day", "opened", "reminded", "escalated", "coalesced", "sent", "dead", "waiting",
        "wrong",
    }  # fmt: skip


def test_sweeping_a_day_again_changes_nothing_in_the_ledger(stack):
    eventually(lambda: stack.finished(PLAN))
    before = head(stack)
    assert stack.run(PLAN)["state_type"] == "COMPLETED"
    assert head(stack) == before


def test_a_sweep_is_due_every_day_at_half_past_eight_in_the_plans_zone(stack):
    due = eventually(lambda: [r for r in stack.runs(PLAN) if r["auto_scheduled"]])
    assert {r["expected_start_time"][11:16] for r in due} == {"00:30"}  # 08:30 in Shanghai


def test_a_delivery_is_due_every_five_minutes(stack):
    due = eventually(lambda: [r for r in stack.runs("every-5-minutes") if r["auto_scheduled"]])
    starts = sorted(dt.datetime.fromisoformat(r["expected_start_time"]) for r in due)
    assert {b - a for a, b in pairwise(starts)} == {dt.timedelta(minutes=5)}


def test_a_delivery_leaves_its_table(stack):
    assert stack.run("every-5-minutes")["state_type"] == "COMPLETED"
    assert stack.table("deliver")["waiting"] == 0


def test_the_next_day_of_a_demonstration_is_swept_and_its_slips_are_events(stack):
    run = stack.run("demo", days=1)
    assert run["state_type"] == "COMPLETED"
    table = stack.table(f"sweep-{PLAN}")
    assert table["day"] == "2014-01-07"
    assert table["escalated"] > 0
    since = {"since": run["start_time"]}
    wanted = {"filter": {"event": {"name": ["duban.escalated"]}, "occurred": since}}
    eventually(lambda: stack.ask("events/filter", wanted)["total"] == table["escalated"])
    event = stack.ask("events/filter", wanted)["events"][0]
    assert event["resource"]["prefect.resource.id"].startswith(f"duban.duty.{PLAN}/")
    assert event["payload"]["rung"] == "late-7"


def test_prefect_watches_for_dead_failed_and_missing_runs(stack):
    names = {a["name"] for a in stack.ask("automations/filter")}
    runs = {"duban-zombie", "duban-failed", "duban-no-sweep", "duban-plan-unswept"}
    assert names == runs | {
        "duban-behind",
        "duban-bounced",
        "duban-dead",
        "duban-escalations",
        "duban-stopped",
        "duban-tampered",
    }


def test_nothing_talks_to_any_other_machine(stack):
    eventually(lambda: stack.finished(PLAN))
    foreign = stack.home / "audit" / "foreign"
    assert not foreign.exists(), foreign.read_text(encoding="utf-8")
