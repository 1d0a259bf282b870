"""Server time of a page with 100,000 duties stored, beside a bare page of fifty rows.

Both are served by one uvicorn worker; the CPU time is that of its process, read from /proc.
Counts are cached until something is recorded, so a repeated request counts nothing anew; the last
figure of the cockpit is the one without the cache.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from desk.access import signin
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tests.bench import lived, load
from tests.bench.desk import AT
from tests.bench.measure import RUNS, Figure, at_most, wall

if TYPE_CHECKING:
    from collections.abc import Iterator

HELD = 100_000
TURNS = 50  # requests whose CPU time is taken together: the clock ticks 100 times a second
PEOPLE = 50
EACH = 4  # requests of each of them
BARE = "bare FastAPI and Jinja2, 50 rows"
PAGES = {
    "/ledger": "ledger, open duties by due date",
    "/ledger?view=overdue": "ledger, overdue",
    "/ledger?light=amber": "ledger, amber",
    "/ledger?status=on-course": "ledger, on course",
    "/ledger?month=2014-05": "ledger, due in a month",
    "/ledger?q=city-7": "ledger, words searched",
    "/": "cockpit",
    "/calendar": "calendar",
    "/gantt": "Gantt chart",
}
GOALS = {"/ledger": at_most(15, of="ours"), "/": at_most(100, of="ours")}


class Server(NamedTuple):
    """A process that serves pages on a port of this machine, and our session cookie."""

    process: int
    port: int
    cookie: str = ""

    def ask(self, path: str, times: int) -> None:
        """Request `path` repeatedly on one connection; AssertionError for any answer but 200."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        for _ in range(times):
            line.request("GET", path, headers={"Cookie": f"duban={self.cookie}"})
            answer = line.getresponse()
            answer.read()
            assert answer.status == http.client.OK, (path, answer.status)
        line.close()

    def cpu(self) -> float:
        """Return the seconds of CPU time of the process, including its ended threads."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def figures() -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        with lived.fill(Path(folder), held=HELD) as ledger, ledger.transaction() as tx:
            cookies = [signin.begin(tx, "officer", at=AT, proved=True) for _ in range(PEOPLE)]
        with _serving("desk", DUBAN_HOME=folder) as desk, _serving("bare") as bare:
            office = desk._replace(cookie=cookies[0])
            for path, name in PAGES.items():
                yield _beside(office, bare, path, name)
            with Ledger.open(load_settings({"DUBAN_HOME": folder})) as ledger:
                yield _afresh(office, ledger)
            yield _crowd(desk, bare, cookies)


def _beside(desk: Server, bare: Server, path: str, name: str) -> Figure:
    durations: list[list[float]] = [[], []]
    for run in range(RUNS + 1):
        for (server, where), times in zip(
            [(desk, path), (bare, "/ledger")], durations, strict=True
        ):
            began = server.cpu()
            server.ask(where, TURNS)
            if run:  # the first warms up
                times.append((server.cpu() - began) / TURNS)
    ours, theirs = (median(times) * 1000 for times in durations)
    return Figure(
        work=f"{name}: CPU a request, {HELD:,} held",
        unit="ms",
        ours=ours,
        against=BARE,
        theirs=theirs,
        goal=GOALS.get(path),
    )


def _afresh(office: Server, ledger: Ledger) -> Figure:
    """Record something before each request, so that no cached count is of use."""
    times = []
    for _ in range(RUNS + 1):
        began = office.cpu()
        for _ in range(TURNS // 5):
            with ledger.transaction() as tx:
                tx.record("bench", load.CODE, at=AT, actor="bench")
            office.ask("/", 1)
        times.append((office.cpu() - began) / (TURNS // 5))
    return Figure(
        work=f"cockpit, something recorded before each: CPU a request, {HELD:,} held",
        unit="ms",
        ours=median(times[1:]) * 1000,
    )


def _crowd(desk: Server, bare: Server, cookies: list[str]) -> Figure:
    """Have fifty people request the ledger at once; a refusal fails the run."""
    durations: list[list[float]] = [[], []]
    for _ in range(RUNS):
        for server, rates in zip((desk, bare), durations, strict=True):
            began = wall()
            with ThreadPoolExecutor(PEOPLE) as people:
                asking = [server._replace(cookie=cookie) for cookie in cookies]
                list(people.map(lambda one: one.ask("/ledger", EACH), asking))
            rates.append(PEOPLE * EACH / (wall() - began))
    ours, theirs = map(median, durations)
    return Figure(
        work=f"{PEOPLE} people at once at the ledger, one worker, no error",
        unit="requests/s",
        ours=ours,
        against=BARE,
        theirs=theirs,
    )


@contextmanager
def _serving(name: str, **environ: str) -> Iterator[Server]:
    port = _free_port()
    command = [sys.executable, "-m", f"tests.bench.{name}", str(port)]
    with subprocess.Popen(command, env={**os.environ, **environ}) as process:
        try:
            _wait_for(port)
            yield Server(process.pid, port)
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")
