"""`/duty/…/relay`: the office records what an agency reported by letter, file or telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from catalog.clean import LONGEST_LINE, typed
from catalog.duties.deeds import DEEDS
from catalog.errors import ConflictError, DubanError
from desk.access import visibility
from desk.duties.dossier import dossier
from desk.duties.forms import FORMS, do, fields_of
from desk.pages.duties.duty import filled_in
from desk.web import forms, rendering
from desk.web.addresses import DUTY, DutyKey, duty_path, redirect
from desk.web.fields import OF_PAGES, Fields, WholeForm
from desk.web.visit import Visit, entering
from ledger.proof import journal
from tasks.act import Relay

if TYPE_CHECKING:
    from starlette.datastructures import FormData

router = APIRouter()
Office = Annotated[Visit, Depends(entering("relay"))]
DEEDS_RELAYED = tuple(name for name, deed in DEEDS.items() if deed.relayed)
BESIDES = frozenset({"of", "source"})  # fields of the page itself


@router.get(DUTY + "/relay")
def ask(visit: Office, key: DutyKey, deed: str = "progress") -> Response:
    """Show the form of a deed that the office records for an agency."""
    _check_deed(deed)
    with visit.read() as conn:
        visibility.duty_of(conn, visit.actor, key)
        fresh = filled_in(conn, visit, key, deed)
    return _page(visit, key, deed, forms.Form(fresh))


@router.post(DUTY + "/relay/{deed}")
def relay(visit: Office, key: DutyKey, deed: str, form: WholeForm) -> Response:
    """Record the deed as reported by the agency through the office, and show the receipt."""
    _check_deed(deed)
    with visit.read() as conn:
        visibility.duty_of(conn, visit.actor, key)
    fields = Fields(form, OF_PAGES | BESIDES)
    try:
        act = visit.act._replace(relay=_relay(form))
        do(deed, visit.ledger, key, act, fields)
    except DubanError as error:
        where = {**fields_of(error, FORMS[deed], fields), "relay-source": "source"}
        texts = fields.texts(FORMS[deed]) | {name: _text(form, name) for name in BESIDES}
        return _page(visit, key, deed, forms.refusal(error, visit.lang, where, **texts), 422)
    with visit.read() as conn:
        own = [*journal.about(key), *journal.by(visit.actor.user)]
        seq = journal.chosen(conn, *own, limit=1)[0].seq
    return redirect(f"{duty_path(key)}/receipt/{seq}")


def _relay(form: FormData) -> Relay:
    source = " ".join(typed(_text(form, "source"), "source", LONGEST_LINE).split())
    if not source:
        raise ConflictError("relay-source")
    return Relay(_text(form, "of"), source)


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _check_deed(deed: str) -> None:
    if deed not in DEEDS_RELAYED:
        raise HTTPException(404)


def _page(visit: Visit, key: str, deed: str, form: forms.Form, status: int = 200) -> Response:
    with visit.read() as conn:
        d = dossier(conn, visit, key)
    parts = dict.fromkeys((d.duty.performer, d.duty.lead, *d.duty.participants))
    counted = d.duty.quota_min is not None
    return rendering.page(
        visit,
        "duties/relay",
        status,
        d=d,
        deed=deed,
        deeds=[name for name in DEEDS_RELAYED if counted or name != "deliver-item"],
        fields=FORMS[deed].asks(d.duty.kind, counted=counted),
        takes_files=FORMS[deed].takes_files,
        parts=[(agency, d.agencies[agency]) for agency in parts],
        form=form,
    )
