"""Durable deadlines fired a second, beside schedulers with one job a deadline.

Ours writes more for each: a notice, its message, an entry of the history and the next look.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from procrastinate import App, PsycopgConnector

from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.bench import load
from tests.bench.measure import Figure, at_least, wall
from tests.postgresql import server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postgresql import Server

JOBS = 300  # theirs; enough for a steady pace, and some seconds
HELD, DUE = 20_000, 5000
RUNS = 3
PATIENCE = 120
LATE = dt.datetime(2014, 3, 14, tzinfo=dt.UTC)
_fired = threading.Semaphore(0)


def fire(_deadline: int) -> None:
    _fired.release()


def figures() -> Iterator[Figure]:
    with TemporaryDirectory() as folder, server() as running:
        running.create("ours")
        running.create("theirs")
        on_sqlite = max(_ours(Path(folder, "ours")))
        on_postgresql = max(_ours(Path(folder, "other"), running.url("ours")))
        schedulers = [_apscheduler(Path(folder)) for _ in range(RUNS)]
        queues = asyncio.run(_procrastinate(running))
    yield _figure("SQLite", on_sqlite, "APScheduler 3, its SQLAlchemy store", max(schedulers))
    yield _figure("PostgreSQL", on_postgresql, "procrastinate", max(queues))


def _figure(where: str, ours: float, against: str, theirs: float) -> Figure:
    return Figure(
        work=f"durable deadlines fired on {where}",
        unit="deadlines/s",
        ours=ours,
        against=f"{against}, its best of {RUNS}",
        theirs=theirs,
        goal=at_least(20),
        runs=RUNS,
    )


def _ours(home: Path, database: str = "") -> list[float]:
    days = load.days(RUNS)
    paces = []
    with load.fill(home, held=HELD, due=dict.fromkeys(days, DUE), database=database) as ledger:
        for on in days:
            began = wall()
            counts = sweep(ledger, Tick(load.CODE, on, sweep_instant("Asia/Shanghai", on)))
            paces.append((counts["reminded"] + counts["escalated"]) / (wall() - began))
    return paces


def _apscheduler(folder: Path) -> float:
    store = SQLAlchemyJobStore(f"sqlite:///{folder}/jobs.db")
    scheduler = BackgroundScheduler(
        jobstores={"default": store}, job_defaults={"misfire_grace_time": None}
    )
    scheduler.start(paused=True)
    for deadline in range(JOBS):
        scheduler.add_job(fire, "date", run_date=LATE, args=[deadline])
    began = wall()
    scheduler.resume()
    for _ in range(JOBS):
        assert _fired.acquire(timeout=PATIENCE)
    took = wall() - began
    scheduler.shutdown()
    return JOBS / took


async def _procrastinate(running: Server) -> list[float]:
    app = App(connector=PsycopgConnector(conninfo=running.url("theirs")))
    task = app.task(name="fire")(fire)
    paces = []
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        for _ in range(RUNS):
            for deadline in range(JOBS):
                await task.configure(schedule_at=LATE).defer_async(_deadline=deadline)
            began = wall()
            await app.run_worker_async(wait=False, install_signal_handlers=False)
            paces.append(JOBS / (wall() - began))
    return paces
