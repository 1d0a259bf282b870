"""Agencies come and go by documents; open duties follow, and the past keeps its names."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.errors import ConflictError, NotFoundError, UsageRefusedError
from catalog.plans.model import Plan
from catalog.plans.succession import Order
from ledger.people import agencies, users
from ledger.proof import chain
from ledger.proof.ledger_verification import differences
from ledger.reports import holders
from tasks.agencies.reorganise import reorganise
from tasks.deeds.answering import acknowledge
from tasks.plans.publish import publish
from tasks.post.contacts import Contact, reach
from tests.world import DAY, ISSUED, POSITIONS, address, dump, small_plan

MERGED_ON = date(2014, 2, 20)
PAPER = "粵辦發〔2014〕5號"
DUE = date(2014, 6, 30)
LED, LATE, CLOSED = (f"small-2013/1.{name}/-/once" for name in ("led", "late", "other"))
BY_CITY = "small-2013/1.cities/city/once"
YEARLY = "small-2013/1.yearly/-/2015"
MERGER = Order("merged", "trade", MERGED_ON, PAPER, "commerce", "省商務廳")


@pytest.fixture
def running(world, tmp_path):
    """Three duties are led by the trade department: one is signed, one is a week late, one closed.

    A fourth is performed by the city, and a fifth opens only in the next year.
    """
    plan = small_plan(
        tmp_path,
        {"id": "led", "due_on": DUE},
        {"id": "late", "due_on": date(2014, 2, 11)},
        {"id": "other", "due_on": DUE},
        {"id": "cities", "due_on": DUE, "parties": ["city"]},
        {"id": "yearly", "recurrence": "yearly", "since": date(2015, 1, 1)},
        between=False,
    )
    world.publish(plan)
    world.day(ISSUED)
    for key in (LED, LATE, CLOSED, BY_CITY):
        world.acknowledge(key)
    world.file(CLOSED)
    world.close(CLOSED)
    world.day(MERGED_ON)
    world.post.letters.clear()
    yield world
    with world.ledger.read() as conn:
        assert list(differences(conn)) == []


def do(world, order):
    return reorganise(world.ledger, order, world.act("office/officer"))


def reached(world, agency):
    found = [Contact(agency, p, "mail", address(f"{agency}/{p}")) for p in POSITIONS]
    reach(world.ledger, found, at=world.at, actor="office/officer")


def test_open_duties_follow_the_successor_and_the_closed_stays(running):
    done = do(running, MERGER)
    assert done.duties == [BY_CITY, LATE, LED, YEARLY]
    held = {d.key: (d.lead, d.performer) for d in running.duties()}
    assert held == {
        LED: ("commerce", "commerce"),
        LATE: ("commerce", "commerce"),
        BY_CITY: ("commerce", "city"),
        CLOSED: ("trade", "trade"),
        YEARLY: ("commerce", "commerce"),
    }
    assert running.duty(LED).acknowledged_on is None
    assert running.duty(BY_CITY).acknowledged_on == ISSUED


def test_every_entry_cites_the_document(running):
    do(running, MERGER)
    with running.ledger.read() as conn:
        found = [e for e in chain.entries(conn) if e.deed in {"reorganised", "succeeded"}]
    assert [e.subject for e in found] == ["trade", BY_CITY, LATE, LED, YEARLY]
    assert {e.payload["document"] for e in found} == {PAPER}


def test_the_digest_goes_to_the_successor_and_the_old_address_hears_nothing_more(running):
    do(running, MERGER)
    reached(running, "commerce")
    running.until(MERGED_ON + DAY)
    seen = running.expect("commerce/officer", MERGED_ON + DAY, "succeeded:0001")
    assert {key for key, _ in seen.notices} == {LED, LATE, BY_CITY}
    running.expect("city/officer", MERGED_ON + DAY, "succeeded:0001")
    running.calm()
    running.until(date(2014, 3, 17))
    running.expect("commerce/officer", date(2014, 3, 17), "late-every-15:30")
    running.expect("office/officer", date(2014, 2, 26), "late-15")
    running.expect("office/officer", date(2014, 3, 17), "late-every-15:30")


def test_old_accounts_lose_access_that_day(running):
    done = do(running, MERGER)
    assert done.users == ["trade/officer"]
    with running.ledger.read() as conn:
        assert users.user(conn, "trade/officer").until == MERGED_ON - DAY
    with pytest.raises(ConflictError) as refused:
        acknowledge(running.ledger, LED, running.act("trade/officer"))
    assert refused.value.key == "user-ended"


def test_a_slip_in_draft_is_drafted_to_the_successor(running):
    before = [(n.rung, n.recipient) for n in running.notices(state="draft")]
    do(running, MERGER)
    after = [(n.rung, n.recipient) for n in running.notices(state="draft")]
    assert before == [("late-7", "trade/head")]
    assert after == [("late-7", "commerce/head")]


def test_duties_made_later_are_the_successors_from_their_birth(world, tmp_path):
    later = "small-2013/1.yearly/-/2016"
    plan = small_plan(tmp_path, {"id": "yearly", "recurrence": "yearly"})
    world.publish(plan.model_copy(update={"ends_on": date(2016, 12, 31)}))
    world.sweep(ISSUED)
    do(world, MERGER._replace(on=ISSUED))
    assert later not in {duty.key for duty in world.duties()}
    world.sweep(date(2014, 1, 1))
    assert (world.duty(later).lead, world.duty(later).performer) == ("commerce", "commerce")


def test_an_edition_that_still_uses_the_old_name_undoes_nothing(running, tmp_path):
    do(running, MERGER)
    plan = small_plan(tmp_path, {"id": "led", "due_on": date(2014, 9, 30)}, {"id": "new"})
    plan = Plan.model_validate(plan.model_dump() | {"edition": 2})
    publish(running.ledger, plan, at=running.at, actor="office/officer")
    assert (running.duty(LED).lead, running.duty(LED).due_on) == ("commerce", date(2014, 9, 30))


def test_the_past_keeps_its_name(running):
    do(running, Order("renamed", "city", MERGED_ON, PAPER, name="廣州市政府"))
    with running.ledger.read() as conn:
        days = (MERGED_ON - DAY, MERGED_ON)
        names = [agencies.name_on(conn, "city", day) for day in days]
    assert names == ["廣州市人民政府", "廣州市政府"]
    assert running.duty(BY_CITY).performer == "city"


def test_a_duty_counts_for_who_performed_it_on_its_due_date(running):
    do(running, MERGER)
    late, led = running.duty(LATE), running.duty(LED)
    with running.ledger.read() as conn:
        held = [holders.parts_on(conn, duty.key, duty.due_on) for duty in (late, led)]
    assert [parts.performer for parts in held] == ["trade", "commerce"]


def test_only_the_measures_named_pass_when_a_function_moves(running):
    there = ("small-2013/1",)
    done = do(running, Order("moved", "trade", MERGED_ON, PAPER, "stranger", measures=there))
    assert (running.duty(LED).lead, done.users) == ("stranger", [])
    running.until(MERGED_ON + DAY)
    running.expect("stranger/officer", MERGED_ON + DAY, "succeeded:0001")
    running.expect("trade/officer", MERGED_ON + DAY, "relieved:0001")
    running.expect("city/officer", MERGED_ON + DAY, "succeeded:0001")


def test_what_moved_and_came_back_is_at_home(running):
    there = ("small-2013/1",)
    do(running, Order("moved", "trade", MERGED_ON, PAPER, "stranger", measures=there))
    do(running, Order("moved", "stranger", MERGED_ON, PAPER, "trade", measures=there))
    assert (running.duty(LED).lead, running.duty(YEARLY).lead) == ("trade", "trade")
    running.post.letters.clear()


@pytest.mark.parametrize(
    ("order", "error", "key"),
    [
        (MERGER._replace(on=MERGED_ON + DAY), ConflictError, "succession-future"),
        (MERGER._replace(agency="nobody"), NotFoundError, "agency-unknown"),
        (MERGER._replace(name=None), NotFoundError, "agency-unknown"),
        (MERGER._replace(name="省博物館"), ConflictError, "agency-name-taken"),
        (MERGER._replace(document=" "), UsageRefusedError, "succession-document"),
        (MERGER._replace(successor=None), UsageRefusedError, "succession-successor"),
        (MERGER._replace(successor="trade"), UsageRefusedError, "succession-successor"),
        (MERGER._replace(kind="split"), UsageRefusedError, "succession-measures"),
        (MERGER._replace(successor="city"), UsageRefusedError, "succession-name"),
        (MERGER._replace(agency="office"), ConflictError, "succession-office"),
        (
            Order("moved", "trade", MERGED_ON, PAPER, "city", measures=("small-2013/9",)),
            NotFoundError,
            "measure-unknown",
        ),
        (Order("closed", "trade", MERGED_ON, PAPER), ConflictError, "agency-open-duties"),
    ],
)
def test_an_order_that_does_not_hold_is_refused_whole(running, order, error, key):
    before = dump(running.ledger)
    with pytest.raises(error) as refused:
        do(running, order)
    assert refused.value.key == key
    assert dump(running.ledger) == before


def test_an_agency_that_is_no_more_does_not_come_back(running):
    do(running, MERGER)
    with pytest.raises(ConflictError) as refused:
        do(running, Order("renamed", "trade", MERGED_ON, PAPER, name="新名"))
    assert refused.value.key == "agency-ended"


def test_an_agency_nobody_needs_is_closed_without_a_successor(running):
    done = do(running, Order("closed", "stranger", MERGED_ON, PAPER))
    assert (done.duties, done.users) == ([], ["stranger/officer"])


def test_in_2014_the_commerce_functions_of_guangdong_pass_to_the_new_department(world, guangdong):
    world.publish(guangdong)
    world.day(ISSUED)
    world.day(MERGED_ON)
    world.post.letters.clear()
    before = [d for d in world.duties() if "wjmt" in (d.lead, d.performer, *d.participants)]

    done = do(world, Order("merged", "wjmt", MERGED_ON, PAPER, "commerce", "省商務廳"))

    assert len(done.duties) == len(before) > 100
    after = world.duties()
    assert not [d for d in after if "wjmt" in (d.lead, d.performer, *d.participants)]
    assert not [d for d in after if d.lead in d.participants]
    with world.ledger.read() as conn:
        assert agencies.agencies_on(conn, MERGED_ON)["office"].host == "commerce"
        assert list(differences(conn)) == []
    reached(world, "commerce")
    world.day(MERGED_ON + DAY)
    told = [(letter.to, letter.date.date()) for letter in world.post.letters]
    assert told.count(("officer.commerce@cast.example", MERGED_ON + DAY)) == 1
    assert not [to for to, _ in told if "wjmt" in to]
    world.post.letters.clear()
