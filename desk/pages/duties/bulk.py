"""`/bulk`: one deed done to many duties of the ledger, after a preview."""

from __future__ import annotations

import re
import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from catalog.errors import DubanError
from desk.access import visibility
from desk.duties import bulk
from desk.duties.bulk import ACTIONS, MOST
from desk.duties.forms import FORMS
from desk.lists import filters
from desk.pages.duties.ledger import Filters
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.fields import FormFields
from desk.web.visit import Visit, entering
from ledger.duties import conditions
from ledger.people import agencies

NAME = re.compile(r"[0-9a-f]{32}", re.ASCII)

router = APIRouter()
Acting = Annotated[Visit, Depends(entering("act-in-bulk"))]


@router.get("/bulk")
def preview(visit: Acting, selection: Filters, do: str = "", every: str = "") -> Response:
    """Preview the deed for each selected row, or for every row of the list."""
    _check_action(do)
    with visit.read() as conn:
        where = filters.where(conn, visit, selection) if selection.key or every else []
        total = visibility.count_of(conn, visit.actor, *where) if where or every else 0
        rows = visibility.duties_of(
            conn, visit.actor, *where, order=["due_on"], limit=MOST if total else 0
        )
        return rendering.page(
            visit,
            "duties/bulk",
            deed=do,
            fields=FORMS[do].fields,
            selection=selection._replace(key=()),
            total=total,
            most=MOST,
            prospects=bulk.prospects(conn, visit, do, rows),
            agencies=agencies.agencies_on(conn, visit.on),
            name=secrets.token_hex(16),
            form=forms.Form(),
        )


@router.post("/bulk")
def act(
    visit: Acting,
    fields: FormFields,
    do: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    key: Annotated[list[str], Form(max_length=MOST)] = [],  # noqa: B006  FastAPI copies it
) -> Response:
    """Do the deed to each duty of the preview that allows it; the same form again does nothing."""
    _check_action(do)
    if not NAME.fullmatch(name):
        raise HTTPException(422)
    fields.check(FORMS[do], beside={"do", "name", "key"})
    bulk.do(visit, name, do, key, fields.values(FORMS[do]))
    return redirect(f"/bulk/{name}")


@router.get("/bulk/{name}")
def result(visit: Acting, name: str) -> Response:
    """Show the outcome for each duty."""
    with visit.read() as conn:
        round_ = bulk.find_round(conn, visit, name) if NAME.fullmatch(name) else None
        if round_ is None:
            raise HTTPException(404)
        outcomes = round_.outcomes or []
        keys = [outcome.key for outcome in outcomes]
        rows = visibility.duties_of(conn, visit.actor, conditions.of_keys(keys))
        return rendering.page(
            visit,
            "duties/bulk-done",
            deed=round_.deed,
            finished=round_.outcomes is not None,
            outcomes=outcomes,
            duties={duty.key: duty for duty in rows},
            agencies=agencies.agencies_on(conn, visit.on),
            refusals={o.key: _reason(visit, o) for o in outcomes if o.error},
        )


def _reason(visit: Visit, outcome: bulk.Outcome) -> str:
    return forms.say_refusal(DubanError(outcome.error, **outcome.values), visit.lang)


def _check_action(deed: str) -> None:
    if deed not in ACTIONS:
        raise HTTPException(422)
