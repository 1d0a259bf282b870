"""Tables as lines of text: each row an item, each cell under its column's label."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from catalog.reading.document.labels import is_label
from catalog.reading.document.lines import ARABIC
from catalog.reading.grammar.folding import fold
from catalog.reading.grammar.numerals import chinese

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NUMBER = re.compile("序号?|编号|号码?|no\\.?", re.IGNORECASE)
_TASK = re.compile("任务|事项|内容|措施|工作|项目|举措|指标|目标|要求")
_HEADING = re.compile("类别|领域|分类|板块|方面|一级.*|类型|专项|部分")
MOST_COLUMNS = 200  # official tables have up to twenty
_NUMERALS = "一二三四五六七八九十"
_OWN_NUMBER = re.compile(rf"\(?{ARABIC}\)? ?")
# 1.2014年8月 2.2014年12月: what a cell says of several parts of its task.
_EACH = re.compile(r"(?:^|(?<= ))\d[.、](?=(?:19|20)\d\d|(?:1[0-2]|\d)月)")


def lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a table as lines: `1.the task`, then `责任单位:…` and the like; no header, as it is."""
    rows = [[" ".join(cell.split()) for cell in row] for row in rows]
    header = next((n for n, row in enumerate(rows) if _is_header(row)), None)
    if header is None:
        yield from (" ".join(filter(None, row)) for row in rows if any(row))
        return
    yield from (" ".join(dict.fromkeys(filter(None, row))) for row in rows[:header] if any(row))
    while header + 1 < len(rows) and _is_header(rows[header + 1]):
        header += 1
    yield from _items(rows[header], rows[header + 1 :])


def is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether a row names the columns: a task, and who answers for it or by when."""
    return any(map(_is_header, rows))


def _is_header(row: Sequence[str]) -> bool:
    cells = [_column_name(cell) for cell in row if cell]
    return len(cells) > 1 and any(map(_is_label, cells)) and any(map(_TASK.search, cells))


def _column_name(cell: str) -> str:
    """Return the name of a column, without the blanks that set its signs apart (序 号)."""
    return fold(cell).replace(" ", "")


def _is_label(cell: str) -> bool:
    return is_label(f"{cell}:")


def _items(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    names = [_column_name(column) for column in columns]
    tasks = [n for n, name in enumerate(names) if not _is_label(name) and not _side(name)]
    grouping = _grouping(names, tasks, rows)
    heading, headings, number = "", 0, 0
    for row in rows:
        if not any(row) or tuple(row) == tuple(columns):
            continue
        above = next((row[n] for n in grouping if n < len(row) and row[n]), "")
        alone = len({*filter(None, row)}) == 1 and len(row) > 1
        if alone:
            above = next(filter(None, row))
        if above and above != heading:
            heading, headings = above, headings + 1
            yield _heading(above, headings)
        words = [row[n] for n in tasks if n not in grouping and n < len(row) and row[n]]
        if words and not alone:
            number += 1
            words[0] = _OWN_NUMBER.sub("", words[0], count=1) or words[0]
            yield f"{number}." + "。".join(task.rstrip("。;；") for task in words) + "。"
            yield from _label_lines(names, row)


def _grouping(names: list[str], tasks: list[int], rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the columns that head several rows: by their name, or by a cell over several rows."""
    headings = [n for n, name in enumerate(names) if _HEADING.fullmatch(name)]
    first = tasks[:1] if len(tasks) > 1 else []
    shared = (
        a[n : n + 1] == b[n : n + 1] != [""] for n in first for a, b in itertools.pairwise(rows)
    )
    return headings or (first if any(shared) else [])


def _heading(words: str, count: int) -> str:
    if re.match(rf"[{_NUMERALS}]+、", words):
        return words
    return f"{chinese(count)}、{_OWN_NUMBER.sub('', words, count=1)}"


def _label_lines(names: list[str], row: Sequence[str]) -> Iterator[str]:
    for name, cell in zip(names, row, strict=False):
        if cell and _is_label(name):
            yield f"{name}:{_EACH.sub(';', cell).strip('; ')}"


def _side(name: str) -> bool:
    return bool(_NUMBER.fullmatch(name) or _HEADING.fullmatch(name))
