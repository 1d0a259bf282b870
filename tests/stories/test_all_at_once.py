"""Sweeps, deliveries and deeds of two plans in eight processes at once: none waits in a circle."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import pytest

from catalog.errors import ConflictError
from ledger.offices.installation import load_settings
from ledger.post import messages
from ledger.proof import chain
from ledger.proof.ledger_verification import verify_ledger
from ledger.session import Ledger
from tasks.act import Act
from tasks.deeds import answering, reassigning
from tasks.post.deliver import deliver
from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.processes import AT_ONCE
from tests.world import ZONE, PostOffice, World, small_plan

pytestmark = pytest.mark.both

DAYS = (date(2013, 8, 5), date(2013, 8, 12), date(2013, 8, 30), date(2013, 9, 30))
PLANS = ("one-2013", "two-2013")
REPORTS = [f"report{n}" for n in range(8)]
KEYS = [f"{plan}/1.{report}/-/once" for plan in PLANS for report in REPORTS]


def sweeps(ledger, on, at, plan):
    sweep(ledger, Tick(plan, on, at))


def delivers(ledger, on, at):
    deliver(ledger, on=on, clock=lambda: at)


def answers(ledger, on, at, keys):
    """Do to each duty what its agency and the office can; what was done already is refused."""
    for key in keys:
        for deed, user, said in (
            (answering.acknowledge, "trade/officer", {}),
            (answering.progress, "trade/officer", {"text": "進行中"}),
            (reassigning.reassign, "office/officer", {"to": "city", "reason": "分工調整"}),
        ):
            try:
                deed(ledger, key, Act(user, on, at), **said)
            except ConflictError as refused:
                if not refused.key.startswith("rule-"):
                    raise


PARTS = (
    *((sweeps, plan) for plan in PLANS for _ in range(2)),
    (delivers,),
    (delivers,),
    (answers, KEYS),
    (answers, KEYS[::-1]),
)


def live(environ, barrier, part, *more):
    with Ledger.open(load_settings(environ)) as ledger:
        for on in DAYS:
            barrier.wait(60)
            part(ledger, on, sweep_instant(ZONE, on), *more)


@pytest.fixture(scope="module")
def lived(tmp_path_factory, kind):
    folder = tmp_path_factory.mktemp("at-once")
    environ = kind.environ(folder / "home")
    with Ledger.open(load_settings(environ)) as ledger:
        world = World(ledger, PostOffice())
        for plan in PLANS:
            due = date(2013, 9, 30)
            made = [{"id": f"{r}", "says": r, "due_on": due} for r in REPORTS]
            world.publish(small_plan(folder, *made, code=plan))
        world.sweep(DAYS[0])
        barrier = AT_ONCE.Barrier(len(PARTS))
        processes = [AT_ONCE.Process(target=live, args=(environ, barrier, *part)) for part in PARTS]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        yield ledger, [process.exitcode for process in processes]


def test_nobody_is_turned_away(lived):
    _, exits = lived
    assert exits == [0] * len(PARTS)


def test_the_database_had_to_break_no_circle(lived):
    ledger, _ = lived
    if ledger.engine.dialect.name == "postgresql":
        asked = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        with ledger.read() as conn:
            assert conn.exec_driver_sql(asked).scalar_one() == 0


def test_the_history_is_true(lived):
    ledger, _ = lived
    with ledger.read() as conn:
        assert verify_ledger(conn).faults == ()


def test_each_rung_of_each_duty_is_told_once(lived):
    ledger, _ = lived
    with ledger.read() as conn:
        told = Counter(
            (e.subject, e.payload["rung"])
            for e in chain.entries(conn)
            if e.deed in {"reminded", "escalated"}
        )
    assert set(told.values()) == {1}
    assert len(told) >= len(KEYS)


def test_both_plans_share_the_digest_of_a_recipients_day(lived):
    ledger, _ = lived
    with ledger.read() as conn:
        digests = [m for m in messages.listed(conn) if m.form == "digest"]
        plans = defaultdict(set)
        for entry in chain.entries(conn):
            for table, _key, values in entry.payload["changes"]:
                if table == "notices" and "message" in values:
                    plans[values["message"]].add(values["duty"].partition("/")[0])
    assert max(Counter((m.recipient, m.channel, m.on) for m in digests).values()) == 1
    assert any(plans[m.id] == set(PLANS) for m in digests)


def test_no_notice_is_put_into_a_letter_that_has_left(lived):
    ledger, _ = lived
    left = set()
    with ledger.read() as conn:
        for entry in chain.entries(conn):
            for table, _key, values in entry.payload["changes"]:
                assert table != "notices" or values.get("message") not in left
            if entry.deed == "sent":
                left.add(entry.subject)
    assert left
