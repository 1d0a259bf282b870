"""`duban shares`, `indicators`, `reward`, and the reports that tell of localities."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from ledger.reports import localities
from tests.desk.localities import TASKS, live_localities
from tests.localities import CODE, city

TRADE, OFFICE = ("--as", "trade/officer"), ("--as", "office/officer")


@pytest.fixture
def lived(ledger, installed):
    del installed
    live_localities(ledger, 4)
    return ledger


def fill(file, **cells):
    book = load_workbook(file)
    for place, value in cells.items():
        book.worksheets[0][place] = value
    book.save(file)


def test_shares_are_shown_and_changed(duban, lived):
    shown = duban("shares", "show", TASKS, "--json").json
    assert [row["1.invest"] for row in shown["rows"]] == ["10", "11", "12", "10"]
    said = duban("shares", "add", TASKS, f"1.invest={city(0)}=12.5", *TRADE, "--json")
    assert (said.code, said.json["changed"]) == (0, 1)
    short = duban("shares", "add", TASKS, "1.invest=穗市人民政府=1", *TRADE)
    assert (short.code, "short of" in short.err) == (5, True)
    assert duban("shares", "add", TASKS, "1.invest=穗市人民政府", *TRADE).code == 2
    assert duban("shares", "add", TASKS, f"1.invest={city(0)}=x", *TRADE).code == 4
    with lived.read() as conn:
        assert [s.value for s in localities.shares(conn, CODE) if s.party == city(0)] == [
            "10",
            "12.5",
        ]


@pytest.mark.usefixtures("lived")
def test_a_sheet_of_shares_goes_out_and_comes_back(duban, tmp_path):
    file = tmp_path / "shares.xlsx"
    assert duban("shares", "sheet", TASKS, str(file)).code == 0
    fill(file, B3=14)
    tried = duban("shares", "import", TASKS, str(file), *TRADE, "--dry-run", "--json").json
    assert (tried["changed"], tried["dry_run"]) == (1, True)
    assert duban("shares", "import", TASKS, str(file), *TRADE).code == 0
    rows = duban("shares", "show", TASKS, "--json").json["rows"]
    assert rows[1]["1.invest"] == "14"


@pytest.mark.usefixtures("lived")
def test_basic_data_come_by_command_and_by_sheet(duban, tmp_path):
    assert list(duban("indicators", "show", "2014", "--json").json["missing"]) == [city(3)]
    add = ("indicators", "add", "2014", city(3))
    assert duban(*add, "fees", "900", "--source", "年報", *OFFICE).code == 0
    file = tmp_path / "data.xlsx"
    assert duban("indicators", "sheet", "2014", str(file)).code == 0
    fill(file, B5="?", C2="?")
    refused = duban("indicators", "import", "2014", str(file), *OFFICE, "--json")
    assert refused.code == 4
    assert [each["place"] for each in refused.json["refused"]] == ["2014!C2", "2014!B5"]
    fill(file, B5=3, C2=1200, D5=4, E5=12.5)
    said = duban("indicators", "import", "2014", str(file), *OFFICE, "--json").json
    assert (said["changed"], said["missing"]) == (3, 0)


@pytest.mark.usefixtures("lived")
def test_rewards_and_the_circular_of_the_results(duban):
    reward = ("reward", "2014", "深市人民政府", "表揚", "--document", "文", *OFFICE)
    assert duban(*reward).code == 0
    told = duban("report", "evaluation", "--year", "2014", "--json").json
    assert [each["text"] for each in told["data"]["rewards"]][1:] == ["表揚"]
    assert told["data"]["localities"][3]["reason"] == "no-data"
    assert {"title", "words", "data"} == told.keys()
    draft = ("circular", "draft", "2014", *OFFICE, "--json")
    assert duban(*draft).json["span"] == "2014"
    printed = duban("report", "circular", "--year", "2014", "--json").json
    assert printed["data"]["rewards"] == told["data"]["rewards"]


@pytest.mark.usefixtures("lived")
def test_a_party_reports_its_own_figure_and_the_office_hears_who_has_not(duban):
    add = ("reading", "add", "1.invest", "--year", "2014", "--value", "9", "--source", "年報")
    said = duban(*add, "--as", f"{city(3)}/officer", "--json").json
    assert (said["verdict"], said["missing"]) == ("on-course", {})
    other = duban(*add, *OFFICE)
    assert (other.code, "name the party" in other.err) == (3, True)
