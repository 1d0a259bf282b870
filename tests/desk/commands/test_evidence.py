"""Files come to a command checked, and are given out only as they came."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from catalog.errors import InvalidError, NotFoundError, UsageRefusedError
from desk.duties.evidence_option import evidence_files
from tasks.demo.evidence import pdf


@pytest.fixture
def proved(demo_home, database):
    """A duty of the demonstration that was filed with evidence."""
    with database.connect(demo_home) as conn:
        return conn.exec_driver_sql("SELECT min(duty) FROM evidence").scalar_one()


@pytest.fixture
def minutes(tmp_path):
    path = tmp_path / "紀要.pdf"
    path.write_bytes(pdf(["紀要"]))
    return path


def test_files_are_received_under_their_labels(ledger, minutes):
    asked = [f"minutes={minutes}", f"attendance={minutes}"]

    with evidence_files(ledger, asked) as files:
        assert [(f.kind, f.name, f.size) for f in files] == [
            ("minutes", "紀要.pdf", minutes.stat().st_size),
            ("attendance", "紀要.pdf", minutes.stat().st_size),
        ]


@pytest.mark.parametrize("typed", ["紀要.pdf", "minutes", "minutes=", "secret=a.pdf", "=a.pdf"])
def test_what_has_no_label_is_refused_with_the_labels_there_are(ledger, typed):
    with (
        pytest.raises(UsageRefusedError, match="minutes, attendance"),
        evidence_files(ledger, [typed]),
    ):
        pass


def test_a_file_that_is_not_there_is_named(ledger, tmp_path):
    asked = [f"minutes={tmp_path / 'absent.pdf'}"]

    with pytest.raises(NotFoundError, match="absent"), evidence_files(ledger, asked):
        pass


def test_a_directory_is_no_evidence(ledger, tmp_path):
    with pytest.raises(NotFoundError), evidence_files(ledger, [f"minutes={tmp_path}"]):
        pass


def test_a_file_that_is_refused_leaves_the_others_nowhere(ledger, minutes, tmp_path):
    (tmp_path / "page.pdf").write_text("<html>")
    asked = [f"minutes={minutes}", f"document={tmp_path / 'page.pdf'}"]

    with pytest.raises(InvalidError, match=r"page\.pdf"), evidence_files(ledger, asked):
        pass

    assert not [path for path in ledger.evidence.root.rglob("*") if path.is_file()]


def test_the_evidence_of_a_duty_is_listed(duban, proved):
    listed = duban("evidence", proved, "--json").json

    assert {each["duty"] for each in listed} == {proved}
    assert {each["media_type"] for each in listed} == {"application/pdf"}


def test_it_is_copied_out_as_it_was_handed_in(duban, proved, tmp_path):
    listed = duban("evidence", proved, "--out", str(tmp_path / "out"), "--json").json

    for number, each in enumerate(listed, 1):
        path = Path(each["file"])
        assert path == tmp_path / "out" / f"{number:02}-{each['kind']}-{each['name']}"
        assert sha256(path.read_bytes()).hexdigest() == each["sha256"]


def test_no_file_is_written_over(duban, proved, tmp_path):
    duban("evidence", proved, "--out", str(tmp_path / "out"))

    again = duban("evidence", proved, "--out", str(tmp_path / "out"))

    assert (again.code, again.out) == (5, "")


@pytest.mark.usefixtures("demo_home")
def test_a_duty_nobody_knows_has_no_evidence(duban):
    assert duban("evidence", "guangdong-2013/99.x/-/once").code == 3


def test_changed_evidence_is_found_by_verify_and_not_given_out(duban, proved, demo_home, tmp_path):
    (first, *_) = duban("evidence", proved, "--json").json
    path = demo_home / "evidence" / first["sha256"][:2] / first["sha256"]
    path.write_bytes(path.read_bytes() + b"\n")

    verified = duban("verify", "--json")

    assert verified.code == 6
    assert any(
        f["what"].startswith("changed: ") and first["id"] in f["what"] and f["seq"]
        for f in verified.json["faults"]
    )
    assert duban("evidence", proved, "--out", str(tmp_path / "out")).code == 3


def test_a_file_no_entry_names_is_told_by_the_doctor(duban, demo_home):
    (demo_home / "evidence" / "note.txt").write_text("")

    found = {each["check"]: each for each in duban("doctor", "--json").json["findings"]}

    assert not found["evidence"]["ok"]
    assert found["evidence"]["detail"].startswith("1 files")
