"""`/settings/channels`: what leaves how, what has stopped and why, and a test letter."""

from __future__ import annotations

from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from catalog.errors import DubanError
from desk.access.apart import Apart
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import Visit, entering
from ledger.post import channel_stops
from ledger.settings import Settings
from tasks.post import trial
from tasks.post.addresses import known_channels
from tasks.post.channels import stops
from tasks.post.channels.limits import Limit, limit_of
from tasks.post.trial import Trial

router = APIRouter()

Administrator = Annotated[Visit, Depends(entering("administer"))]
Text = Annotated[str, Form()]
PATH = "/settings/channels"
ADDRESS = (
    *("address-full-width", "address-invalid", "address-not-ascii", "address-with-name"),
    "address-not-taken",
)


class Way(NamedTuple):
    """A channel as the page shows it: its kind, without any secret, and its limit.

    `place` is the mail server or folder; of other channels it would tell a secret and is empty.
    """

    name: str
    kind: str
    place: str
    limit: Limit


def _busy(**_: object) -> Response:
    raise HTTPException(503)


# A test letter waits for another machine; meanwhile the other pages answer.
_apart = Apart(threads=2, waiting=4, busy=_busy)


@router.get(PATH)
def show(visit: Administrator) -> Response:
    """Show the channels, their stops and limits."""
    return _page(visit, forms.Form())


@router.post(f"{PATH}/resume")
def resume(visit: Administrator, channel: Text = "") -> Response:
    """Try the letters of a stopped channel again with the next delivery."""
    try:
        stops.resume(visit.ledger, channel, at=visit.now.at, actor=visit.actor.user)
    except DubanError as error:
        return _page(visit, forms.refusal(error, visit.lang), 409)
    return redirect(PATH, message="channels.said.resumed")


@router.post(f"{PATH}/test")
@_apart
def send_test(visit: Administrator, channel: Text = "", address: Text = "") -> Response:
    """Send a test letter by a channel to an address, and show the outcome."""
    values = {"channel": channel, "address": address}
    clock, user = visit.desk.clock, visit.actor.user
    try:
        outcome = trial.send_to(visit.ledger, channel, address, clock=clock, actor=user)
    except DubanError as error:
        field = "address" if error.key in ADDRESS else "channel"
        return _page(visit, forms.refusal(error, visit.lang, {error.key: field}, **values), 422)
    return _page(visit, forms.Form(values), outcome=outcome)


def _page(
    visit: Visit, form: forms.Form, status: int = 200, *, outcome: Trial | None = None
) -> Response:
    settings = visit.desk.settings
    with visit.read() as conn:
        stopped = channel_stops.current(conn)
    return rendering.page(
        visit,
        "upkeep/channels",
        status,
        page="channels",
        form=form,
        ways=[_way(settings, name) for name in known_channels(settings)],
        stopped=stopped,
        outcome=outcome,
        sender=settings.mail_from,
        reply_to=settings.reply_to,
        bounces=(settings.bounces or "").partition(":")[0],
    )


def _way(settings: Settings, name: str) -> Way:
    """Return a channel without user, password, query and path: any of them may be a secret."""
    url = settings.channels.get(name, settings.mail_url)
    parts = urlsplit(url)
    place = ""
    if name == "mail":
        place = parts.path if parts.scheme == "file" else parts.hostname or ""
    return Way(name, parts.scheme, place, limit_of(url))
