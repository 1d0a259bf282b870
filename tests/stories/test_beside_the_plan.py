"""A duty beside the plan lives as any other: told, late, slipped, closed, proved, handed down."""

from __future__ import annotations

import json
from datetime import date

import pytest

from catalog.errors import DubanError
from catalog.plans import succession
from flows.run import sheets
from ledger.duties import assignments, duties
from ledger.proof.ledger_verification import differences
from tasks.agencies.reorganise import reorganise
from tasks.deeds import answering, deciding, pausing, reassigning
from tasks.in_force import in_force
from tasks.known_on import known_on
from tasks.plans import assigning
from tasks.plans.assigning import Order
from tasks.plans.publish import publish
from tasks.tick import Tick
from tests.world import ISSUED, changed, dump, small_plan

PLAN, KEY = "small-2013", "small-2013/adhoc.1/-/once"
DUE = date(2013, 9, 30)
ORDER = Order("報送名單", "city", DUE, "省領導批示", ("trade",), document="粵府批〔2013〕7號")


@pytest.fixture
def lived(world, tmp_path):
    world.publish(small_plan(tmp_path, {"id": "report"}))
    world.day(ISSUED)
    world.post.letters.clear()
    return world


def assign(world, order: Order = ORDER, user: str = "office/officer") -> str:
    return assigning.assign(world.ledger, PLAN, world.act(user), order)


def test_it_is_told_by_the_ladder_of_the_plan_with_its_source(lived):
    assert assign(lived) == KEY
    lived.day(date(2013, 8, 6))
    letter = lived.expect("city/officer", date(2013, 8, 6), "issue").letter
    assert "交辦依據：「省領導批示，粵府批〔2013〕7號」" in letter.body
    lived.expect("trade/officer", date(2013, 8, 6), "issue")
    lived.calm()


def test_it_is_overdue_and_gets_a_slip_as_any_duty(lived):
    assign(lived)
    lived.sweep(date(2013, 8, 6))
    lived.sweep(date(2013, 10, 8))
    (draft,) = [n for n in lived.notices(state="draft") if n.duty == KEY]
    assert draft.rung == "late-7"
    lived.post.letters.clear()


def test_it_is_filed_with_the_evidence_it_asks_for_and_closed(lived):
    assign(lived, ORDER._replace(evidence=("photo",)))
    lived.sweep(date(2013, 8, 6))
    with pytest.raises(DubanError) as refused:
        lived.file(KEY)
    assert refused.value.key == "rule-evidence-photo"
    lived.post.letters.clear()


def test_the_performer_leads_it_and_the_office_closes_it(lived):
    assign(lived)
    lived.sweep(date(2013, 8, 6))
    answering.acknowledge(lived.ledger, KEY, lived.act("city/officer"))
    deciding.close_not_done(lived.ledger, KEY, lived.act("office/officer"), reason="已撤銷")
    assert (lived.duty(KEY).lead, lived.duty(KEY).closed_as) == ("city", "not-done")
    lived.post.letters.clear()


def test_two_have_two_numbers(lived):
    assign(lived)
    assert assign(lived) == "small-2013/adhoc.2/-/once"
    lived.sweep(date(2013, 8, 6))
    lived.post.letters.clear()


MONTHLY = ORDER._replace(recurrence="monthly", until=date(2013, 12, 15))


