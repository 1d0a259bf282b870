"""Each sweep ends with the head of the history in a file outside the database."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.plans import editions
from ledger.proof import anchors, chain
from ledger.proof.ledger_verification import verify_ledger
from tasks.post.contacts import Contact, reach
from tests.world import DAY, ISSUED, PostOffice, World, add_channels, small_plan


@pytest.fixture
def world(ledger, tmp_path):
    stage = World(ledger, PostOffice())
    stage.publish(small_plan(tmp_path, {}))
    return stage


def kept(world):
    return anchors.anchors(world.ledger.settings.home)


def test_a_sweep_anchors_the_head_it_leaves(world):
    world.sweep(ISSUED)
    with world.ledger.read() as conn:
        head = chain.head(conn)
    assert kept(world) == [chain.Anchor(ISSUED, head.entries, head.head)]


def test_a_head_that_is_on_file_is_not_written_again(world):
    world.sweep(ISSUED)
    world.sweep(ISSUED)
    world.sweep(ISSUED + DAY)
    assert len(kept(world)) == 1


def test_a_sweep_that_did_something_adds_an_anchor(world):
    world.sweep(ISSUED)
    world.sweep(date(2013, 8, 12))
    first, second = kept(world)
    assert (second.on, second.entries > first.entries) == (date(2013, 8, 12), True)


def test_the_plan_is_known_to_be_swept_through_the_day(world):
    world.sweep(date(2013, 8, 7))
    with world.ledger.read() as conn:
        assert editions.in_force(conn, "small-2013").swept_through == date(2013, 8, 7)


def reached(world, *channels):
    add_channels(world.ledger, *{*channels} - {"mail"})
    ways = [Contact("reviewer", "reviewer", channel, "audit@cast.example") for channel in channels]
    reach(world.ledger, ways, at=world.at, actor="office/officer")


def told(world):
    with world.ledger.read() as conn:
        return [entry for entry in chain.entries(conn) if entry.deed == "anchored"]


def letters(world):
    return [m for m in world.messages() if m.recipient == "reviewer/reviewer"]


def test_reviewers_are_told_the_head_once_a_day(world):
    reached(world, "mail")
    for on in (ISSUED, ISSUED, ISSUED + DAY):
        world.sweep(on)
        if on > ISSUED:
            world.acknowledge("small-2013/1.report/-/once")
    assert [m.on for m in letters(world)] == [ISSUED]
    world.sweep(date(2013, 8, 7))
    assert [m.on for m in letters(world)] == [ISSUED, date(2013, 8, 7)]


def test_what_reviewers_are_told_is_a_head_of_the_history(world):
    reached(world, "mail")
    world.sweep(ISSUED)
    (entry,) = told(world)
    text = chain.Anchor(ISSUED, entry.payload["entries"], entry.payload["head"])
    assert (text.entries, text.head) == (entry.seq - 1, entry.prev)
    with world.ledger.read() as conn:
        assert verify_ledger(conn, [text]).ok


def test_the_letter_says_the_anchor_as_it_is_verified(world, monkeypatch):
    reached(world, "mail")
    monkeypatch.setattr("tasks.post.lines.channel_for", lambda *_, **__: world.post)
    world.day(ISSUED)
    (entry,) = told(world)
    (letter,) = [each for each in world.post.letters if each.to == "audit@cast.example"]
    line = f"{entry.payload['entries']}:{entry.payload['head']}"
    assert line in letter.subject
    assert line in letter.body


def test_a_letter_about_the_last_anchor_is_no_reason_for_another(world, monkeypatch):
    reached(world, "mail")
    monkeypatch.setattr("tasks.post.lines.channel_for", lambda *_, **__: world.post)
    world.until(date(2013, 8, 9))
    assert [m.on for m in letters(world)] == [ISSUED]


def test_each_channel_of_a_reviewer_is_told(world):
    reached(world, "mail", "sms")
    world.sweep(ISSUED)
    assert {m.channel for m in letters(world)} == {"mail", "sms"}


def test_without_a_reviewer_nothing_is_recorded(world):
    world.sweep(ISSUED)
    assert told(world) == []
