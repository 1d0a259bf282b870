from __future__ import annotations

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from catalog.errors import ConflictError, DubanError
from ledger.duties import duties
from ledger.proof import chain
from ledger.session import Ledger
from ledger.store.changes import Change
from ledger.store.engine import journal_mode, make_engine
from tests.databases import ON_POSTGRESQL, ON_SQLITE

ROOT = Path(__file__).parents[2]
MEETING = "guangdong-2013/40.meeting/-/2014"
AT = datetime(2014, 3, 14, tzinfo=UTC)


def test_the_home_of_a_ledger_is_for_its_owner_alone(ledger):
    assert stat.S_IMODE(ledger.settings.home.stat().st_mode) == 0o700


def test_a_block_that_fails_leaves_nothing(held, record):
    with held.read() as conn:
        before = chain.head(conn)

    with pytest.raises(RuntimeError), held.transaction() as tx:  # noqa: PT012  # the block fails
        record(tx, Change("duties", MEETING, {"opened_on": date(2014, 1, 2)}))
        assert duties.one(tx.conn, MEETING).opened_on == date(2014, 1, 2)
        raise RuntimeError

    with held.read() as conn:
        assert duties.one(conn, MEETING).opened_on is None
        assert chain.head(conn) == before


@ON_SQLITE
def test_what_a_reader_writes_is_thrown_away(held):
    with held.read() as conn:
        conn.execute(sa.text("UPDATE duties SET title = 'x'"))

    with held.read() as conn:
        assert duties.one(conn, MEETING).title == "召開會議"


def test_a_reader_sees_one_moment(held, record):
    """The writer waits for the reader on a rollback journal, so it is asked only to begin."""
    with held.read() as conn:
        seen = duties.one(conn, MEETING)
        with held.transaction() as tx:
            record(tx, Change("duties", MEETING, {"opened_on": date(2014, 1, 2)}))
            assert tx.conn is not conn
            assert duties.one(conn, MEETING) == seen
            conn.rollback()


def test_only_the_session_and_the_migrations_begin_or_commit():
    ends = re.compile(r"\.(commit|begin)\(")
    files = {p.name for p in Path("ledger").rglob("*.py") if ends.search(p.read_text())}

    assert files == {"session.py", "migrate.py"}


@ON_POSTGRESQL
def test_a_reader_writes_nothing(held):
    with held.read() as conn, pytest.raises(DBAPIError, match="read-only"):
        conn.execute(sa.text("UPDATE duties SET title = 'x'"))


@ON_SQLITE
def test_a_ledger_locked_by_another_is_refused_and_the_block_not_run(held, monkeypatch):
    monkeypatch.setattr("ledger.store.engine.PATIENCE", 0.05)
    impatient = Ledger(held.settings, make_engine(held.settings.database_url))

    with held.transaction(), pytest.raises(ConflictError) as refused, impatient.transaction():
        pytest.fail("two writers at once")

    impatient.close()
    assert refused.value.key == "ledger-busy"


def test_errors_of_ours_pass_through_a_transaction(held):
    with pytest.raises(DubanError) as raised, held.transaction():
        raise ConflictError("out-of-order")

    assert raised.value.key == "out-of-order"


def test_wal_is_trusted_only_where_it_cannot_corrupt():
    assert journal_mode((3, 40, 1)) == "delete"
    assert journal_mode((3, 51, 2)) == "delete"
    assert journal_mode((3, 51, 3)) == "wal"


@ON_SQLITE
def test_every_connection_is_durable_and_checks_references(ledger):
    with ledger.read() as conn:
        pragmas = {p: conn.scalar(sa.text(f"PRAGMA {p}")) for p in ("synchronous", "foreign_keys")}

    assert pragmas == {"synchronous": 2, "foreign_keys": 1}


def test_a_ledger_opens_again_with_all_it_held(held):
    with Ledger.open(held.settings) as again, again.read() as conn:
        assert len(duties.listed(conn)) == 2


def test_forty_threads_write_in_turn_and_none_waits_in_vain(held):
    def write(number: int) -> None:
        with held.transaction() as tx:
            tx.record("tested", f"thread-{number}", at=AT, actor="x")

    with ThreadPoolExecutor(40) as threads:
        list(threads.map(write, range(200)))

    with held.read() as conn:
        told = [e for e in chain.entries(conn) if e.subject.startswith("thread-")]
    assert len(told) == 200


def test_one_place_begins_every_write():
    places = [
        str(path.relative_to(ROOT))
        for floor in ("catalog", "ledger", "tasks", "flows", "desk")
        for path in sorted((ROOT / floor).rglob("*.py"))
        if "duban_writes=True" in path.read_text(encoding="utf-8")
    ]
    assert places == ["ledger/session.py", "ledger/store/migrate.py"]
    session = (ROOT / "ledger/session.py").read_text(encoding="utf-8")
    assert session.count("duban_writes=True") == 1
