"""Readings: the right to report a figure, its record, and the place it gives a target."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.errors import ConflictError, NotFoundError, UsageRefusedError
from catalog.plans.load import load_plan
from ledger.proof import chain
from ledger.proof.ledger_verification import differences
from ledger.reports import readings
from tasks.act import Act
from tasks.deeds.readings import report
from tasks.people import users
from tasks.reports.targets import target_reports
from tests.world import ISSUED, PostOffice, World

PLAN = "guangdong-2013"
EMERGING = "8.emerging-share"
WINTER = date(2014, 1, 20)  # the year is over
SOURCE = "海關統計 2013 年第 12 期"


@pytest.fixture(scope="module")
def guangdong():
    return load_plan(PLAN)


@pytest.fixture
def world(ledger, guangdong):
    stage = World(ledger, PostOffice())
    stage.publish(guangdong)
    stage.sweep(ISSUED)
    newcomers = [
        users.Newcomer("lin", "林", "wjmt"),
        users.Newcomer("he", "何", "education"),
        users.Newcomer("dong", "董", "dongguan"),
    ]
    users.add(ledger, newcomers, since=ISSUED, at=stage.at, actor="office")
    stage.today = WINTER
    return stage


def read(world, *, target=EMERGING, year=2013, value="19.5", by="lin", **more):
    act, figure = Act(by, world.today, world.at), {"source": SOURCE, "value": value} | more
    return report(world.ledger, PLAN, target, act, year=year, **figure)


def told(world, target=EMERGING):
    with world.ledger.read() as conn:
        return next(t for t in target_reports(conn, PLAN) if t.id == target)


def test_a_reading_is_kept_with_its_source_and_who_reported_it(world):
    assert read(world, value="19.50") == 1

    with world.ledger.read() as conn:
        (reading,) = readings.listed(conn, PLAN)
        *_, last = chain.entries(conn, f"{PLAN}/{EMERGING}/-/2013")
    assert (reading.year, reading.value, reading.source) == (2013, "19.50", SOURCE)
    assert (reading.reported_on, reading.reported_by) == (WINTER, "lin")
    assert (last.deed, last.actor) == ("measured", "lin")


def test_a_correction_is_kept_beside_the_first_figure_and_counts(world):
    read(world, value="19.5")
    assert told(world).place.verdict == "on-course"

    assert read(world, value="19.1") == 2

    assert [r.value for r in told(world).readings] == ["19.5", "19.1"]
    assert told(world).place.verdict == "behind"


def test_every_kind_of_target_is_followed(world):
    read(world, value="19.5")
    read(world, target="1.transfer-value", value="588")
    read(world, target="14.mechanical-growth", value="12.4", by="dong", party="dongguan")

    places = {t: told(world, t).place for t in (EMERGING, "1.transfer-value")}
    growth = told(world, "14.mechanical-growth").place
    assert {t: p.verdict for t, p in places.items()} == {
        EMERGING: "on-course",
        "1.transfer-value": "behind",
    }
    assert str(places["1.transfer-value"].expected) == "600.00"
    assert (str(growth.actual), growth.verdict) == ("12.40", "on-course")
    assert told(world, "9.domestic-sales").place.verdict == "no-reading"


def test_the_targets_come_in_the_plans_order_with_their_lead(world, guangdong):
    with world.ledger.read() as conn:
        reports = target_reports(conn, PLAN)

    ids = [f"{m.number}.{t.id}" for m in guangdong.measures for t in m.targets]
    assert [t.id for t in reports] == ids
    assert {t.lead for t in reports if t.measure.number == "8"} == {"wjmt"}


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"by": "he"}, "rule-who-performer"),
        ({"source": "  "}, "rule-needs-source"),
    ],
)
def test_a_reading_is_refused_by_its_rule(world, said, rule):
    with pytest.raises(ConflictError) as refused:
        read(world, **said)

    assert refused.value.key == rule
    with world.ledger.read() as conn:
        assert readings.listed(conn, PLAN) == []


def test_a_year_that_is_not_over_is_not_read(world):
    world.sweep(WINTER)
    with pytest.raises(ConflictError) as refused:
        read(world, year=2014)

    assert refused.value.key.startswith("rule-standing-")


def test_a_year_that_is_over_is_still_read(world):
    world.sweep(date(2014, 2, 10))

    assert read(world) == 1


@pytest.mark.parametrize(
    ("said", "error", "key"),
    [
        ({"value": "19.5%"}, UsageRefusedError, "figure-unreadable"),
        ({"target": "8.nothing"}, NotFoundError, "target-unknown"),
        ({"target": "40.meeting"}, NotFoundError, "target-unknown"),
        ({"year": 2012}, NotFoundError, "target-year"),
        ({"by": "nobody"}, NotFoundError, "user-unknown"),
    ],
)
def test_what_nobody_can_read_is_named(world, said, error, key):
    with pytest.raises(error) as refused:
        read(world, **said)

    assert refused.value.key == key


def test_readings_fold_as_everything_does(world):
    read(world)
    read(world, value="19.6")

    with world.ledger.read() as conn:
        assert list(differences(conn)) == []
