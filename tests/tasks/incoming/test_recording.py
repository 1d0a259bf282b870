"""A letter that came back is no longer sent, once, and only if it was ours to that address."""

from __future__ import annotations

import datetime as dt

import pytest

from ledger.post import bounces, letters
from ledger.proof import chain
from ledger.store.changes import Change
from tasks.incoming.reading import take
from tasks.post import requeue
from tasks.post.contacts import Contact, reach
from tests.faults.surviving import assert_sound

CITY = "city/officer"


@pytest.fixture
def arrive(world):
    """Return a function that takes a mail and returns the word for what became of it."""

    def arrive(content):
        return take(content, [world.ledger], lambda _: world.at).word

    return arrive


def letter_of(world, letter):
    with world.ledger.read() as conn:
        return letters.by_message_id(conn, letter.message_id)


def marks(world):
    with world.ledger.read() as conn:
        return bounces.unreachable(conn)


def states(world):
    return {message.state for message in world.messages() if message.recipient == CITY}


def entries(world, deed):
    with world.ledger.read() as conn:
        return [entry for entry in chain.entries(conn) if entry.deed == deed]


def test_a_letter_that_came_back_is_bounced_with_its_messages_and_in_the_history(
    world, letter, report, arrive
):
    assert arrive(report()) == "bounced"
    assert letter_of(world, letter).state == "bounced"
    assert states(world) == {"bounced"}
    assert {notice.reason for notice in world.notices(state="bounced")} == {
        "550 5.1.1 no such user"
    }
    (entry,) = entries(world, "bounced")
    assert entry.payload["address"] == letter.to
    mark = marks(world)["mail", letter.to]
    assert (mark.kind, mark.status, mark.at) == ("unknown", "5.1.1", world.at)
    assert_sound(world.ledger)


def test_the_same_report_twice_is_recorded_once(world, report, arrive):
    assert [arrive(report()), arrive(report())] == ["bounced", "known"]
    assert arrive(report("delayed", "4.4.1")) == "known"
    assert len(entries(world, "bounced")) == 1


def test_a_delay_is_noted_and_the_letter_stays_sent(world, letter, report, arrive):
    assert [arrive(report("delayed", "4.4.1", "450 later")) for _ in range(2)] == [
        "delayed",
        "known",
    ]
    assert (letter_of(world, letter).state, marks(world)) == ("sent", {})
    assert arrive(report()) == "bounced"


def test_a_report_of_success_changes_nothing(world, letter, report, arrive):
    assert arrive(report("delivered", "2.0.0")) == "delivered"
    assert letter_of(world, letter).state == "sent"


def test_a_forged_report_about_another_address_is_left(world, letter, report, arrive):
    assert arrive(report(to="leader@elsewhere.example")) == "foreign"
    assert arrive(report(message_id="<0123456789abcdef@elsewhere.example>")) == "foreign"
    assert letter_of(world, letter).state == "sent"


def test_an_address_it_was_passed_on_to_is_told_by_the_one_we_wrote_to(report, letter, arrive):
    assert arrive(report(to="home@elsewhere.example", original=letter.to.upper())) == "bounced"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("5.1.1", "smtp; 550 5.1.1 User unknown"), "unknown"),
        (("5.0.0", "smtp; 550 no such mailbox"), "unknown"),
        (("5.2.2", "smtp; 552 5.2.2 mailbox is full"), "full"),
        (("4.2.2", "smtp; 452 over quota"), "full"),
        (("5.7.1", "smtp; 554 5.7.1 rejected as spam"), "refused"),
        (("4.4.7", ""), "other"),
    ],
)
def test_why_it_came_back_is_sorted_as_the_answers_of_servers_are(
    world, report, arrive, words, why
):
    assert arrive(report("failed", *words)) == "bounced"
    assert [mark.kind for mark in marks(world).values()] == [why]


def test_a_letter_whose_sender_died_before_it_was_settled_is_bounced_too(
    world, letter, report, arrive
):
    """It was accepted, or it could not have come back."""
    _unsettle(world, letter, claimed_until=world.at + dt.timedelta(minutes=5))
    assert arrive(report()) == "bounced"
    assert world.deliver()["sent"] == 0
    assert letter_of(world, letter).claimed_until is None


def test_a_letter_that_never_left_cannot_come_back(world, letter, report, arrive):
    _unsettle(world, letter, claimed_until=None)
    assert arrive(report()) == "known"
    assert letter_of(world, letter).state == "queued"


def test_a_mark_ends_when_the_address_is_recorded_anew(world, letter, report, arrive):
    arrive(report())
    with world.ledger.transaction() as tx:
        changes = bounces.endings(tx.conn, "mail", [letter.to], at=world.at)
        tx.record("reached", CITY, changes=changes, at=world.at, actor="office/officer")
    assert marks(world) == {}
    assert_sound(world.ledger)


def _unsettle(world, letter, *, claimed_until):
    """Put a letter back to before it was settled."""
    queued = {"state": "queued", "settled_at": None}
    with world.ledger.transaction() as tx:
        row = letters.by_message_id(tx.conn, letter.message_id)
        carried = letters.messages_of(tx.conn, [row.id])[row.id]
        changes = [
            Change("letters", row.id, queued),
            *(Change("messages", m.id, queued) for m in carried),
        ]
        tx.record("requeued", row.id, changes=changes, at=world.at, actor="duban")
        tx.lease([Change("letters", row.id, {"claimed_until": claimed_until})])


def test_what_came_back_is_sent_again_once_the_address_is_recorded_anew(
    world, letter, report, arrive
):
    arrive(report())
    again = Contact(*CITY.split("/"), "mail", letter.to)
    assert reach(world.ledger, [again], at=world.at, actor="office/officer") == 1
    assert (marks(world), states(world)) == ({}, {"queued"})
    world.post.letters.clear()
    world.day(world.today + dt.timedelta(1))
    (second,) = [each for each in world.post.letters if each.to == letter.to]
    assert second.message_id != letter.message_id
    assert states(world) == {"sent"}
    assert reach(world.ledger, [again], at=world.at, actor="office/officer") == 0
    assert_sound(world.ledger)


def test_what_came_back_can_be_tried_again_by_a_person(world, report, arrive):
    arrive(report())
    notice = world.notices(state="bounced")[0]
    requeue.retry(world.ledger, [notice.id], at=world.at, actor="office/officer")
    assert states(world) == {"queued"}
    world.day(world.today + dt.timedelta(1))
    assert states(world) == {"sent"}
    assert_sound(world.ledger)
