"""Killed at any commit of an exchange, neither of two offices has half of it."""

from __future__ import annotations

from datetime import date
from unittest.mock import patch

import pytest

from ledger.offices import bundles, keys
from ledger.offices.installation import load_settings
from ledger.proof import chain
from ledger.session import Ledger
from tasks.offices.handing_down import hand_down
from tasks.offices.receiving import receive
from tasks.offices.reporting_up import report
from tasks.offices.taking_over import decline, take_over
from tasks.offices.trusting import distrust, trust
from tests.faults.trial import Trial
from tests.world import ISSUED, PostOffice, World, small_plan

ABOVE, BELOW = "province-2013", "city-2013"
DUTIES = [{"id": name, "says": "各地", "due_on": date(2014, 6, 30)} for name in ("plan", "fair")]
WANTED = [f"{ABOVE}/1.{name}/-/once" for name in ("plan", "fair")]
FIRST, SECOND = "a" * 16, "b" * 16  # bundles
QUICK = {"take over", "hand down"}


def act(world):
    return world.act("office/officer")


def done(function, *told, **said):
    return lambda world: function(world.ledger, *told, act(world), **said)


def hand(world, key, named):
    """Hand a duty down; the id of the bundle is drawn by chance, and here the same again."""
    with patch("secrets.token_hex", lambda _: named):
        return hand_down(world.ledger, [key], act(world), to="city").document.encode()


@pytest.fixture
def province(tmp_path):
    """The office above, in a ledger that nobody kills."""
    with Ledger.open(load_settings({"DUBAN_HOME": str(tmp_path / "above")})) as ledger:
        world = World(ledger, PostOffice())
        world.publish(small_plan(tmp_path, *DUTIES, code=ABOVE))
        world.sweep(ISSUED)
        yield world


@pytest.fixture
def trial(database, tmp_path):
    return Trial(database, tmp_path)


def deeds(trial):
    with trial.database.open(trial.home) as ledger, ledger.read() as conn:
        return {entry.deed for entry in chain.entries(conn)}


def begun(trial, plan):
    """Live the first day of a plan in the home that will be killed; return its public key."""
    first = [("", lambda w: w.publish(plan)), ("", lambda w: w.sweep(ISSUED))]
    trial.live(first, quick=())
    return keys.public(trial.home)


def test_what_comes_is_taken_over_declined_and_reported_whole(
    province, trial, tmp_path, record_property
):
    key = begun(trial, small_plan(tmp_path, {"id": "own"}, code=BELOW))
    trust(province.ledger, "city", key, act(province))
    first = hand(province, WANTED[0], FIRST)
    second = hand(province, WANTED[1], SECOND)
    above = keys.public(province.ledger.settings.home)
    kills = trial.live(
        [
            ("trust", done(trust, "province", above)),
            ("bring", done(receive, first)),
            ("", done(receive, second)),
            ("take over", done(take_over, FIRST, plan=BELOW, lead="trade")),
            ("decline", done(decline, SECOND, reason="已有安排")),
            ("report", done(report, "province")),
            ("distrust", done(distrust, "province")),
        ],
        quick=QUICK,
    )
    record_property("kills", kills)
    assert deeds(trial) >= {
        "trusted", "bundle-received", "taken-over", "bundle-declined", "report-sent", "distrusted",
    }  # fmt: skip


def test_what_is_handed_down_and_told_of_it_is_recorded_whole(
    province, trial, tmp_path, record_property
):
    key = begun(trial, small_plan(tmp_path, *DUTIES, code=ABOVE))
    city = keys.public(province.ledger.settings.home)  # here it is the office below
    trust(province.ledger, "province", key, act(province))
    trial.live([("", done(trust, "city", city))], quick=())
    kills = trial.live([("hand down", lambda w: hand(w, WANTED[0], FIRST))], quick=QUICK)
    with trial.database.open(trial.home) as ledger, ledger.read() as conn:
        sent = bundles.sent(conn, FIRST).document.encode()
    receive(province.ledger, sent, act(province))
    said = report(province.ledger, "province", act(province))
    kills += trial.live([("roll up", done(receive, said))], quick=QUICK)
    record_property("kills", kills)
    assert deeds(trial) >= {"bundle-sent", "handed-down", "report-received", "rolled-up"}
