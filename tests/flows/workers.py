"""A Prefect server with a work pool, process workers at it, and a load on PostgreSQL to sweep."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.stack import server
from flows.stack.worker import FlowsWorker
from tests.flows.running import PATIENCE, Stack, eventually, free_port, pids_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
FILE = str(ROOT / "deploy" / "prefect.yaml")
# Not the delivery: it comes every five minutes, and a digest that leaves takes nothing more in.
NAMED = "--name", "sweep/guangdong-2013", "--name", "shard/duban"
DEPLOY = "--no-prompt", "deploy", *NAMED, "--prefect-file", FILE
POOL = "duban"
WORKER = "flows.stack.worker", "--pool", POOL, "--name"
LAST = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


@dataclass(frozen=True)
class Pool:
    """A server whose pool has our deployments, for which workers may be started."""

    stack: Stack
    env: dict[str, str]

    @contextmanager
    def workers(self, count: int, **env: str) -> Iterator[None]:
        """Run so many workers with these settings; DUBAN_HOME is theirs alone."""
        try:
            for number in range(count):
                self._start(str(number), env)
            yield
        finally:
            for pid in pids_of(f"DUBAN_HOME={env['DUBAN_HOME']}"):  # and the runs they have begun
                os.kill(pid, signal.SIGKILL)

    def _start(self, name: str, env: dict[str, str]) -> None:
        with (self.stack.home / f"worker-{name}.log").open("ab") as log:
            subprocess.Popen(
                _module(*WORKER, name), env=self.env | env, cwd=ROOT, stdout=log, stderr=log
            )

    def begin(self, deployment: str, **parameters: Any) -> str:
        """Ask for a run and return its id."""
        path = f"deployments/{self.stack.deployment(deployment)}/create_flow_run"
        body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        return self.stack.ask(path, body)["id"]

    def end(self, run: str, *, seconds: float = PATIENCE) -> dict[str, Any]:
        """Return the run when it has ended."""

        def ended() -> dict[str, Any]:
            return next((r for r in self._runs(run) if r["state_type"] in LAST), {})

        return eventually(ended, seconds=seconds)

    def shards(self) -> list[dict[str, Any]]:
        return self.stack.runs("duban")

    def _runs(self, run: str) -> list[dict[str, Any]]:
        return self.stack.ask("flow_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})


@contextmanager
def pool(home: Path) -> Iterator[Pool]:
    """Run a server in `home` with a pool and the deployments of deploy/prefect.yaml."""
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    env = {
        **server.environment(home, port, server.new_secret(home)),
        "PREFECT_WORKER_QUERY_SECONDS": "1",
    }
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(server.command(port), env=env, stdout=log, stderr=log)
    try:
        eventually(lambda: server.is_healthy(port))
        stack = Stack(home, port, 0, process)
        template = FlowsWorker.get_default_base_job_template()
        pool = {"name": POOL, "type": FlowsWorker.type, "base_job_template": template}
        stack.ask("work_pools/", pool)
        subprocess.run(
            _module("prefect", *DEPLOY), env=env, cwd=ROOT, check=True, capture_output=True
        )
        yield Pool(stack, env)
    finally:
        process.terminate()
        process.wait(30)


def _module(*words: str) -> list[str]:
    return [sys.executable, "-m", *words]
