"""`duban backup` and `duban restore`: yesterday's copy brought back today says what it lacks."""

from __future__ import annotations

import stat

import pytest

from tests.databases import ON_SQLITE

pytestmark = ON_SQLITE  # tests/ledger/test_backup.py restores on both


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """A home that is empty; once called, commands run in it."""
    home = tmp_path / "fresh"

    def move():
        home.mkdir()
        monkeypatch.setenv("DUBAN_HOME", str(home))
        return home

    return move


@pytest.mark.usefixtures("demo_home")
def test_a_backup_comes_back_in_an_empty_home(duban, tmp_path, fresh):
    there = tmp_path / "backup.zip"
    made = duban("backup", str(there), "--json").json
    assert stat.S_IMODE(there.stat().st_mode) == 0o600

    fresh()
    back = duban("restore", str(there), "--json")
    assert (back.code, back.json) == (0, made)
    assert duban("verify").code == 0


def test_yesterdays_backup_restored_today_is_noticed(duban, demo_home, tmp_path, fresh):
    there = tmp_path / "backup.zip"
    assert duban("backup", str(there)).code == 0
    assert duban("clock", "--days", "7").code == 0
    anchors = (demo_home / "anchors.jsonl").read_bytes()

    (fresh() / "anchors.jsonl").write_bytes(anchors)
    asked = duban("restore", str(there), "--dry-run")
    assert (asked.code, "an old backup" in asked.err) == (6, True)
    back = duban("restore", str(there))
    assert (back.code, "an old backup" in back.err) == (6, True)
    assert duban("verify").code == 6
    assert "does not hold" in duban("doctor").out
    assert duban("sweep").code == 5
    assert duban("anchors", "accept", "--reason", "磁盤損壞，只有此備份").code == 0
    assert duban("verify").code == 0
    assert duban("clock", "--days", "1").code == 0


@pytest.mark.usefixtures("demo_home")
def test_a_file_that_is_there_is_not_written_over(duban, tmp_path):
    there = tmp_path / "backup.zip"
    there.write_text("mine", encoding="utf-8")
    said = duban("backup", str(there))
    assert (said.code, said.err.count("\n")) == (5, 1)
    assert there.read_text("utf-8") == "mine"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", "旧".encode() * 50])
def test_what_is_no_backup_is_one_line(duban, tmp_path, content):
    there = tmp_path / "b.zip"
    there.write_bytes(content)
    said = duban("restore", str(there))
    assert (said.code, said.err.count("\n"), "b.zip" in said.err) == (4, 1, True)
