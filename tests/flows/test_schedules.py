"""The schedules of an installation while Prefect does not answer, and of plans that change."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from prefect.settings import (
    PREFECT_API_AUTH_STRING,
    PREFECT_API_URL,
    PREFECT_CLIENT_MAX_RETRIES,
    temporary_settings,
)

from catalog.errors import ConflictError
from catalog.plans.succession import Order
from flows.report import report
from flows.run import course, sheets
from flows.stack.schedules import Service
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks.agencies.reorganise import reorganise
from tasks.demo import play
from tasks.plans.publish import publish
from tasks.tick import Tick
from tests.flows.running import free_port
from tests.world import DAY, ISSUED, PostOffice, World, small_plan

pytestmark = pytest.mark.prefect


YEARLY = {"id": "yearly", "recurrence": "yearly"}
LONG = {"ends_on": date(2040, 12, 31)}
MERGER = Order("merged", "trade", ISSUED + DAY, "粵辦發〔2014〕5號", "commerce", "省商務廳")


@pytest.fixture
def published(home, tmp_path, monkeypatch):
    monkeypatch.setenv("DUBAN_HOME", str(home))
    with Ledger.open(load_settings()) as ledger:
        world = World(ledger, PostOffice())
        world.publish(small_plan(tmp_path, YEARLY))
        world.sweep(ISSUED)
        yield world


def test_a_prefect_that_does_not_answer_ends_no_schedules(published, caplog):
    nobody = {
        PREFECT_API_URL: f"http://127.0.0.1:{free_port()}/api",
        PREFECT_CLIENT_MAX_RETRIES: 0,
    }
    with temporary_settings(nobody):
        asyncio.run(Service(published.ledger.settings).look())
    assert "jurisdiction main has no new schedules" in caplog.text
    assert "connection attempts failed" in caplog.text


def test_a_course_names_the_bodies_of_today(published):
    published.sweep(MERGER.on)
    reorganise(published.ledger, MERGER, published.act("office/officer"))
    with published.ledger.read() as conn:
        assert "lead:省商務廳" in course.tags_of(conn, "small-2013", "1.yearly")
        assert "省商務廳" in sheets.words(conn, "small-2013", "1.yearly", "zh-Hant")


def test_a_sheet_too_long_for_all_duties_has_those_under_way(published, monkeypatch):
    first = "small-2013/1.yearly/-/2013"
    published.file(first)
    published.close(first)
    monkeypatch.setattr(sheets, "MOST", 1)
    tick = Tick("small-2013", ISSUED, published.at, obligation="1.yearly")
    with published.ledger.read() as conn:
        sheet = sheets.obligation_sheet(conn, tick, language="en", url="")
    assert "| 2014 | " in sheet
    assert "| 2013 | " not in sheet


def test_by_hand_a_course_has_no_day_ahead_in_a_demonstration(home, tmp_path, monkeypatch):
    """Its entries would be of days that no sweep noted, which a check takes for tampering."""
    monkeypatch.setenv("DUBAN_HOME", str(home))
    with Ledger.open(load_settings()) as ledger:
        play.begin(ledger, small_plan(tmp_path, YEARLY))
        play.live(ledger, "small-2013", ISSUED)
    with pytest.raises(ConflictError, match="2014"):
        asyncio.run(report.fn("small-2013", "1.yearly", date(2014, 6, 1)))


@pytest.fixture
def service(published, stack):
    secret = stack.secret.read_text(encoding="ascii")
    api = f"http://127.0.0.1:{stack.port}/api"
    with temporary_settings({PREFECT_API_URL: api, PREFECT_API_AUTH_STRING: secret}):
        yield Service(published.ledger.settings)


def test_an_obligation_has_one_deployment_though_it_goes_comes_back_and_changes(
    published, service, stack, tmp_path
):
    office, report = {"id": "other", "basis": "office"}, {**YEARLY, "kind": "report"}
    flows = []
    for edition, obligation in enumerate([YEARLY, office, YEARLY, report, office], 2):
        plan = small_plan(tmp_path, obligation).model_copy(update={"edition": edition, **LONG})
        publish(published.ledger, plan, at=published.at, actor="office/officer")
        asyncio.run(service.take_up_obligations(""))
        courses = stack.ask("deployments/filter", {"deployments": {"tags": {"all_": ["course"]}}})
        flows.append([kind for d in courses for kind in d["tags"] if kind.startswith("kind:")])
    assert flows == [["kind:milestone"], [], ["kind:milestone"], ["kind:report"], []]