def test_what_recurs_is_a_duty_for_each_period(lived):
    assert assign(lived, MONTHLY) == "small-2013/adhoc.1/-/2013-09"
    assert assign(lived) == "small-2013/adhoc.2/-/once"
    months = [d for d in lived.duties() if d.obligation == "adhoc.1"]
    assert [(d.period, d.opens_on, d.due_on) for d in months] == [
        ("2013-09", date(2013, 9, 1), date(2013, 9, 30)),
        ("2013-10", date(2013, 10, 1), date(2013, 10, 30)),
        ("2013-11", date(2013, 11, 1), date(2013, 11, 30)),
        ("2013-12", date(2013, 12, 1), date(2013, 12, 15)),
    ]
    with lived.ledger.read() as conn:
        sources = {assignments.of_duty(conn, d.key).source for d in months}
        assert list(differences(conn)) == []
    assert sources == {"省領導批示"}
    for day in (date(2013, 8, 6), date(2013, 9, 2), date(2013, 10, 8)):
        lived.day(day)
    issued = {n.duty for n in lived.notices() if n.rung == "issue" and n.recipient[:4] == "city"}
    assert issued == {months[0].key, months[1].key, "small-2013/adhoc.2/-/once"}
    lived.post.letters.clear()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"until": date(2013, 9, 29)}, "assign-until"),
        ({"recurrence": "once"}, "assign-until-once"),
        ({"due_on": date(2016, 3, 1), "until": None}, "assign-until"),
        ({"until": date(2033, 9, 30)}, "assign-too-often"),
    ],
)
def test_what_recurs_has_an_end(lived, change, rule):
    with pytest.raises(DubanError) as error:
        assign(lived, MONTHLY._replace(**change))
    assert error.value.key == rule


def test_of_several_orders_all_are_recorded_or_none(lived):
    orders = [ORDER, MONTHLY, ORDER._replace(title=" "), ORDER._replace(to="nobody")]
    act = lived.act("office/officer")
    refused = assigning.refusals(lived.ledger, PLAN, act, orders)
    assert {place: error.key for place, error in refused.items()} == {
        2: "assign-needs-title",
        3: "agency-unknown",
    }
    with pytest.raises(DubanError):
        assigning.assign_all(lived.ledger, PLAN, act, orders)
    assert len(lived.duties()) == 1
    keys = assigning.assign_all(lived.ledger, PLAN, act, orders[:2])
    assert keys[:2] == [KEY, "small-2013/adhoc.2/-/2013-09"]
    assert len(lived.duties()) == 1 + len(keys) == 6


@pytest.mark.parametrize(
    ("change", "user", "rule"),
    [
        ({}, "city/officer", "rule-who-office"),
        ({"title": " "}, "office/officer", "assign-needs-title"),
        ({"source": ""}, "office/officer", "assign-needs-source"),
        ({"due_on": date(2013, 8, 4)}, "office/officer", "assign-past"),
        ({"dated_on": date(2013, 8, 6)}, "office/officer", "assign-ahead"),
        ({"to": "nobody"}, "office/officer", "agency-unknown"),
        ({"to": "office"}, "office/officer", "assign-to-office"),
        ({"evidence": ("stamp",)}, "office/officer", "assign-label"),
        ({"meeting": "small-2013/1.report/-/once"}, "office/officer", "assign-no-meeting"),
    ],
)
def test_an_order_that_does_not_hold_is_refused(lived, change, user, rule):
    with pytest.raises(DubanError) as refused:
        assign(lived, ORDER._replace(**change), user)
    assert refused.value.key == rule


def test_an_amendment_leaves_it_alone(lived):
    assign(lived)
    lived.sweep(date(2013, 8, 6))
    plan = lived.plans[0]
    amended = changed(plan, edition=2, title="新名")
    publish(lived.ledger, amended, at=lived.at, actor="office/officer")
    assert (lived.duty(KEY).waived_on, lived.duty(KEY).edition) == (None, 1)
    lived.sweep(date(2013, 8, 7))
    lived.post.letters.clear()


def test_it_is_reassigned_and_the_new_performer_is_told(lived):
    assign(lived)
    lived.sweep(date(2013, 8, 6))
    act = lived.act("office/officer")
    reassigning.reassign(lived.ledger, KEY, act, to="stranger", reason="職能劃轉")
    lived.deliver()
    lived.post.letters.clear()
    assert lived.duty(KEY).performer == "stranger"


def test_the_history_gives_it_back_with_its_source(lived):
    assign(lived)
    lived.sweep(date(2013, 8, 6))
    tables = json.loads(dump(lived.ledger))
    assert tables["duties"][KEY]["title"] == "報送名單"
    assert tables["assignments"][KEY]["source"] == "省領導批示"
    with lived.ledger.read() as conn:
        assert list(differences(conn)) == []
        assert assignments.of_duty(conn, KEY).document == "粵府批〔2013〕7號"
    lived.post.letters.clear()


