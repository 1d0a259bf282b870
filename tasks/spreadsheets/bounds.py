"""Bounds of a sheet: the cells gathered while they stay within them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.errors import InvalidError
from catalog.trackers.grid import EMPTY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from catalog.trackers.grid import Cell, Grid

MOST_ROWS = 20_000  # the tracker of a province has 2,000
MOST_COLUMNS = 300
MOST_CELLS = 600_000
LONGEST = 32_767  # characters of a cell, as Excel has it


class Rows:
    """Cells gathered by row and column; InvalidError with `place` beyond the bounds."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.cells: dict[int, dict[int, Cell]] = {}
        self.count = 0

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Gather a cell that is not empty; one beyond the last column counts as well."""
        if cell == EMPTY or not (cell.text.strip() or cell.note):
            return
        self.count += 1
        if row >= MOST_ROWS or column >= MOST_COLUMNS or self.count > MOST_CELLS:
            raise too_large(self.place)
        self.cells.setdefault(row, {})[column] = cell._replace(text=cell.text[:LONGEST])

    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """Return the rows from the first to the last that is not empty."""
        last = max(self.cells, default=-1)
        return tuple(
            tuple(cells.get(n, EMPTY) for n in range(max(cells, default=-1) + 1))
            for cells in (self.cells.get(row, {}) for row in range(last + 1))
        )


def check_ranges(grids: Iterable[Grid], name: str) -> None:
    """Refuse sheets whose merged ranges cover more cells than any sheet has."""
    for grid in grids:
        rows, width = len(grid.rows), grid.width
        covered = sum(
            max(0, min(area.bottom + 1, rows) - area.top)
            * max(0, min(area.right + 1, width) - area.left)
            for area in grid.merged
        )
        if covered > MOST_CELLS:
            raise too_large(f"{name} {grid.sheet}")


def too_large(place: str) -> InvalidError:
    """Return the refusal of a sheet beyond the bounds."""
    bounds = {"rows": MOST_ROWS, "columns": MOST_COLUMNS, "cells": MOST_CELLS}
    return InvalidError("tracker-too-large", place=place, **bounds)
