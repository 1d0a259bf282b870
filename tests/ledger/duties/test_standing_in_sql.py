"""What the database says of a duty's standing is what catalog.duties.standing says."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, get_args

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.duties.silence import is_silent, is_unreported
from catalog.duties.standing import LIVE, RUNNING, Light, Status, standing
from ledger.duties import conditions, duties, standing_in_sql

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.session import Ledger
    from tests.databases import OnSqlite

ON = dt.date(2014, 4, 10)
DAYS = st.integers(-20, 20).map(lambda n: ON + dt.timedelta(n))
FACTS = st.fixed_dictionaries(
    {
        "span": st.sampled_from([0, 5, 20, 100]),
        "due_on": DAYS,
        "acknowledged_on": st.none() | DAYS,
        "filed_on": st.none() | DAYS,
        "returned_on": st.none() | DAYS,
        "suspended_on": st.none() | DAYS,
        "closed_on": st.none() | DAYS,
        "closed_as": st.sampled_from(["done", "not-done"]),
        "waived_on": st.none() | st.none() | DAYS,
        "quota_min": st.sampled_from([None, 1, 5]),
        "delivered": st.integers(0, 5),
        "asked_on": st.none() | DAYS,
        "spoken_on": st.none() | DAYS,
        "done_on": st.none() | DAYS,
        "past_on": st.none() | st.none() | DAYS,
    }
)
ROW = {
    "plan": "p", "edition": 1, "measure": "1", "obligation": "1.report", "kind": "report",
    "title": "報告", "period": "once", "lead": "a", "performer": "a", "basis": "plan",
    "participants": (), "workdays_version": "w", "ladder": "l", "due_version": 1,
    "provisional": False, "filings": 0, "extensions": 0,
}  # fmt: skip


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory, kind: OnSqlite) -> Iterator[Ledger]:
    with kind.open(tmp_path_factory.mktemp("empty")) as ledger:
        yield ledger


@pytest.fixture(scope="module")
def lived(demonstration: Path, kind: OnSqlite) -> Iterator[Ledger]:
    kind.adopt(demonstration)
    with kind.open(demonstration) as ledger:
        yield ledger


@pytest.mark.parametrize("on", [dt.date(2013, 9, 2), dt.date(2013, 12, 25), dt.date(2014, 1, 24),
                                dt.date(2014, 10, 1), dt.date(2015, 7, 1)])  # fmt: skip
def test_the_database_sees_each_duty_stand_as_the_catalogue_does(
    lived: Ledger, on: dt.date
) -> None:
    with lived.read() as conn:
        assert_agrees(conn, on)


@settings(max_examples=60, deadline=None)
@given(made=st.lists(FACTS, min_size=1, max_size=25))
def test_whatever_is_recorded_each_condition_selects_what_stands_so(
    empty: Ledger, made: list[dict[str, Any]]
) -> None:
    with empty.engine.connect() as conn:  # what it writes is thrown away
        conn.execute(sa.insert(duties.DUTIES), [_row(n, facts) for n, facts in enumerate(made)])
        assert_agrees(conn, ON)


def _row(n: int, facts: dict[str, Any]) -> dict[str, Any]:
    facts = dict(facts)
    opens_on = facts["due_on"] - dt.timedelta(facts.pop("span"))
    closed_as = facts["closed_as"] if facts["closed_on"] else None
    return (
        ROW | facts | {"key": f"p/1.report/{n}/once", "opens_on": opens_on, "closed_as": closed_as}
    )


def assert_agrees(conn: sa.Connection, on: dt.date) -> None:
    held, day = duties.chosen(conn), standing_in_sql.at(conn, on)
    stands = {duty.key: standing(duties.facts(duty), on) for duty in held}

    def selected(where: sa.ColumnElement[bool]) -> set[str]:
        return set(conn.scalars(sa.select(duties.DUTIES.c.key).where(where)))

    wanted = sa.select(duties.DUTIES.c.key, day.status, day.light)
    assert {key: tuple(told) for key, *told in conn.execute(wanted)} == stands
    for names in (*((name,) for name in get_args(Status)), tuple(RUNNING), tuple(LIVE)):
        assert selected(day.has_status(*names)) == {
            k for k, now in stands.items() if now[0] in names
        }
    for light in get_args(Light):
        assert selected(day.has_light(light)) == {k for k, now in stands.items() if now[1] == light}
    running = day.has_status(*RUNNING)
    assert selected(running & conditions.UNREPORTED) == {
        d.key for d in held if is_unreported(duties.facts(d), on)
    }
    for days in (1, 15, 90):
        silent = running & conditions.silent_since(on - dt.timedelta(days))
        assert selected(silent) == {
            d.key for d in held if is_silent(duties.facts(d), on, days=days)
        }
    assert selected(day.live) == {
        d.key for d in held
        if d.past_on is None
        and not any(end and end <= on for end in (d.closed_on, d.waived_on))
    }  # fmt: skip
