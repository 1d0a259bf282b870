"""One run over a whole set beside one run an obligation, on a real Prefect server."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from flows.stack import server
from tests.bench import load
from tests.bench.measure import RUNS, Figure, Goal, at_least

if TYPE_CHECKING:
    from collections.abc import Iterator

OBLIGATIONS = 100
PATIENCE = 120
CHILD = "tests.bench.prefect_runs"


def figures() -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        home = Path(folder)
        due = dict.fromkeys(load.days(RUNS + 1), OBLIGATIONS)
        load.fill(home, held=10_000, due=due).close()
        with _prefect(home) as env:
            run = subprocess.run(
                [sys.executable, "-m", CHILD], env=env, check=True, capture_output=True, text=True
            )
    took = json.loads(run.stdout.splitlines()[-1])
    ours = took["all_at_once"]
    yield _figure(ours, "one run of two tasks each", took["runs_of_two_tasks"], at_least(60))
    yield _figure(ours, "one empty run each", took["bare_runs"])
    yield _figure(ours, "one run, two task calls each", took["tasks_for_each"])
    yield _figure(
        took["sweep"],
        "one run of two tasks each",
        took["runs_of_two_tasks"],
        work=f"Prefect: our whole sweep with delivery, {OBLIGATIONS} due",
    )


def _figure(
    ours: float,
    against: str,
    theirs: float,
    goal: Goal | None = None,
    *,
    work: str = f"Prefect: one run, two tasks over {OBLIGATIONS} obligations",
) -> Figure:
    return Figure(
        work=work,
        unit="obligations/s",
        ours=OBLIGATIONS / ours,
        against=f"{against} (timed once)",
        theirs=OBLIGATIONS / theirs,
        goal=goal,
    )


@contextmanager
def _prefect(home: Path) -> Iterator[dict[str, str]]:
    """Run a server in `home` and yield the environment of its clients."""
    with socket.socket() as probe:
        probe.bind((server.HOST, 0))
        port = probe.getsockname()[1]
    env = server.environment(home, port, server.new_secret(home))
    with (
        (home / "server.log").open("wb") as log,
        subprocess.Popen(server.command(port), env=env, stdout=log, stderr=log) as process,
    ):
        try:
            _await(process, port)
            yield env
        finally:
            process.terminate()


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while not server.is_healthy(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise TimeoutError("the Prefect server did not start")
        time.sleep(0.2)
