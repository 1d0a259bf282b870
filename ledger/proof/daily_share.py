"""A share of the derived columns and seals, checked each day: all of them within a week."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING
from zlib import crc32

import sqlalchemy as sa

from ledger.proof import seals
from ledger.proof.chain import ENTRIES
from ledger.proof.derived import Judge, Row
from ledger.proof.fold import fact_columns, present
from ledger.proof.trails import TELLING, PlanDays, Trails, follow
from ledger.store.changes import KEYS_PER_QUERY
from ledger.tables import TABLES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from ledger.proof.derived import Wrong
    from ledger.proof.trails import Steps
    from ledger.store.changes import Key

DUTIES, LETTERS = TABLES["duties"], TABLES["letters"]
WEEK = 7


def findings(conn: sa.Connection, plan: str, on: dt.date, at: dt.datetime) -> list[str]:
    """Return what is wrong in the share of the day `on`, of one plan and of the users.

    All letters that wait after a failure or under a claim are checked every day.
    """
    trails = Trails()
    days = trails.plans[plan] = _days(conn, plan)
    trails.last = max(filter(None, (days.last, days.recalendared, on.isoformat())))
    judge = Judge(conn, trails, at)
    live = (DUTIES.c.plan == plan, DUTIES.c.closed_on.is_(None), DUTIES.c.waived_on.is_(None))
    keys = _share(conn.scalars(sa.select(DUTIES.c.key).where(*live)), on)
    held_up = (LETTERS.c.tries > 0, LETTERS.c.next_try_at.is_not(None))
    waiting = sa.or_(*held_up, LETTERS.c.claimed_until.is_not(None))
    ids = conn.scalars(sa.select(LETTERS.c.id).where(LETTERS.c.state == "queued", waiting)).all()
    wrong = [*_judged(conn, judge, "duties", keys), *_judged(conn, judge, "letters", ids)]
    wrong += judge.editions(plan)
    return [*map(str, wrong), *_sealed(conn, on)]


def _judged(
    conn: sa.Connection, judge: Judge, name: str, keys: Iterable[str]
) -> Iterator[Wrong | str]:
    table = TABLES[name]
    (key_column,) = table.primary_key
    names = [column.name for column in fact_columns(table)]
    rest = iter(keys)
    while some := list(islice(rest, KEYS_PER_QUERY)):
        trails = _trails(conn, some)
        for key, facts, values in present(conn, table, key_column.in_(some)):
            row = Row(values, trails.get(key, {}))
            try:
                yield from judge.row(name, key, dict(zip(names, facts, strict=True)), row)
            except (ValueError, TypeError):
                yield f"unreadable: {name} {key} holds a value that is none"


def _trails(conn: sa.Connection, subjects: list[str]) -> dict[Key, Steps]:
    collected = Trails()
    trails: dict[Key, Steps] = {}
    query = sa.select(ENTRIES).where(ENTRIES.c.subject.in_(subjects)).order_by(ENTRIES.c.seq)
    for entry in conn.execute(query):
        payload = json.loads(entry.payload)
        for key, steps in collected.take(entry.at, entry.deed, entry.subject, payload):
            follow(trails.setdefault(key, {}), steps)
        for table, key, _ in payload["changes"]:
            if table == "preparations":
                trails.setdefault(key, {})["prepared"] = True
    return trails


def _sealed(conn: sa.Connection, on: dt.date) -> Iterator[str]:
    users = set(_share(conn.scalars(sa.select(TABLES["users"].c.id)), on))
    last: seals.Seals = {}
    rest = iter([seals.ADOPTING, *sorted(users)])
    while some := list(islice(rest, KEYS_PER_QUERY)):
        query = sa.select(ENTRIES.c.payload).where(ENTRIES.c.subject.in_(some))
        named = ENTRIES.c.payload.contains(f'"{seals.FIELD}":[', autoescape=True)
        for text in conn.scalars(query.where(named).order_by(ENTRIES.c.seq)):
            seals.take(last, json.loads(text))
    yield from (fault.what for fault in seals.faults(conn, last, users))


def _days(conn: sa.Connection, plan: str) -> PlanDays:
    """Return the last day on which a rung of `plan` was told, and that of its new working days."""
    telling = ENTRIES.c.subject.startswith(f"{plan}/", autoescape=True), ENTRIES.c.deed.in_(TELLING)
    again = ENTRIES.c.subject == plan, ENTRIES.c.deed == "recalendared"
    payloads = sa.select(ENTRIES.c.payload).order_by(ENTRIES.c.seq.desc()).limit(1)
    last, recalendared = (conn.scalar(payloads.where(*where)) for where in (telling, again))
    return PlanDays(
        last=json.loads(last)["on"] if last else None,
        recalendared=json.loads(recalendared)["on"] if recalendared else None,
    )


def _share(keys: Iterable[str], on: dt.date) -> list[str]:
    """Return those of `keys` whose turn it is on the day `on`."""
    turn = on.toordinal() % WEEK
    return [key for key in keys if crc32(key.encode()) % WEEK == turn]
