from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ledger.proof import chain, journal

PLAN = "guangdong-2013"
MEETING = "guangdong-2013/40.meeting/-/2014"
AT = datetime(2014, 1, 2, 0, 30, tzinfo=UTC)


@pytest.fixture
def told(held):
    """Five entries of the ledger made, then those of three deeds."""
    with held.transaction() as tx:
        for deed, subject in [
            ("escalated", MEETING),
            ("anchored", PLAN),
            ("escalated", MEETING),
            ("escalated", "guangdong-20139/1.x/-/2014"),
            ("sent", "a1"),
        ]:
            tx.record(deed, subject, at=AT, actor="duban")
    return held


def test_entries_about_duties_of_a_plan_come_in_either_order(told):
    where = journal.of_duties(PLAN, "escalated", after=5)
    with told.read() as conn:
        assert journal.count(conn, *where) == 2
        last = journal.chosen(conn, *where, limit=9)
        first = journal.chosen(conn, *where, limit=1, oldest_first=True)

    assert [entry.seq for entry in last] == [8, 6]
    assert [entry.seq for entry in first] == [6]


def test_only_entries_past_the_number_count(told):
    with told.read() as conn:
        assert journal.count(conn, *journal.of_duties(PLAN, "escalated", after=6)) == 1


@pytest.mark.parametrize(
    ("deed", "subject", "seq"),
    [
        ("escalated", None, 9),
        ("escalated", MEETING, 8),
        ("anchored", PLAN, 7),
        ("anchored", MEETING, None),
        ("verified", None, None),
    ],
)
def test_the_last_entry_of_a_deed_is_found(told, deed, subject, seq):
    with told.read() as conn:
        entry = journal.last(conn, deed, subject=subject)

    assert (entry and entry.seq) == seq


@pytest.mark.parametrize(
    ("after", "besides", "goes_on"),
    [(7, ["sent"], True), (9, ["sent"], False), (9, ["anchored"], True), (10, [], False)],
)
def test_quiet_deeds_alone_are_no_reason_to_go_on(told, after, besides, goes_on):
    with told.read() as conn:
        assert journal.goes_on(conn, after, besides=besides) is goes_on


def test_the_entries_about_several_subjects_come_oldest_first(told):
    with told.read() as conn:
        entries = chain.about(conn, [PLAN, "a1"])
        escalations = chain.about(conn, [MEETING, "a1"], deed="escalated", limit=1)

    assert [entry.seq for entry in entries] == [1, 7, 10]
    assert [entry.seq for entry in escalations] == [6]
