from __future__ import annotations

from datetime import date

import pytest

from ledger.proof import pack_rows
from ledger.store.changes import Change

PLAN = "guangdong-2013"
MEETING = "guangdong-2013/40.meeting/-/2014"
ADVISORY = "guangdong-2013/35.advisory/guangzhou/once"


def notice(key: str, duty: str, recipient: str) -> Change:
    values = {
        "duty": duty,
        "due_version": 1,
        "rung": "issue",
        "recipient": f"{recipient}/officer",
        "channel": "mail",
        "on": date(2014, 1, 2),
        "form": "notice",
        "message": recipient,
    }
    return Change("notices", key, values, "insert")


@pytest.fixture
def told(held, record, make):
    with held.transaction() as tx:
        record(tx, make["message"]("wjmt"), make["message"]("guangzhou"))
        record(tx, make["message"]("elsewhere", plan="other"))
        record(tx, notice("n1", MEETING, "wjmt"), notice("n2", ADVISORY, "guangzhou"))
        record(tx, notice("n3", MEETING, "guangzhou"))
        for name in ("l1", "elsewhere"):
            record(tx, make["letter"](name))
        record(tx, make["carried"]("l1", "wjmt"), make["carried"]("elsewhere", "elsewhere"))
    return held


@pytest.mark.parametrize(
    ("duties", "readers", "letters"),
    [
        ([MEETING], None, {"wjmt", "l1", "guangzhou"}),
        ([ADVISORY], None, {"guangzhou"}),
        ([MEETING, ADVISORY], ["wjmt"], {"wjmt", "l1"}),
        ([], None, set()),
    ],
)
def test_letters_about_duties_are_those_its_readers_got(told, duties, readers, letters):
    with told.read() as conn:
        assert pack_rows.letters_about(conn, duties, plans=[PLAN], readers=readers) == letters


def test_letters_about_duties_of_other_plans_are_left_out(told):
    with told.read() as conn:
        assert pack_rows.letters_about(conn, [MEETING], plans=["other"], readers=None) == set()


@pytest.mark.parametrize(
    ("plans", "letters"), [(["other"], {"elsewhere"}), ([], set()), (["none"], set())]
)
def test_the_letters_of_plans(told, plans, letters):
    with told.read() as conn:
        assert pack_rows.letters_of(conn, plans) == letters


def test_a_letter_of_two_plans_is_foreign_to_neither(told, record, make):
    with told.transaction() as tx:
        record(tx, make["message"]("shared"), make["carried"]("elsewhere", "shared"))

    with told.read() as conn:
        assert pack_rows.letters_of(conn, ["other"]) == set()


def test_entries_come_as_they_are_stored_and_in_parts(held):
    with held.read() as conn:
        first = pack_rows.entries(conn, after=0, through=4, limit=3)
        rest = pack_rows.entries(conn, after=3, through=4, limit=3)

    assert [row.seq for row in [*first, *rest]] == [1, 2, 3, 4]
    assert all(isinstance(row.payload, str) for row in first)


def test_evidence_is_that_of_the_duties(held, record):
    with held.transaction() as tx:
        for key, duty in [("b", MEETING), ("a", MEETING), ("c", ADVISORY)]:
            values = {"duty": duty, "kind": "minutes", "name": "紀要.pdf", "size": 1}
            values |= {"media_type": "application/pdf", "sha256": key * 64}
            record(tx, Change("evidence", key, values, "insert"))

    with held.read() as conn:
        assert [file.id for file in pack_rows.evidence(conn, [MEETING])] == ["a", "b"]
