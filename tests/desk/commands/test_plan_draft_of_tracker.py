"""`duban plan draft` and `plan check --source` take a spreadsheet as well as a document."""

from __future__ import annotations

import json

import pytest

from tests.trackers import TRACKERS


@pytest.mark.parametrize(
    "name", ["supervision.xlsx", "task-table.xls", "projects.ods", "meeting.csv"]
)
def test_the_command_drafts_a_tracker(duban, tmp_path, name):
    file = tmp_path / name
    file.write_bytes(TRACKERS[name]())
    result = duban("plan", "draft", str(file), "--json")
    document = json.loads(result.out)
    assert result.code == 6
    assert document["measures"]
    assert document["questions"]
    assert document["read"]


def test_a_broken_spreadsheet_is_refused_in_one_line(duban, tmp_path):
    file = tmp_path / "a.xlsx"
    file.write_bytes(TRACKERS["supervision.xlsx"]()[:2000])
    result = duban("plan", "draft", str(file))
    assert (result.code, result.err.count("\n")) == (4, 1)


def test_a_source_may_be_a_spreadsheet(duban, tmp_path):
    file = tmp_path / "supervision.xlsx"
    file.write_bytes(TRACKERS["supervision.xlsx"]())
    result = duban("plan", "check", "guangdong-2013", "--source", str(file))
    assert result.code == 4
    assert "is in the plan but not in the text" in result.out
