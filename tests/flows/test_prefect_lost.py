"""Prefect's server dies, starts again and loses its database: our ledger loses and doubles nothing.

One life: the first sweep is killed half-way and the server with it; both start again, Prefect's
database is wiped, a run comes twice; then there is no Prefect at all. Secrets are planted in it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from catalog.plans.model import Plan
from flows.run import ticks
from flows.stack import automations
from ledger.offices.installation import load_settings
from ledger.plans import editions
from ledger.post import messages
from ledger.session import Ledger
from tasks.post.contacts import Contact, reach
from tasks.post.deliver import deliver
from tests.faults.planted import LOGIN, SECRETS, environ, leaking_commands, leaks
from tests.faults.surviving import LONG, assert_sound
from tests.flows.running import PATIENCE, end, eventually, start
from tests.tasks.post.sink import Sink
from tests.world import DAY, ZONE, PostOffice, World, add_channels, small_plan

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.timeout(8 * PATIENCE),
    pytest.mark.skipif(not LONG, reason="Prefect starts three times: make faults"),
]

ROOT = Path(__file__).parents[2]
PLAN = "small-2013"
SCHEDULES = {PLAN, "every-5-minutes"}
AGAIN = timedelta(minutes=16)  # the lease of a dead sender has run out
MISSED = 3  # days the machine was off before
KILLED = "after-commit:1"  # what opens has been opened, nobody is reminded yet
SAME = {
    "duties": "SELECT * FROM duties ORDER BY key",
    "notices": "SELECT * FROM notices ORDER BY id",
    "messages": 'SELECT id, plan, recipient, channel, "on", message_id FROM messages ORDER BY id',
    "deeds": "SELECT subject, deed FROM entries WHERE deed NOT IN "
    "('sent', 'dead', 'failed', 'channel-stopped') ORDER BY subject, deed",
}


class Stage(NamedTuple):
    """How a stage of this life ended, and what the ledger held then."""

    ended: object
    rows: dict[str, list[object]]


class Lived(NamedTuple):
    """The stages; what Prefect knew when its database was new; the letters; what told a secret."""

    killed: Stage
    without_server: tuple[int, list[int]]
    restarted: Stage
    wiped: Stage
    schedules: set[str]
    watched: set[str]
    twice: Stage
    by_hand: Stage
    letters: Counter[str]
    sent: set[str]
    secrets: list[object]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A home of real use, last swept three days ago, and beside it a copy that no flow touches."""
    folder = tmp_path_factory.mktemp("lost")
    today = ticks.now_utc().astimezone(ZoneInfo(ZONE)).date()
    with opened(folder / "home") as ledger:
        world = World(ledger, PostOffice())
        world.publish(plan_of(folder, today))
        add_channels(ledger, "bot", "system")
        ways = [Contact("city", "officer", channel, "x") for channel in ("bot", "system")]
        reach(ledger, ways, at=world.at, actor="office/officer")
        for on in (today - 40 * DAY, today - MISSED * DAY):
            world.sweep(on)
    shutil.copytree(folder / "home", folder / "alone")
    return folder


def plan_of(folder, today):
    """Return a plan in which something opens, comes near and is late on each of these days."""
    parties = ["city", "reviewer", "stranger"]
    duties = [{"id": f"r{n}", "parties": parties} for n in range(40)]
    made = small_plan(folder, *duties).model_dump()
    made |= {"issued_on": today - 40 * DAY, "starts_on": today - 40 * DAY}
    made |= {"ends_on": today + 400 * DAY}
    for n, obligation in enumerate(made["measures"][0]["obligations"]):
        obligation["due_on"] = today + (n - 10) * DAY
        if n > 30:
            obligation["opens_on"] = today - DAY
    return Plan.model_validate(made)


@pytest.fixture(scope="module")
def lived(folder):
    home, secrets = folder / "home", []
    with ExitStack() as tidy:
        environment = tidy.enter_context(pytest.MonkeyPatch.context())
        sink = tidy.enter_context(Sink(login=(LOGIN, "another")))
        for name, value in environ(f"127.0.0.1:{sink.port}").items():
            environment.setenv(name, value)

        environment.setenv("DUBAN_FAILPOINT", KILLED)
        with running(home, secrets) as stack:
            killed = Stage(ended(stack), rows(home))
            without_server = kill_server(stack)
        environment.delenv("DUBAN_FAILPOINT")

        with running(home, secrets) as stack:
            restarted = Stage(ended(stack, "COMPLETED"), rows(home))

        shutil.rmtree(home / "prefect")
        sink.login = (LOGIN, SECRETS["mail"])
        with running(home, secrets) as stack:
            wiped = Stage(ended(stack, "COMPLETED"), rows(home))
            schedules = {name for name in SCHEDULES if eventually(scheduled(stack, name))}
            watched = {each["name"] for each in stack.ask("automations/filter")}
            twice = Stage(run_twice(stack), rows(home))

        by_hand = Stage(duban(home, "sweep"), rows(home))
        letters, sent = delivered(home, sink)
    return Lived(
        killed=killed,
        without_server=without_server,
        restarted=restarted,
        wiped=wiped,
        schedules=schedules,
        watched=watched,
        twice=twice,
        by_hand=by_hand,
        letters=letters,
        sent=sent,
        secrets=secrets,
    )


