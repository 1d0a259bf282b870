"""Logins added and ended, substitutes named and withdrawn."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.errors import ConflictError, DubanError, InvalidError, NotFoundError
from ledger.people import users as people
from ledger.proof import chain
from tasks.deeds import answering, reassigning
from tasks.people import users
from tests.world import DAY, ISSUED, PostOffice, World, small_plan

KEY = "small-2013/1.report/city/once"


@pytest.fixture
def world(ledger, tmp_path):
    stage = World(ledger, PostOffice())
    stage.publish(small_plan(tmp_path, {"parties": ["city"]}))
    stage.sweep(ISSUED)
    return stage


def admit(world, *newcomers, since=ISSUED):
    users.add(world.ledger, newcomers, since=since, at=world.at, actor="cli:root")


def lend(world, by="city/officer", **fields):
    values = {"substitute": "stranger/officer", "until": ISSUED + 9 * DAY} | fields
    reassigning.delegate(world.ledger, "city/officer", world.act(by), **values)


def acts_for(world, who):
    with world.ledger.read() as conn:
        return [user.id for user in people.acting_for(conn, who, world.today)]


def refused(error, deed, *args, **fields):
    with pytest.raises(error) as refusal:
        deed(*args, **fields)
    return refusal.value.key


def test_a_new_login_acts_from_its_first_day(world):
    admit(world, users.Newcomer("li", "李", "trade"), since=ISSUED + DAY)
    assert refused(ConflictError, acts_for, world, "li") == "user-ended"
    world.today += DAY
    assert acts_for(world, "li") == ["li"]


def test_a_login_is_given_once(world):
    newcomer = users.Newcomer("city/officer", "王", "city")
    assert refused(ConflictError, admit, world, newcomer) == "user-exists"


def test_a_login_is_given_once_within_a_batch(world):
    twice = [users.Newcomer("li", "李", "trade"), users.Newcomer("li", "王", "city")]
    assert refused(ConflictError, admit, world, *twice) == "user-exists"


@pytest.mark.parametrize(
    ("newcomer", "error", "key"),
    [
        (users.Newcomer("wang", "王", "nobody"), NotFoundError, "agency-unknown"),
        (users.Newcomer("wang li", "王", "city"), InvalidError, "user-unfit"),
        (users.Newcomer("wang\u202e", "王", "city"), InvalidError, "user-unfit"),
        (users.Newcomer("w" * 65, "王", "city"), InvalidError, "user-unfit"),
        (users.Newcomer("wang", " \n", "city"), InvalidError, "user-unfit"),
    ],
)
def test_a_login_must_be_fit(newcomer, error, key, world):
    assert refused(error, admit, world, newcomer) == key


def test_a_disabled_login_does_nothing_from_that_day(world):
    users.disable(world.ledger, "city/officer", on=ISSUED, at=world.at, actor="cli:root")
    assert refused(ConflictError, world.acknowledge, KEY) == "user-ended"
    again = {"on": ISSUED, "at": world.at, "actor": "cli:root"}
    assert refused(ConflictError, users.disable, world.ledger, "city/officer", **again) == (
        "user-ended"
    )


def test_the_last_administrator_is_not_disabled(world):
    lin = users.Newcomer("lin", "林", "office", "administrator")
    mei = users.Newcomer("mei", "梅", "office", "administrator")
    admit(world, lin)
    act = {"on": ISSUED, "at": world.at, "actor": "lin"}
    assert refused(ConflictError, users.disable, world.ledger, "lin", **act) == (
        "last-administrator"
    )
    admit(world, mei)
    users.disable(world.ledger, "lin", **act)
    assert refused(ConflictError, users.disable, world.ledger, "mei", **act) == (
        "last-administrator"
    )


def test_a_substitute_of_a_disabled_user_is_only_itself(world):
    lend(world)
    users.disable(world.ledger, "city/officer", on=ISSUED, at=world.at, actor="cli:root")
    assert acts_for(world, "stranger/officer") == ["stranger/officer"]


def test_what_a_substitute_does_says_for_whom(world):
    lend(world)
    answering.acknowledge(world.ledger, KEY, world.act("stranger/officer"))
    with world.ledger.read() as conn:
        *_, entry = chain.entries(conn, subject=KEY)
    assert (entry.actor, entry.payload["for"]) == ("stranger/officer", ["city/officer"])


def test_a_substitute_cannot_pass_on_what_it_was_lent(world):
    lend(world)
    fields = {"by": "stranger/officer", "substitute": "trade/officer"}
    assert refused(ConflictError, lend, world, **fields) == "delegation-of-another"


def test_the_office_names_a_substitute_for_somebody_who_cannot(world):
    lend(world, by="office/officer")
    assert acts_for(world, "stranger/officer") == ["stranger/officer", "city/officer"]


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"since": ISSUED - DAY}, "delegation-days"),
        ({"until": ISSUED - DAY}, "delegation-days"),
        ({"substitute": "city/officer"}, "delegation-unfit"),
        ({"substitute": "reviewer/officer"}, "delegation-unfit"),
        ({"substitute": "nobody"}, "user-unknown"),
    ],
)
def test_a_substitute_must_be_fit(said, key, world):
    assert refused(DubanError, lend, world, **said) == key


def test_what_was_lent_is_taken_back_at_once(world):
    lend(world)
    act = world.act("city/officer")
    reassigning.end_delegation(world.ledger, "city/officer", act, substitute="stranger/officer")
    assert acts_for(world, "stranger/officer") == ["stranger/officer"]
    ended = {"substitute": "stranger/officer"}
    assert refused(
        NotFoundError, reassigning.end_delegation, world.ledger, "city/officer", act, **ended
    ) == ("delegation-unknown")


def test_days_are_counted_both_ends(world):
    lend(world, since=ISSUED + DAY, until=ISSUED + 2 * DAY)
    days = []
    for world.today in (date(2013, 8, 5), date(2013, 8, 6), date(2013, 8, 7), date(2013, 8, 8)):
        days.append(len(acts_for(world, "stranger/officer")))
    assert days == [1, 2, 2, 1]
