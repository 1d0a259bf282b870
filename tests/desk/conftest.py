"""Commands and pages on copies of lived homes.

The command line runs in this process or in one of its own, on a demonstration; the pages are
shown to browsers signed in as the cast of visitors.py, on the plan that these lived.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from desk.access import signin
from desk.app import create_app
from desk.cli import run
from tasks.people import passwords
from tests.desk.visitors import PASSWORD, Browser, Clock, join
from tests.lived import demonstrate, once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI

    from ledger.session import Ledger
    from tests.databases import OnSqlite

ROOT = Path(__file__).parents[2]
LIVED = "2014-01-24"  # past the slips for what was due on 2013-12-31


class Said(NamedTuple):
    """What a command ended with and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def duban_process(*argv: str, home: Path, **environ: str) -> subprocess.Popen[str]:
    """Start a command in a process of its own, its output piped."""
    settings = {"DUBAN_HOME": str(home), "PYTHONPATH": f"{ROOT}{os.pathsep}{_path()}"}
    return subprocess.Popen(
        [sys.executable, "-m", "desk.cli", *argv],
        cwd=ROOT,
        env={**os.environ, **settings, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        preexec_fn=_heed,  # noqa: PLW1509  it allocates nothing
    )


def _heed() -> None:
    """Let the command be interrupted, also where the tests run in a script's background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def finished(process: subprocess.Popen[str]) -> Said:
    """Wait for a command's end and return what it said."""
    out, err = process.communicate(timeout=280)  # machines are shared and noisy
    return Said(process.returncode, out, err)


def _path() -> str:
    return os.environ.get("PYTHONPATH", "")


@pytest.fixture(scope="session")
def lived_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """A demonstration of the real plan up to LIVED, and what the command said."""
    home, said = once(tmp_path_factory, "demonstration", demonstrate)
    return home, Said(*said)


@pytest.fixture(scope="session")
def lived(lived_once: tuple[Path, Said], kind: OnSqlite) -> tuple[Path, Said]:
    kind.adopt(lived_once[0])
    return lived_once


@pytest.fixture
def installed(home: Path, database: OnSqlite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings that name the test's home, for commands in this process and below it."""
    for name in [name for name in os.environ if name.startswith("DUBAN_")]:
        if name != "DUBAN_TESTS_FOREIGN":
            monkeypatch.delenv(name)
    for name, value in database.environ(home).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def demo_home(lived: tuple[Path, Said], home: Path, database: OnSqlite, installed: None) -> Path:
    """A copy of that demonstration to do with as one likes."""
    del installed
    database.copy(lived[0], home)
    return home


@pytest.fixture
def duban(installed: None, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command in this process, in the test's home."""
    del installed

    def _duban(*argv: str) -> Said:
        capsys.readouterr()
        code = run(list(argv))
        return Said(code, *capsys.readouterr())

    return _duban


@pytest.fixture(scope="session")
def pages_once(tmp_path_factory: pytest.TempPathFactory, demonstration: Path) -> Path:
    """A home in which the real plan was lived until UNTIL, with the cast as users."""
    return once(tmp_path_factory, "pages", partial(join, demonstration))[0]


@pytest.fixture(scope="session")
def lived_home(pages_once: Path, kind: OnSqlite) -> Path:
    kind.adopt(pages_once)
    return pages_once


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(lived_home: Path, home: Path, clock: Clock, database: OnSqlite) -> Iterator[FastAPI]:
    database.copy(lived_home, home)
    made = create_app(database.settings(home), clock=clock)
    yield made
    made.state.desk.ledger.close()


@pytest.fixture
def desk_ledger(app: FastAPI) -> Ledger:
    ledger: Ledger = app.state.desk.ledger
    return ledger


@pytest.fixture
def _chen(desk_ledger: Ledger) -> None:
    """The officer of the office has a password."""
    at = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)
    passwords.set_password(desk_ledger, ["chen"], PASSWORD, at=at, actor="test")


@pytest.fixture
def browser(app: FastAPI) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(app)


@pytest.fixture
def signed_in(app: FastAPI, clock: Clock) -> Callable[[str], Browser]:
    """Return a browser in which one of the cast is signed in."""

    def _signed_in(user: str) -> Browser:
        made = Browser(app)
        with app.state.desk.ledger.transaction() as tx:
            made.cookies.set("duban", signin.begin(tx, user, at=clock(), proved=True))
        return made

    return _signed_in
