"""`python -m tests.flows.cost [DAYS]`: the price of courses in Prefect, over days of 2014.

A running server and the demonstration's flow, with courses and without. It prints the table of
docs/figures.md: runs, seconds of a course, and what Prefect's database grew by.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flows.stack.server import environment
from tests.flows.days import seed
from tests.flows.running import end, start

COLUMNS = ("", "courses", "seconds", "rows", "MB", "memory, MB")
CHILD = """
import json, resource, sys, time
from collections import Counter
from flows import sweep
from flows.demo_day import next_day
ran, took, busiest = Counter(), 0.0, Counter()
carry = sweep._carry
async def timed(ledger, tick, courses):
    global took
    began = time.perf_counter()
    try:
        return await carry(ledger, tick, courses)
    finally:
        took += time.perf_counter() - began
        ran[str(tick.on)] = len(courses)
        busiest[str(tick.on)] = time.perf_counter() - began
sweep._carry = timed
began = time.perf_counter()
next_day(int(sys.argv[1]))
whole = time.perf_counter() - began
day = max(ran, key=ran.get, default="")
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"courses": sum(ran.values()), "took": took, "whole": whole, "memory": memory,
                  "day": day, "most": ran[day], "day_took": busiest[day]}))
"""


def main(days: int) -> None:
    plain, with_courses = (measured(days, courses) for courses in (0, 1000))
    many = with_courses["courses"]
    rows = with_courses["rows"] - plain["rows"]
    size = with_courses["size"] - plain["size"]
    _print("", *COLUMNS[1:])
    _print("a course", 1, with_courses["took"] / many, rows / many, size / many, "")
    _print(
        f"the busiest day ({with_courses['day']})",
        with_courses["most"],
        with_courses["day_took"],
        rows / many * with_courses["most"],
        size / many * with_courses["most"],
        "",
    )
    for name, of in (("without", plain), ("with", with_courses)):
        figures = (of["courses"], of["whole"], of["rows"], of["size"], of["memory"])
        _print(f"{days} days {name} courses", *figures)


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
            child = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
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