@pytest.mark.parametrize(
    ("change", "more"), [("merged", {}), ("moved", {"measures": ("small-2013/adhoc",)})]
)
def test_it_follows_the_successor_of_its_performer(lived, change, more):
    assign(lived)
    lived.sweep(date(2013, 8, 6))
    document, on = "粵府〔2013〕9號", date(2013, 8, 6)
    order = succession.Order(change, "city", on, document, "stranger", **more)
    reorganise(lived.ledger, order, lived.act("office/officer"))
    assert (lived.duty(KEY).performer, lived.duty(KEY).lead) == ("stranger", "stranger")
    lived.deliver()
    lived.post.letters.clear()


def test_a_past_day_shows_it_as_it_was(lived):
    assign(lived)
    lived.sweep(date(2013, 8, 6))
    lived.acknowledge(KEY)
    lived.sweep(date(2013, 8, 7))
    with known_on(lived.ledger, ISSUED, lambda: lived.at) as conn:
        assert duties.one(conn, KEY).opened_on is None
        assert in_force(conn, PLAN).says(duties.one(conn, KEY)).startswith("省領導批示")
    lived.post.letters.clear()


def test_its_course_in_prefect_has_a_name_and_a_sheet(lived):
    assign(lived)
    lived.sweep(date(2013, 8, 6))
    with lived.ledger.read() as conn:
        measure, obligation = in_force(conn, PLAN).obligation("adhoc.1")
        tick = Tick(PLAN, lived.today, lived.at, obligation="adhoc.1")
        sheet = sheets.obligation_sheet(conn, tick, language="zh-Hant", url="")
    assert (measure.lead, obligation.kind) == ("city", "milestone")
    assert "報送名單" in sheet
    assert "省領導批示" in sheet
    lived.post.letters.clear()


def test_a_wrong_assignment_is_corrected_and_all_who_take_part_are_told(lived):
    assign(lived)
    lived.day(date(2013, 8, 6))
    lived.post.letters.clear()
    act, to = lived.act("office/officer"), date(2013, 10, 15)
    pausing.correct_order(
        lived.ledger, KEY, act, reason="文號有誤", title="報送企業名單", due_on=to,
        document="粵府批〔2013〕8號", participants=("stranger",),
    )  # fmt: skip
    duty = lived.duty(KEY)
    assert (duty.title, duty.due_on, duty.due_version) == ("報送企業名單", to, 2)
    assert duty.participants == ("trade", "stranger")
    with lived.ledger.read() as conn:
        order = assignments.of_duty(conn, KEY)
        assert list(differences(conn)) == []
    assert (order.source, order.document) == ("省領導批示", "粵府批〔2013〕8號")
    lived.day(date(2013, 8, 7))
    for agency in ("city", "trade", "stranger"):
        letter = lived.expect(f"{agency}/officer", date(2013, 8, 7), "order-corrected:1").letter
        assert "報送企業名單" in letter.body
    assert "2013年10月15日" in letter.body
    lived.calm()


@pytest.mark.parametrize(
    ("key", "change", "user", "rule"),
    [
        (KEY, {"due_on": date(2013, 8, 5)}, "office/officer", "assign-past"),
        (KEY, {"dated_on": date(2013, 8, 9)}, "office/officer", "assign-ahead"),
        (KEY, {"participants": ("nobody",)}, "office/officer", "agency-unknown"),
        (KEY, {}, "city/officer", "rule-who-office"),
        ("small-2013/1.report/-/once", {}, "office/officer", "rule-beside-the-plan"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(lived, key, change, user, rule):
    assign(lived)
    lived.sweep(date(2013, 8, 6))
    lived.post.letters.clear()
    with pytest.raises(DubanError) as error:
        pausing.correct_order(lived.ledger, key, lived.act(user), reason="更正", **change)
    assert error.value.key == rule
