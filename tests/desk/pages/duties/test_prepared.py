"""What was prepared is handed out to whoever answers for the duty, as papers people can open."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from docx import Document
from icalendar import Calendar

from catalog.reports.preparation import Agenda, Draft, Figure, Line, Question, Tally
from catalog.wording import languages
from desk.papers.preparation import paper_file
from ledger.duties.preparations import Preparation
from ledger.store.rows import maker

EVENTS = "/duty/guangdong-2013/8.events/-/2014"
HOSTED = "guangdong-2013/40.meeting/-/2014"
NASTY = '=HYPERLINK("x") <w:br/> {{ x }} \u202e'
SAID = {
    "duty": HOSTED,
    "title": NASTY,
    "says": "每年召開1-2次",
    "measure": "40",
    "lead": "省外經貿廳",
    "performer": "省外經貿廳",
    "participants": ("省港澳辦",),
    "due_on": dt.date(2014, 12, 31),
    "on": dt.date(2014, 11, 17),
    "delivered": 0,
    "wanted": "1-2",
}
LINE = Line(key="k", title=NASTY, performer="東莞市", due_on=dt.date(2014, 6, 30), light="red")
ASKED = Question(key="k", number=1, text=NASTY, raised_by="li", raised_on=dt.date(2014, 6, 1))
READ = Figure(
    measure="8",
    indicator="占比",
    goal="21",
    unit="%",
    by=dt.date(2015, 12, 31),
    year=2013,
    value="18.2",
    verdict="behind",
)
STANDS = Tally(duties=3, opened=2, closed=1, late=1)
MATERIAL = {
    "meeting": Agenda(**SAID, held_on=dt.date(2014, 12, 17), items=(LINE,), questions=(ASKED,)),
    "report": Draft(**SAID, figures=(READ,), done=(LINE,), open=(), plan=STANDS),
}


def kept(kind):
    return maker(Preparation)([HOSTED, kind, SAID["on"], MATERIAL[kind].model_dump_json()])


def words(content):
    document = Document(io.BytesIO(content))
    cells = (c.text for t in document.tables for r in t.rows for c in r.cells)
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    ("kind", "name"), [("meeting", "agenda"), ("meeting", "minutes"), ("report", "draft")]
)
def test_a_paper_is_word_with_every_word_as_text(kind, name, language):
    told = words(paper_file(kept(kind), name, language).content)
    assert '=HYPERLINK("x") <w:br/> {{ x }}' in told
    assert "prepared." not in told


def test_the_same_material_is_the_same_file():
    first, again = (paper_file(kept("meeting"), "agenda", "zh-Hant") for _ in range(2))
    assert first == again


def test_an_invitation_is_the_day_that_is_proposed():
    calendar = Calendar.from_ical(paper_file(kept("meeting"), "invitation", "zh-Hant").content)
    (event,) = calendar.walk("VEVENT")
    assert event["DTSTART"].dt == dt.date(2014, 12, 17)


def test_who_performs_finds_the_calendar_of_its_events(signed_in):
    wu = signed_in("wu")
    assert f"{EVENTS}/prepared/pace" in wu.get(EVENTS).text
    paper = wu.get(f"{EVENTS}/prepared/pace")
    assert "2014年12月31日" in words(paper.content)
    assert Calendar.from_ical(wu.get(f"{EVENTS}/prepared/days").content).walk("VEVENT")


def test_a_paper_that_was_not_prepared_is_not_there(signed_in):
    assert signed_in("chen").get(f"{EVENTS}/prepared/agenda").status_code == 404
    assert signed_in("chen").get(f"{EVENTS}/prepared/other").status_code == 404


@pytest.mark.parametrize("who", ["li", "zhou"])
def test_who_does_not_answer_for_the_duty_gets_none(signed_in, who):
    assert signed_in(who).get(f"{EVENTS}/prepared/pace").status_code == 404
