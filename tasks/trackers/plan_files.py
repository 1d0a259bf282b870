"""Files that become a plan's draft: a tracker by its cells, any other document by its text."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath
from typing import TYPE_CHECKING

from catalog.reading.who.register import Register
from catalog.trackers.mapping import guess
from catalog.trackers.plan_text import PlanSheet, plan_text
from tasks.documents import reading
from tasks.trackers.grids import grids
from tasks.trackers.ods import is_ods
from tasks.trackers.xls import BIFF, OLE

if TYPE_CHECKING:
    from pathlib import Path

_ENDINGS = (".csv", ".tsv", ".xls", ".et")  # by their bytes they may be a text or a web page
_WORKBOOKS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))


def read(path: Path) -> str:
    """Return the text of a file from which a plan is drafted; InvalidError for one without."""
    return text(reading.content(path), place=str(path))


def text(data: bytes, *, place: str) -> str:
    """Return the text of a file's bytes: of a spreadsheet its tracker (`plan_text`)."""
    if not is_spreadsheet(data, place):
        return reading.text(data, place=place)
    name = PurePath(place).name
    sheets = [PlanSheet(grid, guess(grid)) for grid in grids(io.BytesIO(data), name=place)]
    return plan_text(sheets, Register(agencies=()), name=name)


def is_spreadsheet(data: bytes, name: str) -> bool:
    """Tell whether a file is a spreadsheet, by its bytes and where they do not tell by its name."""
    if data.startswith(OLE):
        return any(part in data for part in _WORKBOOKS) or name.lower().endswith(_ENDINGS)
    if data.startswith(b"PK"):
        return is_ods(data) or _has_sheets(data)
    return data.startswith(BIFF) or name.lower().endswith(_ENDINGS)


def _has_sheets(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(part.startswith("xl/") for part in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
