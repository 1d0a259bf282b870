"""The demonstration's clock moves by real sweeps, and only in a demonstration."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.pages.today.clock import _until
from tasks import today

UNTIL = dt.date(2014, 1, 24)


@pytest.mark.parametrize(
    ("to", "day"), [("day", dt.date(2014, 1, 25)), ("month", dt.date(2014, 1, 31))]
)
def test_the_clock_lives_every_day_on_the_way(signed_in, desk_ledger, to, day):
    answer = signed_in("chen").post_form("/clock", to=to, then="/account")

    assert "演示已推進" in answer.text
    assert today.demo_day(desk_ledger) == day


def test_at_the_end_of_a_month_it_goes_to_the_end_of_the_next():
    assert _until(dt.date(2014, 1, 31), "month") == dt.date(2014, 2, 28)


@pytest.mark.both
def test_looking_moves_nothing(signed_in, desk_ledger):
    assert signed_in("chen").get("/clock").status_code == 405
    assert today.demo_day(desk_ledger) == UNTIL


def test_the_bar_says_that_it_is_a_demonstration(signed_in, browser):
    assert "演示時鐘" in signed_in("li").get("/account").text
    assert "演示時鐘" not in browser.get("/sign-in").text
