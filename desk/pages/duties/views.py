"""`/views`: lists of the ledger that a person keeps under names of their own."""

from __future__ import annotations

import secrets
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from catalog.clean import clean
from catalog.errors import ConflictError, DubanError, NotFoundError
from desk.lists import filters
from desk.lists.filters import ListFilters
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import Visit, entering
from ledger.people import drafts_and_views
from ledger.session import Connection

LONGEST = 60  # characters of a name

router = APIRouter()
Seen = Annotated[Visit, Depends(entering("see-ledger"))]
Text = Annotated[str, Form()]


class OwnView(NamedTuple):
    """A view of a person: its filters, and the length of its list now.

    `long` is None where a filter is no longer valid: a plan that is not in force any more.
    """

    id: str
    name: str
    selection: ListFilters
    long: int | None


def own_views(conn: Connection, visit: Visit) -> list[OwnView]:
    """Return the visitor's views, each with the length of its list."""
    rows = drafts_and_views.views(conn, visit.actor.user)
    lists = [(view, filters.from_query(view.query)) for view in rows]
    return [
        OwnView(view.id, view.name, selection, _count(conn, visit, selection))
        for view, selection in lists
    ]


@router.get("/views")
def views(visit: Seen) -> Response:
    """Show the views, with forms to rename and delete them."""
    return _page(visit)


@router.post("/views")
def save(visit: Seen, name: Text = "", query: Text = "") -> Response:
    """Keep the list of the address `query` under a name."""
    selection = filters.from_query(query)
    with visit.read() as conn:
        filters.where(conn, visit, selection)  # refuses an unknown filter
    view = drafts_and_views.View(secrets.token_hex(16), _clean_name(name), selection.query)
    try:
        _keep(visit, view)
    except DubanError as error:
        return _form_again(visit, error, name=name, query=selection.query)
    return redirect("/ledger", message="views.said.saved", **selection.active)


@router.post("/views/{view}")
def rename(visit: Seen, view: str, name: Text = "") -> Response:
    """Give a view another name."""
    with visit.read() as conn:
        row = next(
            (v for v in drafts_and_views.views(conn, visit.actor.user) if v.id == view), None
        )
    if row is None:
        raise NotFoundError("own-unknown")
    try:
        _keep(visit, row._replace(name=_clean_name(name)))
    except DubanError as error:
        return _form_again(visit, error, name=name, id=view)
    return redirect("/views", message="views.said.renamed")


@router.post("/views/{view}/end")
def end(visit: Seen, view: str) -> Response:
    """Delete a view; for ten seconds it can be restored."""
    with visit.ledger.transaction() as tx:
        drafts_and_views.end(tx, "views", view, user=visit.actor.user, at=visit.desk.clock())
    return redirect("/views", message="views.said.ended", undo=view)


@router.post("/views/{view}/undo")
def undo(visit: Seen, view: str) -> Response:
    """Restore a view that was just deleted."""
    with visit.ledger.transaction() as tx:
        drafts_and_views.take_back(tx, "views", view, user=visit.actor.user, at=visit.desk.clock())
    return redirect("/views", message="views.said.back")


def _page(visit: Visit, form: forms.Form | None = None, status: int = 200) -> Response:
    with visit.read() as conn:
        return rendering.page(
            visit,
            "duties/views",
            status,
            own_views=own_views(conn, visit),
            most=drafts_and_views.MOST,
            longest=LONGEST,
            form=form or forms.Form(),
        )


def _keep(visit: Visit, view: drafts_and_views.View) -> None:
    if not view.name:
        raise ConflictError("rule-needs-name")
    with visit.ledger.transaction() as tx:
        drafts_and_views.save_view(tx, view, user=visit.actor.user)


def _clean_name(text: str) -> str:
    return " ".join(clean(text).split())[:LONGEST]


def _form_again(visit: Visit, error: DubanError, **values: object) -> Response:
    form = forms.refusal(error, visit.lang, {error.key: "name"}, **values)
    return _page(visit, form, 422)


def _count(conn: Connection, visit: Visit, selection: ListFilters) -> int | None:
    try:
        return filters.count(conn, visit, selection)
    except (HTTPException, NotFoundError):
        return None
