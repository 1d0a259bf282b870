"""A stack started as a command would start it, and the questions tests ask its Prefect."""

from __future__ import annotations

import atexit
import base64
import datetime as dt
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from flows.stack import server

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

# Prefect's SQLite waits up to 60 s for a lock, and every question of that minute waits with it.
PATIENCE = 240.0

BUSY = {500, 503}  # what it says where it waited in vain for a lock, or for a connection

PLAN = "guangdong-2013"
SEEDED = dt.date(2014, 1, 6)  # the day before the slips for what was due on 2013-12-31

RUN = """
import sys
from flows.stack.tree import Beside, run_stack
from ledger.offices.installation import load_settings
ready = lambda url: print(url, flush=True)
port, desk = map(int, sys.argv[1:])
beside = Beside("desk", (sys.executable, "-m", "desk.serve", str(desk)), desk, "/health")
sys.exit(run_stack(load_settings(), prefect_port=port, on_ready=ready, beside=[beside]))
"""
AUDIT = """
import os, sys
def hook(event, args):
    if event == "socket.connect" and isinstance(args[1], tuple):
        if not str(args[1][0]).startswith(("127.", "::1", "localhost")):
            with open(os.environ["AUDIT_LOG"], "a") as log:
                print(args[1], sys.argv, file=log)
    if event == "socket.getaddrinfo" and args[0] not in ("127.0.0.1", "localhost", None):
        with open(os.environ["AUDIT_LOG"], "a") as log:
            print(args[0], sys.argv, file=log)
sys.addaudithook(hook)
"""


@dataclass(frozen=True)
class Stack:
    """A running stack, and the questions the tests ask its Prefect server."""

    home: Path
    port: int
    desk: int
    process: subprocess.Popen[str]

    @property
    def secret(self) -> Path:
        """The file with the secret of this Prefect."""
        return server.secret_file(self.home)

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Post what may be posted twice; busy is asked again, as Prefect's own client does."""
        return json.loads(self._send("POST", path, body))

    def get(self, path: str) -> Any:
        return json.loads(self._send("GET", path))

    def change(self, path: str, body: dict[str, Any]) -> None:
        self._send("PATCH", path, body)

    def tell(self, events: list[dict[str, Any]]) -> None:
        """Emit events as a run does."""
        self._send("POST", "events", events)

    def _send(self, method: str, path: str, body: Any = None) -> bytes:
        status, answer = eventually(lambda: self._try(method, path, body or {}))
        assert status < 300, answer
        return answer

    def _try(self, method: str, path: str, body: Any) -> tuple[int, bytes] | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=75)
        code = base64.b64encode(self.secret.read_bytes()).decode()
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {code}"}
        with closing(connection):
            try:
                connection.request(method, f"/api/{path}", json.dumps(body), headers)
                answer = connection.getresponse()
                said = answer.read()
            except TimeoutError:
                return None
        return None if answer.status in BUSY else (answer.status, said)

    def deployment(self, name: str) -> str:
        found = self.ask("deployments/filter", {"deployments": {"name": {"any_": [name]}}})
        return found[0]["id"]

    def runs(self, deployment: str) -> list[dict[str, Any]]:
        wanted = {"deployments": {"name": {"any_": [deployment]}}, "sort": "START_TIME_ASC"}
        return self.ask("flow_runs/filter", wanted)

    def finished(self, deployment: str) -> list[dict[str, Any]]:
        done = {"COMPLETED", "FAILED", "CRASHED"}
        return [r for r in self.runs(deployment) if r["state_type"] in done]

    def run(self, deployment: str, **parameters: Any) -> dict[str, Any]:
        """Run a deployment to its end and return the run."""
        path = f"deployments/{self.deployment(deployment)}/create_flow_run"
        once = {"idempotency_key": uuid4().hex, "state": {"type": "SCHEDULED"}}
        run = self.ask(path, {"parameters": parameters, **once})["id"]
        found = eventually(lambda: [r for r in self.finished(deployment) if r["id"] == run])
        return found[0]

    def table(self, key: str) -> dict[str, Any]:
        found = self.ask("artifacts/latest/filter", {"artifacts": {"key": {"any_": [key]}}})
        return json.loads(found[0]["data"])[0]

    def members(self) -> list[int]:
        """Return every process that was started for this home."""
        signs = [f"{name}_HOME={self.home}".encode() for name in ("PREFECT", "DUBAN")]
        others = [pid for pid in _pids() if pid != self.process.pid]
        return [pid for pid in others if any(sign in environ(pid) for sign in signs)]


def eventually(ask: Callable[[], T], *, seconds: float = PATIENCE) -> T:
    """Return the first answer that is not empty."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := ask():
            return found
        time.sleep(0.2)
    raise TimeoutError(f"not within {seconds} s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@cache
def _prefect_home() -> Path:
    """Return a home of Prefect with its database, which takes 5 s of CPU to create.

    The server of workers.py creates its own, as a first start does.
    """
    home = Path(tempfile.mkdtemp(prefix="duban-prefect-"))
    atexit.register(shutil.rmtree, home)
    env = server.environment(home.parent, 0, "") | {"PREFECT_HOME": str(home)}
    create = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"]
    subprocess.run(create, env=env, check=True, capture_output=True)
    return home


def start(home: Path, *, ready: bool = True, **settings: str) -> Stack:
    """Start a stack as a command would, with a watch on whom its processes talk to.

    Without courses unless told, as each takes a third of a second.
    """
    audit = home / "audit"
    audit.mkdir(parents=True, exist_ok=True)
    (audit / "sitecustomize.py").write_text(AUDIT, encoding="utf-8")
    root = Path(__file__).parents[2]
    inherited = os.environ.get("PYTHONPATH", "")
    env = {
        **os.environ,
        "DUBAN_HOME": str(home),
        "DUBAN_COURSES": "0",
        **settings,
        "AUDIT_LOG": str(audit / "foreign"),
        "PYTHONPATH": os.pathsep.join([str(audit), str(root), inherited]),
    }
    port, desk = free_port(), free_port()
    command = [sys.executable, "-c", RUN, str(port), str(desk)]
    if not (home / "prefect").exists():
        shutil.copytree(_prefect_home(), home / "prefect")
    process = subprocess.Popen(command, env=env, stdout=-1, stderr=-1, text=True)
    stack = Stack(home, port, desk, process)
    if ready and not stack.process.stdout.readline():
        raise AssertionError(stack.process.stderr.read())
    return stack


def end(stack: Stack) -> None:
    stack.process.send_signal(signal.SIGTERM)
    stack.process.communicate(timeout=PATIENCE)


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def pids_of(sign: str) -> list[int]:
    """Return the processes that have this in their environment."""
    return [pid for pid in _pids() if sign.encode() in environ(pid).split(b"\0")]


def environ(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""
