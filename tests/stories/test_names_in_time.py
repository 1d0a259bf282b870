"""The past keeps the names it had: lists of a past day, and duties that ended before a renaming."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.plans.succession import Order
from desk.api.documents import duty_document, notice_document
from desk.lists.cells import Frame, cells
from desk.proof.journal import journal_lines
from ledger.duties import duties
from ledger.people import agencies, users
from ledger.post import notices
from ledger.proof import chain
from tasks.agencies.reorganise import reorganise
from tasks.documents.listing import lines
from tasks.known_on import known_on
from tests.world import ISSUED, small_plan

DONE, OPEN = "small-2013/1.done/-/once", "small-2013/1.open/-/once"
OLD, NEW = "省外經貿廳", "省商務廳"
BEFORE, RENAMED, AFTER = date(2013, 8, 12), date(2013, 8, 14), date(2013, 8, 16)


@pytest.fixture
def lived(world, tmp_path):
    """The trade department finished one of two duties before it got another name."""
    world.publish(small_plan(tmp_path, {"id": "done"}, {"id": "open"}))
    world.day(ISSUED)
    world.acknowledge(DONE)
    world.acknowledge(OPEN)
    world.today = BEFORE
    world.file(DONE)
    world.close(DONE)
    world.today = RENAMED
    order = Order("renamed", "trade", RENAMED, "粵府〔2013〕7號", name=NEW)
    reorganise(world.ledger, order, world.act("office/officer"))
    world.post.letters.clear()
    world.today = AFTER
    yield world
    world.post.letters.clear()


def performers(conn, on: date, keys=(DONE, OPEN)) -> list[str]:
    names = agencies.agencies_on(conn, on)
    return [duty_document(duties.one(conn, key), names, on)["performer"] for key in keys]


def test_a_duty_that_ended_before_keeps_the_name_of_its_end(lived):
    with lived.ledger.read() as conn:
        assert performers(conn, AFTER) == [OLD, NEW]


def test_a_list_of_a_past_day_has_the_names_of_that_day(lived):
    with known_on(lived.ledger, BEFORE, lambda: lived.at) as conn:
        assert performers(conn, BEFORE) == [OLD, OLD]


def test_an_export_has_the_same_names(lived):
    with lived.ledger.read() as conn:
        frame = Frame("zh-Hant", AFTER, agencies.agencies_on(conn, AFTER))
    rows = [cells(n, line, frame) for n, line in enumerate(lines(lived.ledger, [DONE, OPEN]), 1)]
    assert [(row["lead"], row["performer"]) for row in rows] == [(OLD, OLD), (NEW, NEW)]


def test_notices_and_the_history_name_whom_they_were_for_then(lived):
    """An entry has the names of its own day, a later one those after the renaming."""
    with lived.ledger.read() as conn:
        names = agencies.agencies_on(conn, AFTER)
        sent = [notice_document(n, names)["to"] for n in notices.listed(conn, duty=OPEN)]
        entries = chain.entries(conn, subject=OPEN)
        told = journal_lines(entries, users.listed(conn), names)
    assert set(sent) == {OLD}
    assert {line.agency for line in told if line.agency} == {OLD}


def test_a_letter_has_the_names_of_its_day(lived):
    lived.until(date(2013, 11, 29))
    letter = [letter for letter in lived.post.letters if "報告open" in letter.subject][-1]
    assert f"致：{NEW}" in letter.body
    assert OLD not in letter.body


def test_of_two_renamings_each_day_has_its_own(lived):
    """A day between two renamings has neither the first nor the last name."""
    lived.today = date(2013, 9, 10)
    order = Order("renamed", "trade", lived.today, "粵府〔2013〕9號", name="省貿易廳")
    reorganise(lived.ledger, order, lived.act("office/officer"))
    with lived.ledger.read() as conn:
        names = agencies.agencies_on(conn)
    days = (BEFORE, RENAMED, AFTER, date(2013, 9, 10))
    assert [names.at(day)["trade"].name for day in days] == [OLD, NEW, NEW, "省貿易廳"]
