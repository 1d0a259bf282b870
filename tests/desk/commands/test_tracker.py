"""`duban tracker read` and `past import`: a spreadsheet is previewed, then taken whole."""

from __future__ import annotations

import json

import pytest

from tests.in_mid_plan import book, mid_plan
from tests.world import PostOffice, World

AS = ("--as", "office/officer")
ROWS = [
    (1, "完成第1項改造", "省外經貿廳", "", "已完成", "2013.9.5", ""),
    (2, "完成第2項改造", "省外經貿廳", "", "已完成", "", ""),
]


@pytest.fixture
def small(duban, home, database, tmp_path):
    """A small plan in force in its middle, with three past duties."""
    with database.open(home) as ledger:
        mid_plan(World(ledger, PostOffice()), tmp_path, past=3)
    return duban


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "台賬.xlsx"

    def _file(rows):
        path.write_bytes(book(rows).getvalue())
        return str(path)

    return _file


def test_it_reads_what_stands_in_a_spreadsheet(small, file):
    said = small("tracker", "read", file(ROWS), "--json").json
    assert said["heads"] == 2
    assert said["columns"]["B"] == "title"
    assert [line["title"] for line in said["lines"]] == ["完成第1項改造", "完成第2項改造"]
    assert small("tracker", "read", file(ROWS)).code == 0


def test_what_is_asked_is_told_by_its_row_and_nothing_is_taken(small, file, tmp_path):
    command = ("tracker", "read", file(ROWS), "--use", "past", *AS)
    said = small(*command, "--json")
    assert (said.code, said.json["asked"], said.json["taken"]) == (4, 1, 0)
    (ask,) = said.json["rows"][1]["asks"]
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({ask["id"]: "2013-09-12"}), encoding="utf-8")
    more = ("--answers", str(answers))
    tried, done = small(*command, *more, "--dry-run"), small(*command, *more, "--json")
    assert (tried.code, done.code, done.json["taken"]) == (0, 0, 2)
    assert "2 taken, 0 asked, 0 left out" in tried.out
    again = small(*command, *more, "--json")
    assert (again.code, again.json["taken"], again.json["left_out"]) == (0, 0, 2)
    assert small("verify", "--json").json["ok"] is True


def test_the_past_is_imported_by_its_own_command(small, file):
    command = ("past", "import", "small-2013")
    tried = small(*command, file(ROWS[:1]), *AS, "--dry-run", "--json").json
    assert (tried["taken"], tried["dry_run"]) == (1, True)
    assert len(small("past", "small-2013", "--json").json) == 3
    asked = small(*command, file(ROWS), *AS)
    assert (asked.code, "台賬!4" in asked.out) == (4, True)
    assert small(*command, file(ROWS[:1]), *AS).code == 0
    assert len(small("past", "small-2013", "--json").json) == 2


def test_a_file_without_heads_is_refused_in_one_line(small, tmp_path):
    path = tmp_path / "notes.csv"
    path.write_text("plan,1\nname,2\n", encoding="utf-8")
    for command in (("tracker", "read"), ("past", "import", "small-2013")):
        said = small(*command, str(path), *(AS if command[0] == "past" else ()))
        assert (said.code, "no sheet has a row of heads" in said.err) == (4, True)


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--take-up", "--reason", "x"),
        ("--take-up", "--document", "x"),
        ("--not-done", "--reason", "x", "--document", "x"),
        ("--done-on", "2013-09-05", "--document", "x", "--reason", "x"),
        ("--done-on", "2013-09-05", "--take-up"),
    ],
)
def test_options_that_do_not_go_together_settle_nothing(small, options):
    keys = [each["key"] for each in small("past", "small-2013", "--json").json]
    assert small("past", "settle", keys[0], *options, *AS).code == 2
    assert len(small("past", "small-2013", "--json").json) == 3


def test_a_refused_row_is_named_and_nothing_is_taken(small, file):
    rows = [ROWS[0], (2, "完成第2項改造", "省外經貿廳", "", "已完成", "2091-01-01", "")]
    said = small("tracker", "read", file(rows), "--use", "past", *AS, "--json")
    assert said.code == 4
    assert [each["place"] for each in said.json["refused"]] == ["台賬!4"]


def test_duties_and_progress_are_taken_too(small, file):
    rows = [(1, "整治揚塵", "廣州市人民政府", "2090-12-31", "", "", "")]
    command = ("tracker", "read", file(rows), "--use", "duties", *AS)
    assert small(*command, "--source", "市長批示", "--json").json["taken"] == 1
    assert small(*command, "--source", "市長批示", "--json").json["taken"] == 0


@pytest.mark.parametrize(
    ("options", "code"), [(("--use", "past"), 2), (("--use", "past", "--as", "nobody"), 3)]
)
def test_without_a_person_nothing_is_taken(small, file, options, code):
    assert small("tracker", "read", file(ROWS), *options).code == code


def test_a_file_that_is_not_there_is_not_found(small):
    assert small("tracker", "read", "none.xlsx").code == 3
