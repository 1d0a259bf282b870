"""Writers beside each other, and a database that goes away in the midst."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Event

import pytest

from catalog.errors import ConflictError
from ledger.duties import duties
from ledger.proof import chain
from ledger.proof.ledger_verification import verify_ledger
from ledger.store.changes import Change
from ledger.store.engine import hold
from tests.databases import ON_POSTGRESQL

AT = datetime(2014, 3, 14, tzinfo=UTC)
MEETING = "guangdong-2013/40.meeting/-/2014"
OPENED = Change("duties", MEETING, {"opened_on": date(2014, 1, 2)})
BEFORE_IT_ENDS, AT_ITS_END = True, False


def end_of(ledger, pid=None):
    """Have the server end the connection `pid`, or every one to this ledger."""
    mine = "pid <> pg_backend_pid() AND datname = current_database()"
    which = f"pid = {pid}" if pid else mine
    with ledger.engine.connect() as conn:
        ended = f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {which}"  # noqa: S608  names and values of our own
        conn.exec_driver_sql(ended).all()


@ON_POSTGRESQL
@pytest.mark.parametrize("asks_again", [BEFORE_IT_ENDS, AT_ITS_END])
def test_a_connection_lost_in_the_midst_leaves_nothing_and_the_deed_can_be_done_again(
    held, record, asks_again
):
    with held.read() as conn:
        before = chain.head(conn)

    with pytest.raises(ConflictError) as lost, held.transaction() as tx:  # noqa: PT012  the end of the transaction raises too
        record(tx, OPENED)
        end_of(held, tx.conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
        if asks_again:
            duties.one(tx.conn, MEETING)

    assert lost.value.key == "ledger-lost"
    with held.read() as conn:
        assert (chain.head(conn), duties.one(conn, MEETING).opened_on) == (before, None)
    with held.transaction() as tx:
        record(tx, OPENED)
    with held.read() as conn:
        assert verify_ledger(conn).ok


@ON_POSTGRESQL
def test_a_server_that_was_restarted_is_found_again(held, record):
    end_of(held)
    with held.transaction() as tx:
        record(tx, OPENED)
    end_of(held)
    with held.read() as conn:
        assert duties.one(conn, MEETING).opened_on == date(2014, 1, 2)


@ON_POSTGRESQL
def test_a_connection_begins_with_its_time_outs_and_isolation(held):
    asked = "lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"
    with held.transaction() as tx:
        kept = [tx.conn.exec_driver_sql(f"SHOW {name}").scalar_one() for name in asked]
        writes = tx.conn.exec_driver_sql("SHOW transaction_isolation").scalar_one()
    with held.read() as conn:
        reads = conn.exec_driver_sql("SHOW transaction_isolation").scalar_one()

    assert kept == ["30s", "5min", "10min"]
    assert (writes, reads) == ("read committed", "repeatable read")


@ON_POSTGRESQL
def test_the_history_is_read_through_a_cursor_of_the_server(held):
    with held.read() as conn:
        next(walk := chain.stream(conn))
        assert conn.exec_driver_sql("SELECT count(*) FROM pg_cursors").scalar_one() == 1
        walk.close()


@pytest.mark.parametrize("count", [1, 40])
def test_rows_one_of_which_is_there_are_refused_whole(held, record, count):
    made = [
        Change("agencies", f"new-{n}", {"name": f"{n}", "kind": "city"}, "insert")
        for n in range(count)
    ]
    with held.transaction() as tx:
        record(tx, made[-1])

    with pytest.raises(ConflictError) as refused, held.transaction() as tx:
        record(tx, *made)

    assert (refused.value.key, refused.value.values["table"]) == ("row-exists", "agencies")
    with held.read() as conn:
        told = conn.exec_driver_sql("SELECT count(*) FROM agencies WHERE id LIKE 'new-%%'")
        assert told.scalar_one() == 1


def test_values_of_every_kind_are_kept_as_they_are_however_many(held, record):
    tricky = ["", "a\tb", "c\nd", "\\N", "\\", "'", '"', "省", "%s", "NULL", "\u202e", " "]
    made = [
        Change("agencies", f"a{n}", {"name": name, "kind": "city", "host": None}, "insert")
        for n, name in enumerate(tricky)
    ]
    with held.transaction() as tx:
        record(tx, *made)

    with held.read() as conn:
        rows = conn.exec_driver_sql("SELECT id, name, host FROM agencies WHERE kind = 'city'")
        kept = {row[0]: row[1:] for row in rows}
        assert verify_ledger(conn).ok
    assert [kept[f"a{n}"] for n in range(len(tricky))] == [(name, None) for name in tricky]


@ON_POSTGRESQL
def test_two_that_append_wait_for_each_other_only_at_their_ends(held):
    """The second does all its work while the first is open, and has its entry after it."""
    with held.transaction() as one:
        one.record("first", "x", at=AT, actor="x")
        assert one.conn is not None
        with held.transaction() as other:
            other.record("second", "y", at=AT, actor="y")
            assert other.conn is not one.conn

    with held.read() as conn:
        told = [entry.deed for entry in chain.entries(conn)][-2:]
        assert told == ["second", "first"]
        assert verify_ledger(conn).ok


@ON_POSTGRESQL
def test_what_is_held_is_held_by_one_until_its_transaction_ends(held):
    order: list[str] = []
    entered = Event()

    def second() -> None:
        entered.wait(10)
        with held.transaction() as tx:
            tx.hold("the", "register")
            order.append("second")

    with ThreadPoolExecutor(1) as threads:
        waits = threads.submit(second)
        with held.transaction() as tx:
            tx.hold("the", "register")
            entered.set()
            with held.engine.connect() as conn:
                hold(conn, "another register")
                for _ in range(500):
                    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
                    if conn.exec_driver_sql(waiting).scalar_one():
                        break
                else:
                    pytest.fail("the second did not wait")
            order.append("first")
        waits.result(10)

    assert order == ["first", "second"]
