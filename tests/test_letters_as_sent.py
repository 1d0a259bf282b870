"""Every letter of the demonstration is true on the day it leaves, and the judge can tell."""

from __future__ import annotations

import shutil

import pytest

from tests.databases import OnSqlite
from tests.letters_as_sent import State, judged

SIGNED, FILED = State("port", "bureau", is_signed=True), State("port", "bureau", is_filed=True)
OVER, RETURNED = State("port", "bureau", is_over=True), State("port", "bureau", is_returned=True)


def test_every_letter_of_the_demonstration_is_true_on_its_day(demonstration):
    with OnSqlite().open(demonstration) as ledger:
        report = judged(ledger)
    assert report.faults == []
    assert report.figures["letters"] > 500
    assert report.figures["items"] > 1500


def test_the_judge_finds_a_letter_sent_on_a_rest_day_and_a_second_one(demonstration, tmp_path):
    home = shutil.copytree(demonstration, tmp_path / "home")
    days = sorted(day for day in (home / "outbox").iterdir() if day.is_dir())
    for file in days[2].iterdir():
        file.rename(days[1] / file.name)
    days[3].rename(days[3].with_name("2013-08-10"))
    with OnSqlite().open(home) as ledger:
        faults = judged(ledger).faults
    assert any(fault.startswith(f"{days[1].name}: two letters to") for fault in faults)
    assert any("2013-08-10 to" in fault and "rest day" in fault for fault in faults)


@pytest.mark.parametrize(
    ("kind", "state", "agency", "fault"),
    [
        ("sign", SIGNED, "port", "is signed for"),
        ("sign", SIGNED, "bureau", "is for another to do"),
        ("late", FILED, "port", "is filed"),
        ("late", OVER, "port", "is over"),
        ("late", RETURNED, "port", ""),
        ("mend", RETURNED, "port", ""),
        ("mend", SIGNED, "port", "was not returned"),
        ("accept", FILED, "bureau", ""),
        ("accept", FILED, "port", "is for the lead"),
        ("accept", SIGNED, "bureau", "has no filing"),
        ("follow-up", FILED, "bureau", "is filed"),
        ("decide", SIGNED, "port", "is for the office to decide"),
        ("decide", SIGNED, "office", ""),
        ("support", OVER, "museum", "is over"),
        ("know", OVER, "museum", ""),
    ],
)
def test_the_judge_finds_what_is_untrue_or_for_another(kind, state, agency, fault):
    assert state.fault(kind, agency, "office") == fault
