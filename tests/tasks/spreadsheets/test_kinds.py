"""Spreadsheets by their bytes: read as shown, or refused in one line with place and remedy."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from catalog.errors import InvalidError
from catalog.wording import languages
from tasks.spreadsheets.bounds import MOST_COLUMNS, MOST_ROWS
from tasks.spreadsheets.grids import grids
from tasks.spreadsheets.kinds import grids_of
from tasks.spreadsheets.xls import OLE
from tests.trackers import FILES, TRACKERS, ods, supervision

XLS = (FILES / "task-table.xls").read_bytes()
BOF = b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12)
ENCRYPTED_XLS = BOF + b"\x2f\x00\x06\x00" + bytes(6)


def with_part(data, name, content=b"x"):
    """Return an archive with one part more."""
    whole = io.BytesIO(data)
    with zipfile.ZipFile(whole, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return whole.getvalue()


def utf16(text):
    return text.encode("utf-16-le")


def docx():
    content = io.BytesIO()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    with zipfile.ZipFile(content, "w") as archive:
        types = f'<Types><Override PartName="/a" ContentType="{kind}"/></Types>'
        archive.writestr("[Content_Types].xml", types)
    return content.getvalue()


def merged_over_and_over():
    cell = '<td rowspan="3000" colspan="250">a</td>'
    rows = "".join("<tr><td>a</td><td>b</td></tr>" for _ in range(3000))
    return (
        f"<html><table><tr>{cell}</tr>{rows}<tr>{'<td>x</td>' * 250}</tr></table></html>".encode()
    )


EMPTY_TABLE = '<table:table table:name="a"><table:table-row/></table:table>'
LONG = "".join(f"{n},b\n" for n in range(MOST_ROWS + 1)).encode()
WIDE = ",".join(f"{n}" for n in range(MOST_COLUMNS + 1)).encode() + b"\n"
REPEATED = (
    '<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576">'
    "<table:table-cell><text:p>a</text:p></table:table-cell></table:table-row>"
    "</table:table>"
)
CASES = {
    "macros.xlsx": (with_part(supervision(), "xl/vbaProject.bin"), "evidence-macros"),
    "macros.xls": (XLS + utf16("_VBA_PROJECT"), "evidence-macros"),
    "macros.ods": (with_part(ods(EMPTY_TABLE), "Basic/Standard/Module1.xml"), "evidence-macros"),
    "password.xlsx": (OLE + utf16("EncryptedPackage"), "tracker-password"),
    "password.xls": (ENCRYPTED_XLS, "tracker-password"),
    "password.ods": (
        with_part(ods(EMPTY_TABLE), "META-INF/manifest.xml", b"<a><encryption-data/></a>"),
        "tracker-password",
    ),
    "bomb.xlsx": (with_part(supervision(), "xl/zeros.xml", bytes(4 << 20)), "evidence-unfolds"),
    "cut.xlsx": (supervision()[:3000], "evidence-broken"),
    "cut.xls": (XLS[:2000], "tracker-broken"),
    "cut.ods": (with_part(ods("<table:table>"), "a"), "tracker-broken"),
    "word.xlsx": (docx(), "tracker-kind"),
    "old-word.xls": (OLE + bytes(2000), "tracker-broken"),
    "picture.xls": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "tracker-kind"),
    "pdf.csv": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00\x01", "tracker-kind"),
    "long.csv": (LONG, "tracker-too-large"),
    "wide.csv": (WIDE, "tracker-too-large"),
    "repeated.ods": (ods(REPEATED), "tracker-too-large"),
    "empty.ods": (ods(EMPTY_TABLE), "tracker-empty"),
    "empty.csv": (b"\n\n", "tracker-empty"),
    "nothing.xlsx": (b"", "tracker-empty"),
    "merged.xls": (merged_over_and_over(), "tracker-too-large"),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_in_one_line(name):
    data, key = CASES[name]
    with pytest.raises(InvalidError) as refused:
        grids_of(data, name)
    assert refused.value.key == key
    assert name in refused.value.values["place"]
    for language in languages():
        assert "\n" not in refused.value.in_language(language)


def test_the_refusal_comes_back_from_the_child():
    with pytest.raises(InvalidError) as refused:
        grids(io.BytesIO(CASES["word.xlsx"][0]), name="word.xlsx")
    assert refused.value.key == "tracker-kind"


def test_an_empty_workbook_says_so():
    content = io.BytesIO()
    Workbook().save(content)
    with pytest.raises(InvalidError) as refused:
        grids_of(content.getvalue(), "a.xlsx")
    assert refused.value.key == "tracker-empty"


def test_a_workbook_whose_looks_are_faulty_is_read_as_shown():
    name = "supervision.xlsx"
    faulty = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(TRACKERS[name]())) as source,
        zipfile.ZipFile(faulty, "w") as target,
    ):
        for part in source.infolist():
            text = source.read(part)
            if part.filename == "xl/styles.xml":
                text = text.replace(b"<fills ", b'<fills odd="1" ').replace(
                    b"<fill>", b"<fill/><odd>"
                )
                text = text.replace(b"</fill>", b"</odd>")
            target.writestr(part, text)
    assert grids_of(faulty.getvalue(), name) == grids_of(TRACKERS[name](), name)


def test_the_strict_form_of_the_standard_is_read():
    name = "supervision.xlsx"
    strict = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(TRACKERS[name]())) as source,
        zipfile.ZipFile(strict, "w") as target,
    ):
        for part in source.infolist():
            text = source.read(part)
            for usual, other in (
                ("spreadsheetml/2006/main", "spreadsheetml/main"),
                ("officeDocument/2006/relationships", "officeDocument/relationships"),
            ):
                old, new = f"schemas.openxmlformats.org/{usual}", f"purl.oclc.org/ooxml/{other}"
                text = text.replace(old.encode(), new.encode())
            target.writestr(part, text)
    assert grids_of(strict.getvalue(), name) == grids_of(TRACKERS[name](), name)


def test_formats_beyond_the_last_row_cost_nothing():
    book = Workbook()
    sheet = book.active
    sheet.append(["序号", "任务"])
    sheet.cell(90_000, 200).number_format = "0%"
    content = io.BytesIO()
    book.save(content)
    (grid,) = grids_of(content.getvalue(), "a.xlsx")
    assert (len(grid.rows), grid.width) == (1, 2)
