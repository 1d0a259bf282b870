"""A list leaves as a workbook, is filled in, and comes back: all of it, once, by the rules."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from catalog.clean import clean
from catalog.errors import InvalidError
from catalog.reports.export_columns import LONGEST, fitted
from catalog.wording import say
from desk.lists import cells as lists
from desk.lists import excel
from ledger.duties import duties, life, words
from ledger.people.agencies import agencies_on
from ledger.post import contacts
from ledger.proof import chain
from ledger.proof.ledger_verification import differences
from ledger.store.changes import Change
from tasks.deeds import answering, raising
from tasks.documents import list_import
from tasks.documents.listing import lines
from tasks.documents.sheets import rows_of
from tasks.people import users
from tasks.people.users import Newcomer
from tasks.post.contacts import all_contacts
from tests.formulas import FORMULAS
from tests.world import ISSUED, PostOffice, World, small_plan

REPORT = "small-2013/1.report/-/once"
CITY = "small-2013/1.city/city/once"
SHEET, PEOPLE = "督辦台賬", "聯絡方式"
TYPED = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    FORMULAS
)


@pytest.fixture
def world(ledger, tmp_path):
    """A report of the trade department and one of the city, both open, on 2013-08-06."""
    made = World(ledger, PostOffice())
    city = {"id": "city", "parties": ["city"]}
    made.publish(small_plan(tmp_path, {}, city))
    made.sweep(ISSUED)
    made.today = date(2013, 8, 6)
    administrator = Newcomer("lin", "林管理", "office", "administrator")
    users.add(ledger, [administrator], since=ISSUED, at=made.at, actor="office/officer")
    yield made
    with ledger.read() as conn:
        assert list(differences(conn)) == []


def exported(world, *, lang="zh-Hant", with_contacts=False):
    with world.ledger.read() as conn:
        keys = duties.chosen_keys(conn)
        frame = lists.Frame(lang, world.today, agencies_on(conn, world.today))
        reached = all_contacts(conn) if with_contacts else []
    file = io.BytesIO()
    excel.write(file, lines(world.ledger, keys), frame, contacts=reached)
    return file


def filled(file, cells, *, sheet=SHEET):
    """Write into a workbook as a person does: `cells` by row (counted from 2) and heading."""
    book = load_workbook(file)
    columns = {cell.value: cell.column for cell in book[sheet][1]}
    for (row, heading), value in cells.items():
        book[sheet].cell(row, columns[heading]).value = value
    made = io.BytesIO()
    book.save(made)
    return made


def row_of(file, key):
    rows = load_workbook(file)[SHEET].iter_rows(values_only=True)
    return next(number for number, row in enumerate(rows, 1) if key in row)


def read(world, file, user="trade/officer"):
    rows = rows_of(file.getvalue(), "list.xlsx")
    return list_import.compare(world.ledger, rows, world.act(user), name="list.xlsx")


def brought(world, file, user="trade/officer"):
    found = read(world, file, user)
    assert found.refused == []
    act = world.act(user)
    assert list_import.carry_out(world.ledger, found.changes, act, name="list.xlsx") == []
    return found


def said(world, key):
    with world.ledger.read() as conn:
        return life.latest(conn, [key])[key]


def entries(world):
    with world.ledger.read() as conn:
        return chain.head(conn).entries


def why(found):
    return [(place, error.key) for place, error in found.refused]


def test_what_is_filled_in_is_reported_by_its_deeds(world):
    file = exported(world)
    row = row_of(file, REPORT)
    cells = {"進展情況": "已完成初稿", "存在問題": "經費未落實", "下一步工作": "徵求意見"}
    found = brought(world, filled(file, {(row, name): text for name, text in cells.items()}))
    assert said(world, REPORT) == ("已完成初稿", "經費未落實", "徵求意見")
    assert [change.place for change in found.changes] == [f"{SHEET}!{c}{row}" for c in "HIJ"]
    assert found.same == 1
    with world.ledger.read() as conn:
        told = [e.deed for e in chain.entries(conn, subject=REPORT)][-3:]
        assert told == ["progressed", "problem-raised", "planned"]
    assert {n.rung for n in world.notices(duty=REPORT)} >= {"problem:1"}


def test_the_same_file_again_does_nothing(world):
    file = exported(world)
    again = filled(file, {(row_of(file, REPORT), "進展情況"): "已完成初稿"})
    brought(world, again)
    before = entries(world)
    assert brought(world, again).changes == []
    assert entries(world) == before


def test_a_row_nobody_touched_undoes_nothing_that_happened_since(world):
    answering.progress(world.ledger, REPORT, world.act("trade/officer"), text="甲")
    file = exported(world)
    answering.progress(world.ledger, REPORT, world.act("trade/officer"), text="乙")
    assert brought(world, file).changes == []
    assert said(world, REPORT).progress == "乙"


def test_a_row_that_was_overtaken_is_refused(world):
    file = exported(world)
    row = row_of(file, REPORT)
    mine = filled(file, {(row, "進展情況"): "甲"})
    answering.progress(world.ledger, REPORT, world.act("trade/officer"), text="乙")
    assert why(read(world, mine)) == [(f"{SHEET}!Q{row}", "import-stale")]


def test_what_was_overtaken_after_its_preview_is_refused_too(world):
    file = exported(world)
    found = read(world, filled(file, {(row_of(file, REPORT), "進展情況"): "甲"}))
    answering.progress(world.ledger, REPORT, world.act("trade/officer"), text="乙")
    refused = list_import.carry_out(world.ledger, found.changes, world.act("trade/officer"))
    assert [each.error.key for each in refused] == ["import-stale"]
    assert said(world, REPORT).progress == "乙"


def test_one_refusal_refuses_all(world):
    file = exported(world)
    rows = [row_of(file, key) for key in (REPORT, CITY)]
    both = filled(file, {(row, "進展情況"): "已完成" for row in rows})
    found = read(world, both, "city/officer")
    before = entries(world)
    refused = list_import.carry_out(world.ledger, found.changes, world.act("city/officer"))
    assert len(found.changes) == 1
    assert why(found) == [(f"{SHEET}!Q{rows[0]}", "duty-unknown")]
    assert refused == []
    assert entries(world) == before + 1


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        ({"進展情況": "=1+1"}, "import-formula"),
        ({"進展情況": None}, "import-emptied"),
        ({"編號": CITY, "進展情況": "甲"}, "import-twice"),
        ({"編號": "small-2013/9.none/-/once"}, "duty-unknown"),
        ({"編號": None}, "import-key"),
        ({"校驗": "0", "進展情況": "甲"}, "import-stale"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named(world, cells, key):
    for one in (REPORT, CITY):
        answering.progress(world.ledger, one, world.act("trade/officer"), text="已發函")
    file = exported(world)
    row = max(row_of(file, REPORT), row_of(file, CITY))
    other = min(row_of(file, REPORT), row_of(file, CITY))
    asked = {(row, name): value for name, value in cells.items()}
    if key == "import-twice":
        own = load_workbook(file)[SHEET].cell(other, 17).value
        asked |= {(row, "編號"): own, (other, "進展情況"): "乙"}
    found = read(world, filled(file, asked))
    (refused,) = why(found)
    assert refused[1] == key
    assert refused[0].startswith(f"{SHEET}!")
    assert refused[0].endswith(str(row))


def test_a_closed_duty_is_refused_by_the_rule_of_the_deed(world):
    file = exported(world)
    world.file(REPORT)
    world.close(REPORT)
    row = row_of(file, REPORT)
    found = read(world, filled(file, {(row, "進展情況"): "甲"}))
    assert why(found) == [(f"{SHEET}!H{row}", "rule-standing-ended")]


@pytest.mark.both
def test_the_office_brings_in_what_an_agency_mailed_as_its_word(world):
    file = exported(world)
    cells = {"進展情況": "甲", "存在問題": "經費未落實"}
    row = row_of(file, CITY)
    brought(world, filled(file, {(row, n): text for n, text in cells.items()}), "office/officer")
    with world.ledger.read() as conn:
        remark, problem = life.remarks(conn, CITY)[-1], life.problems(conn, CITY)[-1]
        entry = list(chain.entries(conn, subject=CITY))[-1]
        (open_problem,) = life.open_problems(conn, "small-2013")
        word = words.last(conn, [CITY])[CITY]
    assert (remark.text, remark.said_by) == ("甲", "office/officer")
    assert (remark.agency, remark.source) == ("city", "list.xlsx")
    assert (problem.agency, problem.raised_by) == ("city", "office/officer")
    assert open_problem.agency == "city"
    assert entry.payload["relayed"] == {"agency": "city", "source": "list.xlsx"}
    assert word.by == "廣州市人民政府"
    again = load_workbook(exported(world))[SHEET]
    assert "廣州市人民政府報送" in again.cell(row_of(exported(world), CITY), 11).value


def test_the_word_of_an_agency_without_a_part_is_refused(world):
    file = exported(world)
    row = row_of(file, CITY)
    content = rows_of(filled(file, {(row, "進展情況"): "甲"}).getvalue(), "list.xlsx")
    act = world.act("office/officer")
    found = list_import.compare(world.ledger, content, act, name="list.xlsx", of="stranger")
    assert why(found) == [(f"{SHEET}!H{row}", "rule-who-performer-or-lead")]


def test_an_edit_that_is_not_taken_is_told_at_its_place(world):
    file = exported(world)
    row = row_of(file, REPORT)
    cells = {"時限": date(2014, 6, 30), "承辦單位": "省博物館", "辦結/銷號日期": "2013.9.1"}
    changed = filled(file, {(row, name): value for name, value in cells.items()})
    found = read(world, changed)
    assert [(edit.place, edit.before, edit.after) for edit in found.edits] == [
        (f"{SHEET}!E{row}", "", "省博物館"),
        (f"{SHEET}!G{row}", "2013-12-31", "2014-06-30"),
        (f"{SHEET}!O{row}", "", "2013-09-01"),
    ]
    assert (found.changes, found.refused) == ([], [])


def test_a_column_of_ones_own_is_told_and_an_older_export_by_its_dates(world):
    file = exported(world)
    row = row_of(file, REPORT)
    book = load_workbook(file)
    sheet = book[SHEET]
    sheet.cell(1, 19).value, sheet.cell(row, 19).value = "備註", "見附件"
    sheet.cell(row, 18).value = sheet.cell(row, 18).value[:8]
    sheet.cell(row, 7).value = date(2014, 6, 30)
    made = io.BytesIO()
    book.save(made)
    assert [(e.place, e.column, e.after) for e in read(world, made).edits] == [
        (f"{SHEET}!G{row}", "due_on", "2014-06-30"),
        (f"{SHEET}!S{row}", "備註", "見附件"),
    ]


def test_a_stranger_learns_nothing_of_a_duty_it_does_not_see(world):
    answering.progress(world.ledger, REPORT, world.act("trade/officer"), text="機密")
    file = exported(world)
    row = row_of(file, REPORT)
    guesses = [
        filled(file, {(row, "進展情況"): text, (row, "校驗"): "0"}) for text in ("機密", "甲")
    ]
    told = [why(read(world, guess, "stranger/officer")) for guess in guesses]
    assert told[0] == told[1] == [(f"{SHEET}!Q{row}", "duty-unknown")]


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_an_export_in_any_language_comes_back(world, lang):
    file = exported(world, lang=lang)
    heading = say(lang, "column.progress")
    back = filled(file, {(2, heading): "甲"}, sheet=say(lang, "sheet.duties"))
    assert len(read(world, back).changes) == 1


def test_a_number_or_a_day_typed_into_a_cell_is_taken_as_it_reads(world):
    file = exported(world)
    row = row_of(file, REPORT)
    found = read(world, filled(file, {(row, "進展情況"): date(2013, 9, 1), (row, "存在問題"): 3}))
    assert [change.after for change in found.changes] == ["2013-09-01", "3"]


def test_a_text_longer_than_a_cell_is_no_change_and_cannot_be_half_mended(world):
    long = "字" * (LONGEST + 1)
    answering.progress(world.ledger, REPORT, world.act("trade/officer"), text="進展")
    with world.ledger.transaction() as tx:  # as texts were before they had a limit
        change = Change("remarks", f"{REPORT}#remark-1", {"text": long})
        tx.record("progress", REPORT, changes=[change], at=world.at, actor="trade/officer")
    file = exported(world)
    row = row_of(file, REPORT)
    assert brought(world, file).changes == []
    mended = filled(file, {(row, "進展情況"): "改" + fitted(long)[1:]})
    assert why(read(world, mended)) == [(f"{SHEET}!H{row}", "import-cut")]
    brought(world, filled(file, {(row, "進展情況"): "新"}))
    assert said(world, REPORT).progress == "新"


def test_an_administrator_brings_addresses_back(world):
    file = exported(world, with_contacts=True)
    change = filled(file, {(2, "地址"): "new@cast.example"}, sheet=PEOPLE)
    found = brought(world, change, "lin")
    assert [c.column for c in found.changes] == ["address"]
    agency, position, channel = found.changes[0].subject.split("/")
    with world.ledger.read() as conn:
        assert contacts.contacts(conn)[agency, position][channel] == "new@cast.example"
    assert brought(world, change, "lin").changes == []


def test_nobody_else_brings_addresses_changed_or_not(world):
    file = exported(world, with_contacts=True)
    assert why(read(world, file, "office/officer")) == [(PEOPLE, "import-not-yours")]


def test_an_address_that_is_none_is_refused_at_its_cell(world):
    file = exported(world, with_contacts=True)
    found = read(world, filled(file, {(2, "地址"): "a b"}, sheet=PEOPLE), "lin")
    assert why(found) == [(f"{PEOPLE}!E2", "address-invalid")]


def zipped(*parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return made


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (io.BytesIO(b"no zip"), "evidence-type"),
        (zipped(("a.bin", bytes(50 * 1024 * 1024))), "evidence-unfolds"),
        (zipped(("xl/vbaProject.bin", b"x")), "evidence-macros"),
        (zipped(("a.txt", b"x")), "evidence-type"),
    ],
)
def test_a_file_that_is_no_plain_workbook_is_refused_whole(world, content, key):
    with pytest.raises(InvalidError) as refused:
        read(world, content)
    assert refused.value.key == key


def test_a_workbook_of_something_else_is_refused(world):
    book = load_workbook(exported(world))
    book.active.delete_cols(1, 30)
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(InvalidError) as refused:
        read(world, file)
    assert refused.value.key == "import-no-sheet"


def test_a_lost_heading_is_named_with_its_sheet_and_row(world):
    file = filled(exported(world), {(1, "進展情況"): "進展 情況"})
    with pytest.raises(InvalidError, match=r"督辦台賬!1.*進展情況.*進展 情況"):
        read(world, file)


def test_rows_above_the_headings_are_named(world):
    book = load_workbook(exported(world))
    book.active.insert_rows(1)
    book.active["A1"] = "督辦台賬（2014年）"
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(InvalidError) as refused:
        read(world, file)
    assert refused.value.key == "import-headings"
    assert refused.value.values["place"].endswith("!2")


def test_a_due_date_that_came_back_as_a_number_is_no_edit(world):
    file = exported(world)
    book = load_workbook(file)
    sheet = book.active
    column = next(cell.column for cell in sheet[1] if cell.value == "時限")
    for (cell,) in sheet.iter_rows(min_row=2, min_col=column, max_col=column):
        cell.number_format = "General"
    changed = io.BytesIO()
    book.save(changed)
    assert read(world, changed).edits == []


def test_a_workbook_with_a_broken_sheet_is_refused(world):
    made = io.BytesIO()
    with zipfile.ZipFile(exported(world)) as whole, zipfile.ZipFile(made, "w") as broken:
        for part in whole.infolist():
            content = whole.read(part)
            cut = len(content) // 2 if "sheet1" in part.filename else len(content)
            broken.writestr(part, content[:cut])
    with pytest.raises(InvalidError) as refused:
        read(world, made)
    assert refused.value.key == "evidence-broken"


@settings(max_examples=15, deadline=None, suppress_health_check=[*HealthCheck])
@given(TYPED, TYPED, TYPED)
@example("'=1", "_x000D_", "_x005F_x000D_")
@example("第一行\n第二行", " 前後 ", "a\tb")
@example("\ufffe\uffff", "\u2028\x85", "𠮷")
def test_every_text_comes_back_as_it_went(world, progress, problem, next_step):
    """Whatever was reported, an export of it changes nothing when it is brought back."""
    act = world.act("trade/officer")
    for deed, text in (
        (answering.progress, progress),
        (raising.raise_problem, problem),
        (answering.next_step, next_step),
    ):
        if clean(text):
            deed(world.ledger, REPORT, act, text=text)
    file = exported(world)
    rows = rows_of(file.getvalue(), "list.xlsx")
    now = said(world, REPORT)
    (row,) = (row for row in rows if row.texts["key"] == REPORT)
    assert tuple(row.texts[n] for n in list_import.REMARKS) == now
    assert brought(world, file) == ([], [], 2, [])
