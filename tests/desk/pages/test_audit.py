"""The reviewer's pages: the verdict, the record, draws that can be repeated, and findings."""

from __future__ import annotations

import json
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import history
from ledger.duties import DUTIES
from ledger.tables import TABLES
from tasks.sampling import draw


def test_the_reviewer_verifies_the_whole_record(signed_in):
    shown = signed_in("he").post_form("/audit/verify", shown_on="/audit")
    assert shown.status_code == 200
    assert "記錄完整" in shown.text


def test_a_changed_entry_is_named(signed_in, desk_ledger):
    database = sqlite3.connect(desk_ledger.engine.url.database)
    named = database.execute("select name from sqlite_master where type = 'trigger'").fetchall()
    for (trigger,) in named:
        database.execute(f'DROP TRIGGER "{trigger}"')
    database.execute("update entries set actor = 'nobody' where seq = 7")
    database.commit()
    database.close()
    shown = signed_in("he").post_form("/audit/verify", shown_on="/audit").text
    assert "記錄有誤" in shown
    assert "第7條" in shown


@pytest.mark.parametrize("user", ["li", "lin"])
def test_the_record_is_for_reviewers_and_the_office(signed_in, user):
    b = signed_in(user)
    for path in ("/audit", "/audit/samples", "/audit/history.json"):
        assert b.get(path).status_code == 403


def test_the_record_is_chosen_by_deed_and_counted(signed_in, desk_ledger):
    shown = signed_in("he").get("/audit?deed=opened").text
    with desk_ledger.read() as conn:
        count = sum(entry.deed == "opened" for entry in history.entries(conn))
    assert f"{count}條" in shown
    assert shown.count("<tr><td") == min(count, 50)


def test_the_export_is_the_record(signed_in, desk_ledger):
    given_out = json.loads(signed_in("he").get("/audit/history.json").text)
    with desk_ledger.read() as conn:
        assert given_out == [entry._asdict() for entry in history.entries(conn)]


def test_a_draw_keeps_its_seed_and_a_finding_is_an_entry(signed_in, desk_ledger):
    with desk_ledger.transaction() as tx:
        wanted = DUTIES.select().where(DUTIES.c.closed_on.is_not(None))
        closed = tx.conn.execute(wanted).all()
        proof = tx.conn.execute(TABLES["evidence"].select()).first()
    b = signed_in("he")
    sent = {"size": str(min(len(closed), 3) or 3), "seed": "2014", "shown_on": "/audit/samples"}
    assert b.post_form("/audit/samples", **sent).status_code == 200
    with desk_ledger.read() as conn:
        last = list(history.entries(conn))[-1]
    assert (last.deed, last.payload["seed"]) == ("sampled", "2014")
    assert last.payload["drawn"] == draw([d.key for d in closed], 3, "2014")
    if proof is not None:
        said = {"evidence": proof.id, "finding": "doubtful", "shown_on": "/audit/samples"}
        assert b.post_form("/audit/findings", **said).status_code == 200
        with desk_ledger.read() as conn:
            assert list(history.entries(conn, subject=proof.duty))[-1].deed == "found"


def test_the_office_draws_no_samples(signed_in):
    b = signed_in("chen")
    refused = b.post_form("/audit/samples", shown_on="/audit/samples", size="3")
    assert refused.status_code == 403


@given(st.sets(st.text(max_size=8)), st.integers(1, 20), st.text(max_size=8))
def test_the_same_seed_draws_the_same(keys, size, seed):
    drawn = draw(keys, size, seed)
    assert drawn == draw(sorted(keys, reverse=True), size, seed)
    assert len(drawn) == min(size, len(keys))
    assert set(drawn) <= keys
