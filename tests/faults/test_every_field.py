"""Markup, formulas and line breaks typed into every field."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar
from lxml import etree
from openpyxl import load_workbook

from catalog.dates.spans import span_of
from catalog.plans.model import Plan
from catalog.plans.succession import Order
from catalog.reading.settling.settlement import Step
from catalog.reading.who.register import Register
from desk.access import signin, tokens
from ledger.offices.installation import load_settings
from ledger.people import drafts_and_views
from ledger.reports import scorecards
from ledger.session import Ledger
from tasks.agencies.reorganise import reorganise
from tasks.deeds import (
    answering,
    deciding,
    extending,
    meetings,
    pausing,
    raising,
    readings,
    reassigning,
    slips,
    urging,
)
from tasks.people import users
from tasks.plans import assigning, problems, settling
from tasks.proof import sampling
from tasks.reports import circular, scorecard
from tests.desk.pages.crawl import walk
from tests.faults.surviving import LONG
from tests.faults.test_hostile_text import FORMULA, strange
from tests.stories.material import TARGET
from tests.world import DAY, ISSUED, PostOffice, World, small_plan

if TYPE_CHECKING:
    from pathlib import Path

EVIL = "=1+1\"'><img src=x onerror=alert(1)>{{7*7}}"
LINES = f"{EVIL}\r\nBcc: all@evil.example\n＝1+1\n\u202egpj.exe\u2028</textarea><script>x</script>"
SUMS = f"{EVIL}甲乙丙丁戊己庚辛"  # names must differ
PLAN, TRADE = "small-2013", "trade/officer"
DUE, AUTUMN, ON = dt.date(2013, 12, 31), dt.date(2013, 10, 8), dt.date(2014, 1, 24)
NAMES = ("life", "given", "rested", "waived", "undone", "late", "later")
LIFE, GIVEN, RESTED, WAIVED, UNDONE, LATE, LATER = (f"{PLAN}/1.{n}/-/once" for n in NAMES)
FAIRS, TALK = f"{PLAN}/1.fairs/-/2013", f"{PLAN}/1.talk/-/once"
WHO = {"office": "/", "trade": "/in", "city": "/in", "reviewer": "/audit", "sly": "/settings"}
BOOKS, WORDS = "spreadsheetml", "wordprocessingml"


def plan_of(folder: Path) -> Plan:
    """Return a plan in whose every title and name the text stands."""
    late = [{"id": name, "due_on": dt.date(2013, 9, 23)} for name in ("late", "later")]
    fairs = {"id": "fairs", "recurrence": "yearly", "quota": {"min": 2}}
    once = ({"id": name, "due_on": DUE} for name in NAMES[:-2])
    meeting = {"id": "talk", "kind": "meeting", "due_on": DUE, "evidence": ["minutes"]}
    made = small_plan(folder, *once, *late, fairs, meeting, participants=["city"]).model_dump()
    measure = made["measures"][0]
    measure |= {"chapter": EVIL, "section": EVIL, "title": EVIL, "targets": ()}
    measure["targets"] = (TARGET | {"says": "21%", "indicator": EVIL, "unit": "=1"},)
    for obligation in measure["obligations"]:
        obligation["title"] = f"{EVIL}{obligation['id']}"
    for agency in made["agencies"]:
        agency["name"] = f"{EVIL}{agency['id']}"
    return Plan.model_validate(made | {"title": EVIL})


@pytest.fixture(scope="module")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which every deed was done, each with the text in each of its fields."""
    folder = tmp_path_factory.mktemp("fields")
    with Ledger.open(load_settings({"DUBAN_HOME": str(folder / "home")})) as ledger:
        world = World(ledger, PostOffice())
        world.publish(plan_of(folder))
        sly = users.Newcomer("sly", LINES, "office", "administrator")
        users.add(ledger, [sly], since=ISSUED, at=world.at, actor="office/officer")
        world.sweep(ISSUED)
        world.sweep(AUTUMN)
        live(world)
        settle(world)
        world.sweep(ON - DAY)
        decide(world)
        world.deliver()
        world.sweep(ON)
    return folder / "home"


