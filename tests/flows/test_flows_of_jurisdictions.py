"""What runs by itself for a jurisdiction that is added while everything runs, on a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from catalog.plans.load import load_plan
from flows.run import ticks
from ledger.duties import duties
from ledger.offices import bundles, keys
from ledger.offices.installation import load_settings
from ledger.offices.jurisdictions import Jurisdiction, settings_of
from ledger.plans import editions
from ledger.proof import chain
from ledger.session import Ledger
from tasks.act import Act
from tasks.offices.add import add
from tasks.offices.handing_down import hand_down
from tasks.offices.trusting import trust
from tasks.plans.publish import publish
from tests.flows.running import PATIENCE, PLAN, eventually

if TYPE_CHECKING:
    import datetime as dt

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(2 * PATIENCE)]

BROKEN = "broken"
CITY, ITS = "xin-cheng", "kindergartens-2019"


@pytest.fixture(scope="module")
def city(stack):
    """Add a jurisdiction with a plan of real use, after a broken one, and wait for its sweep."""
    settings = load_settings({"DUBAN_HOME": str(stack.home)})
    for name in (BROKEN, CITY):
        add(settings, Jurisdiction(name, "新城區督辦室"))
    (settings_of(settings, BROKEN).home / "duban.db").write_bytes(b"no database" * 1000)
    with Ledger.open(settings_of(settings, CITY)) as ledger:
        publish(ledger, load_plan(ITS), at=ticks.now_utc(), actor="office")
        eventually(lambda: stack.finished(f"{CITY}.{ITS}"))
        yield ledger


def test_its_plan_is_swept_at_once_and_the_run_tells_whose_it_is(stack, city):
    (run,) = stack.finished(f"{CITY}.{ITS}")
    today = ticks.tick(city, ITS).on

    assert (run["state_type"], run["name"]) == ("COMPLETED", f"{CITY}.{ITS} {today}")
    assert {"duban", f"jurisdiction:{CITY}", f"plan:{ITS}"} <= set(run["tags"])
    assert run["parameters"] == {"plan": ITS, "jurisdiction": CITY}
    assert stack.table(f"{CITY}--sweep-{ITS}")["day"] == today.isoformat()
    assert _swept_through(city, ITS) == today


def test_the_main_ledger_knows_nothing_of_it(city):
    with Ledger.open(city.settings.main) as main, main.read() as conn:
        told = list(chain.entries(conn))
        plans = [edition.plan for edition in editions.all_in_force(conn)]
    assert (plans, [e for e in told if ITS in e.subject]) == ([PLAN], [])


@pytest.mark.usefixtures("city")
def test_one_whose_ledger_cannot_be_read_is_told_in_the_log_and_stops_no_other(stack):
    told = (stack.home / "log" / "flows.log").read_text(encoding="utf-8")
    assert f"jurisdiction {BROKEN} has no new schedules" in told


@pytest.mark.usefixtures("city")
def test_it_has_a_delivery_of_its_own(stack):
    run = stack.run(f"{CITY}.every-5-minutes", on="2026-01-05")
    assert (run["state_type"], run["name"]) == ("COMPLETED", f"{CITY}.deliver 2026-01-05")
    assert stack.table(f"{CITY}--deliver")["waiting"] == 0


def test_what_one_office_hands_another_goes_with_the_main_delivery(stack, city):
    with Ledger.open(city.settings.main) as main:
        with main.read() as conn:
            held = duties.listed(conn, plan=PLAN)
        act = Act("office/officer", *ticks.latest(main))
        trust(main, "city", keys.public(city.settings.home), act)
        trust(city, "province", keys.public(main.settings.home), act)
        wanted = next(duty.key for duty in held if not duty.closed_on and duty.due_on > act.on)
        sent = hand_down(main, [wanted], act, to="city")
    assert stack.run("every-5-minutes")["state_type"] == "COMPLETED"
    with city.read() as conn:
        assert [kept.id for kept in bundles.waiting(conn)] == [sent.id]


def test_one_that_is_not_there_is_refused(stack):
    run = stack.run(PLAN, jurisdiction="nowhere", on="2014-01-06")
    assert run["state_type"] == "FAILED"
    assert "nowhere" in run["state"]["message"]


def _swept_through(ledger, plan) -> dt.date:
    with ledger.read() as conn:
        return editions.in_force(conn, plan).swept_through
