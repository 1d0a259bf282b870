"""The floors are real: every import contract refuses a violation planted for it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {c["id"]: c["name"] for c in PROJECT["tool"]["importlinter"]["contracts"]}
FLOORS = PROJECT["tool"]["importlinter"]["root_packages"]

ANNOTATIONS = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:"

# contract, module that is planted, the import that must be refused
VIOLATIONS = [
    ("floors", "catalog/planted.py", "import ledger"),
    ("floors", "catalog/planted.py", "import tasks"),
    ("floors", "ledger/planted.py", "import tasks"),
    ("floors", "ledger/planted.py", "import flows"),
    ("floors", "tasks/planted.py", "import flows"),
    ("floors", "flows/planted.py", "import desk"),
    # between rooms, and between files of a room, also where the import is for annotations only
    ("no-circles", "catalog/dates/planted.py", "import catalog.plans.load"),
    ("no-circles", "ledger/proof/planted.py", "import ledger.session"),
    ("no-circles", "tasks/post/planted.py", "from tasks.deeds import frame"),
    ("no-circles", "flows/run/planted.py", f"{ANNOTATIONS}\n    import flows.sweep"),
    ("no-circles", "desk/access/planted.py", f"{ANNOTATIONS}\n    import desk.web.visit"),
    ("no-circles", "catalog/plans/rules.py", "import catalog.plans.model"),
    ("pure-catalog", "catalog/planted.py", "import sqlmodel"),
    ("pure-catalog", "catalog/planted.py", "import socket"),
    ("pure-catalog", "catalog/planted.py", "import prefect"),
    ("prefect-in-flows", "ledger/planted.py", "import prefect"),
    ("prefect-in-flows", "tasks/planted.py", "import prefect"),
    ("prefect-in-flows", "desk/planted.py", "import prefect"),
    ("sql-in-ledger", "desk/planted.py", "import sqlalchemy"),
    ("sql-in-ledger", "flows/planted.py", "from sqlmodel import select"),
    ("sql-in-ledger", "tasks/planted.py", "import sqlite3"),
    ("sql-in-ledger", "tasks/planted.py", "from ledger.tables import TABLES"),
    ("desk-meets-flows-in-the-ledger", "desk/planted.py", "import flows"),
    ("pendulum-in-the-clock", "desk/planted.py", "import pendulum"),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    copy = tmp_path_factory.mktemp("house")
    for floor in FLOORS:
        shutil.copytree(ROOT / floor, copy / floor, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def lint_imports(house: Path) -> subprocess.CompletedProcess[str]:
    command = "from importlinter.cli import lint_imports_command as c; c(['--no-cache'])"
    return subprocess.run(
        [sys.executable, "-c", command], cwd=house, capture_output=True, text=True, check=False
    )


def test_the_house_as_it_stands_keeps_every_contract(house):
    verdict = lint_imports(house)
    assert verdict.returncode == 0, verdict.stdout
    assert verdict.stdout.count("KEPT") == len(CONTRACTS)


@pytest.mark.parametrize(("contract", "module", "statement"), VIOLATIONS)
def test_a_planted_violation_is_refused(house, contract, module, statement):
    planted = house / module
    before = planted.read_text(encoding="utf-8") if planted.exists() else ""
    planted.write_text(f"{before}\n{statement}\n", encoding="utf-8")
    try:
        verdict = lint_imports(house)
    finally:
        planted.write_text(before, encoding="utf-8") if before else planted.unlink()
    assert verdict.returncode == 1
    assert f"{CONTRACTS[contract]} BROKEN" in verdict.stdout


def test_every_contract_has_a_planted_violation():
    assert {contract for contract, _, _ in VIOLATIONS} == set(CONTRACTS)


def test_no_floor_above_the_ledger_names_a_column_of_a_table():
    modules = [
        path for floor in ("desk", "flows", "tasks") for path in (ROOT / floor).rglob("*.py")
    ]
    named = [path for path in modules if re.search(r"\w\.c[.\[]", path.read_text(encoding="utf-8"))]

    assert len(modules) > 200
    assert named == []


def test_the_clock_is_refused_below_the_flows(house):
    planted = house / "tasks" / "planted.py"
    planted.write_text("import datetime\n\nTODAY = datetime.date.today()\n", encoding="utf-8")
    verdict = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "TID251", "tasks"],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )
    planted.unlink()
    assert verdict.returncode == 1
    assert "TID251" in verdict.stdout