def live(world: World) -> None:
    """Do every deed of a duty."""
    ledger, trade, office = world.ledger, world.act(TRADE), world.act("office/officer")
    to = dt.date(2014, 2, 28)
    answering.acknowledge(ledger, LIFE, trade)
    answering.progress(ledger, LIFE, trade, text=LINES)
    answering.next_step(ledger, LIFE, trade, text=LINES)
    raising.raise_problem(ledger, LIFE, trade, text=LINES)
    raising.answer_problem(ledger, LIFE, office, number=1, text=LINES)
    raising.raise_problem(ledger, LIFE, trade, text=LINES)
    raising.comment(ledger, LIFE, trade, text=LINES)
    urging.urge(ledger, LIFE, office, text=LINES)
    extending.ask(ledger, LIFE, trade, to=to, reason=LINES)
    extending.refuse(ledger, LIFE, office, reason=LINES)
    extending.ask(ledger, LIFE, trade, to=to, reason=LINES)
    extending.grant(ledger, LIFE, office, to=to, reason=LINES, document=LINES)
    extending.ask(ledger, LATER, trade, to=to, reason=LINES)
    for _ in range(2):
        file(world, LIFE)
        deciding.give_back(ledger, LIFE, office, reason=LINES)
    answering.refuse(ledger, GIVEN, trade, reason=LINES)
    reassigning.reassign(ledger, GIVEN, office, to="city", reason=LINES)
    pausing.suspend(ledger, RESTED, office, reason=LINES)
    pausing.resume(ledger, RESTED, office, reason=LINES)
    pausing.waive(ledger, WAIVED, office, reason=LINES, document=LINES)
    deciding.close_not_done(ledger, UNDONE, office, reason=LINES)
    answering.deliver_item(ledger, FAIRS, trade, title=LINES, place=LINES)
    meetings.plan_meeting(ledger, TALK, trade, day=DUE, place=LINES, chair=LINES, note=LINES)
    meetings.answer_meeting(ledger, TALK, trade, answer="declined", text=LINES)
    slips.release(ledger, world.notices(duty=LATE, state="draft")[0].id, office)
    slips.withdraw(ledger, world.notices(duty=LATER, state="draft")[0].id, office, reason=LINES)
    with ledger.transaction() as tx:
        drafts_and_views.save_view(tx, drafts_and_views.View("5a", EVIL, "light=red"), user=TRADE)
        said = {"text": LINES, "reason": LINES}
        drafts_and_views.save_draft(
            tx, TRADE, duty=LATER, deed="progress", fields=said, at=world.at
        )


def file(world: World, key: str) -> None:
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    with world.ledger.evidence.tray() as tray:
        proof = tray.take(io.BytesIO(pdf), name=f"{LINES}.pdf", kind="document")
        who = world.act(TRADE)
        answering.file_submission(world.ledger, key, who, summary=LINES, evidence=[proof])


def settle(world: World) -> None:
    """Begin a draft of another plan, in whose every line the text stands."""
    text = f"{EVIL}行動計劃(2013-2015年)\n2013年8月20日\n一、{EVIL}\n" + "".join(
        f"{n}.推進{EVIL}。2013年10月底前完成{EVIL}。({EVIL}trade負責)\n" for n in (1, 2)
    )
    said = {"name": f"{EVIL}.txt", "code": "pilot", "register": Register.of(world.plans[0])}
    office = world.act("office/officer")
    draft = settling.begin(world.ledger, text.encode(), office, **said)
    with world.ledger.read() as conn:
        stands = settling.settling(conn, draft).stands.draft
    about = stands.measures[0].proposals[0].id
    step = Step("drop", about, {"reason": EVIL})
    settling.say(world.ledger, draft, office, step=step)


