"""A damaged database is one line that says so and names the remedy, never a defect."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest

from tests.databases import ON_SQLITE, tamper

pytestmark = ON_SQLITE
PAGE = 4096
COMMANDS = [
    ("duties", "--json"),
    ("sweep",),
    ("deliver",),
    ("history",),
    ("verify",),
    ("doctor",),
    ("backup", "backup.zip"),
    ("plan", "publish", "guangdong-2013", "--start-on", "2013-08-05"),
    ("user", "list"),
    ("clock",),
]
READERS = [("history",), ("backup", "b.zip"), ("pack", "guangdong-2013", "p.zip")]
PATHS = ["/", "/ledger", "/audit", "/account", "/api/duties", "/health"]


def overwrite(file, *, share=1.0):
    """Overwrite pages, but not the first, with other bytes."""
    pages = list(range(1, file.stat().st_size // PAGE))
    chance = random.Random(1)  # the same pages in each run
    with file.open("r+b") as content:
        for page in chance.sample(pages, max(1, int(len(pages) * share))):
            content.seek(page * PAGE)
            content.write(chance.randbytes(PAGE))


def cut(file):
    with file.open("r+b") as content:
        content.truncate(3 * PAGE + 100)


def garble(file):
    """Damage the head of the file, where SQLite keeps what the file is."""
    with file.open("r+b") as content:
        content.write(b"not a database at all, but a text")


def set_format(file):
    with file.open("r+b") as content:
        content.seek(44)  # the format of the schema, at most 4
        content.write(b"\0\0\0\x7f")


@pytest.mark.parametrize("damage", [overwrite, cut, garble, set_format])
def test_every_command_says_damaged_in_one_line(damage, demo_home, duban, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    damage(demo_home / "duban.db")
    for command in COMMANDS:
        said = duban(*command)
        if command == ("doctor",) and said.code == 6:
            assert "damaged" in said.out
            continue
        assert (said.code, said.out, said.err.count("\n")) == (5, "", 1), command
        assert "damaged" in said.err
        assert "restore it from a backup" in said.err


@pytest.mark.parametrize("value", ["'0000-00-00'", "5"])
def test_a_value_that_cannot_be_read_is_damage_and_no_defect(demo_home, duban, database, value):
    with database.connect(demo_home) as conn:
        conn.exec_driver_sql(f"UPDATE editions SET issued_on = {value}")  # noqa: S608  our own
    said = duban("sweep")
    assert (said.code, "damaged: a stored value cannot be read" in said.err) == (5, True)


@pytest.mark.parametrize("value", ["'never'", "x'00ff'"])
def test_an_end_that_is_no_day_is_named_by_a_verification(demo_home, duban, database, value):
    with database.connect(demo_home) as conn:
        conn.exec_driver_sql(f"UPDATE editions SET ends_on = {value}")  # noqa: S608  our own
    said = duban("verify")
    assert (said.code, "differs: editions" in said.out) == (6, True)


def test_an_agency_stored_as_bytes_is_damage_and_no_defect(demo_home, duban):
    with closing(sqlite3.connect(demo_home / "duban.db")) as conn, conn:  # checks no references
        conn.execute("UPDATE duties SET lead = x'00ff' WHERE lead = 'wjmt'")
    said = duban("duties")
    assert (said.code, "damaged: a stored value" in said.err) == (5, True)


@pytest.fixture
def _elsewhere(tmp_path, monkeypatch):
    """Files that commands write lie in a folder of the test."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_elsewhere")
@pytest.mark.parametrize("column", ["payload", "at"])
def test_an_entry_stored_as_bytes_is_damage_and_no_defect(column, demo_home, duban, database):
    with database.connect(demo_home) as conn:
        tamper(conn)
        as_bytes = f"UPDATE entries SET {column} = CAST({column} AS BLOB) WHERE seq = 7"  # noqa: S608  our own
        conn.exec_driver_sql(as_bytes)
    for command in READERS:
        said = duban(*command)
        assert (said.code, "damaged: a stored value" in said.err) == (5, True), command
    assert "entry 7" in duban("verify").out


@pytest.mark.parametrize("path", PATHS)
def test_pages_say_damaged_and_whom_to_ask(path, desk_ledger, signed_in):
    chen = signed_in("chen")
    desk_ledger.close()
    overwrite(desk_ledger.settings.home / "duban.db")
    answer = chen.get(path)
    if path == "/api/duties":
        assert answer.status_code in {401, 503}
        return
    assert (answer.status_code, "已損毀" in answer.text) == (503, True)
