"""`/duty/…`: one duty with all that belongs to it, its print, and its files of evidence."""

from __future__ import annotations

import functools
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from catalog.duties.standing import ENDED
from catalog.errors import NotFoundError
from desk.access import policy
from desk.duties.dossier import countdown, dossier
from desk.duties.forms import FORMS
from desk.web import forms, rendering
from desk.web.addresses import DUTY, DutyKey
from desk.web.visit import SignedIn, Visit
from ledger.duties import conditions, life
from ledger.offices import bundles
from ledger.people import drafts_and_views
from tasks.in_force import in_force

router = APIRouter()

# A file of evidence is handed out, never shown: whatever is in it runs nowhere.
SEALED = "default-src 'none'; sandbox"


@router.get(DUTY)
def show(visit: SignedIn, key: DutyKey) -> Response:
    """Show the duty, and the form of the deed that comes first."""
    return page(visit, key)


@router.get(DUTY + "/print")
def to_print(visit: SignedIn, key: DutyKey) -> Response:
    """Show the duty on A4, with the whole record and every hash."""
    with visit.read() as conn:
        return rendering.page(visit, "duties/duty-print", d=dossier(conn, visit, key))


@router.get(DUTY + "/evidence/{sha256}")
def evidence(visit: SignedIn, key: DutyKey, sha256: str) -> Response:
    """Hand out a file of the duty, as it was handed in."""
    return handed_out(visit, key, sha256)


def handed_out(visit: Visit, key: str, sha256: str) -> Response:
    """Answer with a file of duty `key`; NotFoundError when it has none of that hash."""
    with visit.read() as conn:
        policy.duty_of(conn, visit.actor, key)
        found = [file for file in life.evidence(conn, key) if file.sha256 == sha256]
    if not found:
        raise NotFoundError("evidence-lost", sha256=sha256)
    named = f"attachment; filename*=UTF-8''{quote(found[0].name, safe='')}"
    headers = {"Content-Disposition": named, "Content-Security-Policy": SEALED}
    content = visit.ledger.evidence.read(sha256)
    return Response(content, media_type=found[0].media_type, headers=headers)


def page(
    visit: Visit,
    key: str,
    *,
    deed: str = "",
    form: forms.Form | None = None,
    handing: forms.Form | None = None,
    status: int = 200,
) -> Response:
    """Answer with the page of duty `key`: the form of `deed`, else of the one that comes first.

    `handing` is the form that hands it down, where that was refused.
    """
    with visit.read() as conn:
        d = dossier(conn, visit, key)
        answers = policy.answers_for(visit.actor, d.duty)
        handed = bundles.handed(conn, duties=[key]) if answers else []
        live = d.standing.status not in ENDED
        under = in_force(conn, d.duty.plan).editions[d.duty.edition]
        above = under.obligation(d.duty.obligation).answers
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
    visit: Visit, chosen: str, form: forms.Form | None = None, *, key: str = ""
) -> dict[str, Any]:
    """Return what the parts of a duty's page need beside its dossier; `key` that of its form."""
    fresh = forms.Form(at_today(chosen, visit))
    with visit.read() as conn:
        own = conditions.of_keys([key])
        drafts = drafts_and_views.drafts(conn, visit.actor.user, own) if chosen else []
    return {
        "chosen": chosen,
        "draft": next((draft for draft in drafts if draft.deed == chosen), None),
        "deeds": FORMS,
        "form": fresh if form is None else form,
        "when": functools.partial(countdown, visit),
    }


def at_today(deed: str, visit: Visit) -> dict[str, str]:
    """Return the fields of the form of `deed` that stand at today, as they are typed."""
    fields = FORMS[deed].fields if deed else ()
    return {field.name: visit.on.isoformat() for field in fields if field.today}
