"""The operators' watch is told figures by a token; the office sees when no sweep has finished."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from catalog.plans.load import load_plan
from desk.app import create_app
from ledger.plans.editions import all_in_force
from ledger.store.changes import Change
from tasks.sweep_time import is_unswept, sweep_instant
from tests.desk.visitors import Browser

TOKEN = "a token of thirty-two characters."


@pytest.fixture
def watched(desk_ledger, clock):
    """A browser at a desk that has a token for its figures."""
    settings = replace(desk_ledger.settings, metrics_token=TOKEN)
    return Browser(create_app(settings, clock=clock))


def test_whoever_has_the_token_is_told_figures(watched):
    told = watched.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert told.status_code == 200
    assert 'duban_duties{jurisdiction="",plan="guangdong-2013",what="opened"}' in told.text
    assert 'duban_messages{jurisdiction="",plan="guangdong-2013",state="sent"}' in told.text


@pytest.mark.parametrize("shown", ["", "Bearer", f"Bearer {TOKEN}x", TOKEN[:-1], "Bearer \xe9"])
def test_nobody_else_finds_anything(watched, shown):
    assert watched.get("/metrics", headers={"Authorization": shown.encode()}).status_code == 404


def test_without_a_token_set_there_is_no_such_page(browser):
    assert browser.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize(
    ("at", "unswept"),
    [
        ("2014-01-25T02:30:00+00:00", False),  # 26 hours after 2014-01-24 08:30 in Shanghai
        ("2014-01-25T02:30:01+00:00", True),
    ],
)
def test_a_plan_is_unswept_26_hours_after_its_last_sweep(desk_ledger, at, unswept):
    zone = dt.timezone(dt.timedelta(hours=8))
    with desk_ledger.read() as conn:
        edition = all_in_force(conn)[0]._replace(is_demo=False)
    assert edition.swept_through == dt.date(2014, 1, 24)
    assert is_unswept(edition, zone, dt.datetime.fromisoformat(at)) is unswept


def test_a_plan_never_swept_counts_from_its_publication(desk_ledger):
    with desk_ledger.read() as conn:
        edition = all_in_force(conn)[0]._replace(is_demo=False, swept_through=None)
    at = edition.published_at + dt.timedelta(hours=26)
    assert not is_unswept(edition, dt.UTC, at)
    assert is_unswept(edition, dt.UTC, at + dt.timedelta(seconds=1))


@pytest.mark.parametrize(
    ("who", "sees"), [("chen", True), ("lin", True), ("li", False), ("he", False)]
)
def test_the_office_and_the_administrator_see_the_alarm(desk_ledger, signed_in, who, sees):
    with desk_ledger.transaction() as tx:
        real = [Change("editions", ("guangdong-2013", 1), {"is_demo": False})]
        tx.record("published", "guangdong-2013", changes=real, at=_at(), actor="duban")
    assert ('role="alert"' in signed_in(who).get("/account").text) is sees


def _at():
    plan = load_plan("guangdong-2013")
    return sweep_instant(plan.zone, dt.date(2014, 1, 24))
