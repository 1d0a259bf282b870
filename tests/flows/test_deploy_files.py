"""The files in deploy/ are what Prefect takes, and say the same as the embedded schedules."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import get_args
from uuid import UUID, uuid4

import pytest
from prefect.cli.deploy._models import PrefectYamlModel
from prefect.server.events.schemas.automations import Automation, TriggeredAction
from prefect.utilities.importtools import import_object
from ruamel.yaml import YAML

from flows.alarm import alarm
from flows.deliver import deliver
from flows.demo_day import next_day
from flows.event import event
from flows.meeting import meeting
from flows.report import report
from flows.shard import shard
from flows.stack import automations
from flows.stack.deployments import daily_sweep, delivery, demo_clock, operator_alarm
from flows.sweep import sweep
from tasks.post.alarms import Kind

FLOWS = (deliver, event, meeting, next_day, report, shard, sweep)
OPERATOR, ALARM = "alarm/operator", UUID(int=1)
DEPLOYED = ["prefect.deployment.*"]
DEPLOY = Path(__file__).parents[2] / "deploy"


def deployments():
    loaded = YAML(typ="safe").load((DEPLOY / "prefect.yaml").read_text(encoding="utf-8"))
    return {d.name: d for d in PrefectYamlModel.model_validate(loaded).deployments}


def test_every_entry_point_is_a_flow():
    for deployment in deployments().values():
        file, name = deployment.entrypoint.split(":")
        assert import_object(f"{file.removesuffix('.py').replace('/', '.')}.{name}").name == name


def test_every_schedule_has_a_slug_so_that_it_stays_off_when_switched_off():
    for deployment in deployments().values():
        assert all(schedule.slug for schedule in deployment.schedules or ())


def test_workers_sweep_and_deliver_when_the_embedded_stack_does():
    embedded = (daily_sweep("guangdong-2013", "Asia/Shanghai"), delivery())
    for ours in embedded:
        theirs = deployments()[ours.name]
        assert theirs.tags == ours.tags
        assert [s.cron for s in theirs.schedules] == [s.cron for s in ours.schedules]
        assert theirs.concurrency_limit.collision_strategy == "ENQUEUE"


def test_a_jurisdiction_has_deployments_of_its_own_that_name_it():
    swept, ours = (daily_sweep("p", "Asia/Shanghai", id_) for id_ in ("xin-cheng", ""))
    round_, clock = delivery("xin-cheng"), demo_clock("xin-cheng")

    assert [d.name for d in (swept, round_, clock, ours)] == [
        "xin-cheng.p", "xin-cheng.every-5-minutes", "xin-cheng.demo", "p",
    ]  # fmt: skip
    assert swept.parameters == {"plan": "p", "jurisdiction": "xin-cheng"}
    assert round_.parameters == clock.parameters == {"jurisdiction": "xin-cheng"}
    assert ours.parameters == {"plan": "p"}
    assert swept.tags == ["duban", "jurisdiction:xin-cheng", "plan:p"]
    assert round_.tags == clock.tags == ["duban", "jurisdiction:xin-cheng"]
    assert ours.tags == ["duban", "plan:p"]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_every_flow_that_opens_a_ledger_is_told_whose(flow):
    told = flow.parameters.properties["jurisdiction"]
    assert (told["default"], told["type"]) == ("", "string")


def watches():
    return {a.name: a for a in automations.read({OPERATOR: ALARM}.__getitem__)}


def test_the_automations_are_zombie_failed_and_no_sweep_for_26_hours():
    found = watches()
    assert found["duban-zombie"].trigger.within.total_seconds() == 540
    unswept = [found[name] for name in ("duban-no-sweep", "duban-plan-unswept")]
    assert [a.trigger.within.total_seconds() for a in unswept] == [26 * 3600] * 2
    assert unswept[1].trigger.for_each == {"related:deployment:prefect.resource.name"}


def test_every_kind_of_alarm_is_told_by_our_own_flow_and_no_other():
    found = watches()
    assert found.pop("duban-zombie").actions[0].type == "change-flow-run-state"
    actions = [action for each in found.values() for action in each.actions]
    assert {action.deployment_id for action in actions} == {ALARM}
    assert {action.parameters["kind"] for action in actions} == set(get_args(Kind))
    assert operator_alarm().full_name == OPERATOR
    assert deployments()["operator"].entrypoint == "flows/alarm.py:alarm"


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("duban-no-sweep", {"kind": "unswept"}),
        ("duban-plan-unswept", {"kind": "unswept", "about": ["city.plan"]}),
    ],
)
def test_that_no_sweep_came_is_told_without_any_event(name, parameters):
    now = dt.datetime.now(dt.UTC)
    stored = {"id": uuid4(), "created": now, "updated": now}
    automation = Automation.model_validate(watches()[name].model_dump(mode="json") | stored)
    action = TriggeredAction(
        automation=automation,
        triggered=now,
        triggering_labels=dict.fromkeys(automation.trigger.for_each, "city.plan"),
        triggering_event=None,
        action=automation.actions[0],
    )
    assert asyncio.run(action.action.render_parameters(action)) == parameters
    alarm.validate_parameters(parameters)


def test_an_automation_matches_no_run_without_a_deployment():
    for each in watches().values():
        if any(name.startswith("prefect.flow-run") for name in each.trigger.expect):
            related = [dict(spec.items()) for spec in each.trigger.match_related]
            assert {"prefect.resource.role": ["deployment"], "prefect.resource.id": DEPLOYED} in (
                related
            )
