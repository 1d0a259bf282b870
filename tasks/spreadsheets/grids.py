"""Grids of a spreadsheet's file, whatever program wrote it, read in a child process."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from ledger.child import call_in_child
from tasks.spreadsheets.kinds import grids_of

if TYPE_CHECKING:
    from catalog.trackers.grid import Grid

LARGEST = 20_000_000  # bytes


def grids(content: IO[bytes], *, name: str) -> list[Grid]:
    """Return the sheets of a spreadsheet that are not empty, hidden ones included.

    The kind is told by the bytes: .xlsx, .xls, .et, .ods, .csv and .tsv in any usual encoding, and
    the web pages and XML that office systems save as .xls. Raises InvalidError with `place` for a
    file that is none of them, is protected by a password, holds macros or costs too much to read.
    """
    content.seek(0)
    return call_in_child(grids_of, content.read(LARGEST + 1), name, place=name)
