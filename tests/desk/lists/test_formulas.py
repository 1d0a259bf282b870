"""What people type is text in every file we make, and in LibreOffice that opens it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from catalog.offices.agency_names import AgencyNames
from catalog.reports.export_columns import COLUMNS
from desk.lists import cells, excel
from ledger.duties.duties import Duty
from ledger.duties.life import Latest
from ledger.post.contacts import Agency
from ledger.store.rows import maker
from tasks.documents.listing import Line
from tests.formulas import FORMULAS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ON = dt.date(2014, 1, 24)
TRADE = Agency(id="trade", name="=1+1", kind="department")
FRAME = cells.Frame("zh-Hant", ON, AgencyNames({"trade": TRADE}))
AT = next(at for at, column in enumerate(COLUMNS) if column.name == "progress")
AS_UTF8 = "Text - txt - csv (StarCalc):44,34,76,1"
NOTHING = maker(Duty)([None] * len(Duty.model_fields))
DUTY = NOTHING._replace(
    key="small-2013/1.report/-/once",
    measure="1",
    lead="trade",
    performer="trade",
    participants=(),
    opens_on=dt.date(2013, 8, 5),
    due_on=dt.date(2014, 1, 2),
    extensions=0,
    delivered=0,
)


def planted() -> Iterator[Line]:
    return (Line(DUTY._replace(title=text), text, Latest(text, text, text)) for text in FORMULAS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the planted list as a workbook and as CSV."""
    made = tmp_path_factory.mktemp("planted")
    with (made / "list.xlsx").open("wb") as file:
        excel.write(file, planted(), FRAME)
    text = "".join(cells.as_csv(planted(), FRAME))
    (made / "list.csv").write_text(text, encoding="utf-8-sig", newline="")
    return made


def opened(folder: Path, source: str, *options: str) -> Path:
    """Have LibreOffice open a file and write what it took it for."""
    words = ["soffice", f"-env:UserInstallation=file://{folder / 'profile'}", "--headless"]
    words += [*options, "--outdir", str(folder / "opened"), str(folder / source)]
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    (made,) = (folder / "opened").iterdir()
    return made.rename(folder / f"opened-{made.name}")


def test_there_are_forty():
    assert len(set(FORMULAS)) == 40


def test_each_is_text_in_the_workbook(folder):
    sheet = load_workbook(folder / "list.xlsx").active
    rows = list(sheet.iter_rows(min_row=2))
    shown = [row[AT].value.replace("_x000D_", "\r") for row in rows]  # as Excel writes it
    assert shown == list(FORMULAS)
    assert {cell.data_type for row in rows for cell in row if isinstance(cell.value, str)} == {"s"}


def test_each_begins_with_an_apostrophe_in_the_csv(folder):
    with (folder / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert [row[AT] for row in rows] == [f"'{text}" for text in FORMULAS]
    assert {row[1][0] for row in rows} == {"'"}


soffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")


@soffice
def test_libreoffice_reckons_with_nothing_of_the_workbook(folder):
    made = opened(folder, "list.xlsx", "--convert-to", f"csv:{AS_UTF8}")
    rows = list(csv.reader(io.StringIO(made.read_text(encoding="utf-8"), newline="")))[1:]
    plain = [text.replace("\r", "\n") for text in FORMULAS]
    assert [row[AT].replace("\r", "\n") for row in rows] == plain


@soffice
def test_libreoffice_reckons_with_nothing_of_the_csv(folder):
    made = opened(folder, "list.csv", f"--infilter={AS_UTF8}", "--convert-to", "xlsx")
    rows = list(load_workbook(made).active.iter_rows(min_row=2))
    assert len(rows) == 40
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "d"}
    assert [str(row[AT].value)[0] for row in rows] == ["'"] * 40
