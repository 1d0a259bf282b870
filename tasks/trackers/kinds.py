"""Kinds of spreadsheets by their first bytes, and the reader of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.duties import zip_safety
from catalog.errors import InvalidError
from tasks.trackers import xlsx

if TYPE_CHECKING:
    from catalog.trackers.grid import Grid


def grids_of(data: bytes, name: str) -> list[Grid]:
    """Return the sheets of a spreadsheet's bytes, read in this process."""
    if data.startswith(zip_safety.ZIP):
        return xlsx.grids(data, name)
    raise InvalidError("tracker-kind", place=name)
