"""A scratch copy of the house: add what a table of docs/ speaks of, and see it work there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FLOORS = PROJECT["tool"]["importlinter"]["root_packages"]


class House(NamedTuple):
    """A copy of the five floors to change, and the home its commands work in."""

    root: Path
    home: Path

    def write(self, path: str, text: str) -> Path:
        """Write a file of the copy, with the folders it lies in."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace `old`, which stands once in a file of the copy, by `new`."""
        text = (self.root / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path} has {old!r} {text.count(old)} times"
        self.write(path, text.replace(old, new))

    def append(self, path: str, text: str) -> None:
        """Add lines at the end of a file of the copy."""
        self.write(path, (self.root / path).read_text(encoding="utf-8") + text)

    def python(self, code: str, **environ: str) -> str:
        """Run a script on the copy and return what it prints."""
        return self._run("-c", code, **environ)

    def duban(self, *argv: str, **environ: str) -> str:
        """Run a command of the copy in its home and return what it prints."""
        return self._run("-m", "desk.cli", *argv, **environ)

    def _run(self, *argv: str, **environ: str) -> str:
        process = subprocess.run(
            [sys.executable, *argv],
            cwd=self.root,
            env={**_outside(), "DUBAN_HOME": str(self.home), **environ},
            capture_output=True,
            encoding="utf-8",
            timeout=120,  # machines are shared and noisy
            check=False,
        )
        assert process.returncode == 0, process.stderr
        return process.stdout


def _outside() -> dict[str, str]:
    """Return the environment without duban's own settings; errors show their traceback."""
    names = [name for name in os.environ if not name.startswith("DUBAN_")]
    guard = os.environ["DUBAN_TESTS_FOREIGN"]
    plain = {name: os.environ[name] for name in names}
    return {**plain, "DUBAN_TESTS_FOREIGN": guard, "DUBAN_TRACEBACK": "1"}


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A fresh copy of the floors; compiled modules come along, so that it starts quickly."""
    root = tmp_path / "house"
    for floor in FLOORS:
        shutil.copytree(ROOT / floor, root / floor)
    shutil.copy(ROOT / "pyproject.toml", root)
    return House(root, tmp_path / "home")
