from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.people import signin
from ledger.proof.chain import entries
from ledger.proof.fold import fold
from ledger.proof.ledger_verification import differences
from ledger.store.changes import Change
from ledger.tables import RECORDED, TABLES

MEETING = "guangdong-2013/40.meeting/-/2014"
ADVISORY = "guangdong-2013/35.advisory/guangzhou/once"
AT = datetime(2014, 3, 14, tzinfo=UTC)

DAYS = st.none() | st.dates(date(2013, 8, 5), date(2015, 12, 31))
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "opened_on": DAYS,
        "filed_on": DAYS,
        "delivered": st.integers(0, 9),
        "title": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        "participants": st.lists(st.sampled_from(["wjmt", "廣州"])).map(tuple),
        "provisional": st.booleans(),
    },
).filter(bool)


def test_every_table_but_the_history_and_the_secrets_is_folded():
    secrets = {"answers", "credentials", "sessions", "tokens", "tries", "trips"}
    secrets |= {"anchors", "homes"}  # lists of what lies outside
    own = {"drafts", "views", "plan_drafts", "plan_steps"}  # what a person has not said yet
    own |= {"mappings", "tracker_uploads"}

    assert {*RECORDED, "entries"} == set(TABLES) - secrets - own


def test_a_password_is_no_fact(held, record):
    user = Change(
        "users",
        "chen",
        {"name": "陳文靜", "agency": "wjmt", "role": "officer", "since": date(2013, 8, 5)},
        "insert",
    )
    with held.transaction() as tx:
        record(tx, user)
        signin.put(tx, "credentials", "chen", {"password": "argon2id", "changed_at": AT})

    with held.read() as conn:
        assert list(differences(conn)) == []
        assert "argon2id" not in str([entry.payload for entry in entries(conn)])


def test_folding_gives_the_rows_as_json_has_them(held):
    with held.read() as conn:
        folded = fold(conn)

    wjmt = {"name": "省外經貿廳", "kind": "department", "host": None, "aliases": []}
    assert folded["agencies"]["wjmt"] == wjmt
    assert folded["duties"][MEETING]["due_on"] == "2014-12-31"
    assert folded["duties"][MEETING]["participants"] == ["guangzhou"]
    assert folded["editions"]["guangdong-2013", 1]["published_at"] == "2013-08-05T00:30:00Z"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.tuples(st.sampled_from([MEETING, ADVISORY]), FACTS), max_size=8))
def test_whatever_is_recorded_folds_to_the_tables(held, steps):
    with held.transaction() as tx:
        for key, values in steps:
            tx.record("tested", key, changes=[Change("duties", key, values)], at=AT, actor="x")

    with held.read() as conn:
        assert list(differences(conn)) == []


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (
            f"UPDATE duties SET closed_on = '2014-01-01' WHERE key = '{MEETING}'",  # noqa: S608  names and values of our own
            f"differs: duties {MEETING} in closed_on",
        ),
        (f"DELETE FROM duties WHERE key = '{MEETING}'", f"lost: duties {MEETING}"),  # noqa: S608  names and values of our own
        (
            f"UPDATE duties SET participants = 'no list' WHERE key = '{MEETING}'",  # noqa: S608  names and values of our own
            f"differs: duties {MEETING} in participants",
        ),
        (
            "INSERT INTO agencies (id, name, kind) VALUES ('zhuhai', '珠海市人民政府', 'city')",
            "unrecorded: agencies zhuhai",
        ),
    ],
)
def test_a_row_changed_behind_the_history_is_named(held, statement, what):
    with held.engine.begin() as conn:
        conn.exec_driver_sql(statement)

    with held.read() as conn:
        assert [fault.what for fault in differences(conn)] == [what]


@pytest.mark.parametrize("at_once", [1, 2, 3, 7])
def test_a_ledger_that_is_folded_part_by_part_is_folded_whole(held, monkeypatch, at_once):
    monkeypatch.setattr("ledger.proof.fold.AT_ONCE", at_once)
    with held.transaction() as tx:
        for number in range(20):
            row = {"name": f"市{number}", "kind": "city"}
            tx.record(
                "tested",
                "x",
                changes=[Change("agencies", f"c{number:02}", row, "insert")],
                at=AT,
                actor="x",
            )
            renamed = [Change("agencies", f"c{number:02}", {"name": f"縣{number}"})]
            tx.record("tested", "x", changes=renamed, at=AT, actor="x")
    with held.engine.begin() as conn:
        conn.exec_driver_sql("DELETE FROM agencies WHERE id = 'c03'")
        conn.exec_driver_sql("UPDATE agencies SET name = '市11' WHERE id = 'c11'")

    with held.read() as conn:
        assert [fault.what for fault in differences(conn)] == [
            "differs: agencies c11 in name",
            "lost: agencies c03",
        ]


def test_a_claim_is_no_fact(held, record, make):
    with held.transaction() as tx:
        record(tx, make["letter"]("l1"))
        tx.lease([Change("letters", "l1", {"claimed_until": AT})])

    with held.read() as conn:
        assert list(differences(conn)) == []
