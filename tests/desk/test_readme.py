"""What the README says is so: its demonstration, its settings, its commands."""

from __future__ import annotations

import re
from pathlib import Path

from desk.cli import COMMANDS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_demonstration_prints_what_the_readme_shows(duban, demo_home):
    shown = re.search(r"```\n(DEMONSTRATION.*?)  lies in", README, re.DOTALL)
    assert duban("demo", "--no-serve").out.partition("  lies in")[0] == shown[1]
    assert demo_home.is_dir()


def test_every_setting_has_its_row_and_no_other_has():
    source = (ROOT / "ledger" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'_read\(\s*environ, "([A-Z_]+)"', source))
    table = "".join(re.findall(r"^\| `DUBAN_[^|]*", README, re.MULTILINE))
    rows = set(re.findall(r"`DUBAN_([A-Z_]+)`", table))
    assert len(read) > 8
    assert rows == read


def test_every_command_of_the_readme_exists():
    named = set(re.findall(r"\bduban ([a-z][a-z-]+)", README))
    assert len(named) > 10
    assert named <= set(COMMANDS)


def test_every_command_stands_in_the_readme():
    assert set(COMMANDS) <= set(re.findall(r"[`/ ]([a-z][a-z-]+)\b", README))
