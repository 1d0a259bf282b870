"""A wrong clock changes nothing: set back it is refused, set ahead it needs a person's word."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from catalog.errors import ConflictError
from ledger.plans import editions
from ledger.proof import chain
from tasks import today
from tasks.sweep import brake
from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.faults.surviving import assert_sound, everything
from tests.world import ISSUED, ZONE, PostOffice, World, small_plan

SWEPT = date(2013, 11, 29)
YEAR = timedelta(days=365)
ZONES = ["UTC", "Asia/Shanghai", "America/Los_Angeles"]
MIDNIGHT = datetime(2013, 12, 31, 16, tzinfo=UTC)  # in Shanghai
# Five duties run; one is due at the end of the year, the others at the end of the next.
DUTIES = [
    {"id": "now", "due_on": date(2013, 12, 31)},
    *({"id": f"r{n}", "due_on": date(2014, 9, 30)} for n in range(4)),
]


def tick(on, actor="duban"):
    return Tick("small-2013", on, sweep_instant(ZONE, on), actor)


@pytest.fixture
def swept(ledger, tmp_path):
    world = World(ledger, PostOffice())
    world.publish(small_plan(tmp_path, *DUTIES))
    for on in (ISSUED, SWEPT):
        world.sweep(on)
    return ledger


def live(ledger, asked, *, confirmed=False):
    """Sweep as the commands and the flow do."""
    brake.brake(ledger, asked, confirmed=confirmed)
    sweep(ledger, asked)


@pytest.mark.parametrize("back", [timedelta(days=1), YEAR])
def test_a_clock_set_back_is_refused_and_changes_nothing(swept, back):
    before = everything(swept)
    with pytest.raises(ConflictError) as refused:
        live(swept, tick(SWEPT - back))
    assert refused.value.key == "sweep-backwards"
    assert everything(swept) == before


def test_a_clock_set_back_an_hour_on_its_day_changes_nothing(swept):
    before = everything(swept)
    live(swept, replace(tick(SWEPT), at=tick(SWEPT).at - timedelta(hours=1)))
    assert everything(swept) == before


def test_a_clock_a_year_ahead_is_stopped_before_anybody_is_told(swept):
    before = everything(swept)
    with pytest.raises(ConflictError) as stopped:
        live(swept, tick(SWEPT + YEAR))
    assert (stopped.value.key, stopped.value.values["late"]) == ("sweep-leaps", 5)
    assert everything(swept) == before


def test_a_person_who_confirms_stands_in_the_history_and_the_sweep_runs(swept):
    live(swept, tick(SWEPT + YEAR, actor="cli:chen"), confirmed=True)
    with swept.read() as conn:
        told = [e for e in chain.entries(conn) if e.deed == "leap-confirmed"]
        assert editions.in_force(conn, "small-2013").swept_through == SWEPT + YEAR
    assert [(e.actor, e.payload["late"]) for e in told] == [("cli:chen", 5)]
    live(swept, tick(SWEPT + YEAR + timedelta(days=1)))
    assert_sound(swept)


@pytest.mark.parametrize(
    ("on", "stops"),
    [
        (date(2014, 1, 1), False),  # one of five: not more than a fifth
        (date(2014, 9, 30), False),
        (date(2014, 10, 1), True),
    ],
)
def test_what_stops_is_more_than_a_fifth_overdue_at_once(swept, on, stops):
    with swept.read() as conn:
        found = brake.leap(conn, editions.in_force(conn, "small-2013"), on)
    assert (found is not None) is stops


@pytest.mark.parametrize(("days", "stops"), [(7, False), (8, True)])
def test_a_week_without_a_machine_is_believed(swept, days, stops):
    live(swept, tick(date(2014, 1, 1)))
    last = date(2014, 10, 1) - timedelta(days=days)
    live(swept, tick(last))
    with swept.read() as conn:
        found = brake.leap(conn, editions.in_force(conn, "small-2013"), date(2014, 10, 1))
    assert (found is not None) is stops


def test_what_is_filed_or_ended_is_not_overdue(swept):
    world = World(swept, PostOffice())
    world.today = SWEPT
    for n in range(4):
        world.file(f"small-2013/1.r{n}/-/once")
    with swept.read() as conn:
        found = brake.leap(conn, editions.in_force(conn, "small-2013"), SWEPT + YEAR)
    assert found is None


def test_a_demonstration_lives_as_it_likes(swept):
    with swept.read() as conn:
        edition = editions.in_force(conn, "small-2013")
        assert brake.leap(conn, edition._replace(is_demo=True), SWEPT + YEAR) is None
        assert brake.leap(conn, edition, SWEPT + YEAR) is not None


@pytest.fixture
def machine(monkeypatch):
    """Return how to set the zone of the machine."""

    def _machine(zone):
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield _machine
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("at", "on"),
    [(MIDNIGHT - timedelta(seconds=1), date(2013, 12, 31)), (MIDNIGHT, date(2014, 1, 1))],
)
def test_the_zone_of_the_plan_says_which_day_it_is(swept, machine, zone, at, on):
    machine(zone)
    assert today.now(swept, "small-2013", lambda: at) == (on, at)


def test_in_every_zone_the_same_days_leave_the_same_history(machine, database, tmp_path):
    heads = set()
    for zone in ZONES:
        machine(zone)
        with database.open(tmp_path / zone) as ledger:
            world = World(ledger, PostOffice())
            world.publish(small_plan(tmp_path, *DUTIES))
            for on in (ISSUED, SWEPT, date(2014, 1, 7)):
                world.sweep(on)
            with ledger.read() as conn:
                heads.add(chain.head(conn))
    assert len(heads) == 1
