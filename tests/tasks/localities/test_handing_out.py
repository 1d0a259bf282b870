"""Shares are handed out year by year: all parties, a sum that suffices, the old ones kept."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.errors import ConflictError, InvalidError
from ledger.proof.ledger_verification import differences
from ledger.reports import localities
from tasks.deeds import readings
from tasks.localities.handing_out import NewShare, hand_out
from tasks.reports.targets import target_reports
from tests.localities import CODE, city, plan_of_cities
from tests.world import PostOffice, World

INVEST, EMERGING = "1.invest", "1.emerging"
TASKS = f"{CODE}/2.tasks/-/2014"
BEGIN = date(2014, 1, 6)


@pytest.fixture
def world(ledger, monkeypatch):
    post = PostOffice()
    monkeypatch.setattr("tasks.post.lines.channel_for", lambda _settings, _name, **_: post)
    stage = World(ledger, post)
    stage.publish(plan_of_cities())
    stage.day(BEGIN)
    stage.post.letters.clear()
    return stage


def share(world, *figures, by="trade/officer", reason="", target=INVEST):
    new = [NewShare(target, city(n), str(f)) for n, f in enumerate(figures)]
    return hand_out(world.ledger, TASKS, world.act(by), new=new, reason=reason)


@pytest.fixture
def over(world):
    """The world after the year, when its figures are asked for."""
    world.sweep(date(2015, 1, 5))
    return world


def read(world, number, value, *, year=2014, target=INVEST, by=""):
    who = world.act(by or f"{city(number)}/officer")
    return readings.report(
        world.ledger, CODE, target, who, year=year, value=value, source="統計", party=city(number)
    )


def told(world, target=INVEST):
    with world.ledger.read() as conn:
        return next(t for t in target_reports(conn, CODE) if t.id == target)


def kept(world):
    with world.ledger.read() as conn:
        assert list(differences(conn)) == []
        return [(s.party, s.value, s.number) for s in localities.shares(conn, CODE)]


@pytest.mark.both
def test_shares_that_suffice_are_handed_out_and_the_duty_is_filed(world):
    assert share(world, 10, 10, "10.0") == 3

    assert kept(world) == [(city(0), "10", 1), (city(1), "10", 1), (city(2), "10.0", 1)]
    assert world.duty(TASKS).filed_on == BEGIN
    assert [p.share.value for p in told(world).parties] == [10, 10, 10]


def test_shares_short_of_the_course_need_a_reason(world):
    with pytest.raises(ConflictError) as refused:
        share(world, 10, 10, 9)
    assert refused.value.key == "shares-short"
    assert (refused.value.values["actual"], refused.value.values["expected"]) == ("29.00", "30.00")
    assert kept(world) == []

    assert share(world, 10, 10, 9, reason="新區下半年起步") == 3


def test_a_sum_that_rounds_to_the_course_is_not_short(world):
    assert share(world, 10, 10, "9.996") == 3


def test_every_party_needs_its_share(world):
    with pytest.raises(ConflictError) as refused:
        share(world, 20, 20)
    assert refused.value.key == "share-missing"
    assert refused.value.values["agency"] == "珠市人民政府"


@pytest.mark.parametrize(
    ("new", "key"),
    [
        (NewShare(INVEST, city(0), "一"), "figure-in-cell"),
        (NewShare(INVEST, city(0), "1", "0"), "figure-in-cell"),
        (NewShare(INVEST, "trade", "1"), "share-party"),
        (NewShare(EMERGING, city(0), "1"), "share-target"),
    ],
)
def test_what_cannot_be_a_share_is_named_with_its_place(world, new, key):
    with pytest.raises(InvalidError) as refused:
        hand_out(world.ledger, TASKS, world.act("trade/officer"), new=[new._replace(place="B2")])
    assert (refused.value.key, refused.value.values["place"]) == (key, "B2")


def test_only_the_performer_hands_out(world):
    for who in ("office/officer", f"{city(0)}/officer", "reviewer/officer"):
        with pytest.raises(ConflictError) as refused:
            share(world, 10, 10, 10, by=who)
        assert refused.value.key == "rule-who-performer"


def test_a_duty_that_hands_nothing_out_says_so(world):
    key = f"{CODE}/4.report/-/2014"
    with pytest.raises(ConflictError) as refused:
        hand_out(world.ledger, key, world.act("trade/officer"), new=[])
    assert refused.value.key == "shares-none"


def test_the_duty_is_not_filed_before_its_shares(world):
    with pytest.raises(ConflictError) as refused:
        world.file(TASKS)
    assert refused.value.key == "rule-shares-first"


def test_a_changed_share_is_kept_beside_the_old_one(world):
    share(world, 10, 10, 10)
    assert share(world, 10, 12, 10) == 1

    assert kept(world)[1:3] == [(city(1), "10", 1), (city(1), "12", 2)]
    assert [p.share.value for p in told(world).parties] == [10, 12, 10]


def test_parties_hear_their_shares_and_find_them_in_the_letter_of_the_reading(world):
    share(world, 10, 11, 12)
    world.day(date(2014, 1, 7))
    bodies = {x.to: x.body for x in world.post.letters}
    assert "新增投資 11億美元" in bodies[f"officer.{city(1)}@cast.example"]

    world.post.letters.clear()
    world.day(date(2015, 1, 5))
    bodies = {x.to: x.body for x in world.post.letters}
    assert "分解指標：11億美元" in bodies[f"officer.{city(1)}@cast.example"]
    assert "12億美元" not in bodies[f"officer.{city(1)}@cast.example"]


def test_readings_of_all_parties_make_the_figure_and_the_missing_are_named(over):
    share(over, 10, 10, 10)
    read(over, 0, "11")
    read(over, 1, "9")
    first = told(over)
    assert first.place.verdict == "no-reading"
    assert first.incomplete == {2014: [city(2)]}
    assert [p.met for p in first.parties] == [True, False, None]

    read(over, 2, "10")
    assert (told(over).place.verdict, str(told(over).place.actual)) == ("on-course", "30.00")
    assert told(over).incomplete == {}


def test_a_corrected_reading_counts_and_the_old_one_is_kept(over):
    for number, value in enumerate(("11", "9", "10")):
        read(over, number, value)
    read(over, 1, "8.9")
    assert str(told(over).place.actual) == "29.90"
    assert [r.value for r in told(over).readings if r.duty.split("/")[2] == city(1)] == [
        "9",
        "8.9",
    ]


def test_a_rate_is_the_leads_beside_those_of_the_parties(over):
    read(over, 0, "17", target=EMERGING)
    assert told(over, EMERGING).place.verdict == "no-reading"

    lead = over.act("trade/officer")
    values = {"year": 2014, "value": "19.5", "source": "統計"}
    readings.report(over.ledger, CODE, EMERGING, lead, **values)
    assert told(over, EMERGING).place.verdict == "on-course"
    assert told(over, EMERGING).incomplete == {2014: [city(1), city(2)]}


def test_an_agency_sees_what_it_leads_and_its_own_part_of_the_rest(over):
    share(over, 10, 11, 12)
    read(over, 0, "1")
    read(over, 1, "2")
    own = told(over).of({city(1)})
    assert [r.value for r in own.readings] == ["2"]
    assert {p.party for p in own.parties} == {city(1)}
    assert told(over).of({"trade"}) == told(over)
    assert told(over).of({"statistics"}) is None
