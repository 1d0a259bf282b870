"""The office urges by hand: once a day, in the one letter that a recipient's day holds."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.errors import ConflictError
from ledger.proof import chain
from tasks.deeds.urging import urge
from tests.world import DAY, ISSUED, small_plan

REPORT = "small-2013/1.report/-/once"
SURVEY = "small-2013/1.survey/-/once"
CITY = "small-2013/1.rules/city/once"
LATER = date(2013, 9, 2)


@pytest.fixture
def signed(world, tmp_path):
    """Three duties signed for, one of them the city's; no rung of theirs is due for weeks."""
    rules = {"id": "rules", "parties": ["city"]}
    world.publish(small_plan(tmp_path, {"id": "report"}, {"id": "survey"}, rules))
    world.day(ISSUED)
    for key in (REPORT, SURVEY, CITY):
        world.acknowledge(key)
    world.until(LATER)
    world.post.letters.clear()
    return world


def press(world, key, **said):
    urge(world.ledger, key, world.act("office/officer"), **said)


def test_who_is_urged_hears_of_it_on_that_day_with_the_words_of_the_office(signed):
    press(signed, REPORT, text="請於本週五前報告進展")
    signed.deliver()

    letter = signed.expect("trade/officer", LATER, f"urged:{LATER}").letter
    assert "協調辦公室催辦" in letter.body
    assert "請於本週五前報告進展" in letter.body


def test_the_performer_and_the_lead_are_urged_each_in_a_letter_of_its_own(signed):
    press(signed, CITY)
    signed.deliver()

    for agency in ("city", "trade"):
        signed.expect(f"{agency}/officer", LATER, f"urged:{LATER}")


def test_two_duties_urged_at_once_share_the_letter(signed):
    press(signed, REPORT)
    press(signed, SURVEY)
    signed.deliver()

    assert len(signed.expect("trade/officer", LATER, f"urged:{LATER}").notices) == 2


def test_whoever_has_had_the_letter_of_the_day_finds_it_in_the_next(signed):
    press(signed, REPORT)
    signed.deliver()
    signed.expect("trade/officer", LATER, f"urged:{LATER}")
    press(signed, SURVEY)
    signed.deliver()
    signed.calm()

    signed.day(LATER + DAY)
    assert signed.expect("trade/officer", LATER + DAY, f"urged:{LATER}").notices == {
        (SURVEY, f"urged:{LATER}")
    }


def test_before_the_sweep_of_the_day_it_joins_what_the_ladder_says(signed):
    signed.until(date(2013, 11, 28))
    signed.post.letters.clear()
    signed.today = date(2013, 11, 29)
    press(signed, REPORT)
    signed.day(date(2013, 11, 29))

    rungs = ("before-30", "urged:2013-11-29")
    assert signed.expect("trade/officer", date(2013, 11, 29), *rungs).form == "digest"
    signed.expect("city/officer", date(2013, 11, 29), "before-30")


def test_a_duty_is_urged_once_a_day_and_again_on_the_next(signed):
    press(signed, REPORT)
    with pytest.raises(ConflictError, match="urged today already"):
        press(signed, REPORT)
    signed.day(LATER + DAY)
    press(signed, REPORT)
    with signed.ledger.read() as conn:
        deeds = [entry.deed for entry in chain.entries(conn, subject=REPORT)]
    assert deeds.count("urged") == 2
    signed.post.letters.clear()


def test_urging_moves_nothing_on_the_ladder(signed):
    before = signed.duty(REPORT)
    press(signed, REPORT)
    assert signed.duty(REPORT) == before
