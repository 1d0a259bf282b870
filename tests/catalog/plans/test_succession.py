"""Successions: who holds now what a plan gave to an agency, and which orders are whole."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.plans.succession import Heirs, Order, Succession, unfit

FEB, MAY = date(2014, 2, 20), date(2014, 5, 1)


def step(number, kind, agency, successor, *measures, on=FEB):
    there = frozenset(f"trial/{measure}" for measure in measures)
    return Succession(f"{number:04}", kind, agency, successor, on, "文", there, agency)


MERGED = step(1, "merged", "wjmt", "commerce")
MOVED = step(2, "moved", "commerce", "economy", "40", on=MAY)
BACK = step(3, "moved", "economy", "commerce", "40", on=MAY)


@pytest.mark.parametrize(
    ("steps", "measure", "holder"),
    [
        ([], "40", "wjmt"),
        ([MERGED], "40", "commerce"),
        ([MOVED, MERGED], "40", "economy"),
        ([MERGED, MOVED], "41", "commerce"),
        ([MERGED, MOVED, BACK], "40", "commerce"),
        ([step(1, "renamed", "wjmt", None)], "40", "wjmt"),
        ([step(1, "closed", "wjmt", None)], "40", "wjmt"),
        ([step(1, "moved", "commerce", "economy", on=date(2014, 1, 1)), MERGED], "40", "commerce"),
    ],
)
def test_the_holder_is_the_last_heir_in_the_order_of_days(steps, measure, holder):
    assert Heirs(steps).of("wjmt", "trial", measure) == holder


def test_the_measures_of_another_plan_do_not_pass():
    heirs = Heirs([step(1, "moved", "wjmt", "economy", "40")])
    assert heirs.of("wjmt", "second", "40") == "wjmt"


def test_participants_pass_once_without_the_lead_and_without_who_is_no_more():
    heirs = Heirs([MERGED, step(2, "closed", "museum", None)])
    found = ("wjmt", "commerce", "museum", "city")
    assert heirs.participants(found, "trial", "1", lead="city") == ("commerce",)
    assert heirs.participants(found, "trial", "1", lead="commerce") == ("city",)


ORDER = Order("merged", "wjmt", FEB, "文", "commerce")


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (ORDER, None),
        (ORDER._replace(name="省商務廳"), None),
        (ORDER._replace(document=""), "document"),
        (ORDER._replace(successor=None), "successor"),
        (ORDER._replace(successor="wjmt"), "successor"),
        (ORDER._replace(measures=("trial/1",)), "measures"),
        (ORDER._replace(kind="split"), "measures"),
        (ORDER._replace(kind="moved", measures=("trial/1",)), None),
        (ORDER._replace(kind="renamed"), "successor"),
        (ORDER._replace(kind="renamed", successor=None), "name"),
        (ORDER._replace(kind="renamed", successor=None, name="新名"), None),
        (ORDER._replace(kind="closed"), None),
        (ORDER._replace(kind="closed", successor=None), None),
        (ORDER._replace(kind="closed", successor=None, name="新名"), "successor"),
    ],
)
def test_an_order_says_all_it_must_and_nothing_without_meaning(order, field):
    assert unfit(order) == field
