"""Answers about a tracker's cells: one about a name holds for every row."""

from __future__ import annotations

from catalog.trackers.grid import Cell, Grid
from catalog.trackers.lines import lines
from catalog.trackers.mapping import guess
from tests.trackers import REGISTER

ROWS = (
    ("事项", "责任单位", "完成时限"),
    ("新建学校", "市教委", "2026-06-30"),
    ("修路", "市交委、市教委", "2026-06-30"),
    ("建医院", "市财政局、市教委等", "2026-06-30"),
)
GRID = Grid("台账", tuple(tuple(map(Cell, row)) for row in ROWS))


def read(answers):
    return lines(GRID, guess(GRID), REGISTER, answers=answers)


def test_an_answer_about_a_name_holds_for_every_row():
    first, second, third = read({"台账!B2 lead 市教委": "edu"})
    assert (first.lead, first.remarks, first.doubts) == ("edu", (), ())
    assert [doubt.text for doubt in second.doubts] == ["市交委"]
    assert (second.participants, third.participants) == (("edu",), ("edu",))
    assert ("same-answer", "市教委", "edu") in [
        (each.key, each.text, each.reading) for each in third.remarks
    ]


def test_an_answer_of_a_row_of_its_own_comes_first():
    _, second, third = read({"台账!B2 lead 市教委": "edu", "台账!B4 lead 市教委": ""})
    assert (second.participants, third.participants) == (("edu",), ())


def test_a_due_date_set_anew_replaces_the_first_where_there_is_one():
    heads = ("事项", "责任单位", "原定时限", "延期后时限")
    rows = (
        heads,
        ("建校", "市教育局", "2026-06-30", ""),
        ("修路", "市财政局", "2026-06-30", "9月底"),
    )
    grid = Grid("2026年", tuple(tuple(map(Cell, row)) for row in rows))
    days = [line.due_on.isoformat() for line in lines(grid, guess(grid), REGISTER)]
    assert days == ["2026-06-30", "2026-09-30"]
