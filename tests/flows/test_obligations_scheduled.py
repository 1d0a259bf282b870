"""Obligations that recur by the words of the plan are deployments with their days ahead."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest

from catalog.dates.days import A_DAY
from catalog.plans.load import load_plan, plan_path
from flows.stack.server import environment
from ledger.duties import duties
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks import today
from tasks.clock import now_utc
from tasks.plans.publish import publish
from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.flows.running import PATIENCE, PLAN, eventually

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(3 * PATIENCE)]

SCHEDULE = """
import asyncio
from flows.stack.schedules import Service
from ledger.offices.installation import load_settings
asyncio.run(Service(load_settings()).take_up_obligations(""))
"""
SHANGHAI = ZoneInfo("Asia/Shanghai")
MEETING = f"{PLAN}.40.meeting"


class Office:
    """A ledger in real use under the real plan as if issued last year, and its deployments."""

    def __init__(self, ledger, stack, folder):
        self.ledger = ledger
        self._stack = stack
        self.text = re.sub(
            r"\b(201[345])(?=-\d\d-\d\d)",
            lambda year: str(int(year[0]) + now_utc().year - 2014),
            plan_path(PLAN).read_text(encoding="utf-8"),
        )
        self._file = folder / "plan.toml"

    def plan(self, text=None):
        self._file.write_text(text or self.text, encoding="utf-8")
        return load_plan(self._file)

    def schedule(self):
        """Have the deployments registered as `duban up` does it; return them by name."""
        secret = self._stack.secret.read_text(encoding="ascii")
        env = environment(self.ledger.settings.home, self._stack.port, secret)
        subprocess.run([sys.executable, "-c", SCHEDULE], env=env, check=True, timeout=PATIENCE)
        tagged = {"deployments": {"tags": {"all_": ["course"]}}}
        return {d["name"]: d for d in self._stack.ask("deployments/filter", tagged)}


@pytest.fixture(scope="module")
def office(stack, tmp_path_factory):
    home = tmp_path_factory.mktemp("scheduled") / "home"
    with Ledger.open(load_settings({"DUBAN_HOME": str(home)})) as ledger:
        office = Office(ledger, stack, tmp_path_factory.mktemp("plan"))
        plan = office.plan()
        publish(ledger, plan, at=sweep_instant(plan.zone, plan.issued_on), actor="duban")
        on = today.now(ledger, PLAN, now_utc).on - A_DAY
        sweep(ledger, Tick(PLAN, on, sweep_instant(plan.zone, on)))
        yield office


@pytest.fixture(scope="module")
def scheduled(office):
    return office.schedule()


def test_each_obligation_that_the_text_makes_recur_is_a_deployment(office, scheduled):
    recurring = {
        f"{PLAN}.{obligation.id}"
        for measure in office.plan().measures
        for obligation in measure.obligations
        if obligation.basis == "plan" and obligation.recurrence != "once"
    }
    assert set(scheduled) == recurring
    meeting = scheduled[MEETING]
    assert "> 每年召開1-2次" in meeting["description"]
    tags = {"duban", f"plan:{PLAN}", "course", "kind:meeting", "measure:40", "lead:省外經貿廳"}
    assert tags == set(meeting["tags"])
    assert meeting["parameters"] == {"plan": PLAN, "obligation": "40.meeting"}


def test_its_schedule_is_the_days_ahead_of_its_duties(office, scheduled):
    (schedule,) = scheduled[MEETING]["schedules"]
    assert schedule["schedule"]["timezone"] == "Asia/Shanghai"
    days = set(re.findall(r"(\d{8})T090000", schedule["schedule"]["rrule"]))
    with office.ledger.read() as conn:
        this, following = (
            duties.one(conn, f"{PLAN}/40.meeting/-/{now_utc().year + later}") for later in (0, 1)
        )
    duty = this if f"{this.due_on}" > f"{now_utc():%Y-%m-%d}" else following
    assert f"{duty.due_on:%Y%m%d}" in days
    assert f"| {duty.due_on} | 到期 | 1 |" in scheduled[MEETING]["description"]
    assert f"{following.opens_on:%Y%m%d}" in days


@pytest.mark.usefixtures("scheduled")
def test_the_server_makes_runs_of_them_after_the_days_sweep(stack):
    runs = eventually(lambda: stack.runs(MEETING))
    starts = {dt.datetime.fromisoformat(run["expected_start_time"]) for run in runs}
    assert {f"{start.astimezone(SHANGHAI):%H:%M}" for start in starts} == {"09:00"}


def test_a_withdrawn_obligation_has_none(office, scheduled):
    measure = office.text.index('title = "召開粵港產業對接合作會談"')
    start, end = office.text.rindex("[[", 0, measure), office.text.index("[[", measure)
    text = office.text[:start] + office.text[end:]
    plan = office.plan(text.replace("edition = 1", "edition = 2", 1))
    publish(office.ledger, plan, at=now_utc(), actor="duban")
    assert set(office.schedule()) == set(scheduled) - {f"{PLAN}.42.talks"}
