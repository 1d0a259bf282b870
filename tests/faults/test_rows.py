"""The table of faults names existing tests only, and every test of this folder."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROWS = tomllib.loads((HERE / "rows.toml").read_text(encoding="utf-8"))["row"]
NAMED = sorted({test for row in ROWS for test in row["tests"]})


@pytest.mark.parametrize("test", NAMED)
def test_what_is_named_is_there(test):
    file, _, name = test.partition("::")
    text = (HERE.parents[1] / file).read_text(encoding="utf-8")
    assert re.search(rf"^def {name or 'test_'}", text, re.MULTILINE)


def test_every_file_of_this_folder_belongs_to_a_fault():
    files = {f"tests/faults/{path.name}" for path in HERE.glob("test_*.py")}
    assert len(files) > 5
    assert files - {test.partition("::")[0] for test in NAMED} == {"tests/faults/test_rows.py"}
