"""`/views`: lists of the ledger that a person keeps under names of its own."""

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


class Saved(NamedTuple):
    """A view as a page shows it: where it leads, and how `long` its list is now.

    None of one that asks for what has ceased to be: a plan that is no more in force.
    """

    id: str
    name: str
    asked: ListFilters
    long: int | None


def saved(conn: Connection, visit: Visit) -> list[Saved]:
    """Return the views of who is there, each with the length of the list it opens."""
    found = drafts_and_views.views(conn, visit.actor.user)
    lists = [(view, filters.from_query(view.query)) for view in found]
    return [Saved(view.id, view.name, asked, _count(conn, visit, asked)) for view, asked in lists]


@router.get("/views")
def views(visit: Seen) -> Response:
    """Show the views, to be called otherwise or deleted."""
    return _page(visit)


@router.post("/views")
def save(visit: Seen, name: Text = "", query: Text = "") -> Response:
    """Keep the list of the address `query` under a name."""
    asked = filters.from_query(query)
    with visit.read() as conn:
        filters.where(conn, visit, asked)  # refuses a filter there is not
    view = drafts_and_views.View(secrets.token_hex(16), _named(name), asked.query)
    try:
        _keep(visit, view)
    except DubanError as error:
        return _again(visit, error, name=name, query=asked.query)
    return redirect("/ledger", message="views.said.saved", **asked.active)


@router.post("/views/{view}")
def rename(visit: Seen, view: str, name: Text = "") -> Response:
    """Give a view another name."""
    with visit.read() as conn:
        held = next(
            (v for v in drafts_and_views.views(conn, visit.actor.user) if v.id == view), None
        )
    if held is None:
        raise NotFoundError("own-unknown")
    try:
        _keep(visit, held._replace(name=_named(name)))
    except DubanError as error:
        return _again(visit, error, name=name, id=view)
    return redirect("/views", message="views.said.renamed")


@router.post("/views/{view}/end")
def end(visit: Seen, view: str) -> Response:
    """Delete a view; for ten seconds it can be had back."""
    with visit.ledger.transaction() as tx:
        drafts_and_views.end(tx, "views", view, user=visit.actor.user, at=visit.desk.clock())
    return redirect("/views", message="views.said.ended", undo=view)


@router.post("/views/{view}/undo")
def undo(visit: Seen, view: str) -> Response:
    """Have a view back that was just deleted."""
    with visit.ledger.transaction() as tx:
        drafts_and_views.take_back(tx, "views", view, user=visit.actor.user, at=visit.desk.clock())
    return redirect("/views", message="views.said.back")


def _page(visit: Visit, form: forms.Form | None = None, status: int = 200) -> Response:
    with visit.read() as conn:
        found = saved(conn, visit)
        return rendering.page(
            visit,
            "duties/views",
            status,
            saved=found,
            most=drafts_and_views.MOST,
            longest=LONGEST,
            form=form or forms.Form(),
        )


def _keep(visit: Visit, view: drafts_and_views.View) -> None:
    if not view.name:
        raise ConflictError("rule-needs-name")
    with visit.ledger.transaction() as tx:
        drafts_and_views.save_view(tx, view, user=visit.actor.user)


def _named(typed: str) -> str:
    return " ".join(clean(typed).split())[:LONGEST]


def _again(visit: Visit, error: DubanError, **given: object) -> Response:
    form = forms.refusal(error, visit.lang, {error.key: "name"}, **given)
    return _page(visit, form, 422)


def _count(conn: Connection, visit: Visit, asked: ListFilters) -> int | None:
    try:
        return filters.count(conn, visit, asked)
    except (HTTPException, NotFoundError):
        return None
