"""`/drafts`: drafts of deeds, each with the text of a form not yet sent."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from catalog.clean import typed
from catalog.errors import NotFoundError
from desk.access import visibility
from desk.duties.forms import FORMS
from desk.web.addresses import DUTY, DutyKey, duty_path, redirect
from desk.web.fields import FormFields
from desk.web.visit import SignedIn, Visit
from ledger.people import drafts_and_views

router = APIRouter()


@router.post(DUTY + "/draft/{deed}")
def keep(visit: SignedIn, key: DutyKey, deed: str, fields: FormFields) -> Response:
    """Store the text of the form for this user alone; nobody else is notified."""
    with visit.read() as conn:
        duty = visibility.duty_of(conn, visit.actor, key)
    if deed not in FORMS or not FORMS[deed].drafted:
        raise HTTPException(404)
    if not visit.may(deed, duty):
        raise HTTPException(403)
    fields.check(FORMS[deed])
    texts = {n: typed(str(text), n) for n, text in fields.texts(FORMS[deed]).items() if text}
    user, at = visit.actor.user, visit.now.at
    with visit.ledger.transaction() as tx:
        drafts_and_views.save_draft(tx, user, duty=key, deed=deed, fields=texts, at=at)
    return redirect(_form(key, deed), message="drafts.said.kept")


@router.post("/drafts/{draft}/end")
def end(visit: SignedIn, draft: str) -> Response:
    """Delete a draft; for ten seconds it can be restored."""
    row = _one(visit, draft)
    with visit.ledger.transaction() as tx:
        drafts_and_views.end(tx, "drafts", draft, user=visit.actor.user, at=visit.desk.clock())
    return redirect(_form(row.duty, row.deed), message="drafts.said.ended", undo=draft)


@router.post("/drafts/{draft}/undo")
def undo(visit: SignedIn, draft: str) -> Response:
    """Restore a draft that was just deleted."""
    with visit.ledger.transaction() as tx:
        drafts_and_views.take_back(
            tx, "drafts", draft, user=visit.actor.user, at=visit.desk.clock()
        )
    row = _one(visit, draft)
    return redirect(_form(row.duty, row.deed), message="drafts.said.back")


def _one(visit: Visit, draft: str) -> drafts_and_views.Draft:
    with visit.read() as conn:
        rows = [
            each for each in drafts_and_views.drafts(conn, visit.actor.user) if each.id == draft
        ]
    if not rows:
        raise NotFoundError("own-unknown")
    return rows[0]


def _form(key: str, deed: str) -> str:
    return f"{duty_path(key)}/do/{deed}"
