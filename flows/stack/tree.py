"""The process tree: Prefect's server, the flows and the desk, started and stopped together.

Only the children import Prefect.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import ConflictError, DubanError
from flows.stack.server import HOST, command, environment, is_healthy, new_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ledger.settings import Settings

    Progress = Callable[[str, float], None]

PATIENCE = 180.0  # seconds for a child to become ready: a fresh server on a busy machine took 60
GRACE = 20.0  # seconds a child has to end by itself
SERVING = "prefect/serving"  # in the home; flows.stack.schedules writes it when it is ready


class Beside(NamedTuple):
    """Another server of the tree: its command, port and health page."""

    name: str
    command: tuple[str, ...]
    port: int
    health: str


class StackFailedError(DubanError):
    """A process of the stack ended by itself or never became ready; values: name, log."""


@dataclass(frozen=True)
class Child:
    """One process of the stack, leader of its own process group, and its log file."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Raise StackFailedError if the process has ended."""
        code = self.process.poll()
        if code is not None:
            raise StackFailedError("stack-ended", name=self.name, code=code, log=self.log)

    def stop(self) -> None:
        """Terminate the process group; kill it after GRACE seconds."""
        self._signal(signal.SIGTERM)
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self._signal(signal.SIGKILL)
            self.process.wait()

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return


def run_stack(
    settings: Settings,
    *,
    prefect_port: int,
    on_ready: Callable[[str], None],
    on_progress: Progress = lambda _name, _seconds: None,
    beside: Sequence[Beside] = (),
) -> int:
    """Run Prefect's server, the flows and the servers `beside` them until they are stopped.

    Returns 0 after SIGTERM, 130 after Ctrl-C. Calls `on_progress(name, seconds)` while it waits
    for a child and `on_ready(url)` once everything is scheduled. Must run in the main thread.
    Raises ConflictError if the port or the home is in use, StackFailedError when a child ends by
    itself or does not become ready.
    """
    home = settings.installation.resolve()
    serving = home / SERVING
    with ExitStack() as tidy:
        tidy.enter_context(only_one(home))
        for port in (prefect_port, *(other.port for other in beside)):
            _require_free(port)
        stop = tidy.enter_context(_signals())
        env = environment(home, prefect_port, new_secret(home))

        def begin(name: str, command: Sequence[str], env: dict[str, str]) -> Child:
            child = _start(name, command, env, home)
            tidy.callback(child.stop)
            return child

        def wait(child: Child, ready: Callable[[], bool]) -> bool:
            return _wait(child, stop, ready, on_progress)

        others = [begin(b.name, b.command, _without_prefects(env)) for b in beside]
        server = begin("server", command(prefect_port), _without_ours(env))
        if not wait(server, lambda: is_healthy(prefect_port)):
            return stop.code
        serving.unlink(missing_ok=True)
        flows = begin("flows", [sys.executable, "-m", "flows.stack.schedules"], env)
        ready = wait(flows, serving.exists) and all(
            wait(child, partial(is_healthy, b.port, b.health))
            for child, b in zip(others, beside, strict=True)
        )
        if ready:
            on_ready(f"http://{HOST}:{prefect_port}")
            _watch((*others, server, flows), stop)
        return stop.code


class _Stop(threading.Event):
    code = 0

    def on_signal(self, number: int, _frame: object) -> None:
        self.code = 130 if number == signal.SIGINT else 0
        self.set()


@contextmanager
def _signals() -> Iterator[_Stop]:
    """Yield the event that Ctrl-C and SIGTERM set; a second signal changes nothing."""
    stop = _Stop()
    before = {n: signal.signal(n, stop.on_signal) for n in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the home's lock: two stacks on one home would share a Prefect database.

    Raises ConflictError while another stack runs on it.
    """
    (home / "prefect").mkdir(parents=True, exist_ok=True)
    with (home / "prefect" / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError("stack-running", home=home) from error
        yield


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise ConflictError("port-in-use", host=HOST, port=port) from error


def _without_ours(env: dict[str, str]) -> dict[str, str]:
    """Return `env` without duban's settings: Prefect's server never sees its secrets."""
    return {name: value for name, value in env.items() if not name.startswith("DUBAN_")}


def _without_prefects(env: dict[str, str]) -> dict[str, str]:
    """Return `env` without Prefect's settings, for a server that does not know Prefect."""
    return {name: value for name, value in env.items() if not name.startswith("PREFECT_")}


def _start(name: str, words: Sequence[str], env: dict[str, str], home: Path) -> Child:
    log = home / "log" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    leash = [sys.executable, "-m", "flows.stack.leash", str(os.getpid())]
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603  # our own commands
            [*leash, *words],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches only this process, which stops the others
        )
    return Child(name, process, log)


def _wait(child: Child, stop: _Stop, ready: Callable[[], bool], on_progress: Progress) -> bool:
    """Wait until `ready()` holds; return False if a signal came first."""
    began = time.monotonic()
    while not stop.wait(0.2):
        child.check()
        if ready():
            return True
        seconds = time.monotonic() - began
        if seconds > PATIENCE:
            raise StackFailedError("stack-not-ready", name=child.name, log=child.log)
        on_progress(child.name, seconds)
    return False


def _watch(children: tuple[Child, ...], stop: _Stop) -> None:
    while not stop.wait(0.5):
        for child in children:
            child.check()
