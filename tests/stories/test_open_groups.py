"""A plan leaves a group open (有關市): the office names its bodies before anybody is written to."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.errors import ConflictError, DubanError
from ledger.people import agencies
from tasks.agencies.open_groups import name_bodies
from tests.world import CAST, DAY, ISSUED, small_plan

PLAN, DOCUMENT = "small-2013", "關於確定有關市的通知 粵加貿辦〔2013〕3號"
REPORT = f"{PLAN}/1.report/-/once"
NAMED_ON = date(2013, 8, 12)
GROUP = {"name": "有關市人民政府", "kind": "open-group"}
TOWN = {"name": "深圳市人民政府", "kind": "city"}


@pytest.fixture(autouse=True)
def _with_a_group_and_a_town(monkeypatch):
    monkeypatch.setitem(CAST, "group", GROUP)
    monkeypatch.setitem(CAST, "town", TOWN)


@pytest.fixture
def taking_part(world, tmp_path):
    """The trade department reports; 有關市 take part."""
    world.publish(small_plan(tmp_path, {"id": "report"}, participants=["group", "stranger"]))
    world.day(ISSUED)
    world.post.letters.clear()
    world.today = NAMED_ON
    return world


@pytest.fixture
def performing(world, tmp_path):
    """有關市 each file a report."""
    world.publish(small_plan(tmp_path, {"id": "report", "parties": ["group"]}))
    world.day(ISSUED)
    world.post.letters.clear()
    world.today = NAMED_ON
    return world


def name(world, *members: str, document: str = DOCUMENT, user: str = "office/officer", **more: str):
    act = world.act(user)
    return name_bodies(world.ledger, PLAN, "group", act, members=members, document=document, **more)


def unnamed(world) -> dict[str, list[str]]:
    with world.ledger.read() as conn:
        return agencies.unnamed(conn, PLAN)


def test_nobody_is_written_to_and_the_office_is_alarmed_until_the_bodies_are_named(taking_part):
    assert unnamed(taking_part) == {"group": ["1"]}
    name(taking_part, "city", "town")
    assert unnamed(taking_part) == {}


def test_named_bodies_take_part_and_read_why(taking_part):
    """The other participants, who knew of the duty, hear nothing."""
    result = name(taking_part, "city", "town")
    assert result.changed == [REPORT]
    assert taking_part.duty(REPORT).participants == ("city", "town", "stranger")
    taking_part.acknowledge(REPORT)
    taking_part.day(date(2013, 8, 13))
    for body in ("city", "town"):
        letter = taking_part.expect(f"{body}/officer", NAMED_ON + DAY, "named:0001").letter
        assert "協調辦公室確定貴單位為本事項的具體單位" in letter.body
        assert DOCUMENT in letter.body
    taking_part.post.letters.clear()


def test_what_the_group_performs_becomes_a_duty_of_each_body(performing):
    result = name(performing, "city", "town")
    keys = [f"{PLAN}/1.report/{body}/once" for body in ("city", "town")]
    assert (result.created, result.ended) == (keys, [f"{PLAN}/1.report/group/once"])
    performing.day(date(2013, 8, 13))
    letter = performing.expect("city/officer", date(2013, 8, 13), "issue")
    assert letter.notices == {(keys[0], "issue")}
    assert unnamed(performing) == {}
    performing.post.letters.clear()


def test_naming_again_takes_the_place_of_the_naming_before(performing):
    name(performing, "city")
    result = name(performing, "town")
    assert result.created == [f"{PLAN}/1.report/town/once"]
    assert result.ended == [f"{PLAN}/1.report/city/once"]


def test_a_naming_before_the_first_sweep_holds_for_what_the_sweep_creates(world, tmp_path):
    world.publish(small_plan(tmp_path, {"id": "report", "parties": ["group"]}))
    world.today = ISSUED
    name(world, "city", measure="1")
    world.day(ISSUED)
    assert [duty.performer for duty in world.duties()] == ["city"]
    world.post.letters.clear()


def test_what_was_past_due_stays_with_the_group_until_the_office_decides(performing):
    """Nobody was told of it, so nobody is late with it."""
    performing.today = date(2014, 1, 10)
    assert name(performing, "city").created == []
    assert unnamed(performing) == {"group": ["1"]}


@pytest.mark.parametrize(
    ("members", "more", "rule"),
    [
        ([], {}, "open-group-empty"),
        (["nobody"], {}, "agency-unknown"),
        (["office"], {}, "open-group-member"),
        (["group"], {}, "open-group-member"),
        (["city"], {"document": " "}, "rule-needs-document"),
        (["city"], {"user": "trade/officer"}, "rule-who-office"),
        (["city"], {"measure": "9"}, "measure-unknown"),
    ],
)
def test_a_naming_that_does_not_fit_is_refused(taking_part, members, more, rule):
    with pytest.raises(DubanError) as refused:
        name(taking_part, *members, **more)
    assert refused.value.key == rule


def test_a_group_that_leads_is_one_body(world, tmp_path):
    """Several cannot answer for one measure."""
    world.publish(small_plan(tmp_path, {"id": "report"}, lead="group"))
    world.day(ISSUED)
    world.post.letters.clear()
    with pytest.raises(ConflictError) as refused:
        name(world, "city", "town")
    assert refused.value.key == "open-group-leads"
    name(world, "city")
    duty = world.duty(REPORT)
    assert (duty.lead, duty.performer) == ("city", "city")


def test_a_new_edition_keeps_the_bodies(taking_part, tmp_path):
    """An amendment compares both editions with the bodies in the place of the group."""
    name(taking_part, "city")
    plan = small_plan(
        tmp_path,
        {"id": "report", "due_on": date(2014, 3, 31)},
        participants=["group", "stranger"],
    )
    plans = taking_part.plans
    taking_part.publish(plan.model_copy(update={"edition": 2}))
    taking_part.plans = plans
    assert taking_part.duty(REPORT).due_on == date(2014, 3, 31)
    assert taking_part.duty(REPORT).participants == ("city", "stranger")
    taking_part.post.letters.clear()
