"""A rung that is due becomes one notice a recipient and channel, in the transaction that tells."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.post import messages, notices
from ledger.proof import chain
from tasks.post.contacts import Contact, reach
from tests.world import ISSUED, PostOffice, World, add_channels, small_plan

KEY = "small-2013/1.report/city/once"
CITY = {"parties": ["city"], "due_on": date(2013, 9, 30)}


@pytest.fixture
def world(ledger, tmp_path):
    stage = World(ledger, PostOffice())
    stage.publish(small_plan(tmp_path, CITY))
    return stage


def entries(world, deed):
    with world.ledger.read() as conn:
        return [e for e in chain.entries(conn) if e.deed == deed]


def test_a_notice_is_known_by_duty_version_rung_recipient_and_channel(world):
    world.sweep(ISSUED)
    (notice,) = [n for n in world.notices() if n.recipient == "city/officer"]
    assert notice.id == notices.notice_id(KEY, 1, "issue", "city/officer", "mail")
    assert (notice.on, notice.form, notice.state) == (ISSUED, "notice", "queued")


def test_a_notice_travels_in_its_recipients_digest_of_the_day(world):
    world.sweep(ISSUED)
    ids = {n.recipient: n.message for n in world.notices()}
    assert ids == {
        to: messages.digest_id(to, "mail", ISSUED) for to in ("city/officer", "trade/officer")
    }


def test_a_position_with_two_channels_is_told_by_both(world):
    add_channels(world.ledger, "wecom")
    by_wecom = Contact("city", "officer", "wecom", "zhang-san")
    reach(world.ledger, [by_wecom], at=world.at, actor="office/officer")
    world.sweep(ISSUED)
    told = [n.channel for n in world.notices() if n.recipient == "city/officer"]
    assert sorted(told) == ["mail", "wecom"]


def test_the_entry_says_which_rung_was_told_and_what_it_stands_for(world):
    world.sweep(ISSUED)
    world.sweep(date(2013, 10, 8))
    (issued,) = entries(world, "reminded")
    (slip,) = entries(world, "escalated")
    assert (issued.subject, issued.payload["rung"], issued.payload["coalesced"]) == (
        KEY,
        "issue",
        [],
    )
    assert slip.payload["rung"] == "late-7"
    assert slip.payload["coalesced"][-2:] == ["before-1", "late-1"]


def test_a_slip_lies_in_draft_in_a_message_of_its_own(world):
    world.sweep(ISSUED)
    world.sweep(date(2013, 10, 8))
    (slip,) = [m for m in world.messages() if m.form == "slip"]
    assert (slip.recipient, slip.state) == ("city/head", "draft")


def test_the_sweep_counts_what_it_did(world):
    assert +world.sweep(ISSUED) == {"scheduled": 1, "opened": 1, "reminded": 1, "anchored": 1}
    counts = world.sweep(date(2013, 10, 8))
    assert (counts["escalated"], counts["drafted"], counts["coalesced"]) == (1, 1, 6)


def test_a_duty_is_looked_at_again_when_its_next_rung_may_fall(world):
    world.sweep(ISSUED)
    assert world.duty(KEY).look_on == date(2013, 8, 12)  # unsigned-5
    world.acknowledge(KEY)
    world.sweep(date(2013, 8, 12))
    assert world.duty(KEY).look_on == date(2013, 8, 30)  # before-30


def test_a_day_with_nothing_due_writes_nothing(world):
    world.sweep(ISSUED)
    before = len(list_entries(world))
    world.sweep(date(2013, 8, 6))
    assert len(list_entries(world)) == before


def test_nobody_outside_a_duty_is_ever_told(world):
    for on in (ISSUED, date(2013, 8, 19), date(2013, 10, 8), date(2013, 10, 15)):
        world.sweep(on)
    agencies = {n.recipient.partition("/")[0] for n in world.notices()}
    assert agencies == {"city", "trade", "office"}


def list_entries(world):
    with world.ledger.read() as conn:
        return list(chain.entries(conn))
