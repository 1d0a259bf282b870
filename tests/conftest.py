"""Fixtures of every test: a home, a fresh ledger in it, and no way out of this machine.

A test of a ledger requests `database`, directly or through a fixture, and so runs on SQLite, and
on PostgreSQL where tests/twins.py says so.
"""

from __future__ import annotations

import gc
import os
import runpy
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tasks.people import passwords
from tests.databases import OnSqlite, on_postgresql
from tests.lived import demonstrate, once
from tests.scheduling import (  # noqa: F401  hooks of xdist
    pytest_xdist_auto_num_workers,
    pytest_xdist_make_scheduler,
)
from tests.twins import pytest_addoption, pytest_generate_tests  # noqa: F401  hooks of pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.session import Ledger
    from tests.databases import OnPostgresql

settings.register_profile("duban", deadline=None)  # machines are shared and noisy
settings.load_profile("duban")

MEMORY, ENOUGH = Path("/dev/shm"), 4 << 30  # noqa: S108  a folder of our own is made inside


def _has_room() -> bool:
    """Tell whether homes may lie in memory: files of one test need no disk."""
    if "TMPDIR" in os.environ or not MEMORY.is_dir():
        return False
    here = os.statvfs(MEMORY)
    runs = not here.f_flag & os.ST_NOEXEC  # the server's binaries lie there too
    return runs and here.f_bavail * here.f_frsize > ENOUGH


if _has_room():
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

GUARD = Path(__file__).parent / "loopback"

gc.set_threshold(50_000, 20, 50)  # the usual 700 take a sixth of the processor, and save 10 MB
passwords.COST |= {"time_cost": 1, "memory_cost": 8, "parallelism": 1}  # KiB; many sign in here


def pytest_collection_finish() -> None:
    """Exclude modules and tests, which live as long as the run, from garbage collection."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Guard this process and its children; foreign addresses they request go into this file."""
    log = tmp_path_factory.mktemp("loopback") / "foreign"
    os.environ["DUBAN_TESTS_FOREIGN"] = str(log)
    paths = [str(GUARD), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    runpy.run_path(str(GUARD / "sitecustomize.py"))
    return log


@pytest.fixture(autouse=True)
def _nothing_leaves_this_machine(foreign: Path) -> Iterator[None]:
    yield
    if foreign.exists():
        addresses = foreign.read_text(encoding="utf-8")
        foreign.unlink()
        raise AssertionError(addresses)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the real plan lived until 2014-01-24; read-only by agreement."""
    return once(tmp_path_factory, "demonstration", demonstrate)[0]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[OnPostgresql]:
    """The databases of a PostgreSQL server that runs as long as the tests do."""
    with on_postgresql() as databases:
        yield databases


@pytest.fixture(scope="session")
def kind(request: pytest.FixtureRequest) -> OnSqlite:
    """The databases of one kind, for fixtures that several tests share."""
    return OnSqlite() if request.param == "sqlite" else request.getfixturevalue("postgresql")


@pytest.fixture
def database(kind: OnSqlite) -> Iterator[OnSqlite]:
    """The databases of one kind; each ends with the test that made it."""
    with kind.while_it_lasts():
        yield kind


@pytest.fixture
def ledger(home: Path, database: OnSqlite) -> Iterator[Ledger]:
    with database.open(home) as opened:
        yield opened
