"""Three process workers share a large sweep, on a real server and PostgreSQL.

One of three shards is killed half-way; the sweep completes what is left and asks for shards of its
own, which come late. What all of them leave is compared with what a sweep alone leaves.
"""

from __future__ import annotations

import os
import signal
from itertools import pairwise
from typing import NamedTuple

import pytest

from ledger.duties import duties
from ledger.proof import chain
from ledger.proof.ledger_verification import verify_ledger
from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.bench import load
from tests.flows.foreign import Foreign
from tests.flows.running import PATIENCE, eventually, pids_of
from tests.flows.workers import POOL, pool

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(2 * PATIENCE)]

DUE, WORKERS = 15_000, 3  # three pages a shard: there is a half-way to be killed at
(ON,) = load.days(1)
REFUSED = {"DUBAN_MAIL_URL": "smtp://127.0.0.1:1"}  # the letters stay in the outbox
AT = sweep_instant("Asia/Shanghai", ON)
SAME = {
    "duties": "SELECT * FROM duties ORDER BY key",
    "notices": "SELECT * FROM notices ORDER BY id",
    "messages": 'SELECT id, plan, recipient, channel, "on", message_id FROM messages ORDER BY id',
    # A sweep alone forms no letter, and tries none. The check of the day finds that the duties put
    # in for this test have no day for material.
    "deeds": "SELECT subject, deed FROM entries"
    " WHERE deed NOT IN ('failed', 'check-failed', 'formed')"
    " ORDER BY subject, deed",
}


class Lived(NamedTuple):
    """What became of each run, and what the ledger holds after the sweep and after all of them.

    Every deployment names foreign code meanwhile: `foreign` tells whether it was executed.
    """

    shards: list[str]
    sweep: str
    asked: list[str]
    swept: chain.Head
    after: chain.Head
    faults: list[str]
    rows: dict[str, list[tuple[object, ...]]]
    refused: str
    foreign: bool


@pytest.fixture(scope="module")
def lived(tmp_path_factory, postgresql):
    folder = tmp_path_factory.mktemp("shards")
    foreign = Foreign.written(folder)
    with (
        _loaded(postgresql, folder / "ours") as ledger,
        pool(folder / "prefect") as running,
        running.workers(
            WORKERS, DUBAN_COURSES="0", **postgresql.environ(folder / "ours", **REFUSED)
        ),
    ):
        for deployment in ("guangdong-2013", "duban"):
            foreign.put_into(running.stack, deployment, job_variables={"command": foreign.command})
        parts = _parts(ledger)
        begun = [_shard(running, number, *keys) for number, keys in enumerate(parts, 2)]
        _kill_half_way(ledger, begun[-1], parts[-1])
        shards = [running.end(run)["state_type"] for run in begun]
        swept_by = running.end(_sweep(running))
        swept = _head(ledger)
        refused = running.end(_foreign_flow(running, foreign))["state_type"]
        asked = [run["id"] for run in running.shards() if run["id"] not in begun]
        return Lived(
            shards=shards,
            sweep=swept_by["state_type"],
            asked=[running.end(run)["state_type"] for run in asked],
            swept=swept,
            after=_head(ledger),
            faults=_faults(ledger),
            rows=_rows(ledger),
            refused=refused,
            foreign=foreign.was_executed(),
        )


@pytest.fixture(scope="module")
def alone(tmp_path_factory, postgresql):
    with _loaded(postgresql, tmp_path_factory.mktemp("alone")) as ledger:
        sweep(ledger, Tick(load.CODE, ON, AT))
        return _rows(ledger)


def _loaded(postgresql, home):
    url = postgresql.environ(home)["DUBAN_DATABASE_URL"]
    return load.fill(home, held=DUE, due={ON: DUE}, database=url)


def _parts(ledger):
    with ledger.read() as conn:
        ends = duties.split_due(conn, WORKERS, plan=load.CODE, on=ON)
    return list(pairwise([None, *ends[:-1], None]))


def _shard(running, number, after, through):
    told = {"plan": load.CODE, "on": ON.isoformat(), "at": AT.isoformat(), "number": number}
    return running.begin("duban", **told, after=after, through=through)


def _foreign_flow(running, foreign):
    """Ask for a run of a flow that this code does not have."""
    flow = running.stack.ask("flows/", {"name": "foreign"})["id"]
    new = {"name": "foreign", "flow_id": flow, "work_pool_name": POOL}
    running.stack.ask("deployments/", new | foreign.deployment)
    return running.begin("foreign")


def _sweep(running):
    told = {"plan": load.CODE, "on": ON.isoformat(), "shards": WORKERS, "worth": 1}
    return running.begin("guangdong-2013", **told)


def _kill_half_way(ledger, run, keys):
    whole = _left(ledger, keys)
    eventually(lambda: _left(ledger, keys) < whole)
    for pid in pids_of(f"PREFECT__FLOW_RUN_ID={run}"):
        os.kill(pid, signal.SIGKILL)
    assert 0 < _left(ledger, keys) < whole


def _left(ledger, keys):
    with ledger.read() as conn:
        return duties.count_due(conn, plan=load.CODE, on=ON, keys=keys)


def _faults(ledger):
    """Return what is not as the history says, but for the load, which has no entries."""
    with ledger.read() as conn:
        told = [fault.what for fault in verify_ledger(conn).faults]
    return [what for what in told if not what.startswith("unrecorded: duties ")]


def _rows(ledger):
    with ledger.read() as conn:
        return {name: conn.exec_driver_sql(sql).all() for name, sql in SAME.items()}


def _head(ledger):
    with ledger.read() as conn:
        return chain.head(conn)


def test_a_shard_killed_half_way_is_known_to_be(lived):
    assert lived.shards == ["COMPLETED", "COMPLETED", "CRASHED"]


def test_the_sweep_asks_for_all_shards_but_its_own_and_completes_what_is_left(lived):
    assert lived.sweep == "COMPLETED"
    assert lived.asked == ["COMPLETED"] * (WORKERS - 1)


def test_shards_after_the_sweep_change_nothing(lived):
    assert lived.after == lived.swept


def test_the_history_folds_into_the_ledger(lived):
    assert lived.faults == []


@pytest.mark.parametrize("table", SAME)
def test_the_rows_are_those_of_a_sweep_alone(lived, alone, table):
    assert lived.rows[table] == alone[table]


def test_a_worker_runs_our_flow_whatever_the_deployment_names(lived):
    assert not lived.foreign


def test_a_worker_refuses_a_flow_that_is_not_of_this_code(lived):
    assert lived.refused == "CRASHED"
