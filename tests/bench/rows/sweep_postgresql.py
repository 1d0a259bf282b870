"""Cost of a sweep on PostgreSQL beside the same rows written by hand on psycopg."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.bench import floor_postgresql, load
from tests.bench.measure import RUNS, Figure, at_most, seconds, wall
from tests.bench.rows.sweep import SAME
from tests.postgresql import server

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    import psycopg

    from tests.postgresql import Server

HELD, DUE = 100_000, 2000
ASIDE = b'UPDATE duties SET look_on = NULL WHERE key IN (SELECT duty FROM notices WHERE "on" = %s)'


def figures() -> Iterator[Figure]:
    days = load.days(RUNS + 1)
    with TemporaryDirectory() as folder, server() as running:
        running.create("ours")
        due = dict.fromkeys(days, DUE)
        load.fill(Path(folder), held=HELD, due=due, database=running.url("ours")).close()
        running.create("floor", like="ours")
        took = _race(running, Path(folder), days)
    yield Figure(
        work=f"sweep on PostgreSQL, {DUE:,} due of {HELD:,} held",
        unit="ms",
        ours=took[0] * 1000,
        against="psycopg by hand, the same rows",
        theirs=took[1] * 1000,
        goal=at_most(2.0),
    )


def _race(running: Server, home: Path, days: list[dt.date]) -> list[float]:
    """Return the median seconds of a day, ours and by hand; the first day only warms up."""
    with (
        load.opened(home, running.url("ours")) as ledger,
        running.connect("ours") as ours,
        running.connect("floor") as floor,
    ):

        def by_duban(on: dt.date) -> None:
            sweep(ledger, Tick(load.CODE, on, sweep_instant("Asia/Shanghai", on)))

        def by_hand(on: dt.date) -> None:
            floor_postgresql.sweep(floor, on, sweep_instant("Asia/Shanghai", on))

        durations = [_day((by_duban, by_hand), (ours, floor), on) for on in days]
        _must_be_same(ours, floor)
    return [median(times) for times in zip(*durations[1:], strict=True)]


def _day(
    sweepers: tuple[Callable[[dt.date], None], ...],
    databases: tuple[psycopg.Connection[Any], ...],
    on: dt.date,
) -> list[float]:
    took = [seconds(partial(sweeper, on), clock=wall) for sweeper in sweepers]
    for database in databases:
        database.execute(ASIDE, [on])
        database.execute(b"VACUUM ANALYZE")
    return took


def _must_be_same(ours: psycopg.Connection[Any], theirs: psycopg.Connection[Any]) -> None:
    """Assert that the floor wrote the same rows as duban."""
    for sql in SAME:
        if ours.execute(sql.encode()).fetchall() != theirs.execute(sql.encode()).fetchall():
            raise AssertionError(f"the floor wrote other rows: {sql}")
