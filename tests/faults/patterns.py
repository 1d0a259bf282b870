"""Files that cost far more to read than they weigh, and a call that measures one."""

from __future__ import annotations

import io
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from catalog.duties.file_types import media_type
from catalog.errors import InvalidError
from tasks.documents.plan_workbook import book_of
from tasks.documents.sheets import rows_of
from tasks.documents.text import text_of
from tests.catalog.duties.test_file_types import packed
from tests.catalog.reading.repeated import read
from tests.tasks.documents.test_pdf import pdf

if TYPE_CHECKING:
    from collections.abc import Callable

MB = 1024 * 1024


class Cost(NamedTuple):
    """The outcome of a reading, with its seconds of computing and MB of memory."""

    outcome: str
    seconds: float
    memory: int


def measured(function: Callable[..., Any], *args: Any) -> Cost:
    """Return what a call costs this process."""
    began = time.process_time()
    try:
        function(*args)
        outcome = "read"
    except InvalidError as error:
        outcome = error.key
    seconds = time.process_time() - began
    status = Path("/proc/self/status").read_text().split()
    return Cost(outcome, seconds, int(status[status.index("VmHWM:") + 1]) // 1024)


def read_file(data: bytes) -> object:
    """Draft a plan from a document's bytes."""
    return read(text_of(data, "a"))


def read_evidence(data: bytes) -> object:
    """Judge a file of evidence."""
    return media_type("a.docx", io.BytesIO(data))


def read_list(data: bytes) -> object:
    """Read the rows of a workbook."""
    return rows_of(data, "a.xlsx")


def read_plan(data: bytes) -> object:
    """Read the plan of a workbook."""
    return book_of(data, "a.xlsx")


def styles_in_a_circle() -> bytes:
    """Return a Word document with two styles that are based on each other."""
    document = Document()
    first, second = (document.styles.add_style(n, WD_STYLE_TYPE.PARAGRAPH) for n in "AB")
    for style, base in ((first, "B"), (second, "A")):
        based = OxmlElement("w:basedOn")
        based.set(qn("w:val"), base)
        style.element.append(based)
    for _ in range(100):
        document.add_paragraph("1.每年召开2次会议。", first)
    return saved(document)


def wide_grid() -> bytes:
    """Return a Word document with a table cell over a thousand million columns."""
    document = Document()
    table = document.add_table(1, 1)
    span = OxmlElement("w:gridSpan")
    span.set(qn("w:val"), "1000000000")
    table.rows[0].cells[0]._tc.get_or_add_tcPr().append(span)
    return saved(document)


def saved(document: Any) -> bytes:
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def spanning_cells() -> bytes:
    """Return 40 KB of HTML whose cells span a hundred rows and columns each."""
    cells = '<td rowspan="100" colspan="100">甲</td>' * 900
    return f"<html><body><table><tr>{cells}</tr>{'<tr></tr>' * 100}</table>".encode()


def nested(tag: str, size: int = 40_000) -> bytes:
    """Return HTML of elements in each other."""
    return ("<html><body><p>1.每年召开2次会议。</p>" + f"<{tag}>甲\n" * (size // 8)).encode()


def scattered(count: int = 20_000) -> bytes:
    """Return a PDF of some kilobytes, packed, with words scattered over a page."""
    places = ((n * 7919 % 590, n * 104729 % 840) for n in range(count))
    plain = pdf([[("甲", x, y) for x, y in places]])
    begin = plain.index(b"stream\n") + len(b"stream\n")
    words = plain[begin : plain.index(b"\nendstream")]
    small = zlib.compress(words, 9)
    length = f"<< /Length {len(words)} >>".encode()
    flate = f"<< /Length {len(small)} /Filter /FlateDecode >>".encode()
    return plain.replace(words, small).replace(length, flate)


def zip_bomb() -> bytes:
    """Return a Word document with 150 MB of zeros in it, within the limit of each part."""
    return packed({"[Content_Types].xml": "<a/>", "word/a.bin": bytes(150 * MB)})


def workbook(sheet: str, strings: str = "") -> bytes:
    """Return a workbook with one sheet of this XML, packed."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{kind}.{type_}+xml"/>'
        for name, type_ in (
            ("workbook", "sheet.main"),
            ("worksheets/sheet1", "worksheet"),
            ("sharedStrings", "sharedStrings"),
        )
    )
    relations = (
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels"'
        f' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type='
        f'"{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData>'
        "</worksheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{strings}</sst>',
    }
    return packed({name: content.encode() for name, content in parts.items()})


def empty_cells() -> bytes:
    """Return a workbook of a million empty cells, and one more in the last row and column."""
    numbers = range(1, 1_000_000, 100)
    cells = ("".join(f'<c r="A{n + m}"/>' for m in range(100)) for n in numbers)
    rows = (f'<row r="{n}">{row}</row>' for n, row in enumerate(cells, 1))
    return workbook("".join(rows) + '<row r="1048576"><c r="XFD1048576"/></row>')


def shared_strings(count: int = 2_000_000) -> bytes:
    """Return a workbook of very many shared strings."""
    strings = (f"<si><t>{n}</t></si>" for n in range(count))
    return workbook("<row><c/></row>", "".join(strings))


FILES: dict[str, tuple[Callable[[bytes], object], Callable[[], bytes]]] = {
    "Word, two styles based on each other": (read_file, styles_in_a_circle),
    "Word, a cell over a thousand million columns": (read_file, wide_grid),
    "HTML, 40 KB of cells that span each other": (read_file, spanning_cells),
    "HTML, 40 KB of spans in each other": (read_file, lambda: nested("span")),
    "HTML, 40 KB of tables in each other": (read_file, lambda: nested("table")),
    "PDF, 20,000 words scattered over a page": (read_file, scattered),
    "PDF, 900 words scattered over a page": (read_file, lambda: scattered(900)),
    "evidence, 150 MB of zeros in a zip": (read_evidence, zip_bomb),
    "list, a million empty cells": (read_list, empty_cells),
    "list, two million shared strings": (read_list, shared_strings),
    "plan, a million empty cells": (read_plan, empty_cells),
    "plan, two million shared strings": (read_plan, shared_strings),
}
