"""`/settings/users/list`: logins for everybody of a list, with one-time passwords to hand out."""

from __future__ import annotations

import io
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import Response
from xlsxwriter import Workbook

from catalog.clean import clean
from catalog.duties.evidence_rules import safe_name
from catalog.duties.file_types import XLSX
from catalog.errors import DubanError
from catalog.wording import say
from desk.pages.people.settings import settings_page
from desk.web import forms
from desk.web.visit import Visit, entering
from tasks.people import list_of_people, passwords
from tasks.people.list_of_people import COLUMNS, Admission, Line

router = APIRouter()

Administrator = Annotated[Visit, Depends(entering("administer"))]
Text = Annotated[str, Form()]
FORM = "users-list"
SHEET = "users-passwords"


@router.get("/settings/users/list")
def ask(visit: Administrator) -> Response:
    """Ask for a list, pasted or as a file."""
    return settings_page(visit, FORM, form=forms.Form(), lines=[], wrong=0, text="")


@router.get("/settings/users/list.xlsx")
def blank(visit: Administrator) -> Response:
    """Give a workbook with the heads of a list and nothing below them."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.set_column(0, len(COLUMNS) - 1, 22)
        for at, column in enumerate(COLUMNS):
            sheet.write_string(0, at, visit.say(f"people.head.{column}"))
    name = {"content-disposition": 'attachment; filename="users.xlsx"'}
    return Response(content.getvalue(), media_type=XLSX, headers=name)


@router.post("/settings/users/list")
def preview(
    visit: Administrator, pasted: Text = "", file: Annotated[UploadFile | None, File()] = None
) -> Response:
    """Show each person of the list with what is wrong; nothing is stored."""
    try:
        if file is not None and file.filename:
            rows = list_of_people.of_file(file.file, name=safe_name(file.filename))
        else:
            rows = list_of_people.pasted(pasted)
        with visit.read() as conn:
            lines = list_of_people.read(conn, rows)
    except DubanError as error:
        field = {error.key: "file" if file is not None and file.filename else "pasted"}
        return _refused(visit, forms.refusal(error, visit.lang, field, pasted=pasted))
    return _preview(visit, lines)


@router.post("/settings/users/list/take")
def take(visit: Administrator, people: Text = "") -> Response:
    """Add everybody of the preview, and show their passwords once; or nobody, and why."""
    try:
        with visit.read() as conn:
            lines = list_of_people.read(conn, list_of_people.pasted(people))
        if any(line.errors for line in lines):
            return _preview(visit, lines)
        newcomers = [line.newcomer for line in lines if line.newcomer]
        now, user = visit.now, visit.actor.user
        given = list_of_people.admit(visit.ledger, newcomers, since=now.on, at=now.at, actor=user)
    except DubanError as error:
        return _refused(visit, forms.refusal(error, visit.lang, {}, pasted=people))
    return _strips(visit, given)


@router.post("/settings/users/passwords")
def give_anew(visit: Administrator) -> Response:
    """Give a new one-time password to everybody who has not used theirs, as a sheet."""
    now = visit.now
    given = list_of_people.give_anew(visit.ledger, at=now.at, on=now.on, actor=visit.actor.user)
    return _strips(visit, given)


def _strips(visit: Visit, given: list[Admission]) -> Response:
    address = visit.desk.settings.base_url or ""
    until = visit.on + passwords.LASTS
    return settings_page(visit, SHEET, given=given, address=address, until=until)


def _preview(visit: Visit, lines: list[Line]) -> Response:
    """Return the page of the preview; its form sends the list again as it was read."""
    said = [
        (line, {c: forms.say_refusal(e, visit.lang) for c, e in line.errors.items()})
        for line in lines
    ]
    wrong = sum(1 for line in lines if line.errors)
    heads = "\t".join(say("en", f"people.head.{column}") for column in COLUMNS)
    rows = ["\t".join(_cell(line, column) for column in COLUMNS) for line in lines]
    text = "\n".join([heads, *rows])
    values: dict[str, Any] = {"lines": said, "wrong": wrong, "text": text, "columns": COLUMNS}
    return settings_page(visit, FORM, 422 if wrong else 200, form=forms.Form(), **values)


def _cell(line: Line, column: str) -> str:
    return " ".join(clean(line.texts.get(column, "")).split())


def _refused(visit: Visit, form: forms.Form) -> Response:
    return settings_page(visit, FORM, 422, form=form, lines=[], wrong=0, text="")
