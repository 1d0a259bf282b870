"""One person in several agencies: where two people must agree, the person counts, not the post."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.errors import ConflictError, NotFoundError
from ledger.people import users as ledger_users
from tasks.deeds import answering, deciding, extending, reassigning
from tasks.people import users
from tasks.people.users import Newcomer
from tests.world import DAY, ISSUED, PostOffice, World, small_plan

KEY = "small-2013/1.report/city/once"


@pytest.fixture
def world(ledger, tmp_path):
    stage = World(ledger, PostOffice())
    stage.publish(small_plan(tmp_path, {"parties": ["city"]}, lead="city"))
    stage.sweep(date(2013, 12, 1))
    stage.acknowledge(KEY)
    return stage


def post(world, login, agency, of, role="officer"):
    newcomer = Newcomer(login, "經辦", agency, role, of=of)
    users.add(world.ledger, [newcomer], since=ISSUED, at=world.at, actor="cli:root")


def refused(deed, *args, **fields):
    with pytest.raises((ConflictError, NotFoundError)) as refusal:
        deed(*args, **fields)
    return refusal.value.key


def test_who_filed_by_one_post_does_not_close_by_another(world):
    post(world, "city@office", "office", "city/officer")
    world.file(KEY)

    assert refused(deciding.close, world.ledger, KEY, world.act("city@office")) == (
        "rule-doer-never-closes"
    )
    give_back = {"reason": "缺少附件"}
    key = refused(deciding.give_back, world.ledger, KEY, world.act("city@office"), **give_back)
    assert key == "rule-not-own-work"
    world.close(KEY)


def test_the_post_that_filed_counts_after_it_has_ended(world):
    post(world, "clerk", "city", "office/officer")
    answering.file_submission(world.ledger, KEY, world.act("clerk"), summary="已完成")
    users.disable(world.ledger, "clerk", on=world.today, at=world.at, actor="cli:root")

    assert refused(deciding.close, world.ledger, KEY, world.act("office/officer")) == (
        "rule-doer-never-closes"
    )


def test_whose_other_agency_performs_neither_closes_nor_decides(world):
    """Another person of that agency filed; the agency is theirs all the same."""
    post(world, "city@office", "city", "office/officer")
    asked = {"to": date(2014, 2, 1), "reason": "資料未齊"}
    extending.ask(world.ledger, KEY, world.act("city/officer"), **asked)
    act = world.act("office/officer")
    assert (
        refused(extending.refuse, world.ledger, KEY, act, reason="不同意")
        == "rule-doer-never-decides"
    )
    world.file(KEY)
    assert refused(deciding.close, world.ledger, KEY, act) == "rule-doer-never-closes"


def test_who_stands_in_by_another_post_counts_too(world):
    """The person's second post stands in for the performer today: so they do not close."""
    post(world, "second", "stranger", "office/officer")
    reassigning.delegate(
        world.ledger,
        "city/officer",
        world.act("city/officer"),
        substitute="second",
        until=world.today + 9 * DAY,
    )
    world.file(KEY)
    act = world.act("office/officer")
    assert refused(deciding.close, world.ledger, KEY, act) == "rule-doer-never-closes"


def test_a_post_has_the_rights_of_its_own_agency_alone(world):
    post(world, "city@office", "office", "city/officer")
    act = world.act("city@office")
    assert refused(answering.file_submission, world.ledger, KEY, act, summary="x").startswith(
        "rule-who-"
    )


def test_nobody_stands_in_for_themselves(world):
    post(world, "second", "stranger", "city/officer")
    key = refused(
        reassigning.delegate,
        world.ledger,
        "city/officer",
        world.act("city/officer"),
        substitute="second",
        until=world.today + DAY,
    )
    assert key == "delegation-unfit"


@pytest.mark.parametrize(
    ("of", "agency", "role", "key"),
    [
        ("nobody", "office", "officer", "user-unknown"),
        ("city/officer", "city", "officer", "post-there"),
        ("city/officer", "reviewer", "reviewer", "post-of-reviewer"),
        ("reviewer/officer", "office", "officer", "post-of-reviewer"),
    ],
)
def test_a_post_that_a_person_may_not_have_is_refused(world, of, agency, role, key):
    assert refused(post, world, "new", agency, of, role) == key


def test_a_post_of_a_post_is_of_the_same_person(world):
    post(world, "second", "office", "city/officer")
    post(world, "third", "trade", "second")
    with world.ledger.read() as conn:
        assert ledger_users.person_of(conn, "third") == "city/officer"
        logins = [each.id for each in ledger_users.posts(conn, "second", world.today)]
    assert logins == ["city/officer", "second", "third"]
