"""Limits on what one person writes: for each text, for one duty, and in all."""

from __future__ import annotations

import datetime as dt

import pytest

from catalog.clean import LONGEST_LINE, LONGEST_TEXT
from catalog.duties.deeds import DEEDS
from catalog.errors import ConflictError, InvalidError
from tasks.deeds import amount, answering, raising, urging
from tasks.deeds.registry import functions
from tests.world import ISSUED, PostOffice, World, small_plan

KEY = "small-2013/1.report/-/once"
OTHER = "small-2013/1.other/-/once"
LONGEST = {"area": LONGEST_TEXT, "text": LONGEST_LINE}
OTHERWISE = {"withdraw-slip", "report-reading"}  # called by a notice, and by a target
TEXTS = [
    (name, f.name, f.kind)
    for name, deed in DEEDS.items()
    for f in deed.fields
    if f.kind in LONGEST and name not in OTHERWISE
]
FILLED = {
    "agencies": (),
    "agency": "city",
    "choice": "accepted",
    "date": dt.date(2014, 3, 1),
    "figure": "1",
    "flag": False,
    "hidden": 1,
    "time": "",
}


@pytest.fixture
def world(ledger, tmp_path):
    stage = World(ledger, PostOffice())
    stage.publish(small_plan(tmp_path, {}, {"id": "other"}))
    stage.sweep(ISSUED)
    return stage


def test_a_text_has_room_for_all_that_is_said_and_no_more(world):
    who = world.act("trade/officer")
    answering.progress(world.ledger, KEY, who, text="督" * LONGEST_TEXT)
    with pytest.raises(InvalidError, match="at most 10000"):
        answering.progress(world.ledger, KEY, who, text="督" * (LONGEST_TEXT + 1))


@pytest.mark.parametrize(("name", "field", "shape"), TEXTS)
def test_every_text_of_every_deed_has_an_end(world, name, field, shape):
    fields = {f.name: FILLED.get(f.kind, "甲") for f in DEEDS[name].fields}
    fields[field] = "督" * (LONGEST[shape] + 1)
    with pytest.raises(InvalidError) as refusal:
        functions()[name](world.ledger, KEY, world.act("trade/officer"), **fields)
    assert (refusal.value.key, refusal.value.values["place"]) == ("text-too-long", field)


def test_somebody_who_fills_a_duty_goes_on_there_tomorrow(world, monkeypatch):
    monkeypatch.setattr(amount, "ON_A_DUTY", 3)
    who = world.act("trade/officer")
    for n in range(3):
        raising.comment(world.ledger, KEY, who, text=f"{n}")
    with pytest.raises(ConflictError, match="3 entries about this duty"):
        raising.comment(world.ledger, KEY, who, text="4")

    raising.comment(world.ledger, OTHER, who, text="elsewhere")
    raising.comment(world.ledger, KEY, world.act("office/officer"), text="somebody else")
    tomorrow = who._replace(at=who.at + dt.timedelta(days=1, seconds=1))
    raising.comment(world.ledger, KEY, tomorrow, text="4")


def test_somebody_who_fills_the_ledger_goes_on_tomorrow_and_the_office_decides_on(
    world, monkeypatch
):
    monkeypatch.setattr(amount, "IN_ALL", 2)
    for user in ("trade/officer", "office/officer"):
        for key in (KEY, OTHER):
            raising.comment(world.ledger, key, world.act(user), text="甲")
        with pytest.raises(ConflictError, match="2 entries within a day"):
            raising.comment(world.ledger, KEY, world.act(user), text="乙")
    urging.urge(world.ledger, KEY, world.act("office/officer"), text="請速辦")
