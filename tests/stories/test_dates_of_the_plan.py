"""A date that the plan's text fixed moves only by a cited document; what did not is marked."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.dates.spans import span
from catalog.errors import ConflictError
from catalog.reports import circular_words
from catalog.wording import say
from desk.lists.cells import Frame, cells
from ledger.duties import conditions, life
from ledger.people import agencies
from ledger.reports.granted_and_released import undocumented
from tasks.deeds import extending, pausing
from tasks.documents.listing import lines
from tasks.reports.circular_figures import count
from tasks.reports.evaluation import evaluate
from tests.world import ISSUED, small_plan

PLAN, DOCUMENT = "small-2013", "關於同意延期的函 粵府函〔2013〕9號 2013年9月9日"
DUE, LATER, TODAY = date(2013, 12, 31), date(2014, 3, 31), date(2013, 9, 9)
OWN, OFFICES = f"{PLAN}/1.own/city/once", f"{PLAN}/1.office/city/once"


@pytest.fixture
def lived(world, tmp_path):
    """One date is the plan's, the other the office's; the city has asked to move both."""
    parts = [
        {"id": name, "says": name, "basis": basis, "parties": ["city"], "due_on": DUE}
        for name, basis in (("own", "plan"), ("office", "office"))
    ]
    world.publish(small_plan(tmp_path, *parts))
    world.day(ISSUED)
    world.day(TODAY)
    for key in (OWN, OFFICES):
        world.acknowledge(key)
        extending.ask(world.ledger, key, world.act("city/officer"), to=LATER, reason="需徵求意見")
    yield world
    world.post.letters.clear()


def grant(world, key: str, **fields: str) -> None:
    extending.grant(world.ledger, key, world.act("office/officer"), **fields)


def marked(world) -> dict[str, list[date]]:
    with world.ledger.read() as conn:
        return undocumented(conn, conditions.of(plan=PLAN))


def test_a_date_of_the_plan_is_not_moved_without_a_document(lived):
    with pytest.raises(ConflictError) as refused:
        grant(lived, OWN)
    assert refused.value.key == "rule-cited-document"
    assert lived.duty(OWN).due_on == DUE


def test_the_document_stands_with_the_date_it_moved(lived):
    grant(lived, OWN, document=DOCUMENT)
    with lived.ledger.read() as conn:
        assert [(d.due_on, d.document) for d in life.due_dates(conn, OWN)] == [(DUE, DOCUMENT)]
    assert marked(lived) == {}


def test_a_date_of_the_office_moves_without_a_document_and_without_a_mark(lived):
    grant(lived, OFFICES)
    assert lived.duty(OFFICES).due_on == LATER
    assert marked(lived) == {}


def test_a_clock_that_went_on_without_a_document_is_marked(lived):
    """The suspension moves the plan's date too; the office may cite what it rests on."""
    office = lived.act("office/officer")
    pausing.suspend(lived.ledger, OWN, office, reason="等待國家政策")
    lived.today = date(2013, 9, 19)
    pausing.resume(lived.ledger, OWN, lived.act("office/officer"))
    assert marked(lived) == {OWN: [DUE]}


def test_a_clock_that_went_on_by_a_document_is_not(lived):
    pausing.suspend(lived.ledger, OWN, lived.act("office/officer"), reason="等待國家政策")
    lived.today = date(2013, 9, 19)
    pausing.resume(lived.ledger, OWN, lived.act("office/officer"), document=DOCUMENT)
    assert marked(lived) == {}


def test_lists_circular_and_evaluation_show_what_moved_without_a_document(lived):
    pausing.suspend(lived.ledger, OWN, lived.act("office/officer"), reason="等待國家政策")
    lived.today = date(2013, 9, 19)
    pausing.resume(lived.ledger, OWN, lived.act("office/officer"))
    with lived.ledger.read() as conn:
        frame = Frame("zh-Hant", lived.today, agencies.agencies_on(conn, lived.today))
        figures = count(conn, PLAN, span("2013-09"), on=lived.today)
        year = evaluate(conn, PLAN, 2014, on=date(2014, 12, 31), language="zh-Hant")
    rows = [cells(n, line, frame) for n, line in enumerate(lines(lived.ledger, [OWN, OFFICES]), 1)]
    assert [row["undocumented"] for row in rows] == [say("zh-Hant", "duty.undocumented"), ""]
    opening = circular_words.first_words(figures, "zh-Hant", {})["opening"]
    assert opening.endswith("其中1項事項的計劃期限無文件依據即作調整。")
    assert [place.undocumented for place in year.localities if place.agency == "city"] == [1]
