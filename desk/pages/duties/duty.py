"""`/duty/…`: one duty with its dossier, its print, and its files of evidence."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from catalog.duties.standing import ENDED, LIVE
from catalog.errors import NotFoundError
from desk.access import visibility
from desk.duties.dossier import SHEET, countdown, dossier
from desk.duties.forms import FORMS
from desk.web import forms, rendering
from desk.web.addresses import DUTY, DutyKey, Page
from desk.web.visit import SignedIn, Visit
from ledger.duties import assignments, conditions, duties, life
from ledger.offices import bundles
from ledger.people import drafts_and_views
from tasks.in_force import in_force

if TYPE_CHECKING:
    from ledger.session import Connection

router = APIRouter()

# A file of evidence is downloaded, never shown: no script in it runs.
SANDBOX = "default-src 'none'; sandbox"


@router.get(DUTY)
def show(visit: SignedIn, key: DutyKey, page: Page = 1) -> Response:
    """Show the duty, the form of the deed offered first, and a page of its history."""
    return duty_page(visit, key, of_record=page)


@router.get(DUTY + "/print")
def to_print(visit: SignedIn, key: DutyKey, page: Page = 1) -> Response:
    """Show the duty on A4, with its history and every hash, SHEET entries a page."""
    with visit.read() as conn:
        d = dossier(conn, visit, key, page, size=SHEET)
    return rendering.page(visit, "duties/duty-print", d=d)


@router.get(DUTY + "/evidence/{sha256}")
def evidence(visit: SignedIn, key: DutyKey, sha256: str) -> Response:
    """Return a file of the duty, as it was handed in."""
    return evidence_file(visit, key, sha256)


def evidence_file(visit: Visit, key: str, sha256: str) -> Response:
    """Answer with a file of duty `key`; NotFoundError when it has none of that hash."""
    with visit.read() as conn:
        visibility.duty_of(conn, visit.actor, key)
        files = [file for file in life.evidence(conn, key) if file.sha256 == sha256]
    if not files:
        raise NotFoundError("evidence-lost", sha256=sha256)
    attachment = f"attachment; filename*=UTF-8''{quote(files[0].name, safe='')}"
    headers = {"Content-Disposition": attachment, "Content-Security-Policy": SANDBOX}
    content = visit.ledger.evidence.read(sha256)
    return Response(content, media_type=files[0].media_type, headers=headers)


def duty_page(
    visit: Visit,
    key: str,
    *,
    of_record: int = 1,
    deed: str = "",
    form: forms.Form | None = None,
    handing: forms.Form | None = None,
    status: int = 200,
) -> Response:
    """Answer with the page of duty `key`: the form of `deed`, else of the one offered first.

    `handing` is the form that hands it down, where that was refused.
    """
    with visit.read() as conn:
        d = dossier(conn, visit, key, of_record)
        answers = visibility.answers_for(visit.actor, d.duty)
        handed = bundles.handed(conn, duties=[key]) if answers else []
        live = d.standing.status not in ENDED
        above = in_force(conn, d.duty.plan).obligation_of(d.duty).answers
        peers = bundles.trusted(conn) if live and visit.may("hand-down") else []
    return rendering.page(
        visit,
        "duties/duty",
        status,
        d=d,
        packs=answers,
        above=above,
        handed=handed,
        peers=[(peer.id, peer.id) for peer in peers],
        handing=handing or forms.Form(),
        **parts(visit, deed or d.first, form, key=key),
    )


def parts(
    visit: Visit, deed: str, form: forms.Form | None = None, *, key: str = ""
) -> dict[str, Any]:
    """Return the values of the parts of a duty's page, with the form of `deed` on duty `key`."""
    with visit.read() as conn:
        fresh = forms.Form(filled_in(conn, visit, key, deed))
        own = conditions.of_keys([key])
        drafts = drafts_and_views.drafts(conn, visit.actor.user, own) if deed else []
    return {
        "form_deed": deed,
        "draft": next((draft for draft in drafts if draft.deed == deed), None),
        "deeds": FORMS,
        "relayable": LIVE,
        "form": fresh if form is None else form,
        "when": functools.partial(countdown, visit),
    }


def filled_in(conn: Connection, visit: Visit, key: str, deed: str) -> dict[str, str]:
    """Return the fields of the form of `deed` that are filled in: with today, mostly.

    Whoever mends a filing finds the day of doing that the one before stated, and whoever corrects
    an assignment finds it as it stands.
    """
    fields = FORMS[deed].fields if deed else ()
    values = {field.name: visit.on.isoformat() for field in fields if field.today}
    if deed == "correct-order":
        duty, order = duties.one(conn, key), assignments.of_duty(conn, key)
        shown = {"title": duty.title, "due_on": duty.due_on}
        names = ("source", "document", "dated_on")
        shown |= {name: getattr(order, name) or "" for name in names} if order else {}
        values |= {name: str(value) for name, value in shown.items()}
    for filing in life.submissions(conn, key, newest=1) if deed == "file" else ():
        if filing.done_on and filing.done_on != filing.filed_on:
            values |= dict.fromkeys(("held_on", "done_on"), filing.done_on.isoformat())
    return values
