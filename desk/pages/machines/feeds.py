"""`/feed/TOKEN.ics`: due dates for a calendar, and the page that gives out its address."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import PlainTextResponse, Response

from desk.access import tokens, visibility
from desk.lists.calendar_events import calendar
from desk.web import rendering
from desk.web.addresses import redirect
from desk.web.visit import Anyone, Visit, entering
from ledger.duties import conditions
from ledger.people import signin

router = APIRouter()

Own = Annotated[Visit, Depends(entering("see-account"))]


@router.get("/feed/{token}.ics")
def feed(visit: Anyone, token: str, plan: str = "") -> Response:
    """Answer with the due dates that the holder of the token sees, of all plans or of one.

    A waived duty is included as cancelled; 404 for an invalid token.
    """
    on, stamp = visit.on, visit.now.at
    with visit.read() as conn:
        holder = tokens.holder(conn, token, "feed", on=on)
        if holder is None:
            return PlainTextResponse("no such calendar\n", 404)  # no person reads it
        where = conditions.UNCLOSED & conditions.of(plan=plan)
        rows = visibility.duties_of(conn, holder, where, order=["due_on"])
    file = calendar(rows, stamp=stamp, base_url=visit.desk.settings.base_url)
    return Response(file.content, media_type=file.content_type)


@router.get("/feeds")
def feeds(visit: Own) -> Response:
    """Show whether the person has a calendar address; the address itself is shown once."""
    return _page(visit)


@router.post("/feeds")
def reset(visit: Own) -> Response:
    """Create a new address and show it once; the former one ends."""
    with visit.ledger.transaction() as tx:
        token = tokens.issue(tx, visit.actor.user, "feed", on=visit.on)
        tx.record("feed-reset", visit.actor.user, at=visit.now.at, actor=visit.actor.user)
    base = (visit.desk.settings.base_url or str(visit.request.base_url)).rstrip("/")
    return _page(visit, f"{base}/feed/{token}.ics")


@router.post("/feeds/end")
def end(visit: Own) -> Response:
    """End the address."""
    with visit.ledger.transaction() as tx:
        tokens.end(tx, visit.actor.user, "feed", on=visit.on)
        tx.record("feed-ended", visit.actor.user, at=visit.now.at, actor=visit.actor.user)
    return redirect("/feeds", message="feeds.said.ended")


def _page(visit: Visit, address: str = "") -> Response:
    with visit.read() as conn:
        live = signin.tokens(conn, visit.actor.user, "feed")
        count = visibility.count_of(conn, visit.actor, conditions.UNFINISHED)
    return rendering.page(visit, "machines/feeds", address=address, live=live, count=count)
