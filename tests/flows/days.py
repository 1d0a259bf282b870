"""`python -m tests.flows.days [DAYS [COURSES]]`: a running stack lives days of the demonstration.

COURSES is DUBAN_COURSES, the most obligations of a day with a run of their own.

It prints the row of the table in docs/figures.md: how long the run took, how long an answer of
Prefect's server took meanwhile, asked once a second, and how often its SQLite was locked.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from catalog.plans.load import load_plan
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks.demo import play
from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.flows.running import PATIENCE, PLAN, SEEDED, end, eventually, start

if TYPE_CHECKING:
    from tests.flows.running import Stack

COLUMNS = ("days", "run, s", "longest answer, s", "answers over 5 s", "locked, lines", "load")
SLOW = 5.0  # seconds
LAST = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


def main(days: int, courses: int) -> None:
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        seed(home)
        stack = start(home, DUBAN_COURSES=str(courses))
        try:
            eventually(lambda: stack.finished(PLAN))
            run, answers = live(stack, days)
        finally:
            end(stack)
        log = (home / "log" / "server.log").read_text(encoding="utf-8", errors="replace")
    assert run["state_type"] == "COMPLETED", run["state"]
    row = (
        str(days),
        f"{seconds(run):.0f}",
        f"{max(answers):.1f}",
        str(sum(answer > SLOW for answer in answers)),
        str(log.count("database is locked")),
        f"{os.getloadavg()[1]:.1f}",
    )
    print(f"| {' | '.join(COLUMNS)} |\n| {' | '.join(row)} |")


def seed(home: Path) -> None:
    """Write the demonstration of the tests' stack into `home`."""
    with Ledger.open(load_settings({"DUBAN_HOME": str(home)})) as ledger:
        plan = load_plan(PLAN)
        play.begin(ledger, plan)
        sweep(ledger, Tick(PLAN, SEEDED, sweep_instant(plan.zone, SEEDED)))


def live(stack: Stack, days: int) -> tuple[dict[str, Any], list[float]]:
    """Have `days` lived, and return the run and the seconds of each answer meanwhile."""
    path = f"deployments/{stack.deployment('demo')}/create_flow_run"
    body = {"parameters": {"days": days}, "state": {"type": "SCHEDULED"}}
    run = stack.ask(path, body)
    answers: list[float] = []
    until = time.monotonic() + PATIENCE + 60 * days
    while run["state_type"] not in LAST and time.monotonic() < until:
        began = time.monotonic()
        stack.ask("flows/", {"name": "asked"})  # a write, as reads pass every lock of SQLite
        answers.append(time.monotonic() - began)
        run = stack.get(f"flow_runs/{run['id']}")
        time.sleep(max(0.0, 1 - answers[-1]))
    return run, answers


def seconds(run: dict[str, Any]) -> float:
    began, ended = (dt.datetime.fromisoformat(run[name]) for name in ("start_time", "end_time"))
    return (ended - began).total_seconds()


if __name__ == "__main__":
    main(*map(int, [*sys.argv[1:], *("30", "100")[len(sys.argv) - 1 :]]))
