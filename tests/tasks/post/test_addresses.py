"""Addresses of contacts, checked by the kind of their channel when they are recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from catalog.errors import InvalidError, NotFoundError
from ledger.post import contacts
from ledger.settings import main_settings
from tasks.post.addresses import checked
from tasks.post.contacts import Contact, reach
from tests.world import PostOffice, World, small_plan

if TYPE_CHECKING:
    from ledger.settings import Settings

CHANNELS = """\
sms=twilio://AC0123456789abcdef0123456789abcdef:0123456789abcdef0123456789abcdef@15555555555/{to}
oa=hooks://oa.example/duban/{to}
robot=wecombot://{to}
group=wecombot://0123-4567
"""
PLACE = "city/officer"


@pytest.fixture
def settings(tmp_path) -> Settings:
    home, secret = str(tmp_path / "home"), "s" * 32
    return main_settings({"DUBAN_HOME": home, "DUBAN_CHANNELS": CHANNELS, "DUBAN_SECRET": secret})


@pytest.mark.parametrize(
    ("channel", "typed", "recorded"),
    [
        ("mail", "a@x.example,b@X.example , a@x.example", "a@x.example, b@x.example"),
        ("mail", "a@x.example，b@x.example；c@x.example", "a@x.example, b@x.example, c@x.example"),
        ("sms", "+86 138-0000-0000, 13800000001", "+8613800000000, 13800000001"),
        ("oa", "city-1", "city-1"),
        ("robot", "0123-4567", "0123-4567"),
        ("group", "經辦群", "經辦群"),
    ],
)
def test_addresses_are_recorded_in_one_form(channel, typed, recorded, settings):
    assert checked(settings, channel, typed, place=PLACE) == recorded


@pytest.mark.parametrize(
    ("channel", "typed", "key"),
    [
        ("mail", " , ", "address-invalid"),
        ("mail", "a@x.example, b", "address-invalid"),
        ("mail", ", ".join(f"officer{n}@office.example" for n in range(40)), "address-invalid"),
        ("sms", "a@x.example", "telephone-invalid"),
        ("sms", "12345", "telephone-invalid"),
        ("sms", "１３８00000000", "address-full-width"),
        ("oa", "https://oa.example/in", "address-not-taken"),
        ("oa", "two words", "address-not-taken"),
        ("robot", "no key!", "address-not-taken"),
        ("robot", "no/key", "address-not-taken"),
        ("group", "a\u202eb", "address-not-taken"),
    ],
)
def test_an_address_that_its_channel_cannot_take_is_refused(channel, typed, key, settings):
    with pytest.raises(InvalidError) as refusal:
        checked(settings, channel, typed, place=PLACE)

    assert refusal.value.key == key
    assert str(refusal.value).startswith(PLACE)


def test_an_unknown_channel_is_refused_with_the_known_ones(settings):
    with pytest.raises(NotFoundError, match=r"wecom.*mail, group, oa, robot, sms"):
        checked(settings, "wecom", "zhang-san", place=PLACE)


def test_an_address_written_another_way_changes_nothing(ledger, tmp_path):
    world = World(ledger, PostOffice())
    world.publish(small_plan(tmp_path))
    two = [Contact("city", "officer", "mail", "a@x.example,b@x.example")]

    changes = [reach(world.ledger, two, at=world.at, actor="office/officer") for _ in range(2)]

    assert changes == [1, 0]
    with world.ledger.read() as conn:
        assert contacts.contacts(conn)["city", "officer"]["mail"] == "a@x.example, b@x.example"
