"""Derived columns changed by SQL: each is named, with the value it must have."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from ledger.proof.ledger_verification import verify_ledger
from tasks.deeds import pausing, reassigning
from tasks.post.channels.channel import TryAgainError
from tests.databases import OnSqlite
from tests.world import DAY, ISSUED, PostOffice, World, address, small_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

    from ledger.session import Ledger

NOW = dt.datetime(2013, 8, 20, 9, tzinfo=dt.UTC)
OBLIGATIONS = (
    {"id": "report", "due_on": dt.date(2013, 9, 30)},
    {"id": "meeting", "kind": "meeting", "due_on": dt.date(2013, 12, 31)},
    {"id": "paused", "due_on": dt.date(2013, 12, 31)},
    {"id": "fairs", "recurrence": "yearly", "quota": {"min": 3}},
)
REPORT, MEETING, PAUSED = (f"small-2013/1.{n}/-/once" for n in ("report", "meeting", "paused"))
NEXT_YEAR, YEAR_AFTER = (f"small-2013/1.fairs/-/{year}" for year in (2014, 2015))


@pytest.fixture(scope="module")
def lived(tmp_path_factory) -> Iterator[Ledger]:
    """A ledger lived for two weeks, in which a letter to the head office failed twice."""
    folder = tmp_path_factory.mktemp("derived")
    post = PostOffice()
    with (
        pytest.MonkeyPatch.context() as patch,
        OnSqlite().fleeting(folder / "home") as ledger,
    ):
        patch.setattr("tasks.post.lines.channel_for", lambda _settings, _name, **_: post)
        world = World(ledger, post)
        world.publish(small_plan(folder, *OBLIGATIONS))
        post.refusals[address("trade/officer")] = TryAgainError("451")
        world.until(ISSUED + DAY)
        pausing.suspend(ledger, PAUSED, world.act("office/officer"), reason="台風")
        reassigning.reassign(
            ledger,
            YEAR_AFTER,
            world.act("office/officer"),
            to="city",
            reason="分工",
            document="1號",
        )
        world.until(ISSUED + 15 * DAY)
        yield ledger


def faults(conn: sa.Connection, at: dt.datetime | None = NOW) -> list[str]:
    return [fault.what for fault in verify_ledger(conn, at=at).faults]


CASES = [  # what SQL sets in which row, and the right value
    ("duties", REPORT, "look_on", "'2099-01-01'", "2013-08-30"),
    ("duties", REPORT, "look_on", "'2013-09-01'", "2013-08-30"),
    ("duties", REPORT, "look_on", "NULL", "2013-08-30"),
    ("duties", REPORT, "look_on", "'2013-08-15'", "2013-08-30"),
    ("duties", REPORT, "told_through", "'2099-01-01'", "2013-08-19"),
    ("duties", REPORT, "told_through", "NULL", "2013-08-19"),
    ("duties", REPORT, "told_through", "'2013-08-12'", "2013-08-19"),
    ("duties", REPORT, "prepare_on", "'2013-09-01'", "empty"),
    ("duties", NEXT_YEAR, "look_on", "'2013-08-30'", "2014-01-01"),
    ("duties", NEXT_YEAR, "look_on", "'2014-01-02'", "2014-01-01"),
    ("duties", NEXT_YEAR, "told_through", "'2014-01-01'", "empty"),
    ("duties", MEETING, "prepare_on", "NULL", "2013-11-15"),
    ("duties", MEETING, "prepare_on", "'2099-01-01'", "2013-11-15"),
    ("duties", PAUSED, "look_on", "'2099-01-01'", "empty"),
    ("editions", "small-2013", "swept_through", "'2099-01-01'", "2013-08-19"),
    ("editions", "small-2013", "swept_through", "NULL", "2013-08-19"),
    ("editions", "small-2013", "swept_through", "'2013-08-06'", "2013-08-19"),
    ("editions", "small-2013", "expanded_through", "'2014-12-31'", "2015-12-31"),
    ("editions", "small-2013", "expanded_through", "'2016-12-31'", "2015-12-31"),
    ("editions", "small-2013", "expanded_through", "NULL", "2015-12-31"),
]


def test_a_ledger_that_lived_is_right(lived):
    with lived.read() as conn:
        assert faults(conn) == faults(conn, at=None) == []


@pytest.mark.parametrize("case", CASES)
def test_a_derived_column_changed_by_sql_is_named(lived, case):
    table, key, column, value, right = case
    name = {"duties": "key", "editions": "plan"}[table]
    with lived.read() as conn:
        statement = f"UPDATE {table} SET {column} = {value} WHERE {name} = '{key}'"  # noqa: S608  our own
        assert conn.exec_driver_sql(statement).rowcount == 1
        found = [what for what in faults(conn) if f" in {column}: " in what]
        conn.rollback()
    assert len(found) == 1
    assert key in found[0]
    assert f", not {right}; " in found[0]


@pytest.mark.parametrize(
    "change",
    [
        "tries = tries + 1",
        "next_try_at = '2099-01-01T00:00:00Z'",
        "next_try_at = NULL",
        "claimed_until = '2099-01-01T00:00:00Z'",
    ],
)
def test_a_letter_that_waits_for_longer_than_its_failures_say_is_named(lived, change):
    with lived.read() as conn:
        statement = f"UPDATE letters SET {change} WHERE tries > 0 AND state = 'queued'"  # noqa: S608  our own
        count = conn.exec_driver_sql(statement).rowcount
        found = faults(conn)
        conn.rollback()
    assert count == len(found) > 0
    column = change.partition(" ")[0]
    assert all(what.startswith("wrong: letters ") and f" in {column}: " in what for what in found)


def test_a_claim_within_its_lease_is_no_fault(lived):
    with lived.read() as conn:
        conn.exec_driver_sql(
            "UPDATE letters SET claimed_until = '2013-08-20T09:10:00Z' WHERE state = 'queued'"
        )
        found = faults(conn)
        conn.rollback()
    assert found == []
