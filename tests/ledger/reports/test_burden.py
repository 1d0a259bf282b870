"""The burden is counted from what left or will leave, and from the duties that opened."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.reports import burden
from tests.world import DAY, ISSUED, PostOffice, World, small_plan

KEY = "small-2013/1.report/-/once"
SPAN = {"since": ISSUED, "until": date(2013, 12, 31)}


@pytest.fixture
def world(ledger, tmp_path):
    """A report nobody filed, a week late: an amber slip is drafted."""
    made = World(ledger, PostOffice())
    made.publish(small_plan(tmp_path, {"due_on": date(2013, 8, 20)}))
    while made.today < date(2013, 8, 27):
        made.sweep(made.today + DAY)
    return made


def counted(world):
    with world.ledger.read() as conn:
        return burden.messages(conn, **SPAN)


def test_every_message_counts_for_its_agency_and_month(world):
    assert sum(counted(world).values()) == len(world.messages())
    assert {month for month, _ in counted(world)} == {"2013-08"}
    assert {agency for _, agency in counted(world)} == {"trade", "office"}


def test_a_draft_that_was_taken_back_weighs_nothing(world):
    before = counted(world)
    drafts = len(world.messages(state="draft"))
    world.file(KEY)
    assert drafts > 0
    taken_back = len(world.messages(state="superseded"))
    assert taken_back == drafts
    new = len(world.messages()) - sum(before.values())
    assert sum(counted(world).values()) == sum(before.values()) - drafts + new


def test_the_letters_of_an_agency_are_as_many_as_counted(world):
    for (month, agency), number in counted(world).items():
        with world.ledger.read() as conn:
            found = burden.letters(conn, agency, **SPAN)
        assert [f"{letter.on:%Y-%m}" for letter in found] == [month] * number
        assert {letter.recipient.partition("/")[0] for letter in found} == {agency}


def test_a_duty_that_opened_is_a_request_to_its_performer(world):
    with world.ledger.read() as conn:
        assert burden.requests(conn, **SPAN) == {("2013-08", "trade"): 1}
        assert not burden.requests(conn, since=date(2013, 9, 1), until=date(2013, 12, 31))
