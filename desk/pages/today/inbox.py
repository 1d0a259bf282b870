"""`/in`: what lies before an agency: to sign for, due this week, returned, and in hand."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from catalog.duties.standing import ENDED, RUNNING, standing
from desk.access import policy
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
SHOWN = 12  # of those in hand, unless all are asked for


class Groups(NamedTuple):
    """The duties an agency performs that are open, each in one group, by due date."""

    sign: list[Duty]
    week: list[Duty]
    returned: list[Duty]
    hand: list[Duty]


def groups(conn: Connection, visit: Visit) -> Groups:
    """Return what lies before the agencies the visitor acts for, on this day."""
    found = policy.duties_of(
        conn,
        visit.actor,
        conditions.performed_by(sorted(visit.actor.agencies)),
        conditions.OPENED,
        conditions.UNFINISHED,
        order=["due_on"],
    )
    made = Groups([], [], [], [])
    for duty in found:
        _group(made, duty, visit.on).append(duty)
    return made


def _waiting(conn: Connection, visit: Visit) -> int:
    made = groups(conn, visit)
    return len(made.sign) + len(made.week) + len(made.returned)


router = APIRouter()
MENU = Entry("/in", "inbox.menu", "see-inbox", 10, waiting=_waiting)


@router.get("/in")
def inbox(
    visit: Annotated[Visit, Depends(entering("see-inbox"))],
    duty: str = "",
    everything: str = "",
) -> Response:
    """Show the four groups, and beside them the chosen duty, else the most pressing."""
    with visit.read() as conn:
        made = groups(conn, visit)
        key = duty or next((d.key for group in made for d in group), "")
        d = dossier(conn, visit, key) if key else None
        drafts = drafts_and_views.drafts(conn, visit.actor.user, policy.visible(visit.actor))
        begun = duties.of(conn, (draft.duty for draft in drafts))
    return rendering.page(
        visit,
        "today/inbox",
        groups=made,
        shown=None if everything else SHOWN,
        picked=bool(duty),
        d=d,
        drafts=[(draft, begun[draft.duty]) for draft in drafts],
        **parts(visit, d.first if d else "", key=key),
    )


def _group(made: Groups, duty: Duty, on: dt.date) -> list[Duty]:
    status = standing(duties.facts(duty), on).status
    assert status not in ENDED, "the query leaves out what has ended"
    if status == "returned":
        return made.returned
    if status not in RUNNING or duty.refused_on:
        return made.hand
    if duty.acknowledged_on is None:
        return made.sign
    return made.week if duty.due_on <= on + WEEK else made.hand
