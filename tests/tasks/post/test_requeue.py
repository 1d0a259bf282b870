"""The outbox in a person's hands: a dead letter is sent again, a drafted slip released."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.errors import ConflictError, NotFoundError
from ledger.post import messages
from ledger.proof import chain
from tasks.post import requeue
from tests.world import ISSUED, PostOffice, World, address, small_plan

BY = "office/officer"


@pytest.fixture
def world(ledger, tmp_path):
    stage = World(ledger, PostOffice())
    stage.publish(small_plan(tmp_path, {"due_on": date(2013, 8, 30)}), unreached=["trade/officer"])
    stage.day(ISSUED)
    return stage


def dead(world):
    (notice,) = world.notices(state="dead")
    return notice


def test_a_dead_letter_is_queued_again_under_its_own_message_id(world):
    before = world.messages()[0].message_id
    (message,) = requeue.retry(world.ledger, [dead(world).id], at=world.at, actor=BY)
    with world.ledger.read() as conn:
        queued = messages.one(conn, message)
        last = list(chain.entries(conn))[-1]
    assert (queued.state, queued.reason) == ("queued", None)
    assert queued.message_id == before
    assert (last.deed, last.actor) == ("requeued", BY)


def test_a_letter_that_is_not_dead_is_not_tried_again(world):
    found = dead(world).id
    requeue.retry(world.ledger, [found], at=world.at, actor=BY)
    with pytest.raises(ConflictError) as refused:
        requeue.retry(world.ledger, [found], at=world.at, actor=BY)
    assert refused.value.values["state"] == "queued"


def test_a_released_slip_is_dated_the_day_of_its_release(world):
    world.sweep(date(2013, 9, 6))
    (slip,) = world.notices(state="draft")
    world.today = on = date(2013, 9, 9)
    world.release(slip.id)
    with world.ledger.read() as conn:
        released = messages.one(conn, slip.message)
        last = list(chain.entries(conn))[-1]
    assert (released.state, released.on) == ("queued", on)
    assert (last.deed, last.actor) == ("released", BY)


def test_what_is_no_draft_cannot_be_released(world):
    with pytest.raises(ConflictError) as refused:
        world.release(dead(world).id)
    assert refused.value.values["state"] == "dead"


def test_a_notice_nobody_knows_is_not_found(world):
    with pytest.raises(NotFoundError) as refused:
        requeue.retry(world.ledger, ["0123456789abcdef"], at=world.at, actor=BY)
    assert refused.value.key == "notice-unknown"
    assert address("trade/officer") not in {letter.to for letter in world.post.letters}