def decide(world: World) -> None:
    """Report the year's figure, and decide what an office decides for many."""
    ledger, office, span = world.ledger, world.act("office/officer"), span_of(DUE)
    trade = world.act(TRADE)
    readings.report(ledger, PLAN, "1.share", trade, year=2013, value="19.5", source=LINES)
    reviewer = world.act("reviewer/officer")
    for answer in (LINES, ""):
        number = problems.raise_problem(ledger, PLAN, trade, text=LINES)
        if answer:
            problems.answer_problem(ledger, PLAN, office, number=number, text=answer)
    assigning.assign(ledger, PLAN, office, assigning.Order(EVIL, "city", ON, EVIL, document=EVIL))
    for label in (span, span_of(AUTUMN)):
        circular.draft(ledger, PLAN, label, office)
        words = dict.fromkeys(("opening", "praise", "overdue", "problems", "asked"), LINES)
        circular.edit(ledger, PLAN, label.label, office, words=words)
    circular.release(ledger, PLAN, span.label, office)
    scorecard.announce(ledger, PLAN, 2013, office)
    mine = {"duty": LATE, "text": LINES}
    scorecard.object_to(ledger, PLAN, 2013, "trade", trade, **mine)
    card = scorecards.card_id(PLAN, 2013, "trade")
    scorecard.decide(ledger, card, 1, office, outcome="refused", answer=LINES)
    drawn = sampling.sample(ledger, PLAN, reviewer, of="evidence", size=1, seed=LINES)
    sampling.find(ledger, drawn, drawn.picked[0][0], reviewer, finding="doubtful", text=LINES)
    order = Order("renamed", "city", world.today, LINES, name=SUMS)
    reorganise(ledger, order, office)


@pytest.mark.parametrize("who", WHO if LONG else ["trade"])
def test_no_page_list_or_paper_is_anything_but_text(app, client, clock, who):
    browser = client()
    user = who if who == "sly" else f"{who}/officer"
    with app.state.desk.ledger.transaction() as tx:
        browser.cookies.set("duban", signin.begin(tx, user, at=clock(), proved=True))
    found, seen = [], Counter()
    for path, answer in walk(browser, app, WHO[who]):
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        seen[kind] += 1
        seen["told"] += "onerror" in answer.text
        assert answer.status_code < 500, path
        assert set(answer.headers) & {"bcc"} == set(), path
        found += [(path, each) for each in looked_at(kind, answer.content)]
    assert found == []
    assert seen["text/html"] > 10
    assert seen["told"] > 5


def looked_at(kind: str, content: bytes) -> list[object]:
    """Return what in an answer of this kind the text has become."""
    if kind == "text/html":
        return strange(content.decode())
    if kind == "text/csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig", "replace"))))
        broken = [row for row in rows if len(row) != len(rows[0])]
        return [*broken, *(cell for row in rows for cell in row if cell.startswith(FORMULA))]
    if BOOKS in kind:
        book = load_workbook(io.BytesIO(content))
        cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
        return [cell.coordinate for cell in cells if cell.data_type in {"f", "e"}]
    if WORDS in kind:
        with zipfile.ZipFile(io.BytesIO(content)) as whole:
            parts = [etree.fromstring(whole.read(n)) for n in whole.namelist() if n[-4:] == ".xml"]
        fields = [e for part in parts for e in part.iter("{*}fldSimple", "{*}instrText", "img")]
        return [e.tag for e in fields if set(e.attrib.values()) != {"PAGE"}]
    if kind == "text/calendar":
        made = Calendar.from_ical(content).walk()
        ours = {"VCALENDAR", "VEVENT", "VALARM", "VTIMEZONE", "STANDARD"}
        strangers = [part.name for part in made if part.name not in ours]
        calls = [a for a in made if a.name == "VALARM" and ("attendee" in a or "attach" in a)]
        return [*strangers, *calls]
    return []


def test_a_feed_of_dates_has_no_other_line(app, client):
    with app.state.desk.ledger.transaction() as tx:
        token = tokens.issue(tx, TRADE, "feed", on=ON)
        tx.record("token-issued", TRADE, at=dt.datetime.now(dt.UTC), actor=TRADE)
    answer = client().get(f"/feed/{token}.ics")
    assert answer.text.count("onerror") > 2
    assert looked_at("text/calendar", answer.content) == []


def test_every_letter_is_addressed_to_its_reader_alone(small_home):
    heads = [
        p.read_text("utf-8").partition("\n\n")[0] for p in (small_home / "outbox").rglob("*.eml")
    ]
    assert len(heads) > 4
    assert [head for head in heads if "\nBcc:" in head or "evil.example" in head] == []
