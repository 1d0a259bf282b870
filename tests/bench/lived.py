"""A ledger of many duties in mid-term: most closed, some late, the last not open."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

from catalog.plans.expand import expand
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from ledger.store.changes import Change
from tasks.people import users
from tasks.people.users import Newcomer
from tasks.plans.publish import publish
from tasks.sweep_time import sweep_instant
from tests.bench import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from catalog.plans.expand import DatedDuty
    from catalog.plans.model import Plan

ON = dt.date(2014, 6, 16)  # 60,000 of the 100,000 were due before, 12,000 are open, the rest not
CAST = (Newcomer("officer", "經辦", "office"), Newcomer("city", "經辦", "city-7"))
YEAR = (dt.date(2014, 1, 1), dt.date(2014, 12, 31))
UNTIL = dt.date(2014, 9, 30)
ASKED = 200  # one of so many running duties waits for another date


def fill(home: Path, *, held: int) -> Ledger:
    """Return a ledger in `home` with `held` duties in states plausible on ON."""
    ledger = Ledger.open(load_settings({"DUBAN_HOME": str(home)}))
    plan = load.plan()
    at = sweep_instant(plan.zone, plan.issued_on)
    publish(ledger, plan, at=at, actor="bench")
    load.introduce(ledger, plan, at)
    users.add(ledger, CAST, since=plan.issued_on, at=at, actor="bench")
    chance = Random(held)
    duties = islice(expand(plan, since=plan.starts_on, until=UNTIL), held)
    rows = [_row(plan, duty, chance) for duty in duties]
    extended = [row["key"] for row in rows if row["opens_on"] <= ON <= row["due_on"]][::ASKED]
    with ledger.transaction() as tx:
        load.insert(tx, iter(rows))
        tx.record("bench", plan.plan, at=at, actor="bench", changes=list(_asked(extended)))
        tx.lease([Change("editions", (plan.plan, 1), {"expanded_through": UNTIL})])
    return ledger


def _row(plan: Plan, duty: DatedDuty, chance: Random) -> dict[str, object]:
    days: dict[str, object] = dict.fromkeys(
        ("acknowledged_on", "filed_on", "returned_on", "accepted_on", "closed_on", "closed_as")
    )
    days |= {"suspended_on": None, "waived_on": None, "quota_min": None, "delivered": 0}
    row = load.row(plan, duty, None) | days
    if chance.random() < 0.01:
        row |= {"quota_min": 12, "delivered": chance.randrange(9)}
        row |= dict(zip(("opens_on", "due_on"), YEAR, strict=True))
    return row | _life(row["opens_on"], row["due_on"], chance.random())


def _life(opens_on: dt.date, due_on: dt.date, luck: float) -> dict[str, object]:
    """Return the facts of a duty: most are prompt, `luck` 0..1 decides the others."""
    if opens_on > ON:
        return {}
    signed = {"acknowledged_on": opens_on + dt.timedelta(3)}
    if due_on > ON:
        return _running(signed, luck)
    late = dt.timedelta(4 if luck > 0.94 else -5)
    filed = signed | {"filed_on": due_on + late}
    closed = filed | {"closed_on": due_on + late + dt.timedelta(2), "closed_as": "done"}
    turns = (
        (0.97, closed),
        (0.98, signed | {"waived_on": due_on}),
        (0.985, closed | {"closed_as": "not-done"}),
        (0.99, filed),
        (0.992, filed | {"returned_on": due_on + late + dt.timedelta(1)}),
        (1.0, signed),
    )
    return next(life for bound, life in turns if luck < bound)


def _running(signed: dict[str, object], luck: float) -> dict[str, object]:
    before = ON - dt.timedelta(3)
    turns = (
        (0.20, {}),
        (0.50, signed | {"filed_on": before, "closed_on": before, "closed_as": "done"}),
        (0.53, signed | {"filed_on": before}),
        (0.54, signed | {"suspended_on": before}),
        (1.0, signed),
    )
    return next(life for bound, life in turns if luck < bound)


def _asked(keys: list[str]) -> Iterator[Change]:
    for key in keys:
        values = {
            "duty": key,
            "number": 1,
            "asked_on": ON - dt.timedelta(2),
            "asked_by": "city",
            "asked_to": ON + dt.timedelta(60),
            "reason": "材料未齊",
        }
        yield Change("extensions", f"{key}#extension-1", values, "insert")
