"""`duban verify` finds what was done to the history behind its back, and names it."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from tests import databases


@pytest.fixture
def tamper(demo_home, database):
    """Change the database as its owner could: with the triggers off."""

    def _tamper(*statements):
        with database.connect(demo_home) as conn:
            databases.tamper(conn, *statements)

    return _tamper


def faults(duban):
    said = duban("verify", "--json")
    assert (said.code, said.json["ok"], said.err) == (6, False, "")
    return said.json["faults"]


def test_the_database_itself_refuses_to_change_an_entry(demo_home, database):
    with pytest.raises(IntegrityError), database.connect(demo_home) as conn:
        conn.exec_driver_sql("UPDATE entries SET actor = 'nobody' WHERE seq = 300")


def test_an_edited_entry_is_named(tamper, duban):
    tamper("UPDATE entries SET actor = 'nobody' WHERE seq = 300")
    found = faults(duban)
    assert found[0]["seq"] == 300
    assert found[0]["what"].startswith("altered")


def test_a_deleted_entry_is_missed_where_it_stood(tamper, duban):
    tamper("DELETE FROM entries WHERE seq = 300")
    found = faults(duban)
    assert found[0]["seq"] == 301
    assert found[0]["what"].startswith("missing")


def test_two_swapped_entries_are_found(tamper, duban):
    tamper(
        "UPDATE entries SET seq = 9000000 WHERE seq = 300",
        "UPDATE entries SET seq = 300 WHERE seq = 301",
        "UPDATE entries SET seq = 301 WHERE seq = 9000000",
    )
    assert {300, 301} <= {fault["seq"] for fault in faults(duban)}


def test_a_cut_tail_is_missed_by_the_anchor(tamper, duban):
    tamper("DELETE FROM entries WHERE seq > 1200")
    cut = [fault for fault in faults(duban) if fault["what"].startswith("cut")]
    assert "2014-01-" in cut[-1]["what"]


def test_a_row_changed_without_an_entry_is_found(tamper, duban):
    tamper("UPDATE duties SET due_on = '2014-12-31' WHERE key LIKE '%%/40.meeting/-/2013'")
    (found,) = faults(duban)
    assert found == {
        "seq": None,
        "what": "differs: duties guangdong-2013/40.meeting/-/2013 in due_on",
    }


def test_people_read_which_entry_and_what(tamper, duban):
    tamper("UPDATE entries SET actor = 'nobody' WHERE seq = 300")
    said = duban("verify")
    assert said.code == 6
    assert said.out.startswith("entry 300: altered")


def test_a_line_that_is_no_anchor_is_named(demo_home, duban):
    with (demo_home / "anchors.jsonl").open("a", encoding="utf-8") as file:
        file.write("nonsense\n")
    lines = len((demo_home / "anchors.jsonl").read_text(encoding="utf-8").splitlines())
    assert faults(duban) == [
        {"seq": None, "what": f"unreadable: anchors.jsonl:{lines} is no anchor"}
    ]
