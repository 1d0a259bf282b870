"""How a table is read as text: each row an item, each cell under its column's label."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from catalog.reading.folding import fold
from catalog.reading.roles import is_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NUMBER = re.compile("序号?|编号|号码?|no\\.?", re.IGNORECASE)
_TASK = re.compile("任务|事项|内容|措施|工作|项目|举措|指标|目标|要求")
_HEADING = re.compile("类别|领域|分类|板块|方面|一级.*|类型|专项|部分")
_NUMERALS = "一二三四五六七八九十"


def lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a table as lines: `1.the task`, then `责任单位:…` and the like; no header, as it is."""
    rows = [[" ".join(cell.split()) for cell in row] for row in rows]
    header = next((n for n, row in enumerate(rows) if _is_header(row)), None)
    if header is None:
        yield from (" ".join(filter(None, row)) for row in rows if any(row))
        return
    yield from (" ".join(dict.fromkeys(filter(None, row))) for row in rows[:header] if any(row))
    yield from _items(rows[header], rows[header + 1 :])


def _is_header(row: Sequence[str]) -> bool:
    cells = [fold(cell) for cell in row if cell]
    return len(cells) > 1 and any(map(_is_label, cells)) and any(map(_TASK.search, cells))


def _is_label(cell: str) -> bool:
    return is_label(f"{cell}:")


def _items(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    names = [fold(column) for column in columns]
    heading, headings, number = "", 0, 0
    for row in rows:
        cells = dict(zip(names, row, strict=False))
        if not any(row) or tuple(row) == tuple(columns):
            continue
        above = next((c for n, c in cells.items() if _HEADING.fullmatch(n) and c), "")
        if len({*filter(None, row)}) == 1 and len(row) > 1:
            above = next(filter(None, row))
        if above and above != heading and headings < len(_NUMERALS):
            heading, headings = above, headings + 1
            yield (
                above
                if re.match(rf"[{_NUMERALS}]+、", above)
                else f"{_NUMERALS[headings - 1]}、{above}"
            )
        tasks = [c for n, c in cells.items() if c and not _is_label(n) and not _side(n)]
        if tasks and len({*filter(None, row)}) > 1:
            number += 1
            yield f"{number}." + "。".join(task.rstrip("。") for task in tasks) + "。"
            for name, cell in cells.items():
                if cell and _is_label(name):
                    yield f"{name}:{cell}"


def _side(name: str) -> bool:
    return bool(_NUMBER.fullmatch(name) or _HEADING.fullmatch(name))
