"""The table of faults names existing tests only, and every test of this folder."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from ledger.store.failpoint import failpoint
from tests.faults import (
    points,
    test_killed_backups,
    test_killed_readers,
    test_killed_senders,
    trial,
)
from tests.faults.surviving import dies
from tests.ledger import test_upgrade

HERE = Path(__file__).parent
ROWS = tomllib.loads((HERE / "rows.toml").read_text(encoding="utf-8"))["row"]
NAMED = sorted({test for row in ROWS for test in row["tests"]})


@pytest.mark.parametrize("test", NAMED)
def test_what_is_named_is_there(test):
    file, _, name = test.partition("::")
    text = (HERE.parents[1] / file).read_text(encoding="utf-8")
    assert re.search(rf"^def {name or 'test_'}", text, re.MULTILINE)


def test_every_failpoint_of_the_code_is_one_at_which_processes_are_killed():
    assert len(points.named()) > 5
    ours = {*trial.POINTS, *test_killed_senders.POINTS, *test_killed_readers.POINTS}
    ours |= {*test_upgrade.POINTS, *test_killed_backups.POINTS}
    assert set(points.named()) <= ours


def test_the_points_of_a_run_are_counted_and_one_never_hit_has_a_0(tmp_path, monkeypatch):
    monkeypatch.setenv(points.FILE, str(tmp_path / "hits"))
    assert dies(lambda: failpoint("claimed"), at="claimed:1")
    assert not dies(lambda: failpoint("claimed"), at="settled:1")
    hits = points.hits(tmp_path / "hits")
    assert (hits.pop("claimed"), set(hits.values())) == (1, {0})
    assert {*hits, "claimed"} == {*points.named()}


def test_every_file_of_this_folder_belongs_to_a_fault():
    files = {f"tests/faults/{path.name}" for path in HERE.glob("test_*.py")}
    assert len(files) > 5
    assert files - {test.partition("::")[0] for test in NAMED} == {"tests/faults/test_rows.py"}
