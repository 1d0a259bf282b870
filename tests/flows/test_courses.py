"""One obligation of each kind, from its opening to the slip, carried by runs of its own flow."""

from __future__ import annotations

import subprocess
import sys
from typing import NamedTuple

import pytest

from catalog.plans.load import load_plan
from flows.stack.server import environment
from ledger.duties import duties
from ledger.offices.installation import load_settings
from ledger.post import notices
from ledger.session import Ledger
from tasks.demo import play
from tasks.sweep.materialise import materialise
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.flows.running import PATIENCE, PLAN, SEEDED

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(3 * PATIENCE)]

CARRY = """
import asyncio, datetime as dt, sys
from prefect import flow
from flows.sweep import COURSES
@flow  # as a sweep does: by hand a demonstration has no days ahead
async def carry(plan, runs):
    for kind, obligation, day in map(str.split, runs):
        await COURSES[kind](plan, obligation, dt.date.fromisoformat(day))
asyncio.run(carry(sys.argv[1], sys.argv[2:]))
"""


class Story(NamedTuple):
    """The rungs of one duty by the days of the runs that tell them."""

    kind: str
    duty: str
    rungs: dict[str, str]

    @property
    def obligation(self):
        return self.duty.split("/")[1]


STORIES = [
    Story(
        "meeting",
        f"{PLAN}/40.meeting/-/2014",
        {
            "2014-01-01": "issue",
            "2014-01-08": "unsigned-5",
            "2014-10-17": "prepared-meeting",
            "2014-10-31": "before-30",
            "2014-12-08": "late-7",
        },
    ),
    Story(
        "event",
        f"{PLAN}/8.events/-/2014",
        {
            "2014-01-01": "prepared-event",
            "2014-09-30": "behind:2014-Q3",
            "2014-12-24": "before-7",
            "2015-01-07": "late-7",
        },
    ),
    Story(
        "report",
        f"{PLAN}/32.yearly-report/-/2013",
        {
            "2014-01-01": "issue",
            "2014-02-14": "prepared-report",
            "2014-03-28": "before-1",
            "2014-04-15": "late-15",
        },
    ),
    Story(
        "milestone",
        f"{PLAN}/35.advisory/dongguan/once",
        {"2014-01-01": "issue", "2014-05-30": "before-30", "2014-07-07": "late-7"},
    ),
    Story(
        "standing",
        f"{PLAN}/15.progress/-/2014-H1",
        {"2014-07-01": "issue", "2014-07-21": "before-7", "2014-08-04": "late-7"},
    ),
]


@pytest.fixture(scope="module")
def carried(stack, tmp_path_factory):
    """A ledger of its own whose obligations were carried by real runs, and never swept."""
    home = tmp_path_factory.mktemp("carried") / "home"
    with Ledger.open(load_settings({"DUBAN_HOME": str(home)})) as ledger:
        plan = load_plan(PLAN)
        play.begin(ledger, plan)
        materialise(ledger, Tick(PLAN, SEEDED, sweep_instant(plan.zone, SEEDED)))
        env = environment(home, stack.port, stack.secret.read_text(encoding="ascii"))
        runs = sorted(f"{s.kind} {s.obligation} {day}" for s in STORIES for day in s.rungs)
        command = [sys.executable, "-c", CARRY, PLAN, *runs]
        subprocess.run(command, env=env, check=True, timeout=2 * PATIENCE)
        yield ledger


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.kind)
def test_each_kind_goes_from_its_opening_to_the_slip(carried, story):
    with carried.read() as conn:
        duty = duties.one(conn, story.duty)
        listed = notices.listed(conn, duty=story.duty)
    assert duty.opened_on
    assert story.rungs.items() <= {(f"{notice.on}", notice.rung) for notice in listed}
    assert {n.form for n in listed if n.rung.startswith("late")} == {"notice", "slip"}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.kind)
@pytest.mark.usefixtures("carried")
def test_its_runs_are_named_as_people_say_it(stack, story):
    obligation = load_plan(PLAN).obligation(story.obligation)
    measure = load_plan(PLAN).measure(story.obligation.partition(".")[0])
    names = {f"{measure.number} {obligation.title} {day}" for day in story.rungs}
    of = {"flows": {"name": {"any_": [story.kind]}}}
    wanted = {**of, "flow_runs": {"name": {"any_": list(names)}}}
    runs = stack.ask("flow_runs/filter", wanted)
    assert {run["name"] for run in runs} == names
    assert {run["state_type"] for run in runs} == {"COMPLETED"}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.kind)
def test_its_sheet_has_the_plans_words_and_each_duty(stack, carried, story):
    plan = load_plan(PLAN)
    obligation = plan.obligation(story.obligation)
    key = f"{PLAN}-{story.obligation}".replace(".", "-").lower()
    found = stack.ask("artifacts/latest/filter", {"artifacts": {"key": {"any_": [key]}}})
    sheet = found[0]["data"]
    assert obligation.says in sheet
    with carried.read() as conn:
        duty = duties.one(conn, story.duty)
    assert plan.agency(duty.performer).name in sheet
    assert f"| {duty.due_on} |" in sheet
    assert "逾期" in sheet
