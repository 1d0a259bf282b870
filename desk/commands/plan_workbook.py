"""`duban plan export` and `import`: a plan as an Excel workbook, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from catalog.errors import InvalidError, NotFoundError
from catalog.plans import file as plan_file
from catalog.plans.load import plan_of, plan_path
from catalog.reading.settling.plan_toml import tables_toml
from desk.commands.options import Json
from desk.commands.output import hint, put_json, put_line
from desk.commands.plan_draft import write
from desk.plans import excel
from ledger.settings import command_language
from tasks.documents import plan_workbook

if TYPE_CHECKING:
    from catalog.workbook.plan_workbook import PlanBook


def export(plan: str, file: Path, *, as_json: Json = False) -> None:
    """Write PLAN, a code of the catalogue or a plan's file, into the workbook FILE.

    Each table has its sheet, and so have the questions of a draft: answer one with the number of a
    reading, or correct the sheets and answer with any other text. `duban plan import` reads it
    back.
    """
    tables = plan_file.read(plan_path(plan))
    try:
        with file.open("wb") as content:
            excel.write(content, tables, lang=command_language())
    except OSError as error:
        raise NotFoundError("file-unwritable", file=file, problem=error.strerror) from error
    if as_json:
        put_json({"file": str(file)})
    else:
        hint(f"{file} is written")


def bring(file: Path, *, out: Path | None = None, as_json: Json = False) -> int:
    """Read the workbook FILE into a plan: print it, or write it to --out.

    Each error names its sheet, row and cell. Ends with 6 while questions are open.
    """
    book = _read(file)
    questions = len(book.tables.get("questions", ()))
    plan = None if questions else plan_of(book)
    text = tables_toml(book.tables)
    if out is not None:
        write(out, text)
        hint(f"{out}: {len(book.tables.get('measure', ()))} measures, {questions} questions open")
    if as_json:
        put_json({"plan": plan.plan if plan else None, "questions": questions})
    elif out is None:
        put_line(text)
    return 6 if questions else 0


def _read(file: Path) -> PlanBook:
    try:
        size = file.stat().st_size
        with file.open("rb") as content:
            if size > plan_workbook.LARGEST:
                largest = plan_workbook.LARGEST
                raise InvalidError("plan-too-large", place=file, size=size, largest=largest)
            return plan_workbook.read(content, name=file.name)
    except OSError as error:
        raise NotFoundError("file-unreadable", file=file, problem=error.strerror) from error
