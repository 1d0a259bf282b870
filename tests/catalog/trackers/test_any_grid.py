"""Any grid of cells is read without an error, and every task's doubts can be answered."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.trackers.grid import Cell, Grid, Range
from catalog.trackers.lines import read
from catalog.trackers.mapping import fingerprint, guess
from tests.trackers import REGISTER

TEXTS = """1 一 序号 事项 责任单位 配合 完成时限 进展 市教育局 各区 张三 市水务局、市财政局等
6月底前 每季度 3/4/2026 长期 同上 合计 注：每月报送 无"""
WORDS = st.sampled_from(("", *TEXTS.split()))
ROWS = st.lists(st.lists(WORDS, max_size=7), max_size=12)
RANGES = st.lists(st.tuples(*[st.integers(0, 8)] * 4), max_size=3)


def grid_of(rows, ranges):
    merged = tuple(Range(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in ranges)
    return Grid("台账", tuple(tuple(map(Cell, row)) for row in rows), merged, frozenset({3}))


@settings(max_examples=150, deadline=None)
@given(ROWS, RANGES)
def test_any_grid_is_read(rows, ranges):
    grid = grid_of([["序号", "事项", "责任单位", "完成时限"], *rows], ranges)
    mapping = guess(grid)
    reading = read(grid, mapping, REGISTER, year=2026)
    places = {line.row for line in reading.lines} | {
        int(row.place.rpartition("!")[2]) - 1 for row in reading.skipped
    }
    last = mapping.first_row
    full = {n for n in range(last, len(grid.rows)) if any(cell.text for cell in grid.rows[n])}
    covered = {n for a in grid.merged for n in range(a.top, a.bottom + 1)}
    assert full <= places | covered  # no row is dropped without a word
    assert len(fingerprint(grid)) == 64


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_answers_settle_every_doubt(rows):
    grid = grid_of([["序号", "事项", "责任单位", "完成时限"], *rows], [])
    mapping = guess(grid)
    answers = {}
    for _ in range(5):
        doubts = [d for line in read(grid, mapping, REGISTER, year=2026, answers=answers).lines
                  for d in line.doubts]  # fmt: skip
        if not doubts:
            return
        for doubt in doubts:
            typed = {"lead": "市教育局", "participants": "", "due": "2026-12-31", "title": "事项"}
            answers[doubt.id] = "" if doubt.key == "list-open" else typed.get(doubt.role, "")
    raise AssertionError(doubts)
