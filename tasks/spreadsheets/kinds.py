"""Kinds of spreadsheets by their first bytes, and the reader of each."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from catalog.duties import zip_safety
from catalog.errors import InvalidError
from tasks.spreadsheets import delimited, ods, web, xls, xlsx, xml_2003
from tasks.spreadsheets.bounds import check_ranges
from tasks.spreadsheets.encodings import decoded

if TYPE_CHECKING:
    from catalog.trackers.grid import Grid

_WEB_ARCHIVE = (b"mime-version:", b"from:", b"content-type: multipart")
_START = 4096  # bytes in which a page or an XML says what it is


def grids_of(data: bytes, name: str) -> list[Grid]:
    """Return the sheets of a spreadsheet's bytes that are not empty, read in this process."""
    try:
        grids = [grid for grid in _grids(data, name) if grid.rows]
    except (InvalidError, MemoryError):
        raise
    except Exception as error:  # a reader stumbled over what no program writes
        raise InvalidError("tracker-broken", place=name) from error
    check_ranges(grids, name)
    if not grids:
        raise InvalidError("tracker-empty", place=name)
    return grids


def _grids(data: bytes, name: str) -> list[Grid]:
    if data.startswith(zip_safety.ZIP):
        return ods.grids(data, name) if ods.is_ods(data) else xlsx.grids(data, name)
    if data.startswith((xls.OLE, *xls.BIFF)):
        return xls.grids(data, name)
    sheet = PurePath(name).stem or name
    if data[:200].lstrip().lower().startswith(_WEB_ARCHIVE):
        pages = [(page, f"{sheet}-{n}") for n, page in enumerate(web.pages(data), 1)]
        return [grid for page, title in pages for grid in web.grids(_text(page, name), name, title)]
    text = _text(data, name)
    start = text[:_START].lower()
    if xml_2003.SPREADSHEET in start and "<workbook" in start:
        return xml_2003.grids(_as_utf8(text), name)
    if any(tag in start for tag in ("<html", "<table", "<!doctype html", "<body")):
        return web.grids(text, name, sheet)
    return delimited.grids(text, name, sheet)


def _text(data: bytes, name: str) -> str:
    text = decoded(data)
    if text is None or "\x00" in text:
        raise InvalidError("tracker-kind", place=name)
    return text


def _as_utf8(text: str) -> bytes:
    """Return an XML's text without the declaration of the encoding it had."""
    start = text.lstrip("\ufeff \r\n")
    return (start.partition("?>")[2] if start.startswith("<?xml") else start).encode()
