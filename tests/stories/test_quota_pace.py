"""A quota is looked at each quarter: under 80 % of its pace, its performer and lead are warned."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.duties.standing import standing
from ledger.duties import duties
from tests.world import small_plan

FAIRS = "small-2013/1.fairs/city/2014"
YEAR = {"recurrence": "yearly", "since": date(2014, 1, 1), "until": date(2014, 12, 31)}
MARCH, JUNE, SEPTEMBER = date(2014, 3, 31), date(2014, 6, 30), date(2014, 9, 30)


@pytest.fixture
def fairs(world, tmp_path):
    """A city is to hold 20 fairs in 2014, and has signed for it."""
    quota = {"id": "fairs", "quota": {"min": 20}, "parties": ["city"], "evidence": [], **YEAR}
    world.publish(small_plan(tmp_path, quota, between=False))
    world.until(date(2014, 1, 2))
    world.acknowledge(FAIRS)
    for to in ("city/officer", "trade/officer"):
        world.expect(to, date(2014, 1, 2), "issue")
    return world


def hold(world, number: int) -> None:
    for _ in range(number):
        world.deliver_item(FAIRS, title="一場推介會")


def behind(world, on: date, quarter: str) -> None:
    for to in ("city/officer", "trade/officer"):
        world.expect(to, on, f"behind:{quarter}")


def status(world) -> str:
    return standing(duties.facts(world.duty(FAIRS)), world.today).status


def test_each_quarter_is_judged_by_itself(fairs):
    hold(fairs, 2)
    fairs.until(MARCH)
    behind(fairs, MARCH, "2014-Q1")
    hold(fairs, 6)
    fairs.until(JUNE)
    fairs.calm()
    fairs.until(SEPTEMBER)
    behind(fairs, SEPTEMBER, "2014-Q3")
    assert status(fairs) == "behind-pace"


@pytest.mark.parametrize(("held", "stands"), [(4, "on-course"), (3, "behind-pace")])
def test_four_of_four_expected_are_enough_and_three_are_not(fairs, held, stands):
    hold(fairs, held)
    fairs.until(MARCH)
    assert status(fairs) == stands
    fairs.post.letters.clear()


@pytest.mark.both  # the warning, what makes up for it, and the fewest days of all
def test_what_is_made_up_for_is_behind_no_longer(fairs):
    fairs.until(MARCH)
    behind(fairs, MARCH, "2014-Q1")
    hold(fairs, 5)
    assert status(fairs) == "on-course"


def test_a_filed_quota_is_not_warned_about(fairs):
    hold(fairs, 1)
    fairs.file(FAIRS)
    fairs.until(JUNE)
    fairs.expect("trade/officer", date(2014, 1, 3), "filed:1")
