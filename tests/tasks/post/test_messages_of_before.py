"""A home of before there were letters: what waits, was tried, claimed or died is delivered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.plans import editions
from ledger.post import letters
from ledger.proof.ledger_verification import verify_ledger
from ledger.session import Ledger
from ledger.store.changes import Change
from ledger.store.migrate import downgrade, upgrade
from tasks.post import requeue
from tasks.post.attempts import attempt
from tests.databases import tamper
from tests.world import DAY, ISSUED, PostOffice, World, address, small_plan

BEFORE = "0029"
PARTIES = {"id": "report", "parties": ["city", "reviewer"], "due_on": date(2013, 9, 30)}
TRIED, CLAIMED, DEAD = "city/officer", "reviewer/officer", "trade/officer"
HOUR = timedelta(hours=1)


@pytest.fixture
def world(home, database, tmp_path, monkeypatch):
    """Messages of before: one tried, one claimed, one dead."""
    post = PostOffice()
    monkeypatch.setattr("tasks.post.lines.channel_for", lambda _settings, _name, **_: post)
    with database.open(home) as ledger:
        world = World(ledger, post)
        world.publish(small_plan(tmp_path, PARTIES))
        world.sweep(ISSUED)
        _live_as_before(world)
        tried, claimed = (_first(world, to).id for to in (TRIED, CLAIMED))
        with ledger.read() as conn:
            start = editions.in_force(conn, "small-2013").start_on
        downgrade(ledger.engine, BEFORE)
    with database.connect(home) as conn:
        at = f"{world.at + HOUR:%Y-%m-%dT%H:%M:%SZ}"
        tamper(
            conn,
            f"UPDATE messages SET tries = 1, next_try_at = '{_soon(world)}' WHERE id = '{tried}'",  # noqa: S608  our own
            f"UPDATE messages SET claimed_until = '{at}' WHERE id = '{claimed}'",  # noqa: S608  our own
        )
    upgrade(ledger.engine)
    with database.connect(home) as conn:  # the history of this home knows its start day
        tamper(conn, f"UPDATE editions SET start_on = '{start}'")  # noqa: S608  our own
    with Ledger.open(ledger.settings) as upgraded:
        world.ledger = upgraded
        yield world


def _first(world, recipient):
    return next(m for m in world.messages() if m.recipient == recipient)


def _soon(world):
    return f"{world.at + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"


def _live_as_before(world):
    """Record what delivery rounds did before there were letters."""
    tried, dead = (_first(world, to) for to in (TRIED, DEAD))
    gone = {"state": "dead", "settled_at": world.at, "reason": "550 no such user"}
    with world.ledger.transaction() as tx:
        failed = attempt(tried.id, tried.id, "failed", "451", tries=0, at=world.at)
        tx.record("failed", tried.id, changes=[failed], at=world.at, actor="duban")
        died = attempt(dead.id, dead.id, "dead", "550", tries=0, at=world.at)
        changes = [Change("messages", dead.id, gone), died]
        tx.record("dead", dead.id, changes=changes, at=world.at, actor="duban")


def test_it_verifies_and_each_begun_message_is_a_letter_of_its_own(world):
    with world.ledger.read() as conn:
        assert not verify_ledger(conn).faults
        begun = {
            each.id: (each.address, each.tries, each.message_id) for each in letters.listed(conn)
        }
    tried, claimed = (_first(world, to) for to in (TRIED, CLAIMED))
    assert begun == {
        tried.id: (address(TRIED), 1, tried.message_id),
        claimed.id: (address(CLAIMED), 0, claimed.message_id),
    }


def test_everything_is_delivered_and_what_was_begun_under_its_name(world):
    dead = _first(world, DEAD)
    notice, *_ = [n for n in world.notices() if n.message == dead.id]
    requeue.retry(world.ledger, [notice.id], at=world.at, actor="office/officer")
    world.until(ISSUED + 4 * DAY)

    assert {m.state for m in world.messages()} == {"sent"}
    ids = [letter.message_id for letter in world.post.letters]
    assert len(ids) == len(set(ids))
    assert {_first(world, to).message_id for to in (TRIED, CLAIMED, DEAD)} <= set(ids)
    with world.ledger.read() as conn:
        assert not verify_ledger(conn).faults
