"""`/handed`: duties this office handed down to others, and those handed down to it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import Response

from catalog.duties.evidence_rules import safe_name
from catalog.errors import DubanError
from catalog.offices.bundle import LARGEST
from desk.access import visibility
from desk.pages.duties.duty import duty_page
from desk.web import forms, rendering
from desk.web.addresses import DUTY, DutyKey, redirect
from desk.web.menu import Entry
from desk.web.visit import Visit, entering
from ledger.duties import conditions
from ledger.offices import bundles, keys
from ledger.session import Connection
from tasks.in_force import in_force
from tasks.offices import handing_down, receiving, reporting_up, taking_over

router = APIRouter()
HOME = "/handed"
Reader = Annotated[Visit, Depends(entering("see-handed"))]
HandingDown = Annotated[Visit, Depends(entering("hand-down"))]
TakingOver = Annotated[Visit, Depends(entering("take-over"))]
# The field that each error speaks of.
FIELDS = {
    "agency-unknown": "lead",
    "plan-not-in-force": "plan",
    "take-unfit": "title",
    "decline-needs-reason": "reason",
}


def _waiting(conn: Connection, visit: Visit) -> int:
    return visit.desk.counts.of(conn, ("handed",), lambda: len(bundles.waiting(conn)))


MENU = Entry(HOME, "handed.menu", "see-handed", 28, _waiting)


@router.get(HOME)
def home(visit: Reader, bundle: str = "") -> Response:
    """Show the bundles that wait, one of them with its forms, and the duties we handed down."""
    return _home(visit, bundle)


@router.post(HOME + "/in")
def bring(visit: TakingOver, upload: Annotated[UploadFile | None, File()] = None) -> Response:
    """Receive a bundle from a file."""
    name = safe_name(upload.filename or "") if upload else "-"
    content = upload.file.read(LARGEST + 1) if upload else b""
    try:
        bundle = receiving.receive(visit.ledger, content, visit.act, name=name)
    except DubanError as error:
        form = forms.refusal(error, visit.lang, {error.key: "upload"})
        return _home(visit, "", form, status=422)
    return redirect(HOME, message=f"handed.said.{bundle.kind}")


@router.post(HOME + "/{bundle}/take")
def take(
    visit: TakingOver,
    bundle: str,
    *,
    plan: Annotated[str, Form()] = "",
    lead: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
) -> Response:
    """Take the duties of a bundle over into a plan, as its next edition."""
    try:
        taking_over.take_over(visit.ledger, bundle, visit.act, plan=plan, lead=lead, title=title)
    except DubanError as error:
        values = {"plan": plan, "lead": lead, "title": title}
        return _home(visit, bundle, forms.refusal(error, visit.lang, FIELDS, **values), status=422)
    return redirect(HOME, message="handed.said.taken")


@router.post(HOME + "/{bundle}/decline")
def decline(visit: TakingOver, bundle: str, reason: Annotated[str, Form()] = "") -> Response:
    """Decline the duties of a bundle, with a reason for the office that sent it."""
    try:
        taking_over.decline(visit.ledger, bundle, visit.act, reason=reason)
    except DubanError as error:
        form = forms.refusal(error, visit.lang, FIELDS, reason=reason)
        return _home(visit, bundle, form, status=422)
    return redirect(HOME, message="handed.said.declined")


@router.post(HOME + "/report")
def report(visit: HandingDown, peer: Annotated[str, Form()] = "") -> Response:
    """Hand out the signed report on all duties that an office has handed down."""
    try:
        content = reporting_up.report(visit.ledger, peer, visit.act)
    except DubanError as error:
        return _home(visit, "", forms.refusal(error, visit.lang, {error.key: "peer"}), status=422)
    return _file(content, f"report-{peer}-{visit.on}.json")


@router.get(HOME + "/{bundle}/file")
def file(visit: Reader, bundle: str) -> Response:
    """Hand out a sent bundle, as it was signed."""
    with visit.read() as conn:
        row = bundles.sent(conn, bundle)
    return _file(row.document.encode(), f"handed-{row.peer}-{row.id}.json")


@router.post(DUTY + "/hand-down")
def hand_down(visit: HandingDown, key: DutyKey, office: Annotated[str, Form()] = "") -> Response:
    """Hand one duty down to an office we trust."""
    with visit.read() as conn:
        visibility.duty_of(conn, visit.actor, key)
    try:
        handing_down.hand_down(visit.ledger, [key], visit.act, to=office)
    except DubanError as error:
        form = forms.refusal(error, visit.lang, {error.key: "office"})
        return duty_page(visit, key, handing=form, status=422)
    return redirect(HOME, message="handed.said.handed")


def _file(content: bytes, name: str) -> Response:
    attachment = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Disposition": attachment}
    return Response(content, media_type="application/json", headers=headers)


def _home(
    visit: Visit, bundle: str, form: forms.Form | None = None, *, status: int = 200
) -> Response:
    with visit.read() as conn:
        waiting = bundles.waiting(conn)
        handed = bundles.handed(conn)
        handed_keys = {each.duty for each in handed}
        rows = visibility.duties_of(conn, visit.actor, conditions.of_keys(handed_keys))
        plans = [in_force(conn, edition.plan).plan for edition in visit.plans]
        trusted = bundles.trusted(conn)
        senders = {bundle.peer for bundle in bundles.listed(conn, "in")}
    own = keys.existing(visit.ledger.settings.home)
    agencies = [agency for plan in plans for agency in plan.agencies]
    leads = {a.id: a.name for a in agencies if a.kind not in ("office", "open-group")}
    return rendering.page(
        visit,
        "offices/handed",
        status,
        waiting=waiting,
        current=next((each for each in waiting if each.id == bundle), next(iter(waiting), None)),
        handed=handed,
        duties={duty.key: duty for duty in rows},
        plans=[(plan.plan, plan.title) for plan in plans],
        leads=leads.items(),
        trusted=trusted,
        reporting=[(peer.id, peer.id) for peer in trusted if peer.id in senders],
        key=own,
        fingerprint=keys.fingerprint(own) if own else "",
        form=form or forms.Form(),
    )
