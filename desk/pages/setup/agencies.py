"""`/setup/agencies`: the list of agencies with how they are reached, typed, pasted or uploaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import Response

from catalog.duties.evidence_rules import safe_name
from catalog.errors import DubanError
from desk.setup.steps import Founded, act_of, after, path_of, step_page
from desk.web import forms
from desk.web.addresses import redirect
from tasks.agencies import list_of_agencies
from tasks.agencies.list_of_agencies import Line, table_of
from tasks.setup.choices import choices, choose
from tasks.setup.going import lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.web.visit import Visit
    from tasks.agencies.list_of_agencies import Row

router = APIRouter()

Text = Annotated[str, Form()]
SHOWN = ("name", "kind", "position", "person", "mail", "telephone")


@router.get("/setup/agencies")
def show(visit: Founded) -> Response:
    """Show the list as it was taken, and the form for another one."""
    with visit.read() as conn:
        lines = lines_of(choices(conn).get("agencies"))
    form = forms.Form({"text": as_text(visit, lines)})
    return _page(visit, form, rows=_compare(visit, lines))


@router.post("/setup/agencies")
def take(
    visit: Founded, text: Text = "", upload: Annotated[UploadFile | None, File()] = None
) -> Response:
    """Take the list where no row is wrong; otherwise show each row with what is wrong in it."""
    try:
        lines = _lines(text, upload)
    except DubanError as error:
        field = "upload" if upload and upload.filename else "text"
        return _page(visit, forms.refusal(error, visit.lang, {error.key: field}, text=text), 422)
    rows = _compare(visit, lines)
    form = forms.Form({"text": as_text(visit, lines)})
    if wrong := [row for row in rows if row.error]:
        errors = {"text": visit.say("setup.agencies.wrong", n=len(wrong))}
        return _page(visit, form._replace(errors=errors), 422, rows=rows)
    act = act_of(visit)
    texts = [_kept(line) for line in lines]
    choose(visit.ledger, "agencies", {"lines": texts}, at=act.at, actor=act.user)
    return redirect(path_of("agencies"), message="setup.said.taken")


@router.post("/setup/agencies/later")
def leave(visit: Founded) -> Response:
    """Leave the list for later: a plan brings its agencies with it."""
    act = act_of(visit)
    choose(visit.ledger, "agencies", {"later": True}, at=act.at, actor=act.user)
    return redirect(after("agencies"))


def as_text(visit: Visit, lines: Sequence[Line]) -> str:
    """Return the lines as they would be pasted from a spreadsheet, for further typing."""
    if not lines:
        return ""
    heads = [visit.say(f"setup.agencies.{field}") for field in SHOWN]
    rows = [[getattr(line, field) for field in SHOWN] for line in lines]
    return "\n".join("\t".join(cells) for cells in [heads, *rows])


def _lines(text: str, upload: UploadFile | None) -> list[Line]:
    if upload is None or not upload.filename:
        return list_of_agencies.read(text)
    return list_of_agencies.read(table_of(upload.file, name=safe_name(upload.filename)))


def _kept(line: Line) -> dict[str, object]:
    fields = line._asdict()
    del fields["cells"]
    return {name: value for name, value in fields.items() if value}


def _compare(visit: Visit, lines: Sequence[Line]) -> list[Row]:
    """Return the rows of the list with what is wrong in each."""
    if not lines:
        return []
    act = act_of(visit)
    return list_of_agencies.compare(visit.ledger, lines, at=act.at, actor=act.user)


def _page(
    visit: Visit, form: forms.Form, status: int = 200, *, rows: Sequence[Row] = ()
) -> Response:
    lines = [(row, row.error.in_language(visit.lang) if row.error else "") for row in rows]
    with visit.read() as conn:
        is_taken = bool(lines_of(choices(conn).get("agencies")))
    return step_page(
        visit, "agencies", status, form=form, rows=lines, fields=SHOWN, is_taken=is_taken
    )
