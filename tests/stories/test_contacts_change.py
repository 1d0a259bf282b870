"""Contacts change while letters wait: addresses are recorded or end, substitutes come and go."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.post import bounces, letters
from tasks.deeds import reassigning
from tasks.people import users
from tasks.post.channels.channel import RefusedError, TryAgainError
from tasks.post.contacts import Contact, end, reach
from tests.world import DAY, ISSUED, add_channels, address, small_plan

TOWN = {"id": "town", "parties": ["city"], "due_on": date(2013, 12, 31)}
CITY, WU = "city/officer", "wu@cast.example"
BY = "office/officer"


def record(world, to, *, channel="mail"):
    contact = Contact("city", "officer", channel, to)
    reach(world.ledger, [contact], at=world.at, actor=BY)


def taken(world):
    """Take every letter to the city out of the post and return the addresses."""
    others = {address(f"{agency}/officer") for agency in ("trade", "office")}
    addresses = [letter.to for letter in world.post.letters]
    world.post.letters.clear()
    return sorted(to for to in addresses if to not in others)


def marks(world):
    with world.ledger.read() as conn:
        return {mailbox: each.reason for mailbox, each in bounces.unreachable(conn).items()}


@pytest.mark.both
def test_what_died_for_want_of_an_address_leaves_by_itself_once_there_is_one(world, tmp_path):
    world.publish(small_plan(tmp_path, TOWN, between=False), unreached=[CITY])
    world.until(ISSUED + 2 * DAY)
    assert (len(world.messages(state="dead")), taken(world)) == (1, [])

    record(world, "new@cast.example")
    world.deliver()

    assert (world.messages(state="dead"), taken(world)) == ([], ["new@cast.example"])
    world.day(ISSUED + 3 * DAY)
    assert taken(world) == []


def test_what_waited_for_mail_reaches_a_system_with_its_content(world, tmp_path):
    world.publish(small_plan(tmp_path, TOWN, between=False), unreached=[CITY])
    world.day(ISSUED)
    world.post.letters.clear()
    add_channels(world.ledger, "oa")

    record(world, "city-1", channel="oa")
    world.deliver()

    (letter,) = world.post.letters
    assert (letter.to, bool(letter.event)) == ("city-1", True)
    world.post.letters.clear()


def test_what_a_provider_refused_waits_for_a_person_also_then(world, tmp_path):
    world.publish(small_plan(tmp_path, TOWN, between=False))
    world.post.refusals[address(CITY)] = RefusedError("550 no such user")
    world.day(ISSUED)

    record(world, "new@cast.example")
    world.deliver()

    assert (len(world.messages(state="dead")), taken(world)) == (1, [])


def test_an_ended_address_receives_nothing_more(world, tmp_path):
    world.publish(small_plan(tmp_path, TOWN, between=False))
    record(world, f"{WU}, {address(CITY)}")
    world.day(ISSUED)
    assert taken(world) == sorted([WU, address(CITY)])

    end(world.ledger, Contact("city", "officer", "mail", WU), at=world.at, actor=BY)
    world.until(date(2013, 11, 29))  # thirty days before it is due

    assert set(taken(world)) == {address(CITY)}


@pytest.mark.both
def test_whoever_has_the_letter_does_not_get_it_again_when_the_other_address_ends(world, tmp_path):
    world.publish(small_plan(tmp_path, TOWN, between=False))
    record(world, f"{WU}, {address(CITY)}")
    world.post.refusals[WU] = TryAgainError("451 later")
    world.day(ISSUED)
    assert taken(world) == [address(CITY)]

    end(world.ledger, Contact("city", "officer", "mail", WU), at=world.at, actor=BY)
    world.deliver()
    world.day(ISSUED + DAY)

    assert taken(world) == []
    assert [m.state for m in world.messages() if m.recipient == CITY] == ["sent"]


def test_an_address_that_refuses_letters_is_marked_until_it_takes_one(world, tmp_path):
    world.publish(small_plan(tmp_path, TOWN, between=False))
    record(world, f"{WU}, {address(CITY)}")
    world.post.refusals[WU] = RefusedError("550 no such user")
    world.day(ISSUED)
    assert [m.state for m in world.messages() if m.recipient == CITY] == ["sent"]
    assert marks(world) == {("mail", WU): "550 no such user"}

    del world.post.refusals[WU]
    world.until(date(2013, 8, 12))

    assert marks(world) == {}
    taken(world)


def test_one_address_in_two_spellings_is_one_mailbox(world, tmp_path):
    world.publish(small_plan(tmp_path, TOWN, between=False))
    record(world, f"{WU}, {WU.capitalize()}")
    shared = Contact("trade", "officer", "mail", WU.capitalize())
    reach(world.ledger, [shared], at=world.at, actor=BY)
    world.day(ISSUED)
    assert taken(world) == [WU]


@pytest.fixture
def substituted(world, tmp_path):
    """Wu stands in for the city's officer for August."""
    world.publish(small_plan(tmp_path, TOWN, between=False))
    wu = users.Newcomer("wu", "吳海燕", "trade", mail=WU)
    users.add(world.ledger, [wu], since=ISSUED, at=world.at, actor=BY)
    act = world.act(CITY)._replace(on=ISSUED)
    until = date(2013, 8, 30)
    reassigning.delegate(world.ledger, CITY, act, substitute="wu", until=until)
    return world


@pytest.mark.both
def test_a_substitute_receives_the_letters_until_the_last_day(substituted):
    substituted.day(ISSUED)
    bodies = {letter.to: letter.body for letter in substituted.post.letters}
    assert "（由您代經辦辦理）" in bodies[WU]
    assert "由您代" not in bodies[address(CITY)]
    assert taken(substituted) == sorted([WU, address(CITY)])

    substituted.until(date(2013, 11, 29))

    assert [letter.to for letter in substituted.post.letters if letter.date.month == 11] == [
        address(CITY)
    ]
    assert WU in taken(substituted)


def test_a_letter_that_waits_for_a_substitute_is_given_up_when_their_time_is_over(substituted):
    substituted.post.refusals[WU] = TryAgainError("451 later")
    substituted.until(date(2013, 8, 30))
    taken(substituted)
    del substituted.post.refusals[WU]

    substituted.until(date(2013, 9, 3))

    assert taken(substituted) == []
    assert substituted.messages(state="queued") == []
    with substituted.ledger.read() as conn:
        dead = [each for each in letters.listed(conn, state="dead") if each.address == WU]
        assert (
            max(dead, key=lambda each: each.on).reason == "the address is no longer the recipient's"
        )
        assert ("mail", WU) not in bounces.unreachable(conn)


def test_a_substitute_is_written_to_by_mail_also_where_the_position_has_none(substituted):
    add_channels(substituted.ledger, "wecom")
    at = substituted.at
    end(substituted.ledger, Contact("city", "officer", "mail", ""), at=at, actor=BY)
    record(substituted, "zhang-san", channel="wecom")

    substituted.day(ISSUED)
    assert taken(substituted) == sorted([WU, "zhang-san"])

    substituted.until(date(2013, 9, 30))
    assert "zhang-san" in taken(substituted)
