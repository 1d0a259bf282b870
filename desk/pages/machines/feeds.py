"""`/feed/TOKEN.ics`: due dates for a calendar, and the page that gives out its address."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import PlainTextResponse, Response

from catalog.wording import languages, say
from desk.access import tokens, visibility
from desk.web import rendering
from desk.web.addresses import redirect
from desk.web.visit import Anyone, Visit, entering
from ledger.duties import conditions
from ledger.duties.conditions import Condition
from ledger.people import signin
from tasks.in_force import in_force
from tasks.letters.duty_calendar import Look, duty_calendar

router = APIRouter()

Own = Annotated[Visit, Depends(entering("see-account"))]


@router.get("/feed/{token}.ics")
def feed(
    visit: Anyone,
    token: str,
    plan: str = "",
    lang: str = "",
    everything: Annotated[str, Query(alias="all")] = "",
) -> Response:
    """Answer with the due dates and meetings of the holder of the token, of all plans or of one.

    An agency's are those it performs, with alarms; with `all=1` everything it sees, without. A
    waived duty is included as cancelled. 304 for a calendar the program has already, 404 for an
    invalid token.
    """
    lang = lang if lang in languages() else visit.desk.settings.lang
    with visit.read() as conn:
        holder = tokens.holder(conn, token, "feed", on=visit.on)
        if holder is None:
            return PlainTextResponse("no such calendar\n", 404)  # no person reads it
        own = holder.kind == "agency" and not everything
        where = [
            conditions.UNCLOSED,
            conditions.COUNTED,
            conditions.of(plan=plan),
            *([_own(holder)] if own else []),
        ]
        rows = visibility.duties_of(conn, holder, *where, order=["due_on"])
        is_one = any(edition.plan == plan for edition in visit.plans)
        who = in_force(conn, plan).plan.title if is_one else holder.agency_name
        look = Look(
            lang,
            say(lang, "feeds.event.name", who=who),
            visit.desk.settings.base_url or "",
            holder.agencies if own else frozenset(),
        )
        file = duty_calendar(conn, rows, look, on=visit.on)
    tag = f'"{hashlib.sha256(file.content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in visit.request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type=file.content_type, headers=headers)


def _own(holder: visibility.Actor) -> Condition:
    return conditions.performed_by(sorted(holder.agencies))


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
    return _page(visit, f"{base}/feed/{token}.ics?lang={visit.lang}")


@router.post("/feeds/end")
def end(visit: Own) -> Response:
    """End the address."""
    with visit.ledger.transaction() as tx:
        tokens.end(tx, visit.actor.user, "feed", on=visit.on)
        tx.record("feed-ended", visit.actor.user, at=visit.now.at, actor=visit.actor.user)
    return redirect("/feeds", message="feeds.said.ended")


def _page(visit: Visit, address: str = "") -> Response:
    is_agency = visit.actor.kind == "agency"
    with visit.read() as conn:
        live = signin.tokens(conn, visit.actor.user, "feed")
        where = [conditions.UNFINISHED, *([_own(visit.actor)] if is_agency else [])]
        count = visibility.count_of(conn, visit.actor, *where)
        total = visibility.count_of(conn, visit.actor, conditions.UNFINISHED)
    return rendering.page(
        visit,
        "machines/feeds",
        address=address,
        live=live,
        count=count,
        total=total,
        is_agency=is_agency,
    )
