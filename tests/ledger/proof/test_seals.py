from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from desk.access import signin, tokens
from ledger.people.signin import put, session
from ledger.proof import chain, seals, session_seals
from ledger.proof.ledger_verification import verify_ledger
from ledger.store.changes import Change
from ledger.tables import TABLES
from tasks.people import codes, passwords

AT = dt.datetime(2013, 8, 6, tzinfo=dt.UTC)
PASSWORD = "correct horse battery"


@pytest.fixture
def staffed(held):
    """The ledger with one officer, who has a password and a token."""
    user = {"name": "陳文靜", "agency": "wjmt", "role": "officer", "since": dt.date(2013, 8, 5)}
    with held.transaction() as tx:
        tx.record(
            "admitted", "chen", changes=[Change("users", "chen", user, "insert")], at=AT, actor="x"
        )
    passwords.set_password(held, ["chen"], PASSWORD, at=AT, actor="chen")
    with held.transaction() as tx:
        tokens.issue(tx, "chen", "api", on=AT.date())
        tx.record("token-issued", "chen", at=AT, actor="chen")
    return held


def whats(ledger) -> list[str]:
    with ledger.read() as conn:
        return [fault.what.split(":")[0] for fault in verify_ledger(conn).faults]


def test_what_people_did_is_sealed_and_tells_nothing(staffed):
    assert whats(staffed) == []
    with staffed.read() as conn:
        sealed = [e for e in chain.entries(conn) if seals.FIELD in e.payload]
        text = str(sealed)
        (row,) = conn.execute(sa.select(TABLES["credentials"]))
    assert [(e.deed, e.subject) for e in sealed] == [
        ("password-changed", "chen"),
        ("token-issued", "chen"),
    ]
    assert row.password not in text
    assert PASSWORD not in text


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE credentials SET password = 'x'", "differs"),
        ("DELETE FROM credentials", "lost"),
        ("UPDATE tokens SET kind = 'feed'", "differs"),
        ("UPDATE tokens SET ended_on = '2013-08-07'", "differs"),
        ("DELETE FROM tokens", "lost"),
    ],
)
def test_a_row_changed_or_removed_by_sql_is_found(staffed, statement, what):
    with staffed.engine.begin() as conn:
        conn.exec_driver_sql(statement)
    assert whats(staffed) == [what]


def test_an_old_password_put_back_is_found(staffed):
    with staffed.read() as conn:
        (old,) = conn.execute(sa.select(TABLES["credentials"]))
    passwords.set_password(staffed, ["chen"], "another horse battery", at=AT, actor="chen")
    assert whats(staffed) == []
    with staffed.engine.begin() as conn:
        conn.execute(sa.update(TABLES["credentials"]).values(old._asdict()))
    assert whats(staffed) == ["differs"]


def test_rows_of_before_are_adopted_once(staffed):
    with staffed.engine.begin() as conn:
        conn.exec_driver_sql("UPDATE credentials SET changed_at = '2013-08-06T09:00:00Z'")
    assert whats(staffed) == ["differs"]
    with staffed.engine.connect() as conn:
        conn.execution_options(duban_writes=True)
        with conn.begin():
            seals.adopt(conn)
    assert whats(staffed) == []


def test_a_session_made_or_changed_by_sql_signs_nobody_in(staffed):
    with staffed.transaction() as tx:
        cookie = signin.begin(tx, "chen", at=AT, proved=False)
    hashed = signin.hashed(cookie)
    with staffed.read() as conn:
        assert session(conn, hashed) is not None
        assert list(session_seals.faults(conn, AT)) == []

    with staffed.transaction() as tx:
        put(tx, "sessions", hashed, {"proved": True})

    with staffed.read() as conn:
        assert session(conn, hashed) is None
        assert [fault.what.split(":")[0] for fault in session_seals.faults(conn, AT)] == ["forged"]


def test_the_key_of_sessions_is_private_and_deleting_it_ends_them(staffed):
    with staffed.transaction() as tx:
        hashed = signin.hashed(signin.begin(tx, "chen", at=AT, proved=True))
    path = session_seals.key_file(staffed.settings.home)
    assert path.stat().st_mode & 0o077 == 0

    path.unlink()

    with staffed.read() as conn:
        assert session(conn, hashed) is None


def test_all_that_people_do_about_signing_in_is_sealed(staffed):
    day, when = AT.date(), {"at": AT, "actor": "lin"}
    deeds = [
        lambda: passwords.give_once(staffed, "chen", on=day, password="once and for all", **when),
        lambda: passwords.replace_once(staffed, "chen", PASSWORD, at=AT),
        lambda: codes.enrol(staffed, "chen", "SECRET", step=1, **when),
        lambda: codes.end(staffed, "chen", **when),
        lambda: tokens.issue_own(staffed, "chen", on=day, at=AT),
        lambda: tokens.issue_own(staffed, "chen", on=day, at=AT),
        lambda: tokens.end_of(staffed, "chen", "api", on=day, **when),
    ]
    for deed in deeds:
        deed()
        assert whats(staffed) == []
