"""Which duties a list shows: the filters and views of the ledger, all kept in its address."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import TYPE_CHECKING, Any, NamedTuple, cast, get_args
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa
from starlette.exceptions import HTTPException

from catalog.duties.standing import DUE_SOON, LIVE, REVIEW, RUNNING, Light, Status
from desk.access import policy
from desk.web.search_folding import fold
from ledger.duties import standings
from ledger.duties.duties import DUTIES
from ledger.post import contacts, slips
from ledger.store import distinct_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desk.access.policy import Actor
    from desk.web.visit import Visit
    from ledger.duties.standings import Day

    View = Callable[[Day, Actor], sa.ColumnElement[bool]]

Condition = sa.ColumnElement[bool]
KINDS = ("meeting", "event", "report", "deliverable", "milestone", "standing", "target")
MONTH = re.compile(r"2[0-9]{3}-(0[1-9]|1[0-2])", re.ASCII)


class Asked(NamedTuple):
    """The filters of a list as its address has them; an empty one asks nothing.

    `agency` leads or performs; `month` is that of the due date, `2014-03`; `day` the due date;
    `plan` the code of a plan.
    `key` are the rows chosen of the list.
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
    key: tuple[str, ...] = ()
    plan: str = ""

    def path(self, page: int = 1, to: str = "/ledger") -> str:
        """Return the address of this list."""
        given = {name: value for name, value in self._asdict().items() if value}
        query = urlencode(given | ({"page": page} if page > 1 else {}), doseq=True)
        return f"{to}?{query}" if query else to

    @property
    def given(self) -> dict[str, str]:
        """The filters alone that ask for something, without the rows chosen."""
        return {name: value for name, value in self._asdict().items() if value and name in FILTERS}

    @property
    def query(self) -> str:
        """The filters as the query of an address; the same ones are the same text."""
        return urlencode(self.given)


FILTERS = frozenset(Asked._fields) - {"key"}


def of_query(query: str) -> Asked:
    """Return the filters that the query of an address asks for; what it asks else is left out."""
    told = parse_qsl(query[:2000])
    given: dict[str, Any] = {name: value for name, value in told if name in FILTERS}
    return Asked(**given)


VIEWS: Mapping[str, View] = {
    "open": lambda day, _: day.stands(*LIVE),
    "mine": lambda day, actor: day.stands(*LIVE) & DUTIES.c.performer.in_(sorted(actor.agencies)),
    "overdue": lambda day, _: day.stands("overdue"),
    "review": lambda day, _: day.stands(*REVIEW),
    "due": lambda day, _: day.stands(*RUNNING) & DUTIES.c.due_on.between(day.on, day.on + DUE_SOON),
    "unsigned": lambda day, _: day.stands(*RUNNING) & DUTIES.c.acknowledged_on.is_(None),
    "asked": lambda day, _: day.stands(*LIVE) & standings.asked(),
    "behind": lambda day, _: day.stands("behind-pace"),
    "late": lambda day, _: day.stands("closed-late"),
    "all": lambda _, __: sa.true(),
}
WAITING = ("overdue", "review", "due", "unsigned", "asked")


def _waits(day: Day, actor: Actor) -> Condition:
    """Ask for what stands in any of the views that wait, each duty once.

    None of them has what never began: said first, most is not looked at closer.
    """
    began = (DUTIES.c.opens_on <= day.on) | DUTIES.c.suspended_on.is_not(None)
    return sa.and_(day.live, began, sa.or_(*(VIEWS[view](day, actor) for view in WAITING)))


def _view(name: str) -> View:
    return _waits if name == "waits" else VIEWS[name]


def where(conn: sa.Connection, visit: Visit, asked: Asked) -> list[Condition]:
    """Return what must hold of a duty to be on the list; HTTPException 422 for a filter unknown."""
    _check(asked)
    c, held = DUTIES.c, _standing(visit, asked)
    if asked.key:
        held.append(c.key.in_(asked.key))
    if asked.agency:
        held.append((c.lead == asked.agency) | (c.performer == asked.agency))
    same = ("plan", "measure", "kind")
    held += [c[name] == value for name in same if (value := getattr(asked, name))]
    if asked.month:
        held.append(c.due_on.between(*_month(asked.month)))
    if asked.day:
        held.append(c.due_on == dt.date.fromisoformat(asked.day))
    return [*held, *_words(conn, asked.q)]


def _standing(visit: Visit, asked: Asked) -> list[Condition]:
    """Return what is asked of the standing."""
    held: list[Condition] = []
    if asked.view:
        held.append(_view(asked.view)(visit.day, visit.actor))
    if asked.status:
        held.append(visit.day.stands(cast("Status", asked.status)))
    if asked.light:
        held.append(visit.day.lit(cast("Light", asked.light)))
    return held


def count(conn: sa.Connection, visit: Visit, asked: Asked) -> int:
    """Return how many duties the list has for who is there."""
    me = visit.actor
    seen = (me.kind == "agency", me.agencies, visit.on)
    return visit.desk.counts.of(
        conn, (*seen, asked), lambda: policy.count_of(conn, me, *where(conn, visit, asked))
    )


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


def _words(conn: sa.Connection, q: str) -> list[Condition]:
    """Return a condition for each word of `q`: it stands somewhere in what a duty is known by."""
    words = fold(q).split()
    if not words:
        return []
    titles = list(conn.scalars(distinct_values.values(DUTIES.c.title)))
    names = {agency.id: agency.name for agency in contacts.agencies(conn).values()}
    numbers = slips.numbers(conn)
    return [_word(word, titles, names, numbers) for word in words]


def _word(
    word: str, titles: list[str], names: Mapping[str, str], numbers: list[tuple[str, str]]
) -> Condition:
    """Ask for a title, an agency, a slip's number or a key with `word` in it, or that measure."""
    c = DUTIES.c
    agencies = [agency for agency, name in names.items() if word in fold(name)]
    found = [
        c.title.in_([title for title in titles if word in fold(title)]),
        c.lead.in_(agencies),
        c.performer.in_(agencies),
        c.measure == word.upper(),
        c.key.in_([duty for duty, number in numbers if word in fold(number)]),
    ]
    if "/" in word or "." in word:
        found.append(sa.func.lower(c.key).contains(word, autoescape=True))
    return sa.or_(*found)
