"""`/duty/…/do/…`: the form and the doing of every deed, and its receipt."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from catalog.errors import DubanError, NotFoundError
from desk.access import visibility
from desk.duties.dossier import dossier
from desk.duties.forms import FORMS, do, fields_of
from desk.pages.duties.duty import duty_page, filled_in
from desk.proof.journal import JournalLine, journal_lines
from desk.web import forms, rendering
from desk.web.addresses import DUTY, DutyKey, Seq, duty_path, inside, redirect
from desk.web.fields import Fields, FormFields
from desk.web.visit import SignedIn, Visit
from ledger.people import users
from ledger.proof import chain, journal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from desk.duties.dossier import Dossier

router = APIRouter()


@router.get(DUTY + "/do/{deed}")
def ask(visit: SignedIn, key: DutyKey, deed: str, number: str = "") -> Response:
    """Show the form of the deed; the duty's page itself where it cannot be done now."""
    _check_deed(deed)
    with visit.read() as conn:
        d = dossier(conn, visit, key)
        values = filled_in(conn, visit, key, deed)
    if deed not in d.allowed:
        return redirect(duty_path(key))
    present = _as_planned(d) if deed == "plan-meeting" else {}
    fresh = forms.Form({**values, **present, "number": number})
    return duty_page(visit, key, deed=deed, form=fresh)


@router.post(DUTY + "/do/{deed}")
def act(visit: SignedIn, key: DutyKey, deed: str, fields: FormFields) -> Response:
    """Do the deed and show the receipt, or the form again with what is wrong."""
    _check_deed(deed)
    with visit.read() as conn:
        visibility.duty_of(conn, visit.actor, key)
    try:
        do(deed, visit.ledger, key, visit.act, fields)
    except DubanError as error:
        return _form_again(visit, key, deed, fields, error)
    then = fields.text("then")
    if then:
        return redirect(inside(then), message="deeds.said.done")
    return redirect(f"{duty_path(key)}/receipt/{_last(visit, key).seq}")


@router.get(DUTY + "/receipt/{seq}")
def receipt(visit: SignedIn, key: DutyKey, seq: Seq) -> Response:
    """Show the receipt of a recorded deed: its number, its instant and its hash."""
    with visit.read() as conn:
        d = dossier(conn, visit, key)
        entries = journal.chosen(conn, *journal.about(key), *journal.numbered(seq), limit=1)
        people = users.listed(conn)
    if not entries:
        raise HTTPException(404)
    (line,) = journal_lines(entries, people, d.register)
    changes = line.entry.payload.get("changes", [])
    files = [row for table, _, row in changes if table == "evidence"]
    fields = _fields(line, d.register.at(line.at.date()).by_id)
    return rendering.page(visit, "duties/receipt", d=d, line=line, files=files, fields=fields)


def _fields(line: JournalLine, agencies: Mapping[str, str]) -> Iterator[tuple[str, str | dt.date]]:
    """Yield what was typed into the deed's form besides its words, each with its label.

    A new due date is shown with the former one.
    """
    name = next((name for name, deed in FORMS.items() if deed.entry == line.entry.deed), None)
    for field in FORMS[name].fields if name else ():
        value, label = str(line.entry.payload.get(field.name) or ""), f"deeds.{name}.{field.name}"
        if value and field.kind == "date" and not line.moved:
            yield label, dt.date.fromisoformat(value)
        elif value and field.kind in {"agency", "text"} and value not in line.text:
            yield label, agencies.get(value, value)
        elif value and field.kind == "agencies":
            yield label, "、".join(agencies.get(a, a) for a in line.entry.payload[field.name])


def _as_planned(d: Dossier) -> Mapping[str, object]:
    """Return the fields of the form that plans a meeting anew, as it is planned now."""
    planning = d.planning
    if planning is None:
        return {}
    several = planning.ends_on > planning.planned_on
    return {
        "day": planning.planned_on,
        "time": planning.starts_at or "",
        "end": planning.ends_at or "",
        "last_day": planning.ends_on if several else "",
        "place": planning.place or "",
        "chair": planning.chair or "",
        "participants": list(planning.participants),
        "tentative": "yes" if planning.tentative else "",
        "note": planning.note or "",
    }


def _check_deed(deed: str) -> None:
    if deed not in FORMS:
        raise HTTPException(404)


def _form_again(visit: Visit, key: str, deed: str, fields: Fields, error: DubanError) -> Response:
    if isinstance(error, NotFoundError) and error.key == "duty-unknown":
        raise error
    where, texts = fields_of(error, FORMS[deed], fields), fields.texts(FORMS[deed])
    form = forms.refusal(error, visit.lang, where, **texts)
    return duty_page(visit, key, deed=deed, form=form, status=422)


def _last(visit: Visit, key: str) -> chain.Entry:
    """Return the visitor's last entry about the duty: that of the deed just done."""
    where = [*journal.about(key), *journal.by(visit.actor.user)]
    with visit.read() as conn:
        return journal.chosen(conn, *where, limit=1)[0]
