"""Texts of unknown encoding: the most plausible one, or none."""

from __future__ import annotations

import random

import pytest

from tasks.spreadsheets.encodings import decoded
from tasks.spreadsheets.kinds import grids_of

SIMPLIFIED = "序号,任务,责任单位,完成时限\n1,改造二期,市财政局,2026/6/30\n"
TRADITIONAL = "項次,跟進事項,負責部門\n1,擴闊行人路,運輸署\n"
CODES = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030")


@pytest.mark.parametrize("code", CODES)
def test_a_text_is_read_in_its_encoding(code):
    assert decoded(SIMPLIFIED.encode(code)) == SIMPLIFIED


@pytest.mark.parametrize("code", [*CODES[:-1], "gb18030", "big5hkscs"])
def test_a_traditional_text_is_read_in_its_encoding(code):
    assert decoded(TRADITIONAL.encode(code)) == TRADITIONAL


@pytest.mark.parametrize("text", ["推进旧改,住建局,6月底\n", "张三,李四\n"])
def test_a_text_without_the_commonest_signs_is_a_text(text):
    assert decoded(text.encode("gbk")) == text


def test_bytes_of_no_text_are_none():
    chance = random.Random(15)
    assert not any(decoded(chance.randbytes(200)) for _ in range(100))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|", "，"])
def test_cells_are_parted_whatever_the_delimiter_and_the_end_of_a_line(sign, end):
    rows = ("序号", "任务", "单位"), ("1", "改造", "财政局"), ("2", "检测", "教育局")
    text = end.join(sign.join(row) for row in rows)
    (grid,) = grids_of(text.encode("gbk"), "a.csv")
    assert tuple(tuple(cell.text for cell in row) for row in grid.rows) == rows
