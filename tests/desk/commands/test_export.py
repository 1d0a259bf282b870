"""`duban export` and `import`: files for others, and back again."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest
import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from openpyxl import load_workbook

from catalog.wording import say
from desk.lists.gbk import Encoder
from tests.world import ISSUED, small_plan

KEY = "small-2013/1.report/-/once"
CITY = "small-2013/1.city/city/once"
WAIVE = ("--reason", "另有安排", "--document", "粵府〔2013〕1號")


@pytest.fixture
def small(duban, tmp_path):
    """A small plan in force, its duties open, with an officer of each agency."""
    small_plan(tmp_path, {}, {"id": "city", "parties": ["city"]})
    assert (
        duban("plan", "publish", str(tmp_path / "small-2013.toml"), "--start-on", "2013-08-05").code
        == 0
    )
    for agency in ("office", "trade"):
        person = ("--name", "經辦", "--agency", agency, "--since", f"{ISSUED}")
        assert duban("user", "add", f"{agency}/officer", *person).code == 0
    assert duban("sweep").code == 0
    return duban


@pytest.fixture
def exported(small, tmp_path):
    def _exported(*options, kind="ledger"):
        out = tmp_path / "out"
        said = small("export", kind, *options, "--out", str(out), "--json")
        assert said.code == 0, said.err
        assert said.json["file"] == str(out)
        return said, out.read_bytes()

    return _exported


def rows(content, encoding="utf-8-sig"):
    return list(csv.DictReader(io.StringIO(content.decode(encoding), newline="")))


def test_a_csv_begins_with_the_mark_excel_looks_for(exported):
    said, content = exported("--format", "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    assert [row["編號"] for row in rows(content)] == [CITY, KEY]
    assert said.json["rows"] == 2


def test_json_is_the_contracts_duty_with_what_was_said(small, exported):
    assert small("progress", KEY, "--text", "已發函", "--as", "trade/officer").code == 0
    _, content = exported("--format", "json")
    told = {duty["key"]: duty for duty in json.loads(content)}
    listed = {duty["key"]: duty for duty in small("duties", "--json").json}
    assert {
        key: duty.items() >= listed[key].items() for key, duty in told.items()
    } == dict.fromkeys(listed, True)
    assert told[KEY]["progress"] == "已發函"


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        (("--agency", "city"), [CITY]),
        (("--agency", "廣州市人民政府"), [CITY]),
        (("--year", "2013"), [CITY, KEY]),
        (("--year", "2014"), []),
        (("--plan", "small-2013", "--measure", "1"), [CITY, KEY]),
        (("--plan", "other"), []),
    ],
)
def test_the_options_choose(exported, options, keys):
    _, content = exported("--format", "csv", *options)
    assert [row["編號"] for row in rows(content)] == keys


def test_gbk_loses_nothing_and_tells_what_gbk_lacks(small, exported):
    text = "镕基𠮷〇龘é，已發函"
    assert small("progress", KEY, "--text", text, "--as", "trade/officer").code == 0
    said, content = exported("--format", "csv", "--encoding", "gbk")
    assert rows(content, "gb18030")[1][say("zh-Hant", "column.progress")] == text
    assert said.err == "written as GB18030: GBK lacks 1 of the characters: 𠮷\n"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_gbk_has_is_gbk_and_the_rest_is_counted(text):
    encoder = Encoder()
    made = encoder.encode(text)
    assert made.decode("gb18030") == text
    assert bool(encoder.lacking) == (text.encode("gbk", "ignore").decode("gbk") != text)
    if not encoder.lacking:
        assert made == text.encode("gbk")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--format", "xlsx", "--encoding", "gbk", "--out", "x"), 2),
        (("--agency", "nobody", "--out", "x"), 3),
        (("--out", "/nowhere/at/all"), 3),
        ((), 2),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_line(small, options, code):
    said = small("export", "ledger", *options)
    assert said.code == code
    assert said.err.count("\n") == 1


def test_a_failed_export_leaves_the_old_file(small, tmp_path):
    out = tmp_path / "ledger.csv"
    out.write_text("old", encoding="utf-8")
    assert small("export", "ledger", "--agency", "nobody", "--out", str(out)).code == 3
    assert out.read_text(encoding="utf-8") == "old"


def test_a_workbook_is_filled_in_and_brought_back(small, exported, tmp_path):
    _, content = exported("--lang", "en")
    book = load_workbook(io.BytesIO(content))
    sheet = book["Ledger"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    row = next(n for n in (2, 3) if sheet.cell(n, heads["Key"]).value == KEY)
    sheet.cell(row, heads["Next step"]).value = "徵求意見"
    sheet.cell(row, heads["Due"]).value = "2014-06-30"
    book.save(tmp_path / "filled.xlsx")
    back = ("import", str(tmp_path / "filled.xlsx"), "--json", "--as")
    refused = small(*back, "office/officer", "--of", "stranger")
    assert (refused.code, refused.json["refused"][0]["place"]) == (4, f"Ledger!J{row}")
    mailed = small(*back, "office/officer", "--of", "trade", "--dry-run").json
    assert [change["agency"] for change in mailed["changes"]] == ["trade"]
    assert [edit["place"] for edit in mailed["not_taken"]] == [f"Ledger!G{row}"]
    tried = small(*back, "trade/officer", "--dry-run")
    done = small(*back, "trade/officer")
    again = small(*back, "trade/officer")
    assert [said.code for said in (tried, done, again)] == [0, 0, 0]
    assert [len(said.json["changes"]) for said in (tried, done, again)] == [1, 1, 0]
    remarks = small("duty", "show", KEY, "--json").json["remarks"]
    assert [(r["kind"], r["text"]) for r in remarks] == [("next_step", "徵求意見")]
    assert small("verify", "--json").json["ok"] is True


def test_a_file_that_is_not_there_is_not_found(small):
    assert small("import", "none.xlsx", "--as", "trade/officer").code == 3


def test_a_calendar_holds_what_is_not_finished_and_strikes_what_is_waived(small, exported):
    whole, first = exported(kind="calendar")
    assert small("waive", KEY, *WAIVE, "--as", "office/officer").code == 0
    _, second = exported(kind="calendar")
    before, after = (
        {e["UID"]: e for e in Calendar.from_ical(c).walk("VEVENT")} for c in (first, second)
    )
    assert whole.json["rows"] == len(before) == len(after) == 2
    assert before.keys() == after.keys()
    struck = [uid for uid, event in after.items() if event["STATUS"] == "CANCELLED"]
    assert len(struck) == 1
    assert after[struck[0]]["SEQUENCE"] > before[struck[0]]["SEQUENCE"]
    assert all(len(line) <= 75 for line in second.split(b"\r\n"))


def test_a_calendar_is_read_day_by_day(exported):
    _, content = exported("--agency", "city", kind="calendar")
    (event,) = recurring_ical_events.of(Calendar.from_ical(content)).at(dt.date(2013, 12, 31))
    assert event["DTSTART"].dt == dt.date(2013, 12, 31)
