"""`/settings`: the agencies registered here, found by name, one added, or a list of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import Response

from catalog.duties.evidence_rules import safe_name
from catalog.duties.file_types import XLSX
from catalog.errors import DubanError, InvalidError
from catalog.wording.search_folding import fold
from desk.lists import blank_agency_list
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import Visit, entering
from ledger.people import agencies, users
from ledger.post import contacts
from tasks.agencies.columns import kind_by_name
from tasks.agencies.list_of_agencies import compare, read, table_of, take
from tasks.agencies.names import names, registered
from tasks.agencies.registering import KINDS, Newcomer, register, several_names
from tasks.post.contacts import POSITIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.plans.contents import AgencyKind
    from tasks.agencies.list_of_agencies import Row

router = APIRouter()
Reader = Annotated[Visit, Depends(entering("see-settings"))]
Administrator = Annotated[Visit, Depends(entering("administer"))]
Text = Annotated[str, Form()]
LARGEST = 300_000  # characters of a list, which the form that takes it sends again
FIELDS = {
    "agency-name": "name",
    "agency-name-taken": "name",
    "agency-id": "id",
    "agency-id-taken": "id",
    "agency-kind": "kind",
}


@router.get("/settings")
def show(visit: Reader, q: str = "", only: str = "") -> Response:
    """Show the agencies: all, those whose names have `q`, or those with an unreached position."""
    with visit.read() as conn:
        called, boxes = names(conn), contacts.mailboxes(conn, visit.on)
        ended = {s.agency: s for s in agencies.successions(conn) if s.kind in agencies.ENDS}
        every = [a for a in contacts.agencies(conn).values() if a.kind != "open-group"]
        unreached = {a.id for a in every if a.id not in ended and (a.id, "officer") not in boxes}
        word = fold(q.strip())
        return rendering.page(
            visit,
            "offices/agencies",
            page="agencies",
            agencies=[
                a
                for a in every
                if (not word or any(word in fold(name) for name in (a.id, *called[a.id])))
                and (only != "unreached" or a.id in unreached)
            ],
            total=len(every),
            unreached=unreached,
            ended=ended,
            boxes=boxes,
            logins=_logins(users.listed(conn), visit),
            positions=POSITIONS,
            q=q,
            only=only,
        )


def _logins(everybody: Sequence[users.User], visit: Visit) -> dict[str, int]:
    counts: dict[str, int] = {}
    for user in everybody:
        if user.until is None or user.until >= visit.on:
            counts[user.agency] = counts.get(user.agency, 0) + 1
    return counts


@router.get("/settings/agencies/new")
def new(visit: Administrator) -> Response:
    """Show the forms for one agency, and for a list of them."""
    return _new(visit, forms.Form({"kind": ""}))


@router.post("/settings/agencies/new")
def add(
    visit: Administrator,
    *,
    name: Text = "",
    aliases: Text = "",
    kind: Text = "",
    id_: Annotated[str, Form(alias="id")] = "",
    host: Text = "",
    sure: Text = "",
) -> Response:
    """Register one agency; a name like that of another is asked about first."""
    values = {"name": name, "aliases": aliases, "kind": kind, "id": id_, "host": host}
    chosen: AgencyKind | None = next((k for k in KINDS if k == kind), None)
    try:
        if kind and chosen is None:
            raise InvalidError("agency-kind", place=name, kind=kind, known=", ".join(KINDS))
        similar = _similar(visit, name)
        newcomer = Newcomer(
            name, id_, chosen or kind_by_name(name), several_names(aliases), host or None
        )
        if similar and not sure:
            return _new(visit, forms.Form(values), similar=similar)
        (agency,) = register(visit.ledger, [newcomer], at=visit.now.at, actor=visit.actor.user)
    except DubanError as error:
        return _new(visit, forms.refusal(error, visit.lang, FIELDS, **values), status=422)
    return redirect(f"/settings/agencies/{agency}", message="agencies.said.added")


@router.get("/settings/agencies/list.xlsx")
def blank(visit: Administrator) -> Response:
    """Return a blank workbook for a list, with its heads in the language of the page."""
    headers = {"Content-Disposition": 'attachment; filename="agencies.xlsx"'}
    return Response(blank_agency_list.blank(visit.lang), media_type=XLSX, headers=headers)


@router.post("/settings/agencies/list")
def preview(
    visit: Administrator,
    *,
    text: Text = "",
    upload: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Show what a list that was pasted or uploaded would do; nothing is stored."""
    try:
        if upload is not None and upload.filename:
            text = table_of(upload.file, name=safe_name(upload.filename))
        if len(text) > LARGEST:
            raise InvalidError("text-too-long", place="text", size=len(text), most=LARGEST)
        rows = compare(visit.ledger, read(text), at=visit.now.at, actor=visit.actor.user)
    except DubanError as error:
        return _new(visit, forms.refusal(error, visit.lang, {error.key: "text"}, text=text), 422)
    return _preview(visit, text, rows)


@router.post("/settings/agencies/list/take")
def take_list(visit: Administrator, *, text: Text = "") -> Response:
    """Record a list whose rows were shown; where one is refused now, show why and record none."""
    try:
        rows = take(visit.ledger, read(text), at=visit.now.at, actor=visit.actor.user)
    except DubanError as error:
        return _new(visit, forms.refusal(error, visit.lang, {error.key: "text"}, text=text), 422)
    if any(row.error for row in rows):
        return _preview(visit, text, rows, status=409)
    return redirect("/settings", message="agencies.said.taken")


def _similar(visit: Visit, name: str) -> list[str]:
    with visit.read() as conn:
        known = registered(conn)
    called = {agency.id: agency.name for agency in known.agencies}
    return [called[agency] for agency in known.similar(name)]


def _preview(visit: Visit, text: str, rows: Sequence[Row], status: int = 200) -> Response:
    with visit.read() as conn:
        called = {a.id: a.name for a in contacts.agencies(conn).values()}
    reasons = {n: forms.say_refusal(r.error, visit.lang) for n, r in enumerate(rows) if r.error}
    return rendering.page(
        visit,
        "offices/agency-list",
        status,
        page="agencies",
        rows=rows,
        reasons=reasons,
        names=called,
        text=text,
        form=forms.Form({"text": text}),
    )


def _new(
    visit: Visit, form: forms.Form, status: int = 200, *, similar: Sequence[str] = ()
) -> Response:
    with visit.read() as conn:
        hosts = [a for a in contacts.agencies(conn).values() if a.kind != "open-group"]
    return rendering.page(
        visit,
        "offices/agency-new",
        status,
        page="agencies",
        form=form,
        kinds=KINDS,
        hosts=hosts,
        similar=similar,
    )
