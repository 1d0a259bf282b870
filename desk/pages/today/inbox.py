"""`/in`: an agency's open duties: to sign for, due this week, returned, to report on, in hand."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from catalog.duties.silence import is_unreported
from catalog.duties.standing import ENDED, RUNNING, standing
from desk.access import visibility
from desk.duties.dossier import dossier
from desk.pages.duties.duty import parts
from desk.web import rendering
from desk.web.menu import Entry
from desk.web.visit import Visit, entering
from ledger.duties import conditions, duties
from ledger.duties.duties import Duty
from ledger.people import drafts_and_views
from ledger.session import Connection

WEEK = dt.timedelta(days=7)
MOST = 12  # duties in hand on the page, unless everything is wanted


class Groups(NamedTuple):
    """The open duties an agency performs, each in one group, by due date."""

    sign: list[Duty]
    week: list[Duty]
    returned: list[Duty]
    report: list[Duty]
    hand: list[Duty]


def groups(conn: Connection, visit: Visit) -> Groups:
    """Return the open duties of the agencies the visitor acts for, on this day."""
    rows = visibility.duties_of(
        conn,
        visit.actor,
        conditions.performed_by(sorted(visit.actor.agencies)),
        conditions.OPENED,
        conditions.UNFINISHED,
        order=["due_on"],
    )
    result = Groups([], [], [], [], [])
    for duty in rows:
        _group(result, duty, visit.on).append(duty)
    return result


def _waiting(conn: Connection, visit: Visit) -> int:
    open_groups = groups(conn, visit)
    return sum(map(len, open_groups)) - len(open_groups.hand)


router = APIRouter()
MENU = Entry("/in", "inbox.menu", "see-inbox", 10, waiting=_waiting)


@router.get("/in")
def inbox(
    visit: Annotated[Visit, Depends(entering("see-inbox"))],
    duty: str = "",
    everything: str = "",
) -> Response:
    """Show the five groups, and one duty: `duty`, else the most pressing."""
    with visit.read() as conn:
        open_groups = groups(conn, visit)
        key = duty or next((d.key for group in open_groups for d in group), "")
        d = dossier(conn, visit, key) if key else None
        drafts = drafts_and_views.drafts(conn, visit.actor.user, visibility.visible(visit.actor))
        begun = duties.of(conn, (draft.duty for draft in drafts))
    return rendering.page(
        visit,
        "today/inbox",
        groups=open_groups,
        most=None if everything else MOST,
        picked=bool(duty),
        d=d,
        drafts=[(draft, begun[draft.duty]) for draft in drafts],
        **parts(visit, d.first if d else "", key=key),
    )


def _group(into: Groups, duty: Duty, on: dt.date) -> list[Duty]:
    status = standing(duties.facts(duty), on).status
    assert status not in ENDED, "the query leaves out duties that have ended"
    if status == "returned":
        return into.returned
    if status not in RUNNING or duty.refused_on:
        return into.hand
    if duty.acknowledged_on is None:
        return into.sign
    if duty.due_on <= on + WEEK:
        return into.week
    return into.report if is_unreported(duties.facts(duty), on) else into.hand
