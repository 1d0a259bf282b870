"""Rows below a tracker's heads, sorted: tasks, sections, and what is no task."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from catalog.reading.grammar.folding import fold
from catalog.trackers.columns import head_words, role_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.trackers.grid import Grid
    from catalog.trackers.mapping import Mapping

# `heads` are repeated ones, `title` the sheet's title again; `other-table` and what follows it is
# for a mapping of its own.
RowKind = Literal[
    "task", "section", "empty", "heads", "title", "numbering", "total", "note", "other-table"
]
_TOTAL = re.compile(
    r"(?:本?页?|全[市省区县])?(?:合|总|小|共)计|(?:sub|grand )?-?total", re.IGNORECASE
)
_SUM = re.compile(r"(?:合|总|小|共)计[: ]?\d|total [^\d]{0,20}\d", re.IGNORECASE)
_NOTE = re.compile(
    r"(?:备?注|说明|填表(?:人|说明|单位)|制表|填报(?:人|单位|日期)|审核|复核|联系(?:人|电话)|单位负责人|分管领导"
    r"|报送(?:人|单位)|签发|附件|notes?|remarks?|prepared by|source|legend|key) ?[:.0-9]|[*※]",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十]+\)|第[一二三四五六七八九十]+(?:章|部分|类|项)"
    r"|[IVX]+\. |[A-Z]\. |part [a-z0-9]|section [a-z0-9]|chapter [a-z0-9]",
    re.IGNORECASE,
)
_WIDE = 3  # columns of a merged section row
_OTHER_HEADS = 3  # roles that the heads of another table name
_LONGEST_HEAD = 20


class TableRow(NamedTuple):
    """A row with its kind, and its text where it has only one."""

    row: int
    kind: RowKind
    text: str = ""


def table_rows(grid: Grid, mapping: Mapping) -> Iterator[TableRow]:
    """Yield the rows below the heads with their kinds, in order."""
    titles = {grid.cell(n, m).text for n in range(mapping.head_row) for m in range(grid.width)}
    other = False
    for row in range(mapping.first_row, len(grid.rows)):
        texts = _texts(grid, row)
        alone = next(iter(texts.values())) if len(set(texts.values())) == 1 else ""
        kind: RowKind = "empty" if not texts else "other-table"
        if texts and not other:
            kind = _kind(grid, mapping, row, texts)
            kind = "title" if alone and alone in titles else kind
            other = kind == "other-table"
        yield TableRow(row, kind, alone or " ".join(dict.fromkeys(texts.values())))


def _texts(grid: Grid, row: int) -> dict[int, str]:
    """Return the texts of a row by column; a merged one counts only where it begins in the row."""
    texts = {}
    for column in range(grid.width):
        area = grid.range_at(row, column)
        if area and area.bottom > area.top and area.top < row:
            continue
        if text := grid.shown(row, column).text.strip():
            texts[column] = text
    return texts


def _kind(grid: Grid, mapping: Mapping, row: int, texts: dict[int, str]) -> RowKind:
    words = list(texts.values())
    heads = [column for column, text in texts.items() if mapping.heads.get(column) == text]
    first, few = fold(words[0]), len(set(words)) <= 2  # noqa: PLR2004  a note and its figure
    kinds: tuple[tuple[RowKind, bool], ...] = (
        ("numbering", _is_numbering(words)),
        ("heads", len(texts) > 1 and len(heads) * 2 > len(texts)),
        ("total", bool(_TOTAL.fullmatch(first.replace(" ", "")) or (few and _SUM.match(first)))),
        ("note", few and bool(_NOTE.match(first))),
        ("other-table", _is_other_head(mapping, texts)),
    )
    kind = next((kind for kind, is_so in kinds if is_so), None)
    if kind is None and _is_numbered_section(grid, row, texts):
        return "section"
    if kind is None and len(set(words)) == 1:
        return _kind_alone(grid, mapping, row, first)
    return kind or "task"


def _is_numbered_section(grid: Grid, row: int, texts: dict[int, str]) -> bool:
    """Tell whether a row is a number and one text merged over the rest: 一 | 经济发展."""
    columns = list(texts)
    area = grid.range_at(row, columns[-1])
    if area is None or area.right - area.left + 1 < _WIDE or columns[0] >= area.left:
        return False
    return len({*texts.values()}) == 2  # noqa: PLR2004  the number and the text


def _kind_alone(grid: Grid, mapping: Mapping, row: int, text: str) -> RowKind:
    """Return the kind of a row with one text: a section, a note, or a task without the rest."""
    column = next(c for c in range(grid.width) if grid.shown(row, c).text.strip())
    area = grid.range_at(row, column)
    is_wide = bool(area and area.right - area.left + 1 >= min(_WIDE, grid.width))
    if _SECTION.match(text) or (is_wide and not any(sign in text for sign in "。;")):
        return "section"
    if is_wide:
        return "note"
    return "task" if mapping.columns.get(column) == "title" else "section"


def _is_numbering(words: list[str]) -> bool:
    """Tell whether a row only numbers the columns: 1 2 3, (1) (2) (3), 甲 乙 1 2, or rules them."""
    if all({*word} <= {*"-:|"} for word in words):  # the rule below the heads of a text table
        return True
    numbers = [re.sub(r"\D", "", word) for word in words if len(word) <= 4]  # noqa: PLR2004  (12)
    whole = [n for n in numbers if n]
    first = int(whole[0]) if whole else 0
    run = [str(n) for n in range(first, first + len(whole))]
    return len(whole) > 2 and whole == run and len(whole) >= len(words) - 2  # noqa: PLR2004


def _is_other_head(mapping: Mapping, texts: dict[int, str]) -> bool:
    """Tell whether a row heads another table: its first cell numbers or names, the rest are roles.

    A row of its own table has a number where the heads have the word for it.
    """
    short = [text for text in texts.values() if len(head_words(text)) <= _LONGEST_HEAD]
    roles = [role for text in short if (role := role_of(text))]
    differ = [text for column, text in texts.items() if mapping.heads.get(column) != text]
    enough = _OTHER_HEADS if roles[:1] == ["number"] else _OTHER_HEADS + 1
    is_head = len(set(roles)) >= enough and len(roles) * 4 >= len(texts) * 3
    return (
        is_head and len(differ) > 1 and role_of(next(iter(texts.values()))) in ("number", "title")
    )
