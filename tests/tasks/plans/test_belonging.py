"""A ledger belongs to one office, and an id in it to one agency: another's plan is refused."""

from __future__ import annotations

import datetime as dt

import pytest

from catalog.errors import ConflictError
from catalog.plans.load import load_plan
from catalog.plans.succession import Order
from ledger.post import contacts
from tasks.act import Act
from tasks.agencies.registering import Newcomer, register
from tasks.agencies.reorganise import reorganise
from tasks.in_force import in_force
from tasks.plans.publish import publish
from tests.world import called, changed, dump, small_plan

AT = dt.datetime(2013, 8, 5, 0, 30, tzinfo=dt.UTC)
BY = "office/officer"


def coordinated(plan, office):
    """Return `plan` with another office, which has an id of its own."""
    (old,) = (a for a in plan.agencies if a.id == plan.office)
    other = old.model_copy(update={"id": office, "name": "市督辦室", "aliases": ()})
    agencies = (*(a for a in plan.agencies if a != old), other)
    return changed(plan, office=office, agencies=agencies)


@pytest.fixture
def second(ledger, tmp_path):
    """A second plan of the office whose first is in force."""
    publish(ledger, small_plan(tmp_path, {}), at=AT, actor=BY)
    return small_plan(tmp_path, {}, code="second-2013")


def refusal(ledger, plan):
    before = dump(ledger)
    with pytest.raises(ConflictError) as refused:
        publish(ledger, plan, at=AT, actor=BY)
    assert dump(ledger) == before
    return refused.value


def test_a_plan_of_another_office_is_refused_and_the_mend_named(ledger, second):
    error = refusal(ledger, called(second, "office", "市督辦室"))

    assert error.key == "office-other"
    assert (error.values["office"], error.values["ours"]) == ("市督辦室", "協調辦公室")
    assert "duban jurisdiction add" in str(error)


def test_an_office_under_another_id_is_another_office(ledger, second):
    assert refusal(ledger, coordinated(second, "bureau")).key == "office-other"


def test_the_two_plans_of_the_catalogue_are_of_two_offices(ledger):
    publish(ledger, load_plan("guangdong-2013"), at=AT, actor=BY)

    assert refusal(ledger, load_plan("kindergartens-2019")).key == "office-other"


def test_an_agency_under_the_id_of_another_is_refused(ledger, second):
    error = refusal(ledger, called(second, "city", "江門市人民政府", "江門市"))

    assert error.key == "agency-other"
    assert error.values["agency"] == "city"
    assert (error.values["name"], error.values["registered"]) == (
        "江門市人民政府",
        "廣州市人民政府",
    )


@pytest.mark.parametrize(
    ("name", "aliases"),
    [("廣州市人民政府", ()), ("廣州市", ("廣州市人民政府",)), ("廣州市人民政府", ("穗",))],
)
def test_an_agency_is_known_by_its_name_whichever_the_plan_writes_first(
    ledger, second, name, aliases
):
    publish(ledger, called(second, "city", name, *aliases), at=AT, actor=BY)

    with ledger.read() as conn:
        assert contacts.agencies(conn)["city"].name == "廣州市人民政府"


def test_an_agency_is_known_by_what_another_plan_also_calls_it(ledger, second, tmp_path):
    publish(ledger, called(second, "city", "廣州市人民政府", "穗府"), at=AT, actor=BY)
    third = small_plan(tmp_path, {}, code="third-2013")

    assert publish(ledger, called(third, "city", "穗府"), at=AT, actor=BY).new


@pytest.mark.parametrize("name", ["廣州市人民政府", "穗市人民政府"])
def test_a_renamed_agency_is_known_by_both_names(ledger, second, name):
    act = Act(BY, dt.date(2013, 8, 5), AT)
    order = Order("renamed", "city", on=act.on, document="粵府〔2013〕1號", name="穗市人民政府")
    reorganise(ledger, order, act)

    assert publish(ledger, called(second, "city", name), at=AT, actor=BY).new


def test_an_amendment_may_replace_the_office(ledger, second):
    publish(ledger, second, at=AT, actor=BY)
    other = coordinated(changed(second, edition=2), "bureau")

    assert publish(ledger, other, at=AT, actor=BY).new


def test_an_amendment_gives_no_agency_the_id_of_another(ledger, second):
    publish(ledger, second, at=AT, actor=BY)
    other = called(changed(second, edition=2), "city", "江門市人民政府")

    assert refusal(ledger, other).key == "agency-other"


CITY, TRADE = Newcomer("广州市人民政府", kind="city"), Newcomer("外經貿廳", aliases=("省外經貿廳",))


def test_a_plan_takes_the_ids_under_which_its_agencies_are_registered(ledger, tmp_path):
    register(ledger, [CITY, TRADE], at=AT, actor=BY)
    plan = small_plan(tmp_path, {"parties": ["city"]})

    assert publish(ledger, plan, at=AT, actor=BY).new

    with ledger.read() as conn:
        names = {agency.id: agency.name for agency in contacts.agencies(conn).values()}
        adopted = in_force(conn, plan.plan).plan
    assert names["a-1"] == "广州市人民政府"
    assert {"city", "trade"}.isdisjoint(names)
    (obligation,) = adopted.measures[0].obligations
    assert obligation.parties == ("a-1",)
    assert adopted.agency("office").host == "a-2"
    assert not publish(ledger, plan, at=AT, actor=BY).new


def test_an_agency_registered_under_the_id_of_the_plan_keeps_it(ledger, second):
    publish(ledger, second, at=AT, actor=BY)

    with ledger.read() as conn:
        assert in_force(conn, second.plan).plan == second
