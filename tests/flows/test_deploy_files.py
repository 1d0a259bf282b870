"""The files in deploy/ are what Prefect takes, and say the same as the embedded schedules."""

from __future__ import annotations

from pathlib import Path

from prefect.cli.deploy._models import PrefectYamlModel
from prefect.utilities.importtools import import_object
from ruamel.yaml import YAML

from flows import automations, serve

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
    embedded = (serve.daily_sweep("guangdong-2013", "Asia/Shanghai"), serve.delivery())
    for ours in embedded:
        theirs = deployments()[ours.name]
        assert theirs.tags == ours.tags
        assert [s.cron for s in theirs.schedules] == [s.schedule.cron for s in ours.schedules]
        assert theirs.concurrency_limit.collision_strategy == "ENQUEUE"


def test_the_automations_are_zombie_failed_and_no_sweep_for_26_hours():
    found = {a.name: a for a in automations.read()}
    assert set(found) == {"duban-zombie", "duban-failed", "duban-no-sweep"}
    assert found["duban-zombie"].trigger.within.total_seconds() == 540
    assert found["duban-no-sweep"].trigger.within.total_seconds() == 26 * 3600