@contextmanager
def running(home, secrets):
    """Run a stack, and put where a secret was told into `secrets`."""
    stack = start(home)
    try:
        yield stack
        secrets += leaking_commands(stack.members())
    finally:
        if stack.process.poll() is None:
            end(stack)
    secrets += leaks(home)


@pytest.fixture(scope="module")
def alone(folder, lived):
    """What the days leave that are swept in this process, with no Prefect anywhere."""
    del lived
    with opened(folder / "home") as ledger, ledger.read() as conn:
        last = editions.in_force(conn, PLAN).swept_through
    with opened(folder / "alone") as ledger:
        world = World(ledger, PostOffice())
        world.plans = [plan_of(folder, last)]
        world.sweep(last)
    return rows(folder / "alone")


def opened(home):
    return Ledger.open(load_settings({"DUBAN_HOME": str(home)}))


def rows(home):
    with opened(home) as ledger, ledger.read() as conn:
        return {
            name: [tuple(row) for row in conn.exec_driver_sql(sql)] for name, sql in SAME.items()
        }


def ended(stack, *wanted):
    """Return how the first run of the plan's sweep ended, or that one has ended as wanted."""

    def states():
        found = [run["state_type"] for run in stack.finished(PLAN)]
        return [state for state in found if not wanted or state in wanted]

    return eventually(states)[0]


def kill_server(stack):
    """Kill Prefect's server, and return how the tree ended and what is left of it."""
    command = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in stack.members()}
    leader = next(pid for pid, said in command.items() if b"flows.stack.server" in said)
    os.killpg(os.getpgid(leader), signal.SIGKILL)
    return stack.process.wait(PATIENCE), stack.members()


def scheduled(stack, name):
    return lambda: [run for run in stack.runs(name) if run["auto_scheduled"]]


def run_twice(stack):
    """Have two runs for one instant, and return how they ended."""
    path = f"deployments/{stack.deployment(PLAN)}/create_flow_run"
    at = {"scheduled_time": ticks.now_utc().isoformat()}
    asked = [
        stack.ask(path, {"state": {"type": "SCHEDULED", "state_details": at}})["id"]
        for _ in range(2)
    ]

    def both():
        found = [run["state_type"] for run in stack.finished(PLAN) if run["id"] in asked]
        return found if len(found) == len(asked) else []

    return eventually(both)


def duban(home, *said):
    command = [sys.executable, "-m", "desk.cli", *said]
    nowhere = {"DUBAN_HOME": str(home), "PREFECT_API_URL": "http://127.0.0.1:1/api"}
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **nowhere}, capture_output=True, check=False
    )
    return done.returncode


def delivered(home, sink):
    """Send what a dead sender held; return how often each letter came, and what was to come."""
    with Ledger.open(load_settings({**os.environ, "DUBAN_HOME": str(home)})) as ledger:
        day = ticks.latest(ledger).on
        deliver(ledger, on=day, clock=lambda: ticks.now_utc() + AGAIN)
        with ledger.read() as conn:
            found = [m for m in messages.listed(conn) if m.channel == "mail" and m.state != "draft"]
    assert {m.state for m in found} == {"sent"}
    return Counter(m.mail["Message-ID"] for m in sink.received), {m.message_id for m in found}


def test_the_sweep_was_killed_half_way(lived):
    assert lived.killed.ended == "CRASHED"
    assert lived.killed.rows["deeds"] != lived.restarted.rows["deeds"]


def test_without_its_server_the_tree_ends_and_leaves_nobody(lived):
    assert lived.without_server == (1, [])


def test_a_server_that_starts_again_has_the_rest_done_at_once(lived):
    assert lived.restarted.ended == "COMPLETED"


@pytest.mark.parametrize("table", SAME)
def test_what_was_left_is_what_a_sweep_alone_leaves(lived, alone, table):
    assert lived.restarted.rows[table] == alone[table]


def test_after_its_database_is_lost_every_schedule_comes_back(lived):
    assert lived.schedules == SCHEDULES
    assert lived.watched == {each.name for each in automations.read(lambda _: uuid4())}


def test_after_its_database_is_lost_the_ledger_is_as_before(lived):
    assert lived.wiped.rows == lived.restarted.rows


def test_a_run_that_comes_twice_changes_nothing(lived):
    assert lived.twice.ended == ["COMPLETED"] * 2
    assert lived.twice.rows == lived.wiped.rows


def test_with_no_prefect_at_all_a_sweep_by_hand_changes_nothing(lived):
    assert lived.by_hand.ended == 0
    assert lived.by_hand.rows == lived.wiped.rows


def test_each_letter_came_once(lived, record_property):
    assert lived.letters == Counter(lived.sent)
    record_property("letters", len(lived.sent))


def test_no_secret_is_in_a_log_in_prefects_database_or_on_a_command_line(lived):
    assert lived.secrets == []


def test_the_ledger_is_sound(lived, folder):
    del lived
    with opened(folder / "home") as ledger:
        assert_sound(ledger)
