"""A mailbox gets one digest letter a working day, whatever is told, to whom and when."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.post import letters
from tasks.deeds import slips
from tasks.post import requeue
from tasks.post.channels.channel import ChannelStoppedError, RefusedError, TryAgainError
from tasks.post.contacts import Contact, reach
from tests.world import DAY, ISSUED, address, small_plan

KEY = "small-2013/1.report/-/once"
CITY, TRADE = "city/officer", "trade/officer"
TOWN = {"id": "town", "parties": ["city"], "due_on": date(2013, 12, 31)}
MANY = [{"id": f"r{n}", "due_on": date(2014, 6, 30), "parties": ["city"]} for n in range(3)]


def reachable(world, position, addresses):
    agency, _, name = position.partition("/")
    contact = Contact(agency, name, "mail", addresses)
    reach(world.ledger, [contact], at=world.at, actor="office/officer")


def post(world):
    """Take every letter out of the post: the address, the day and the Message-ID of each."""
    taken = [(each.to, each.date.date(), each.message_id) for each in world.post.letters]
    world.post.letters.clear()
    return taken


def days(world, to):
    return [on for each, on, _ in post(world) if each == to]


@pytest.mark.parametrize(
    ("done_on", "told_on"),
    [
        (date(2013, 8, 23), date(2013, 8, 26)),  # a Friday, after the day's letter
        (date(2013, 8, 24), date(2013, 8, 26)),  # a Saturday
        (date(2013, 9, 18), date(2013, 9, 22)),  # before Mid-Autumn; Sunday the 22nd is worked
        (date(2013, 9, 19), date(2013, 9, 22)),
        (date(2013, 9, 20), date(2013, 9, 22)),
        (date(2013, 9, 30), date(2013, 10, 8)),  # before the National Day
        (date(2013, 10, 11), date(2013, 10, 12)),  # a Saturday that is worked
    ],
)
def test_what_happens_on_a_rest_day_is_told_on_the_next_working_day(
    world, tmp_path, done_on, told_on
):
    world.publish(small_plan(tmp_path, TOWN, between=False))
    world.day(ISSUED)
    world.acknowledge("small-2013/1.town/city/once")
    world.day(done_on)
    post(world)
    world.file("small-2013/1.town/city/once")
    world.deliver()
    assert post(world) == []

    world.until(told_on + 3 * DAY)
    assert days(world, address(TRADE)) == [told_on]


def test_a_slip_that_a_person_releases_leaves_at_once(world, tmp_path):
    world.publish(small_plan(tmp_path, {"due_on": date(2013, 8, 30)}))
    world.day(ISSUED)
    world.day(date(2013, 9, 6))
    world.day(date(2013, 9, 7))
    draft, *_ = world.notices(state="draft")
    post(world)
    slips.release(world.ledger, draft.id, world.act("office/officer"))
    world.deliver()  # on a Saturday

    assert [(to, on) for to, on, _ in post(world)] == [(address("trade/head"), date(2013, 9, 7))]


def test_a_backlog_of_ten_days_is_one_letter(world, tmp_path):
    world.publish(small_plan(tmp_path, *MANY))
    for n in range(10):
        world.sweep(ISSUED + n * DAY)
    backlog = [m for m in world.messages(state="queued") if m.recipient == CITY]
    assert len(backlog) > 1

    world.deliver()
    assert len(days(world, address(CITY))) == 1
    assert {m.state for m in world.messages()} == {"sent"}


def test_while_its_channel_stands_still_a_letter_gathers_what_comes(world, tmp_path):
    world.publish(small_plan(tmp_path, *MANY))
    world.post.refusals[address(CITY)] = ChannelStoppedError("535")
    world.until(ISSUED + 8 * DAY)
    post(world)
    del world.post.refusals[address(CITY)]
    world.day(ISSUED + 9 * DAY)

    assert days(world, address(CITY)) == [ISSUED + 9 * DAY]


def test_positions_that_share_a_mailbox_share_the_letter(world, tmp_path):
    world.publish(small_plan(tmp_path, TOWN))
    for position in (CITY, TRADE):
        reachable(world, position, "registry@county.example")
    world.day(ISSUED)

    ((to, on, message_id),) = post(world)
    assert (to, on) == ("registry@county.example", ISSUED)
    with world.ledger.read() as conn:
        letter = letters.by_message_id(conn, message_id)
        carried = letters.messages_of(conn, [letter.id])[letter.id]
    assert sorted(m.recipient for m in carried) == [CITY, TRADE]
    assert {m.state for m in world.messages()} == {"sent"}


@pytest.mark.both
def test_each_of_several_addresses_gets_the_letter_under_a_name_of_its_own(world, tmp_path):
    world.publish(small_plan(tmp_path, TOWN))
    reachable(world, CITY, "a@city.example, b@city.example")
    world.day(ISSUED)

    ids = {to: message_id for to, _, message_id in post(world) if to.endswith("@city.example")}
    first = next(m.message_id for m in world.messages() if m.recipient == CITY)
    assert ids == {"a@city.example": first, "b@city.example": first.replace("@", ".2@", 1)}


@pytest.mark.parametrize(
    ("refusal", "state"), [(RefusedError("550"), "sent"), (TryAgainError("451"), "queued")]
)
def test_a_message_is_sent_when_one_address_has_it_and_none_waits(world, tmp_path, refusal, state):
    world.publish(small_plan(tmp_path, TOWN))
    reachable(world, CITY, "a@city.example, b@city.example")
    world.post.refusals["b@city.example"] = refusal
    world.day(ISSUED)
    post(world)

    (message,) = [m for m in world.messages() if m.recipient == CITY]
    assert message.state == state


def test_what_comes_after_the_letter_of_the_day_leaves_on_the_next_working_day(world, tmp_path):
    world.publish(small_plan(tmp_path, TOWN, {"id": "own"}))
    friday = date(2013, 8, 9)
    world.until(friday)
    post(world)
    world.sweep(friday)
    world.acknowledge("small-2013/1.town/city/once")
    world.file("small-2013/1.town/city/once")
    world.give_back("small-2013/1.town/city/once")
    for _ in range(2):
        world.deliver()
    assert post(world) == []

    world.until(date(2013, 8, 12))
    assert days(world, address(CITY)) == [date(2013, 8, 12)]


def test_a_letter_with_nothing_left_to_say_is_not_sent(world, tmp_path):
    world.publish(small_plan(tmp_path, TOWN))
    world.sweep(ISSUED)
    world.acknowledge("small-2013/1.town/city/once")
    world.deliver()

    assert [to for to, _, _ in post(world)] == [address(TRADE)]
    (told,) = [n for n in world.notices() if n.recipient == CITY]
    (message,) = [m for m in world.messages() if m.recipient == CITY]
    with world.ledger.read() as conn:
        (letter,) = letters.of_messages(conn, [message.id])[message.id]
    assert told.state == message.state == letter.state == "superseded"
    world.day(ISSUED + DAY)
    post(world)
    assert [m.state for m in world.messages() if m.id == message.id] == ["superseded"]


def test_what_is_settled_is_left_out_of_a_letter_that_leaves(world, tmp_path):
    world.publish(small_plan(tmp_path, *MANY))
    world.sweep(ISSUED)
    world.acknowledge("small-2013/1.r0/city/once")
    world.deliver()
    post(world)

    to_city = {n.duty: n.state for n in world.notices() if n.recipient == CITY}
    assert sorted(to_city.values()) == ["sent", "sent", "superseded"]
    assert to_city["small-2013/1.r0/city/once"] == "superseded"
    assert [n.duty for n in world.notices(state="superseded")] == ["small-2013/1.r0/city/once"]


def test_a_letter_once_tried_keeps_its_messages_and_its_name_over_the_days(world, tmp_path):
    world.publish(small_plan(tmp_path, TOWN))
    world.post.refusals[address(CITY)] = TryAgainError("451")
    world.day(date(2013, 8, 9))
    with world.ledger.read() as conn:
        (tried,) = [each for each in letters.listed(conn) if each.address == address(CITY)]
    world.file("small-2013/1.town/city/once")
    world.give_back("small-2013/1.town/city/once")
    post(world)
    del world.post.refusals[address(CITY)]
    world.until(date(2013, 8, 13))

    to_city = [each[1:] for each in post(world) if each[0] == address(CITY)]
    assert to_city[0] == (date(2013, 8, 12), tried.message_id)
    assert [on for on, _ in to_city] == [date(2013, 8, 12), date(2013, 8, 13)]


def test_a_dead_letter_is_tried_again_whole_and_keeps_its_name(world, tmp_path):
    world.publish(small_plan(tmp_path, *MANY))
    world.post.refusals[address(CITY)] = RefusedError("550 no such user")
    world.day(ISSUED)
    post(world)
    dead = world.notices(state="dead")
    assert len(dead) == len(MANY)
    del world.post.refusals[address(CITY)]
    queued = requeue.retry(world.ledger, [dead[0].id], at=world.at, actor="office/officer")
    world.deliver()

    ((to, _, message_id),) = post(world)
    (message,) = [m for m in world.messages() if m.recipient == CITY]
    assert (to, message_id, queued) == (address(CITY), message.message_id, [message.id])
    assert world.notices(state="dead") == []


def test_all_dead_letters_with_a_reason_are_tried_again(world, tmp_path):
    world.publish(small_plan(tmp_path, TOWN))
    world.post.refusals[address(CITY)] = RefusedError("550 relay denied")
    world.post.refusals[address(TRADE)] = RefusedError("552 too big")
    world.day(ISSUED)
    world.post.refusals.clear()
    queued = requeue.retry_all(
        world.ledger, at=world.at, actor="office/officer", reason="Relay denied"
    )
    world.deliver()

    assert len(queued) == 1
    assert [to for to, _, _ in post(world)] == [address(CITY)]
    assert [n.recipient for n in world.notices(state="dead")] == [TRADE]


def test_a_dead_letter_tried_again_at_another_address_has_another_name(world, tmp_path):
    world.publish(small_plan(tmp_path, TOWN))
    world.post.refusals[address(CITY)] = RefusedError("550 no such user")
    world.day(ISSUED)
    post(world)
    (dead,) = world.notices(state="dead")
    reachable(world, CITY, "right@city.example")
    requeue.retry(world.ledger, [dead.id], at=world.at, actor="office/officer")
    world.deliver()

    ((to, _, message_id),) = post(world)
    (message,) = [m for m in world.messages() if m.recipient == CITY]
    assert (to, message_id) == ("right@city.example", message.message_id.replace("@", ".2@", 1))


def test_a_letter_that_waits_for_an_address_goes_to_the_new_one(world, tmp_path):
    world.publish(small_plan(tmp_path, TOWN))
    world.post.refusals[address(CITY)] = TryAgainError("451 mailbox full")
    world.day(ISSUED)
    post(world)
    reachable(world, CITY, "right@city.example")
    world.deliver()

    assert [to for to, _, _ in post(world)] == ["right@city.example"]
    assert [m.state for m in world.messages() if m.recipient == CITY] == ["sent"]


def test_what_died_for_want_of_an_address_is_sent_when_one_is_recorded(world, tmp_path):
    world.publish(small_plan(tmp_path, TOWN), unreached=[CITY])
    world.day(ISSUED)
    post(world)
    assert [n.recipient for n in world.notices(state="dead")] == [CITY]
    reachable(world, CITY, "new@city.example")
    world.deliver()

    assert [to for to, _, _ in post(world)] == ["new@city.example"]
