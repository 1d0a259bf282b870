"""The office assigns duties beside the plan, and records what a meeting decided."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.access import signin
from desk.app import create_app
from ledger.duties import assignments, conditions, duties
from tasks.deeds import answering
from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.desk.visitors import Browser, Clock
from tests.world import ISSUED, PostOffice, World, small_plan

KEY, MEETING = "small-2013/adhoc.1/-/once", "small-2013/1.meeting/-/once"
HELD = dt.date(2013, 9, 25)
ORDER = {"title": "報送名單", "to": "city", "due_on": "2013-10-31", "source": "省領導批示"}


@pytest.fixture
def desk(tmp_path, home, database):
    """A desk of a small plan whose meeting was held; browsers by the agency of their officer."""
    meeting = {"id": "meeting", "kind": "meeting"}
    with database.open(home) as ledger:
        world = World(ledger, PostOffice())
        world.publish(small_plan(tmp_path, meeting, {"id": "other", "kind": "meeting"}))
        world.sweep(ISSUED)
        world.sweep(HELD)
        trade = world.act("trade/officer")
        answering.file_submission(ledger, MEETING, trade, summary="已召開")
    clock = Clock()
    clock.at = dt.datetime(2013, 9, 26, 2, 0, tzinfo=dt.UTC)
    app = create_app(database.settings(home), clock=clock)
    yield Desk(app, clock)
    app.state.desk.ledger.close()


class Desk:
    def __init__(self, app, clock):
        self.app, self.clock, self.ledger = app, clock, app.state.desk.ledger

    def of(self, agency: str) -> Browser:
        browser = Browser(self.app)
        with self.ledger.transaction() as tx:
            cookie = signin.begin(tx, f"{agency}/officer", at=self.clock(), proved=True)
        browser.cookies.set("duban", cookie)
        return browser

    def sweep(self, on: dt.date) -> None:
        sweep(self.ledger, Tick("small-2013", on, sweep_instant("Asia/Shanghai", on)))

    def beside(self):
        with self.ledger.read() as conn:
            return duties.chosen(conn, conditions.of(measure="adhoc"))


def test_the_office_assigns_a_duty_and_finds_it_in_its_lists(desk):
    office = desk.of("office")
    said = office.post_form("/assign", **ORDER, document="粵府批〔2013〕7號")
    assert said.history[0].status_code == 303
    (duty,) = desk.beside()
    assert (duty.key, duty.performer) == (KEY, "city")
    paths = ("/assign", "/ledger?measure=adhoc&view=all", f"/duty/{KEY}", f"/duty/{KEY}/print")
    for path in (*paths, "/gantt?measure=adhoc", "/calendar?month=2013-10", "/"):
        text = office.get(path).text
        assert "報送名單" in text or path not in paths
        assert "措施adhoc" not in text
        assert "第adhoc項" not in text
    assert "省領導批示，粵府批〔2013〕7號" in office.get(f"/duty/{KEY}").text


def test_the_performer_finds_it_at_its_desk(desk):
    desk.of("office").post_form("/assign", **ORDER)
    desk.sweep(dt.date(2013, 9, 26))
    city = desk.of("city")
    assert "報送名單" in city.get("/in").text
    assert city.get(f"/duty/{KEY}").status_code == 200
    assert desk.of("stranger").get(f"/duty/{KEY}").status_code == 404


def test_participants_and_evidence_are_those_that_were_chosen(desk):
    fields = {**ORDER, "with": ["trade", "stranger"], "evidence": ["photo"]}
    desk.of("office").post_form("/assign", **fields)
    (duty,) = desk.beside()
    assert duty.participants == ("trade", "stranger")
    with desk.ledger.read() as conn:
        assert assignments.of_duty(conn, KEY).evidence == ("photo",)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"source": ""}, "source"),
        ({"due_on": ""}, "due_on"),
        ({"due_on": "2013-09-01"}, "due_on"),
        ({"to": ""}, "to"),
    ],
)
def test_what_is_wrong_stands_at_its_field(desk, change, field):
    said = desk.of("office").post_form("/assign", **ORDER | change)
    assert said.status_code == 422
    assert f'href="#{field}"' in said.text
    assert desk.beside() == []


def test_several_are_assigned_at_once_and_nothing_typed_is_lost(desk):
    office = desk.of("office")
    second = {"title-2": "報送方案", "to-2": "trade", "due_on-2": "2013-09-01"}
    room = office.post_form("/assign", **ORDER, rows="1", more="yes").text
    assert all(words in room for words in ("報送名單", "省領導批示", 'id="title-4"'))
    fields = {**ORDER, **second, "with-2": ["city"], "rows": "4", "due_on-3": "someday"}
    wrong = office.post_form("/assign", **fields)
    assert wrong.status_code == 422
    assert all(f'href="#{field}"' in wrong.text for field in ("due_on-2", "due_on-3"))
    assert all(words in wrong.text for words in ("報送方案", "2013-09-01", "someday"))
    assert desk.beside() == []
    monthly = {"due_on-2": "2013-10-10", "recurrence-2": "monthly", "until-2": "2013-11-30"}
    office.post_form("/assign", **fields | monthly | {"due_on-3": ""})
    assert [(d.title, d.period) for d in desk.beside()] == [
        ("報送名單", "once"),
        ("報送方案", "2013-10"),
        ("報送方案", "2013-11"),
    ]


def test_the_office_corrects_what_it_assigned(desk):
    office = desk.of("office")
    office.post_form("/assign", **ORDER)
    path = f"/duty/{KEY}/do/correct-order"
    form = office.get(path).text
    assert all(words in form for words in ("省領導批示", 'value="2013-10-31"', 'value="stranger"'))
    wrong = office.post_form(path, reason="時限有誤", due_on="2013-09-01")
    assert 'id="due_on-wrong"' in wrong.text
    office.post_form(path, reason="時限有誤", due_on="2013-11-15")
    (duty,) = desk.beside()
    assert (duty.due_on, duty.title) == (dt.date(2013, 11, 15), "報送名單")
    other = "small-2013/1.other/-/once"
    assert office.get(f"/duty/{other}/do/correct-order").url.path == f"/duty/{other}"


@pytest.mark.parametrize("rows", ["0", "x", "999999999"])
def test_a_form_has_room_for_so_many_duties(desk, rows):
    assert desk.of("office").post_form("/assign", **ORDER, rows=rows).status_code == 200


@pytest.mark.parametrize("who", ["city", "reviewer"])
def test_nobody_else_assigns(desk, who):
    assert desk.of(who).get("/assign").status_code == 403
    assert desk.of(who).post_form("/assign", **ORDER).status_code == 403


def test_the_decisions_of_a_meeting_are_recorded_from_its_page(desk):
    office = desk.of("office")
    page = office.get(f"/duty/{MEETING}").text
    assert f"/assign?meeting={MEETING}" in page
    office.post_form("/assign", **ORDER | {"source": ""}, meeting=MEETING)
    with desk.ledger.read() as conn:
        decision = assignments.of_duty(conn, KEY)
    assert (decision.meeting, decision.dated_on) == (MEETING, HELD)
    assert "報送名單" in office.get(f"/duty/{MEETING}").text
    assert "2013年9月25日" in office.get(f"/duty/{KEY}").text


def test_a_meeting_that_was_not_held_decides_nothing(desk):
    other = "small-2013/1.other/-/once"
    office = desk.of("office")
    assert "尚未召開" in office.get(f"/assign?meeting={other}").text
    assert office.post_form("/assign", **ORDER, meeting=other).status_code == 422


def test_an_agenda_is_read_by_who_answers_for_the_meeting(desk):
    path = "/duty/small-2013/1.other/-/once/agenda"
    office = desk.of("office")
    assert office.get(path).status_code == 404
    desk.of("office").post_form("/assign", **ORDER)
    desk.sweep(dt.date(2013, 11, 15))
    page = office.get(path)
    assert "會議議程" in page.text
    assert "擬定時間：2013年12月17日" in page.text
    assert desk.of("trade").get(path).status_code == 200
    assert desk.of("city").get(path).status_code == 404
