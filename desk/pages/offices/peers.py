"""`/settings/offices`: trust in other offices' keys, and further offices of this installation."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import PlainTextResponse, Response

from catalog.errors import ConflictError, DubanError
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import Visit, entering
from ledger.offices import bundles, jurisdictions, keys
from ledger.offices.jurisdictions import Jurisdiction
from tasks.offices import trusting
from tasks.offices.add import add as add_office

router = APIRouter()
Trusting = Annotated[Visit, Depends(entering("trust"))]
Administrator = Annotated[Visit, Depends(entering("administer"))]
Text = Annotated[str, Form()]
HOME = "/settings/offices"
LARGEST = 10_000  # bytes of a key file
FIELDS = {
    "peer-name": "name",
    "peer-there": "name",
    "peer-self": "key",
    "key-unreadable": "key",
    "jurisdiction-id": "id",
    "jurisdiction-there": "id",
    "jurisdiction-name": "office",
    "jurisdiction-address": "address",
    "jurisdiction-no-address": "address",
}


@router.get(HOME)
def show(visit: Trusting) -> Response:
    """Show our own key, the trusted offices, and the offices of this installation."""
    return _page(visit, forms.Form())


@router.post(HOME + "/key")
def make_key(visit: Trusting) -> Response:
    """Make the key pair of this office, where it has none yet."""
    keys.public(visit.ledger.settings.home)
    return redirect(HOME, message="peers.said.key")


@router.get(HOME + "/key")
def download(visit: Trusting) -> Response:
    """Return the public key as a file for another office; without a pair, the page."""
    public = keys.existing(visit.ledger.settings.home)
    if public is None:
        return redirect(HOME)
    text = f"# fingerprint {keys.fingerprint(public)}\n{public}\n"
    headers = {"Content-Disposition": 'attachment; filename="office.key"'}
    return PlainTextResponse(text, headers=headers)


@router.post(HOME + "/compare")
def compare(
    visit: Trusting,
    *,
    name: Text = "",
    key: Text = "",
    upload: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Show the fingerprint of a key, for two people to compare; nothing is stored."""
    if upload is not None and upload.filename:
        key = upload.file.read(LARGEST).decode("utf-8", "replace")
    values = {"name": name.strip(), "key": key.strip()}
    try:
        public = keys.read_key(key, place="-")
        with visit.ledger.rehearsal() as rehearsal:
            peer = trusting.trust(rehearsal, values["name"], public, visit.act)
    except DubanError as error:
        return _refused(visit, error, **values)
    return _page(visit, forms.Form(values | {"key": public}), fingerprint=peer.fingerprint)


@router.post(HOME + "/trust")
def trust(visit: Trusting, *, name: Text = "", key: Text = "", compared: Text = "") -> Response:
    """Trust the holder of a key whose fingerprint a person has compared."""
    values = {"name": name.strip(), "key": key.strip()}
    try:
        public = keys.read_key(key, place="-")
        if compared != "yes":
            wrong = forms.Form(values, {"compared": visit.say("peers.compare-first")})
            return _page(visit, wrong, fingerprint=keys.fingerprint(public), status=422)
        trusting.trust(visit.ledger, values["name"], public, visit.act)
    except DubanError as error:
        return _refused(visit, error, **values)
    return redirect(HOME, message="peers.said.trusted")


@router.post(HOME + "/distrust")
def distrust(visit: Trusting, *, peer: Text = "") -> Response:
    """End the trust in an office; what was taken over from it stays."""
    try:
        trusting.distrust(visit.ledger, peer, visit.act)
    except DubanError as error:
        return _refused(visit, error)
    return redirect(HOME, message="peers.said.distrusted")


@router.post(HOME + "/add")
def add(
    visit: Administrator,
    *,
    id_: Annotated[str, Form(alias="id")] = "",
    office: Text = "",
    address: Text = "",
) -> Response:
    """Give another office a ledger and a desk of its own in this installation."""
    values = {"id": id_, "office": office, "address": address}
    settings = visit.desk.settings
    try:
        if settings.jurisdiction:
            raise ConflictError("jurisdiction-whole", jurisdiction=settings.jurisdiction)
        add_office(settings, Jurisdiction(id_.strip(), office.strip(), address.strip() or None))
    except DubanError as error:
        return _refused(visit, error, **values)
    at, actor, subject = visit.now.at, visit.actor.user, f"office/{id_.strip()}"
    with visit.ledger.transaction() as tx:
        note = {"name": office.strip(), "address": address.strip()}
        tx.record("office-added", subject, note=note, at=at, actor=actor)
    return redirect(HOME, message="peers.said.added")


def _refused(visit: Visit, error: DubanError, **values: str) -> Response:
    status = 409 if isinstance(error, ConflictError) else 422
    return _page(visit, forms.refusal(error, visit.lang, FIELDS, **values), status=status)


def _page(visit: Visit, form: forms.Form, *, fingerprint: str = "", status: int = 200) -> Response:
    own = keys.existing(visit.ledger.settings.home)
    settings = visit.desk.settings
    with visit.read() as conn:
        peers = bundles.peers(conn)
    return rendering.page(
        visit,
        "offices/peers",
        status,
        page="other-offices",
        form=form,
        fingerprint=fingerprint,
        own=keys.fingerprint(own) if own else "",
        peers=[peer for peer in peers if peer.ended_on is None],
        former=[peer for peer in peers if peer.ended_on is not None],
        offices=jurisdictions.listed(settings)[1:],
        is_main=not settings.jurisdiction,
    )
