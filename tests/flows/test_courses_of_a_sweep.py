"""Obligations with something to do have runs of their own, started by the sweep of the day.

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
from prefect import flow
from flows.run import course
from flows.shard import shard
from flows.sweep import COURSES, sweep
@flow(name="event", flow_run_name=course.name_of_run)
async def broken(plan, obligation, on, jurisdiction):
    raise RuntimeError("planted")
jurisdiction, plan, *days = sys.argv[1:]
for day in map(dt.date.fromisoformat, days):
    if day == dt.date(2014, 12, 24):
        COURSES["event"] = broken
    sweep(plan, day, jurisdiction)
at = dt.datetime.combine(day, dt.time(), dt.UTC)
shard(plan, day, at=at, number=2, jurisdiction=jurisdiction)
"""
CITY = "xin-cheng"
EVENTS = "guangdong-2013/8.events/-/2014"
# Opened; a report prepared and reminded of, then a meeting; reminded while courses of events fail.
DAYS = ("2014-01-02", "2014-02-14", "2014-03-03", "2014-10-17", "2014-11-03", "2014-12-24")


@pytest.fixture(scope="module")
def swept(stack, tmp_path_factory):
    """A demonstration of six measures, swept by real flow runs on the server of `stack`."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    settings = load_settings({"DUBAN_HOME": str(home)})
    add(settings, Jurisdiction(CITY, "新城區督辦室"))
    with Ledger.open(settings_of(settings, CITY)) as ledger:
        plan = load_plan(PLAN)
        few = tuple(plan.measure(number) for number in ("8", "10", "31", "32", "33", "40"))
        play.begin(ledger, plan.model_copy(update={"measures": few}))
        env = environment(home, stack.port, stack.secret.read_text(encoding="ascii"))
        command = [sys.executable, "-c", SWEEP, CITY, PLAN, *DAYS]
        subprocess.run(command, env=env, check=True, timeout=2 * PATIENCE)
        yield ledger


@pytest.mark.parametrize(
    ("key", "kind", "day"),
    [
        (EVENTS, "event", DAYS[0]),
        ("guangdong-2013/40.meeting/-/2014", "meeting", DAYS[3]),
        ("guangdong-2013/32.yearly-report/-/2013", "report", DAYS[1]),
    ],
)
def test_material_comes_of_a_run_before_the_first_reminder(stack, swept, key, kind, day):
    with swept.read() as conn:
        material = preparations.of(conn, key)
        told = {notice.rung: notice.on for notice in notices.listed(conn, duty=key)}
    assert (material.kind, material.prepared_on) == (kind, dt.date.fromisoformat(day))
    assert told[f"prepared-{kind}"] < min(on for rung, on in told.items() if "before" in rung)
    run = _run(stack, kind, f"{_said(key)} {day}")
    assert run["state_type"] == "COMPLETED"
    assert {f"kind:{kind}", f"measure:{_measure(key)}"} < set(run["tags"])
    assert "duban" not in run["tags"]


def test_a_course_that_fails_is_a_failed_run_and_the_sweep_does_its_work(stack, swept):
    assert _run(stack, "event", f"{_said(EVENTS)} {DAYS[-1]}")["state_type"] == "FAILED"
    with swept.read() as conn:
        assert notices.exists(conn, EVENTS, "before-7")


@pytest.mark.usefixtures("swept")
def test_an_obligation_with_nothing_to_do_that_day_has_no_run(stack):
    fair = _said("guangdong-2013/10.renowned-fair/-/once")  # due in 2015
    assert _run(stack, "milestone", f"{fair} {DAYS[0]}")
    assert not _run(stack, "milestone", f"{fair} {DAYS[2]}")


@pytest.mark.usefixtures("swept")
def test_what_is_ahead_of_the_plan_is_a_sheet(stack):
    key = {"key": {"any_": [f"{CITY}--ahead-{PLAN}"]}}
    sheet = stack.ask("artifacts/latest/filter", {"artifacts": key})[0]["data"]
    due = sheet.partition("### 2014-12-31 到期\n")[2].partition("###")[0]
    assert "| 10 完善“加博匯”，實現網上展示、採購、交易和服務 | 省外經貿廳 | 1 |" in due


def _measure(key):
    return key.split("/")[1].split(".")[0]


def _said(key):
    return f"{_measure(key)} {load_plan(PLAN).obligation(key.split('/')[1]).title}"


def test_a_shard_is_of_the_jurisdiction_it_is_told(stack, swept):
    with swept.read() as conn:
        assert editions.in_force(conn, PLAN).swept_through == dt.date.fromisoformat(DAYS[-1])
    assert _run(stack, "shard", f"{PLAN} {DAYS[-1]} 2")["state_type"] == "COMPLETED"
    assert stack.table(f"{CITY}--sweep-{PLAN}-2")["day"] == DAYS[-1]


def _run(stack, flow, name):
    named = {"name": {"any_": [f"{CITY}.{name}"]}}
    found = stack.ask("flow_runs/filter", {"flows": {"name": {"any_": [flow]}}, "flow_runs": named})
    return next(iter(found), None)
