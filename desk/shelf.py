"""Which duties a list shows: the filters and views of the ledger, all kept in its address."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple, get_args
from urllib.parse import urlencode

import sqlalchemy as sa
from starlette.exceptions import HTTPException

from catalog.roles import ENDED, RUNNING
from catalog.standing import DUE_SOON, Light, Status
from desk import access
from desk.folding import finds
from ledger import contacts, standings
from ledger.duties import DUTIES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desk.access import Actor
    from desk.visit import Visit

    View = Callable[[sa.ColumnElement[str], Actor, dt.date], sa.ColumnElement[bool]]

Condition = sa.ColumnElement[bool]
KINDS = ("meeting", "event", "report", "deliverable", "milestone", "standing", "target")
MONTH = re.compile(r"2[0-9]{3}-(0[1-9]|1[0-2])", re.ASCII)


class Asked(NamedTuple):
    """The filters of a list as its address has them; an empty one asks nothing.

    `agency` leads or performs; `month` is that of the due date, `2014-03`; `day` the due date.
    """

    view: str = ""
    q: str = ""
    agency: str = ""
    measure: str = ""
    light: str = ""
    status: str = ""
    month: str = ""
    kind: str = ""
    day: str = ""

    def path(self, page: int = 1, to: str = "/ledger") -> str:
        """Return the address of this list."""
        given = {name: value for name, value in self._asdict().items() if value}
        query = urlencode(given | ({"page": page} if page > 1 else {}))
        return f"{to}?{query}" if query else to


VIEWS: Mapping[str, View] = {
    "open": lambda status, _, __: status.not_in(["not-open", *sorted(ENDED)]),
    "overdue": lambda status, _, __: status == "overdue",
    "review": lambda status, _, __: status == "under-review",
    "due": lambda status, _, on: (
        status.in_(sorted(RUNNING)) & DUTIES.c.due_on.between(on, on + DUE_SOON)
    ),
    "unsigned": lambda status, _, __: (
        status.in_(sorted(RUNNING)) & DUTIES.c.acknowledged_on.is_(None)
    ),
    "asked": lambda _, __, ___: standings.asked(),
    "behind": lambda status, _, __: status == "behind-pace",
    "late": lambda status, _, __: status == "closed-late",
}


WAITING = ("overdue", "review", "due", "unsigned", "asked")


def _waits(status: sa.ColumnElement[str], actor: Actor, on: dt.date) -> Condition:
    """Ask for what stands in any of the views that wait, each duty once."""
    return sa.or_(*(VIEWS[view](status, actor, on) for view in WAITING))


def _view(name: str) -> View:
    return _waits if name == "waits" else VIEWS[name]


def where(conn: sa.Connection, visit: Visit, asked: Asked) -> list[Condition]:
    """Return what must hold of a duty to be on the list; HTTPException 422 for a filter unknown."""
    _check(asked)
    c, held = DUTIES.c, _standing(conn, visit, asked)
    if asked.agency:
        held.append((c.lead == asked.agency) | (c.performer == asked.agency))
    held += [c[name] == value for name in ("measure", "kind") if (value := getattr(asked, name))]
    if asked.month:
        held.append(c.due_on.between(*_month(asked.month)))
    if asked.day:
        held.append(c.due_on == dt.date.fromisoformat(asked.day))
    return [*held, _text(conn, visit.actor, asked.q)] if asked.q.strip() else held


def _standing(conn: sa.Connection, visit: Visit, asked: Asked) -> list[Condition]:
    """Return what is asked of the standing; nobody reckons it where nothing is asked of it."""
    if not (asked.view or asked.status or asked.light):
        return []
    status = standings.status(conn, visit.on)
    held: list[Condition] = []
    if asked.view:
        held.append(_view(asked.view)(status, visit.actor, visit.on))
    if asked.status:
        held.append(status == asked.status)
    if asked.light:
        held.append(standings.light(status, visit.on) == asked.light)
    return held


def count(conn: sa.Connection, visit: Visit, asked: Asked) -> int:
    """Return how many duties the list has for who is there."""
    return access.count_of(conn, visit.actor, *where(conn, visit, asked))


def _check(asked: Asked) -> None:
    known = {
        "view": (*VIEWS, "waits"),
        "light": get_args(Light),
        "status": get_args(Status),
        "kind": KINDS,
    }
    given = {name: getattr(asked, name) for name in known}
    wrong = any(value and value not in known[name] for name, value in given.items())
    if wrong or (asked.month and not MONTH.fullmatch(asked.month)) or not _is_day(asked.day):
        raise HTTPException(422)


def _is_day(text: str) -> bool:
    try:
        return not text or bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _month(month: str) -> tuple[dt.date, dt.date]:
    year, number = map(int, month.split("-"))
    last = calendar.monthrange(year, number)[1]
    return dt.date(year, number, 1), dt.date(year, number, last)


def _text(conn: sa.Connection, actor: Actor, q: str) -> Condition:
    """Search titles, numbers of measures, and the names of who leads and performs."""
    c, names = DUTIES.c, {a.id: a.name for a in contacts.agencies(conn).values()}
    wanted = sa.select(c.title, c.measure, c.obligation, c.lead, c.performer).distinct()
    found = [
        (obligation, performer)
        for title, measure, obligation, lead, performer in conn.execute(
            wanted.where(access.visible(actor))
        )
        if finds(q, title, measure, obligation, names[lead], names[performer])
    ]
    return sa.tuple_(c.obligation, c.performer).in_(found) if found else sa.false()
