"""Homes that take long to live: lived once a run, by the worker that needs them first."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

PLAN = "guangdong-2013"
UNTIL = dt.date(2014, 1, 24)  # past the slips for what was due on 2013-12-31


def once(
    factory: pytest.TempPathFactory, name: str, live: Callable[[Path], Any]
) -> tuple[Path, Any]:
    """Return the home `name` and what `live` answered (plain values) when it lived it.

    All workers share it and whoever comes meanwhile waits, so nobody may write into it.
    """
    shared = shared_by_workers(factory)
    home, answer = shared / name, shared / f"{name}.json"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not answer.exists():
            shutil.rmtree(home, ignore_errors=True)
            said = live(home)
            answer.write_text(json.dumps(said), encoding="utf-8")
    return home, json.loads(answer.read_text(encoding="utf-8"))


def shared_by_workers(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the whole run, which all workers see."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def demonstrate(home: Path) -> tuple[int, str, str]:
    """Have the command live the real plan in `home` until UNTIL; return its end and its words."""
    command = ["-m", "desk.cli", "demo", "--on", f"{UNTIL}", "--no-serve", "--json"]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "DUBAN_HOME": str(home)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.returncode, done.stdout, done.stderr
