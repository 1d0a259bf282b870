"""An agenda speaks of what its measures have to settle, most pressing first, or says why not."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document
from openpyxl import load_workbook

from catalog.plans.model import Plan
from catalog.reports.preparation import Agenda
from catalog.wording import languages
from desk.papers.agenda import SHOWN, AgendaPaper
from desk.papers.preparation import paper_file
from ledger.duties import preparations
from tasks.deeds import extending, raising
from tasks.plans import problems as plan_problems
from tests.world import small_plan

MEETING = "small-2013/1.meeting/-/once"
PREPARED = date(2014, 5, 16)
LATE, SOON = date(2013, 12, 31), date(2014, 6, 30)


def plan_of(tmp_path, scope, *dues):
    """A meeting of measure 1 in June 2014, and a duty of measure 2 and 3 for each due date."""
    meeting = {"id": "meeting", "kind": "meeting", "due_on": SOON}
    base = small_plan(tmp_path, meeting)
    own = base.measures[0]
    called = own.obligations[0].model_copy(update={"agenda": scope and tuple(scope)})
    others = [
        own.model_copy(
            update={
                "number": number,
                "lead": lead,
                "obligations": tuple(
                    own.obligations[0].model_copy(
                        update={
                            "id": f"{number}.{name}",
                            "kind": "milestone",
                            "title": f"{number}.{name}",
                            "agenda": None,
                            "due_on": due,
                        }
                    )
                    for name, due in dues
                ),
            }
        )
        for number, lead in (("2", "trade"), ("3", "city"))
    ]
    return Plan.model_validate(
        dict(base) | {"measures": (own.model_copy(update={"obligations": (called,)}), *others)}
    )


@pytest.fixture
def agenda(world, tmp_path):
    """Return the agenda of the meeting as prepared, after `deeds` on the day before."""

    def _agenda(scope, *dues, deeds=lambda: None):
        world.publish(plan_of(tmp_path, scope, *dues))
        world.sweep(date(2013, 8, 5))
        world.sweep(date(2014, 5, 15))
        deeds()
        world.sweep(PREPARED)
        world.post.letters.clear()
        with world.ledger.read() as conn:
            preparation = preparations.of(conn, MEETING)
        return Agenda.model_validate_json(preparation.data)

    return _agenda


def titles(agenda):
    return [line.title for line in agenda.items]


def test_the_meeting_of_the_plan_speaks_of_what_is_overdue_under_any_measure(agenda):
    made = agenda(["plan"], ("late", LATE), ("later", SOON))
    assert (titles(made), made.running) == (["2.late", "3.late"], 4)
    assert {line.status for line in made.items} == {"overdue"}
    assert [count.lead for count in made.leads] == ["廣州市人民政府", "省外經貿廳"]


def test_a_meeting_of_several_measures_speaks_of_what_is_open_under_them(agenda):
    made = agenda(["1", "3"], ("late", LATE), ("later", SOON))
    assert titles(made) == ["3.late", "3.later"]


def test_a_meeting_without_a_scope_speaks_of_its_own_measure(agenda):
    assert titles(agenda(None, ("late", LATE))) == []


def test_problems_and_requests_stand_on_the_agenda_with_their_answers(world, agenda):
    late, later = "small-2013/3.late/-/once", "small-2013/3.later/-/once"

    def deeds():
        city, office = world.act("city/officer"), world.act("office/officer")
        stranger = world.act("stranger/officer")
        plan_problems.raise_problem(world.ledger, "small-2013", stranger, text="口徑不一")
        raising.raise_problem(world.ledger, late, city, text="場地不足")
        raising.raise_problem(world.ledger, later, city, text="經費不足")
        raising.answer_problem(world.ledger, later, office, number=1, text="已安排")
        extending.ask(world.ledger, late, city, to=date(2014, 8, 1), reason="待場地")
        extending.ask(world.ledger, later, city, to=date(2014, 9, 1), reason="待經費")
        extending.grant(world.ledger, later, office, document="粵府函〔2013〕9號")

    made = agenda(["plan"], ("late", LATE), ("later", SOON), deeds=deeds)
    assert [(q.agency, q.text, q.answer) for q in made.questions] == [
        ("省博物館", "口徑不一", ""),
        ("廣州市人民政府", "場地不足", ""),
        ("廣州市人民政府", "經費不足", "已安排"),
    ]
    assert [(r.key, r.outcome) for r in made.requests] == [(late, None), (later, "granted")]


def test_an_agenda_with_nothing_on_it_says_why(agenda):
    made = agenda(["plan"], ("later", SOON))
    assert made.is_empty
    for language in languages():
        paper = AgendaPaper(made, language)
        assert (len(paper.opening), paper.sections) == (4, [])


def test_an_agenda_of_a_plan_with_no_open_duty_says_so(agenda):
    made = agenda(["plan"])
    assert (made.running, AgendaPaper(made, "en").opening[-1]) == (
        0,
        "There is nothing to speak of: no duty it covers is open on the day it was prepared.",
    )


def test_a_long_agenda_is_counted_by_lead_and_goes_on_in_the_list(agenda):
    made = agenda(["plan"], *((f"late-{n}", LATE) for n in range(SHOWN)))
    paper = AgendaPaper(made, "zh-Hant")
    leads, items, *_ = paper.sections
    assert (len(made.items), len(items.table.lines)) == (2 * SHOWN, SHOWN)
    assert [line.cells for line in leads.table.lines] == [
        ("廣州市人民政府", SHOWN, SHOWN, 0),
        ("省外經貿廳", SHOWN, SHOWN, 0),
    ]
    assert f"共{2 * SHOWN}項" in items.note
    assert len(paper.content_of_list()) > 1000


@pytest.mark.parametrize("language", languages())
def test_the_papers_of_an_agenda_are_in_every_language(world, agenda, language):
    agenda(["plan"], *((f"late-{n}", LATE) for n in range(SHOWN)))
    with world.ledger.read() as conn:
        preparation = preparations.of(conn, MEETING)
    word, excel = (paper_file(preparation, name, language) for name in ("agenda", "agenda-list"))
    tables = Document(io.BytesIO(word.content)).tables
    sheets = load_workbook(io.BytesIO(excel.content)).worksheets
    assert [len(table.rows) - 1 for table in tables] == [2, SHOWN]
    assert [sheet.max_row - 1 for sheet in sheets] == [2 * SHOWN, 0, 0, 0]
    assert "prepared." not in "".join(p.text for p in Document(io.BytesIO(word.content)).paragraphs)
