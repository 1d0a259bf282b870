"""A sweep in shares leaves the same rows as a sweep alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from ledger.duties import duties
from ledger.proof import chain
from ledger.proof.ledger_verification import verify_ledger
from tasks.sweep.steps import CHASE
from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Keys, Tick
from tests.databases import rows
from tests.world import ZONE, PostOffice, World, small_plan

PLAN = "small-2013"
OPENS, LATE = date(2013, 8, 5), date(2013, 10, 18)  # the issue, and slips for what was due
OBLIGATIONS = [{"id": f"report{n}", "due_on": date(2013, 9, 30)} for n in range(7)]
# Who chases the first, the second and the third part, and in what order.
ORDERS = {
    "one after the other": (0, 1, 2),
    "the last first": (2, 1, 0),
    "one twice": (0, 1, 1, 2),
    "one never": (2, 0),
    "nobody": (),
}


def swept(database, home, folder, *order):
    """Return all rows, and the deeds in any order, of a day swept in these shares.

    The first share with a notice makes the digest, so the rows of entries may differ, and with
    them the anchored heads; their fold is verified. Each run has a home of its own.
    """
    with database.open(home) as ledger:
        World(ledger, PostOffice()).publish(small_plan(folder, *OBLIGATIONS))
        sweep(ledger, tick_of(OPENS))
        for keys in shares(ledger, order):
            chase(ledger, keys)
        sweep(ledger, tick_of(LATE))
        with ledger.read() as conn:
            assert verify_ledger(conn).ok
            tables = rows(conn)
            deeds = sorted((e.at, e.deed, e.subject) for e in chain.entries(conn))
    del tables["entries"], tables["anchors"], tables["homes"]
    return tables, deeds


def tick_of(on):
    return Tick(PLAN, on, sweep_instant(ZONE, on))


def chase(ledger, keys):
    for step in CHASE:
        step(ledger, replace(tick_of(LATE), keys=keys))


def shares(ledger, order):
    with ledger.read() as conn:
        ends = duties.split_due(conn, 3, plan=PLAN, on=LATE)
    ranges = [Keys(*pair) for pair in pairwise([None, *ends[:-1], None])]
    return [ranges[n] for n in order]


@pytest.fixture(scope="module", autouse=True)
def _no_brake():
    """Every slip is drafted unasked: the tests are about shares."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tasks.sweep.escalate.FEW", 99)
        yield


@pytest.fixture(scope="module")
def alone(tmp_path_factory, kind):
    folder = tmp_path_factory.mktemp("alone")
    return swept(kind, folder / "home", folder)


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_the_rows_and_the_entries_are_those_of_a_sweep_alone(
    database, home, tmp_path, alone, order
):
    assert swept(database, home, tmp_path, *order) == alone


def test_a_share_leaves_the_others_alone(database, home, tmp_path):
    with database.open(home) as ledger:
        World(ledger, PostOffice()).publish(small_plan(tmp_path, *OBLIGATIONS))
        sweep(ledger, tick_of(OPENS))
        (first,) = shares(ledger, [0])
        chase(ledger, first)
        with ledger.read() as conn:
            left = {duty.key for duty in duties.due(conn, plan=PLAN, on=LATE)}
            assert left == {key for key in duties.keys(conn, PLAN) if key > first.through}
