"""`/ledger.xlsx`, `.csv`, `.json`: the selected list of the ledger, as a file."""

from __future__ import annotations

import tempfile
from typing import IO, TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse

from catalog.duties.file_types import XLSX
from desk.access import visibility
from desk.lists import cells, excel, filters
from desk.lists.cells import Frame
from desk.pages.duties.ledger import Filters, Seen
from desk.web.visit import Visit
from ledger.people import agencies
from tasks.documents.listing import Line, lines
from tasks.post.contacts import all_contacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from desk.lists.filters import ListFilters

PIECE = 64 * 1024  # bytes sent at once
BOM = "\N{BYTE ORDER MARK}"  # without it Excel reads a CSV in the encoding of its own machine

router = APIRouter()


@router.get("/ledger.xlsx")
def as_workbook(visit: Seen, selection: Filters) -> Response:
    """Return the list as a workbook, which can be filled in and uploaded at /import.

    Administrators also get the contacts of each position.
    """
    rows, frame = _lines(visit, selection)
    with visit.read() as conn:
        addresses = all_contacts(conn) if visit.may("administer") else []
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed when the last piece has left
    excel.write(file, rows, frame, contacts=addresses)
    return _file(_pieces(file), "xlsx", XLSX, visit)


@router.get("/ledger.csv")
def as_csv(visit: Seen, selection: Filters) -> Response:
    """Return the list as CSV for spreadsheets, every cell safe to open."""
    rows, frame = _lines(visit, selection)
    return _file(_with_bom(cells.as_csv(rows, frame)), "csv", "text/csv; charset=utf-8", visit)


@router.get("/ledger.json")
def as_json(visit: Seen, selection: Filters) -> Response:
    """Return the list as JSON, in the contract's shape of a duty."""
    rows, frame = _lines(visit, selection)
    return _file(cells.as_json(rows, frame), "json", "application/json", visit)


def _lines(visit: Visit, selection: ListFilters) -> tuple[Iterator[Line], Frame]:
    with visit.read() as conn:
        where = filters.where(conn, visit, selection)
        keys = visibility.keys_of(conn, visit.actor, *where, order=["due_on"])
        frame = Frame(visit.lang, visit.on, agencies.agencies_on(conn, visit.on))
    return lines(visit.ledger, keys), frame


def _file(content: Iterable[str | bytes], ending: str, kind: str, visit: Visit) -> Response:
    attachment = f'attachment; filename="ledger-{visit.on}.{ending}"'
    return StreamingResponse(content, 200, {"Content-Disposition": attachment}, media_type=kind)


def _with_bom(pieces: Iterable[str]) -> Iterator[str]:
    yield BOM
    yield from pieces


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
