"""A plan goes into a workbook and comes back without loss, and each error names its cell."""

from __future__ import annotations

import copy
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from catalog.errors import DubanError, InvalidError
from catalog.plans import file as plan_file
from catalog.plans.load import load_plan, plan_names, plan_of, plan_path
from catalog.reading.settling.plan_toml import tables_toml
from catalog.wording import languages
from catalog.workbook.workbook_sheets import heading
from desk.plans import excel
from tasks.documents import plan_workbook
from tests.trackers import supervision

CORPUS = Path(__file__).parents[2] / "catalog" / "reading" / "corpus"
PLANS = [*plan_names(), *(str(p) for p in CORPUS.glob("*.toml") if p.stem != "agencies")]
# What a line of a plan may hold: whatever can be seen, formulas and Excel's own escapes among it.
SEEN = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=40)
LINES = SEEN | st.sampled_from(["=1+1", "@SUM(A1)", "_x000D_", " 前後 ", "2013-08-05", "12", "0.5"])


def there(file, lang="zh-Hant"):
    content = io.BytesIO()
    excel.write(content, file, lang=lang)
    return content


def back(content):
    return plan_workbook.book_of(content.getvalue(), "計劃.xlsx")


def changed(cell, value, *, sheet="任務", name="guangdong-2013"):
    """Return a real plan's workbook in which somebody wrote `value` into a cell."""
    book = load_workbook(there(plan_file.read(plan_path(name))))
    book[sheet][cell] = value
    content = io.BytesIO()
    book.save(content)
    return content


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("name", PLANS)
def test_every_plan_comes_back_as_it_was(name, lang):
    file = plan_file.read(plan_path(name))
    found = back(there(file, lang))
    assert plan_of(found) == load_plan(name)


@pytest.mark.parametrize("name", PLANS)
def test_its_file_says_the_same(name, tmp_path):
    path = tmp_path / "plan.toml"
    found = back(there(plan_file.read(plan_path(name))))
    path.write_text(tables_toml(found.tables), encoding="utf-8")
    assert load_plan(path) == load_plan(name)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_whatever_a_line_of_a_plan_holds_comes_back(data):
    file = plan_file.read(CORPUS / "three-years.toml")
    tables = copy.deepcopy(file.tables)
    tables["title"] = data.draw(LINES)
    for measure in tables["measure"]:
        measure["title"], measure["chapter"] = data.draw(LINES), data.draw(LINES)
        for obligation in measure.get("obligation", ()):
            obligation["title"] = data.draw(LINES)
            obligation["evidence"] = ["簽到表"]
        for target in measure.get("target", ()):
            target["value"] = data.draw(st.integers(-(10**12), 10**12))
            target["unit"] = data.draw(LINES)
    source = plan_file.PlanFile("plan.toml", tables, {(): 1})
    try:
        plan = plan_of(source)
    except InvalidError:
        return
    assert plan_of(back(there(source))) == plan


def test_the_duty_that_an_obligation_answers_comes_back(tmp_path):
    file = plan_file.read(plan_path("guangdong-2013"))
    tables = copy.deepcopy(file.tables)
    tables["measure"][0]["obligation"][0]["answers"] = "national-2012/3.plans/guangdong/once"
    path = tmp_path / "plan.toml"
    path.write_text(tables_toml(tables), encoding="utf-8")
    found = plan_of(back(there(plan_file.read(path))))
    assert found == load_plan(path)
    assert found.measures[0].obligations[0].answers == "national-2012/3.plans/guangdong/once"


@pytest.mark.parametrize(("agenda", "read"), [("plan", ("plan",)), (["1", "2"], ("1", "2"))])
def test_the_measures_of_an_agenda_come_back(tmp_path, agenda, read):
    tables = copy.deepcopy(plan_file.read(plan_path("guangdong-2013")).tables)
    table = tables["measure"][0]["obligation"][0]
    table |= {"kind": "meeting", "agenda": agenda}
    path = tmp_path / "plan.toml"
    path.write_text(tables_toml(tables), encoding="utf-8")
    found = plan_of(back(there(plan_file.read(path))))
    assert found.measures[0].obligations[0].agenda == read


def test_what_an_officer_corrects_is_in_the_plan():
    found = plan_of(back(changed("C2", "改過的名稱")))
    before = load_plan("guangdong-2013")
    pairs = zip(before.measures, found.measures, strict=True)
    both = (pair for a, b in pairs for pair in zip(a.obligations, b.obligations, strict=True))
    assert [new.title for old, new in both if old != new] == ["改過的名稱"]


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "key"),
    [
        ("任務", "H2", "=1+1", "import-formula"),
        ("任務", "M3", "明年", "book-day"),
        ("任務", "M3", "3/4/2014", "book-day"),
        ("任務", "F4", "聚會", "book-choice"),
        ("任務", "A2", "99", "book-measure"),
        ("任務", "K3", "省外經貿廰", "book-agency"),
        ("任務", "D2", "x" * 30, "plan-value"),
        ("任務", "I3", "兩次", "book-value"),
        ("措施", "E2", "某局", "book-agency"),
        ("措施", "E2", None, "plan-key-missing"),
        ("單位", "D3", "公司", "book-choice"),
        ("單位", "A4", "office", "plan-id-twice"),
        ("計劃", "A3", "plan", "book-key"),
        ("目標", "F2", "許多", "book-value"),
    ],
)
def test_an_error_names_its_sheet_row_and_cell(sheet, cell, value, key):
    content = changed(cell, value, sheet=sheet)
    with pytest.raises(DubanError) as refused:
        plan_of(back(content))
    fault = (refused.value.key, refused.value.values["place"].split()[-1])
    assert fault == (key, f"{sheet}!{cell}")


