"""Mapping of a tracker: its rows of heads, and the role of each column."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from catalog.trackers.columns import (
    SEVERAL,
    Role,
    head_words,
    helps,
    is_day_of_doing,
    may_be_due,
    may_be_title,
    names_bodies,
    replaces,
    role_of,
    strength,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Mapping as Table

    from catalog.trackers.grid import Grid

_SEARCHED = 60  # rows; titles and notes before a table are few
_LONGEST_HEAD = 40  # signs
_LEAST = 2  # roles that a row of heads names
_MOST_HEIGHT = 3  # rows of heads
_NUMBER = re.compile(r"[(（]?[A-Za-z]{0,3}[-.]?\d+(?:[-.]\d+)*[)）]?|[一二三四五六七八九十]+")


@dataclass(frozen=True)
class Mapping:
    """The heads of a sheet: rows `head_row` to `head_row + height - 1`, counted from 0.

    `columns` are the columns with a role; `heads` are the texts of all columns that have one, so
    that a person sees which were left out. Without a table `head_row` is -1.
    """

    sheet: str
    head_row: int
    columns: Table[int, Role]
    height: int = 1
    heads: Table[int, str] = field(default_factory=dict)

    @property
    def first_row(self) -> int:
        """The first row below the heads."""
        return self.head_row + self.height

    def of(self, role: Role) -> tuple[int, ...]:
        """Return the columns of a role."""
        return tuple(sorted(n for n, each in self.columns.items() if each == role))

    @property
    def unread(self) -> Table[int, str]:
        """The heads of the columns without a role."""
        return {n: head for n, head in self.heads.items() if n not in self.columns}


def guess(grid: Grid) -> Mapping:
    """Return the mapping that the heads of a sheet suggest; a person corrects it."""
    rows = range(min(len(grid.rows), _SEARCHED))
    best = max(rows, key=lambda row: (_score(grid, row), -row), default=-1)
    if best < 0 or _score(grid, best) < _LEAST:
        return Mapping(grid.sheet, -1, {})
    return mapping_at(grid, best, _height(grid, best))


def mapping_at(grid: Grid, head_row: int, height: int = 1) -> Mapping:
    """Return the mapping of a sheet whose rows of heads are known."""
    parts = _heads(grid, head_row, height)
    heads = {column: " ".join(texts) for column, texts in parts}
    roles = _by_others(_roles(parts), heads)
    for column in _numbers(grid, roles, head_row + height):
        roles[column] = "number"
    return Mapping(grid.sheet, head_row, roles, height, heads)


def fingerprint(grid: Grid) -> str:
    """Return a digest of a sheet's heads, by which the mapping of its form is found again."""
    mapping = guess(grid)
    heads = "\n".join(f"{n} {head_words(head)}" for n, head in sorted(mapping.heads.items()))
    return hashlib.sha256(heads.encode()).hexdigest()


def _score(grid: Grid, row: int) -> int:
    """Return how many different roles the cells of a row name."""
    texts = {grid.cell(row, n).text for n in range(len(grid.rows[row]))}
    return len({role_of(text) for text in texts if 0 < len(text) <= _LONGEST_HEAD} - {None})


def _height(grid: Grid, row: int) -> int:
    """Return how many rows of heads there are: cells that reach down, or parts of a wide head."""
    height = 1
    while height < _MOST_HEIGHT and row + height < len(grid.rows):
        columns = range(grid.width)
        areas = [grid.range_at(row, n) for n in columns]
        reaches = any(a and a.bottom >= row + height and a.top <= row for a in areas)
        wide = [n for n in columns if (a := areas[n]) and a.right > a.left]
        parts = [t for n in wide if (t := grid.cell(row + height, n).text)]
        if not parts or not (reaches or all(map(role_of, parts))):
            break
        height += 1
    return height


def _heads(grid: Grid, row: int, height: int) -> list[tuple[int, tuple[str, ...]]]:
    """Return the texts above each column, the widest first."""
    heads = []
    for column in range(grid.width):
        texts = [grid.shown(at, column).text.strip() for at in range(row, row + height)]
        if any(texts):
            heads.append((column, tuple(dict.fromkeys(filter(None, texts)))))
    return heads


def _roles(heads: Sequence[tuple[int, tuple[str, ...]]]) -> dict[int, Role]:
    """Return the role of each column by its lowest text that names one, then by all of them.

    Of several columns for one role the head that names it best has it, then the first.
    """
    roles: dict[int, Role] = {}
    named = {column: " ".join(texts) for column, texts in heads}
    for column, texts in heads:
        candidates = map(role_of, (*reversed(texts), named[column]))
        if role := next((each for each in candidates if each), None):
            roles[column] = role
    wide = [n for n, texts in heads if roles.get(n) == "due" and role_of(texts[-1]) is None]
    if len(wide) > 1:  # 进度安排 over 一季度 to 四季度: words, and no due date
        roles |= dict.fromkeys(wide, "note")
    for role in {*roles.values()} - SEVERAL:
        columns = [column for column, each in roles.items() if each == role]
        best = min(columns, key=lambda column: (-strength(role, named[column]), column))
        for column in columns:
            is_anew = role == "due" and replaces(named[best])
            is_first = is_anew and strength(role, named[column]) > 1
            if column != best and not is_first:  # 原定时限 holds where 延期后时限 is empty
                del roles[column]
                if role == "lead" and helps(named[column]):
                    roles[column] = "participants"
                is_named = role == "due" and is_day_of_doing(named[column])
                if is_named and "done" not in roles.values():
                    roles[column] = "done"
    return roles


def _by_others(roles: dict[int, Role], heads: Table[int, str]) -> dict[int, Role]:
    """Return roles of columns whose heads mean another thing where no column has that role."""
    changes: tuple[tuple[Role, Role, Callable[[str], bool]], ...] = (
        ("done", "due", may_be_due),
        ("source", "title", may_be_title),
        ("next_step", "title", may_be_title),
        ("person", "lead", names_bodies),
    )
    for role, instead, is_so in changes:
        columns = [n for n, each in roles.items() if each == role and is_so(heads[n])]
        if columns and instead not in roles.values():
            roles[columns[0]] = instead
    return roles


def _numbers(grid: Grid, roles: Table[int, Role], first_row: int) -> Iterator[int]:
    """Yield the first column of several titles, where it holds nothing but numbers (項目 1 2 3)."""
    titles = [column for column, role in roles.items() if role == "title"]
    if len(titles) < _LEAST or "number" in roles.values():
        return
    rows = range(first_row, min(len(grid.rows), first_row + _SEARCHED))
    texts = [grid.cell(row, titles[0]).text.strip() for row in rows]
    numbers = [text for text in texts if text and _NUMBER.fullmatch(text)]
    if numbers and len(numbers) * 2 > len([text for text in texts if text]):
        yield titles[0]
