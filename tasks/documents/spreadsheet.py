"""Text of a spreadsheet that becomes a plan's draft, task by task."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath

from catalog.reading.who.register import Register
from catalog.trackers.drafts.plan_text import PlanSheet, plan_text
from catalog.trackers.mapping import guess
from tasks.spreadsheets.kinds import grids_of
from tasks.spreadsheets.ods import is_ods
from tasks.spreadsheets.xls import BIFF, OLE

_ENDINGS = (".csv", ".tsv", ".xls", ".et")  # by their bytes they may be a text or a web page
_WORKBOOKS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))


def text_of(data: bytes, place: str) -> str:
    """Return the text of a spreadsheet's tracker; `place` names it in errors."""
    sheets = [PlanSheet(grid, guess(grid)) for grid in grids_of(data, place)]
    return plan_text(sheets, Register(agencies=()), name=PurePath(place).name)


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