@pytest.mark.parametrize(
    "text", ["2014-11-30", "2014/11/30", "2014年11月30日", "2014.11.30", 41973, "30 Nov 2014"]
)
def test_a_day_is_read_as_it_is_typed(text):
    book = load_workbook(there(plan_file.read(plan_path("guangdong-2013"))))
    rows = book["任務"].iter_rows(min_row=2)
    cell = next(row[12] for row in rows if row[12].value)
    cell.value = text
    book["計劃"]["B4"] = "2013年8月5日"
    content = io.BytesIO()
    book.save(content)
    plan = plan_of(back(content))
    days = {o.due_on for m in plan.measures for o in m.obligations}
    assert date(2014, 11, 30) in days
    assert plan.issued_on == date(2013, 8, 5)


@pytest.fixture
def drafted(duban, tmp_path):
    """A draft with open questions, as a workbook."""
    args = ("--agencies", str(CORPUS / "agencies.toml"), "--out", str(tmp_path / "draft.toml"))
    assert duban("plan", "draft", str(CORPUS / "headings.txt"), *args).code == 6
    assert duban("plan", "export", str(tmp_path / "draft.toml"), str(tmp_path / "d.xlsx")).code == 0
    return tmp_path / "d.xlsx"


def answer(path, word=None):
    """Answer every question: by its first reading, or by `word` where it offers none."""
    book = load_workbook(path)
    page = next(
        p
        for p in book.worksheets
        if p["G1"].value in ("答覆(序號或已改)", "Answer (number, or done)")
    )
    for row in page.iter_rows(min_row=2):
        row[6].value = 1 if row[5].value and word is None else word
    book.save(path)


def test_a_draft_with_open_questions_is_no_plan_yet(duban, drafted, tmp_path):
    said = duban("plan", "import", str(drafted), "--out", str(tmp_path / "plan.toml"))
    assert said.code == 6


def test_an_answer_is_carried_out_and_the_question_is_gone(drafted):
    before = back(io.BytesIO(drafted.read_bytes())).tables["questions"]
    answer(drafted)
    found = back(io.BytesIO(drafted.read_bytes())).tables
    assert len(found.get("questions", ())) < len(before)


def test_a_word_tells_that_the_sheets_say_it_already(drafted):
    answer(drafted, "已改")
    assert "questions" not in back(io.BytesIO(drafted.read_bytes())).tables


def test_an_answer_nobody_offered_is_refused(drafted):
    answer(drafted, "99")
    with pytest.raises(InvalidError, match="99"):
        back(io.BytesIO(drafted.read_bytes()))


def test_no_text_is_written_as_a_formula():
    file = plan_file.read(CORPUS / "three-years.toml")
    tables = copy.deepcopy(file.tables)
    tables["measure"][0]["title"] = '=HYPERLINK("http://x","y")'
    content = there(plan_file.PlanFile("p", tables, {(): 1}))
    with zipfile.ZipFile(content) as made:
        sheets = [made.read(name) for name in made.namelist() if "worksheets/" in name]
    assert not any(b"<f>" in sheet for sheet in sheets)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no workbook at all", b"%PDF-1.4 %%EOF"])
def test_what_is_no_workbook_is_refused(data):
    with pytest.raises(InvalidError):
        back(io.BytesIO(data))


def test_a_workbook_with_macros_is_refused():
    content = there(plan_file.read(CORPUS / "three-years.toml"))
    with zipfile.ZipFile(content, "a") as made:
        made.writestr("xl/vbaProject.bin", b"macro")
    with pytest.raises(InvalidError):
        back(content)


def test_a_sheet_without_one_of_its_columns_is_refused_with_its_name():
    with pytest.raises(InvalidError, match="任務!1"):
        back(changed("C1", "標題"))


def without(sheet, *, renamed=None):
    """Return a real plan's workbook without a sheet, or with another name for it."""
    book = load_workbook(there(plan_file.read(plan_path("guangdong-2013"))))
    if renamed:
        book[sheet].title = renamed
    else:
        del book[sheet]
    content = io.BytesIO()
    book.save(content)
    return content


@pytest.mark.parametrize("sheet", ["計劃", "單位", "措施"])
def test_a_sheet_that_every_plan_has_is_named_where_it_is_missing(sheet):
    for content in (without(sheet), without(sheet, renamed="工作任務表")):
        with pytest.raises(InvalidError) as refused:
            back(content)
        assert (refused.value.key, refused.value.values["sheet"]) == ("book-no-sheet", sheet)


def test_a_renamed_sheet_is_never_lost_unsaid():
    with pytest.raises(InvalidError, match=r"任務.*我的任務"):
        back(without("任務", renamed="我的任務"))


def test_an_export_of_an_earlier_version_is_read():
    book = load_workbook(without("評價指標"))
    last = next(cell.column for cell in book["單位"][1] if cell.value == heading("zh-Hant", "host"))
    book["單位"].delete_cols(last)
    content = io.BytesIO()
    book.save(content)
    assert plan_of(back(content)).plan == "guangdong-2013"


def test_the_commands_say_one_line_for_what_is_not_there(duban, tmp_path):
    assert duban("plan", "import", str(tmp_path / "none.xlsx")).code == 3
    said = duban("plan", "export", "guangdong-2013", str(tmp_path / "no" / "where.xlsx"))
    assert (said.code, said.err.count("\n")) == (3, 1)


def test_a_workbook_of_something_else_names_where_it_is_taken():
    with pytest.raises(InvalidError) as refused:
        plan_workbook.book_of(supervision(), "台賬.xlsx")
    assert refused.value.key == "book-no-plan"
    assert "/plans/drafts" in str(refused.value)
