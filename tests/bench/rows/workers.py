"""Three workers beside one on a large load, also with one of them killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ledger.duties import duties
from tests.bench import load
from tests.bench.measure import Figure, at_most
from tests.flows.running import eventually, pids_of
from tests.flows.workers import pool
from tests.postgresql import server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.session import Ledger
    from tests.flows.workers import Pool
    from tests.postgresql import Server

LARGE = True
HELD, DUE = 1_000_000, 200_000
WORKERS = 3
PATIENCE = 1800.0
(ON,) = load.days(1)
FILLED = "filled"
SAME = (
    "SELECT key, opened_on, told_through, look_on FROM duties ORDER BY key",
    "SELECT * FROM notices ORDER BY id",
    'SELECT id, plan, recipient, channel, "on", message_id FROM messages ORDER BY id',
    "SELECT subject, deed FROM entries WHERE deed <> 'failed' ORDER BY subject, deed",
)


def figures() -> Iterator[Figure]:
    with TemporaryDirectory() as folder, server() as running, pool(Path(folder, "p")) as prefect:
        running.create(FILLED)
        url = running.url(FILLED)
        load.fill(Path(folder), held=HELD, due={ON: DUE}, database=url).close()
        with running.connect(FILLED) as conn:
            conn.execute(b"VACUUM ANALYZE")
        alone = _sweep(running, prefect, "alone", workers=1)
        shared = _sweep(running, prefect, "shared", workers=WORKERS)
        killed = _sweep(running, prefect, "killed", workers=WORKERS, kill=True)
        _must_be_same(running, "alone", "shared", "killed")
    yield _figure("three workers", shared, alone, at_most(1.0))
    yield _figure("three workers, one killed half-way", killed, alone)


def _figure(who: str, ours: float, theirs: float, goal: Any = None) -> Figure:
    return Figure(
        work=f"sweep by {who}, {DUE:,} due of {HELD:,} held",
        unit="s",
        ours=ours,
        against="one worker",
        theirs=theirs,
        goal=goal,
        runs=1,
    )


def _sweep(running: Server, prefect: Pool, name: str, *, workers: int, kill: bool = False) -> float:
    """Return the seconds of the sweep's run, from its first line on."""
    running.create(name, like=FILLED)
    home = prefect.stack.home / name
    settings = {"DUBAN_HOME": str(home), "DUBAN_DATABASE_URL": running.url(name)}
    parameters = {"plan": load.CODE, "on": ON.isoformat(), "shards": workers}
    before = {run["id"] for run in prefect.shards()}
    with prefect.workers(workers, **settings, DUBAN_MAIL_URL="smtp://127.0.0.1:1"):
        run = prefect.begin("guangdong-2013", **parameters)
        if kill:
            with load.opened(home, running.url(name)) as ledger:
                _kill_half_way(ledger, prefect, before)
        ended = prefect.end(run, seconds=PATIENCE)
    if ended["state_type"] != "COMPLETED":
        raise AssertionError(ended["state"])
    return float(ended["total_run_time"])


def _kill_half_way(ledger: Ledger, prefect: Pool, before: set[str]) -> None:
    """Kill a shard when half of its range is done."""
    shard = eventually(lambda: [r for r in prefect.shards() if r["id"] not in before])[0]
    keys = shard["parameters"]["after"], shard["parameters"]["through"]

    def left() -> int:
        with ledger.read() as conn:
            return duties.count_due(conn, plan=load.CODE, on=ON, keys=keys)

    eventually(lambda: left() < DUE / WORKERS / 2, seconds=PATIENCE)
    for pid in pids_of(f"PREFECT__FLOW_RUN_ID={shard['id']}"):
        os.kill(pid, signal.SIGKILL)
    if not left():
        raise AssertionError("the shard was through before it could be killed")


def _must_be_same(running: Server, *names: str) -> None:
    """Assert that the sweep left the same rows, and the same deeds in any order."""
    for sql in SAME:
        digest = f"SELECT md5(string_agg(t::text, '|')) FROM ({sql}) t".encode()  # noqa: S608  names and values of our own
        digests = set()
        for name in names:
            with running.connect(name) as conn:
                digests.add(conn.execute(digest).fetchone())
        if len(digests) > 1:
            raise AssertionError(f"not the same rows: {sql}")
