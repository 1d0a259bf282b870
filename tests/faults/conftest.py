"""A desk with one small plan, in this process or served as in use."""

from __future__ import annotations

import datetime as dt
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from starlette.testclient import TestClient

from catalog.dates import workdays
from desk.access import signin
from desk.app import create_app
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tests.faults.surviving import assert_sound
from tests.world import ISSUED, PostOffice, World, small_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI

ROOT = Path(__file__).parents[2]
HERE = "http://127.0.0.1:8180"
KEY = "small-2013/1.report/-/once"  # a duty the trade department performs and leads
TABLE = (workdays.TABLES / "CN.toml").read_text(encoding="utf-8")
UNTIL_2013 = TABLE.partition("\n[2014]")[0]  # as if the notice of 2014 were still to come
AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)


class Clock:
    """The real instant of a test, which it may move."""

    at = AT

    def __call__(self) -> dt.datetime:
        return self.at


class Served(NamedTuple):
    """A desk in a process of its own, on loopback."""

    port: int
    pid: int
    home: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def say(self, data: bytes, *, wait: float = 5) -> bytes:
        """Send bytes on a new connection and return the whole answer, empty if there is none."""
        with socket.create_connection(("127.0.0.1", self.port), wait) as line:
            line.sendall(data)
            got = b""
            try:
                while piece := line.recv(65536):
                    got += piece
            except (TimeoutError, ConnectionError):
                pass
        return got


@pytest.fixture(scope="module")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the plan is in force, its duties open, an officer in each agency."""
    folder = tmp_path_factory.mktemp("faults")
    with Ledger.open(load_settings({"DUBAN_HOME": str(folder / "home")})) as ledger:
        world = World(ledger, PostOffice())
        world.publish(small_plan(folder, {}))
        world.sweep(ISSUED)
    return folder / "home"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    """Further settings of the served desk."""
    return {}


@pytest.fixture(scope="module")
def served(small_home: Path, settings: dict[str, str]) -> Iterator[Served]:
    """Serve that home."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port = line.getsockname()[1]
    words = [sys.executable, "-m", "desk.serve", str(port)]
    environ = {**os.environ, "DUBAN_HOME": str(small_home), **settings}
    with (small_home / "serve.log").open("wb") as log:
        process = subprocess.Popen(words, cwd=ROOT, env=environ, stderr=log)
        desk = Served(port, process.pid, small_home)
        _answers(desk)
        yield desk
        process.terminate()
        process.wait(20)
    with Ledger.open(load_settings({"DUBAN_HOME": str(small_home)})) as ledger:
        assert_sound(ledger)


@pytest.fixture(scope="module")
def cookie(small_home: Path) -> str:
    """The cookie of the trade department's officer, signed in now."""
    with (
        Ledger.open(load_settings({"DUBAN_HOME": str(small_home)})) as ledger,
        ledger.transaction() as tx,
    ):
        return signin.begin(tx, "trade/officer", at=dt.datetime.now(dt.UTC), proved=True)


@pytest.fixture
def workday_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], None]]:
    """Return a function that puts another table of working days into the catalogue."""
    folder = tmp_path / "workdays"
    folder.mkdir()
    monkeypatch.setattr(workdays, "TABLES", folder)

    def _known(table: str) -> None:
        (folder / "CN.toml").write_text(table, encoding="utf-8")
        workdays.load_workdays.cache_clear()

    yield _known
    monkeypatch.undo()
    workdays.load_workdays.cache_clear()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(small_home: Path, clock: Clock) -> Iterator[FastAPI]:
    """The desk of that home in this process, shared by tests."""
    desk = create_app(load_settings({"DUBAN_HOME": str(small_home)}), clock=clock)
    yield desk
    assert_sound(desk.state.desk.ledger)
    desk.state.desk.ledger.close()


@pytest.fixture
def client(app: FastAPI) -> Callable[..., TestClient]:
    """Return a client that sends only these headers."""

    def _client(**headers: str) -> TestClient:
        browser = TestClient(
            app, base_url=HERE, raise_server_exceptions=False, follow_redirects=False
        )
        browser.headers.update({"Origin": HERE, **headers})
        return browser

    return _client


@pytest.fixture
def signed_in(
    app: FastAPI, clock: Clock, client: Callable[..., TestClient]
) -> Callable[[str], TestClient]:
    """Return a browser in which the officer of an agency is signed in."""

    def _signed_in(agency: str) -> TestClient:
        browser = client()
        with app.state.desk.ledger.transaction() as tx:
            cookie = signin.begin(tx, f"{agency}/officer", at=clock(), proved=True)
        browser.cookies.set("duban", cookie)
        return browser

    return _signed_in


def _answers(served: Served) -> None:
    ends = time.monotonic() + 60
    while True:
        try:
            if served.say(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"):
                return
        except ConnectionError:
            assert time.monotonic() < ends, (served.home / "serve.log").read_text("utf-8")
            time.sleep(0.1)
