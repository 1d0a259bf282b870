"""What every test may ask for: a home, a fresh ledger in it, and no way out of this machine."""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.session import Ledger
from ledger.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

GUARD = Path(__file__).parent / "loopback"


@pytest.fixture(autouse=True, scope="session")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Guard this process and its children; strangers they ask for are written into this file."""
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
        asked = foreign.read_text(encoding="utf-8")
        foreign.unlink()
        raise AssertionError(asked)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def ledger(home: Path) -> Iterator[Ledger]:
    with Ledger.open(load_settings({"DUBAN_HOME": str(home)})) as opened:
        yield opened
