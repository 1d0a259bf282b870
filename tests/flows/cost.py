"""`python -m tests.flows.cost [DAYS]`: the price of courses in Prefect, over days of 2014.

A running server and the demonstration's flow, with courses and without: seconds, and what
Prefect's database grew by. It prints the table of docs/figures.md. The courses of the busiest day
and of the year are counted without Prefect; their rows are so many times that of one.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from catalog.dates.days import A_DAY
from catalog.plans.load import load_plan
from flows.stack.server import environment
from ledger.duties import duties
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks.demo import play
from tests.flows.days import seed
from tests.flows.running import PLAN, end, start

COLUMNS = ("", "courses", "seconds", "rows", "MB", "memory, MB")
CHILD = """
import json, resource, sys, time
from flows import sweep
from flows.demo_day import next_day
ran, took = 0, 0.0
carry = sweep._carry
async def timed(ledger, tick, courses):
    global ran, took
    began = time.perf_counter()
    try:
        return await carry(ledger, tick, courses)
    finally:
        took += time.perf_counter() - began
        ran += len(courses)
sweep._carry = timed
began = time.perf_counter()
next_day(int(sys.argv[1]))
whole = time.perf_counter() - began
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"courses": ran, "took": took, "whole": whole, "memory": memory}))
"""


def main(days: int) -> None:
    plain, with_courses = (measured(days, courses) for courses in (0, 1000))
    many = with_courses["courses"]
    course = [(with_courses[name] - plain.get(name, 0)) / many for name in ("took", "rows", "size")]
    busiest, year = counted()
    _print(*COLUMNS)
    _print(*["---"] * len(COLUMNS))
    for name, number in (("a course", 1), ("the busiest day of 2014", busiest), ("2014", year)):
        _print(name, number, *(number * figure for figure in course), "")
    for name, of in (("without", plain), ("with", with_courses)):
        figures = (of["courses"], of["whole"], of["rows"], of["size"], of["memory"])
        _print(f"{days} days {name} courses", *figures)


def counted() -> tuple[int, int]:
    """Return the courses that the demonstration has on the busiest day of 2014, and in all."""
    day, courses = dt.date(2014, 1, 1), list[int]()
    with TemporaryDirectory() as home, Ledger.open(load_settings({"DUBAN_HOME": home})) as ledger:
        play.begin(ledger, load_plan(PLAN))
        play.play(ledger, PLAN, until=day - A_DAY, progress=lambda _: None)
        while day.year == 2014:
            with ledger.read() as conn:
                courses.append(len(duties.obligations_due(conn, plan=PLAN, on=day)))
            play.live(ledger, PLAN, day)
            day += A_DAY
    return max(courses), sum(courses)


def measured(days: int, courses: int) -> dict[str, Any]:
    """Live `days` of the demonstration on a server of its own; return what it took and left."""
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        seed(home)
        stack = start(home)
        try:
            database = home / "prefect" / "prefect.db"
            before = _grown(database)
            secret = stack.secret.read_text(encoding="ascii")
            env = environment(home, stack.port, secret) | {"DUBAN_COURSES": str(courses)}
            command = [sys.executable, "-c", CHILD, str(days)]
            child = subprocess.run(command, env=env, check=True, stdout=-1, text=True)
            after = _grown(database)
        finally:
            end(stack)
    figures = json.loads(child.stdout.splitlines()[-1])
    return figures | {"rows": after[0] - before[0], "size": after[1] - before[1]}


def _grown(database: Path) -> tuple[int, float]:
    """Return the rows and the megabytes of Prefect's database."""
    with sqlite3.connect(database, timeout=60) as conn:
        conn.execute("PRAGMA wal_checkpoint(PASSIVE)")
        tables = conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        rows = sum(
            conn.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608  its own
            for (name,) in tables
        )
        (pages,) = conn.execute("PRAGMA page_count").fetchone()
        (page,) = conn.execute("PRAGMA page_size").fetchone()
    return rows, pages * page / 1e6


def _print(*cells: object) -> None:
    print("| " + " | ".join(f"{c:.2f}" if isinstance(c, float) else str(c) for c in cells) + " |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:] or ["30"]))
