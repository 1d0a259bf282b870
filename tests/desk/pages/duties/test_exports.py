"""The ledger as files: the list of the address, of what its reader sees, typed and complete."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from catalog.reports.export_columns import COLUMNS
from catalog.wording import say
from desk.access import visibility
from ledger.duties import conditions, duties
from tasks.act import Act
from tasks.deeds import pausing
from tests.lived import UNTIL

NOON = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)
AT = {column.name: at for at, column in enumerate(COLUMNS)}


def sheets(browser, query=""):
    answer = browser.get(f"/ledger.xlsx{query}")
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.content)).worksheets


def rows(sheet):
    return list(sheet.iter_rows(min_row=2, values_only=True))


def test_the_workbook_has_the_lines_of_the_filter_by_due_date(signed_in, desk_ledger):
    shown = rows(sheets(signed_in("chen"), "?view=open")[0])
    with desk_ledger.read() as conn:
        held = duties.of(conn, [row[AT["key"]] for row in shown])
    assert len(shown) == len(held) > 10
    assert [row[AT["number"]] for row in shown] == list(range(1, len(shown) + 1))
    dates = [row[AT["due_on"]].date() for row in shown]
    assert dates == sorted(dates)
    assert dates == [held[row[AT["key"]]].due_on for row in shown]


def test_dates_are_dates_and_counts_are_numbers(signed_in):
    row = rows(sheets(signed_in("chen"), "?status=closed-on-time")[0])[0]
    assert isinstance(row[AT["due_on"]], dt.datetime)
    assert isinstance(row[AT["ended_on"]], dt.datetime)
    assert (row[AT["number"]], row[AT["extensions"]]) == (1, 0)


@pytest.mark.parametrize(
    ("accept", "lang"), [("zh-TW", "zh-Hant"), ("zh-CN", "zh-Hans"), ("en",) * 2]
)
def test_the_headings_speak_the_language_of_the_reader(signed_in, accept, lang):
    browser = signed_in("chen")
    browser.headers["Accept-Language"] = accept
    headings = [cell.value for cell in sheets(browser, "?view=overdue")[0][1]]
    assert headings == [say(lang, f"column.{column.name}") for column in COLUMNS]


def test_an_agency_finds_in_every_file_what_it_sees_and_no_more(signed_in, desk_ledger):
    browser = signed_in("zhou")
    with desk_ledger.read() as conn:
        actor = visibility.actor(conn, "zhou", dt.date(2014, 1, 24))
        mine = set(visibility.keys_of(conn, actor))
    assert len(mine) > 0
    assert {row[AT["key"]] for row in rows(sheets(browser)[0])} == mine
    assert {duty["key"] for duty in browser.get("/ledger.json").json()} == mine


def test_only_whoever_administers_finds_the_addresses(signed_in):
    office, administrator = sheets(signed_in("chen")), sheets(signed_in("lin"))
    assert (len(office), len(administrator)) == (1, 2)
    assert "@" in rows(administrator[1])[0][-1]


def test_the_print_repeats_its_headings_across_and_fits_its_width(signed_in):
    sheet = sheets(signed_in("zhou"))[0]
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.freeze_panes == "C2"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


def test_the_same_list_on_the_same_day_is_the_same_bytes(signed_in):
    browser = signed_in("zhou")
    assert browser.get("/ledger.xlsx").content == browser.get("/ledger.xlsx").content


def test_a_feed_strikes_what_is_waived_and_may_be_of_one_plan(signed_in, desk_ledger):
    li = signed_in("li")
    address = re.search(r"/feed/[\w-]+\.ics", li.post_form("/feeds", shown_on="/feeds").text)[0]
    before = {e["UID"]: e for e in Calendar.from_ical(li.get(address).content).walk("VEVENT")}
    with desk_ledger.read() as conn:
        mine = duties.chosen(conn, conditions.performed_by(["dongguan"]), conditions.UNCLOSED)
    act = Act("office/officer", UNTIL, NOON)
    pausing.waive(desk_ledger, mine[0].key, act, reason="另有安排", document="粵府〔2014〕1號")
    after = {e["UID"]: e for e in Calendar.from_ical(li.get(address).content).walk("VEVENT")}
    (struck,) = (uid for uid, event in after.items() if event["STATUS"] == "CANCELLED")
    assert after.keys() == before.keys()
    assert after[struck]["SEQUENCE"] > before[struck]["SEQUENCE"]
    assert Calendar.from_ical(li.get(f"{address}?plan=other").content).walk("VEVENT") == []
