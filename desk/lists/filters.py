"""Which duties a list shows: the filters and views of the ledger, all kept in its address."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import TYPE_CHECKING, Any, NamedTuple, cast, get_args
from urllib.parse import parse_qsl, urlencode

from starlette.exceptions import HTTPException

from catalog.duties.standing import DUE_SOON, LIVE, REVIEW, RUNNING, Light, Status
from desk.access import policy
from desk.lists.search_folding import fold
from ledger.duties import conditions, duties, standing_in_sql
from ledger.post import contacts, slips

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desk.access.policy import Actor
    from desk.web.visit import Visit
    from ledger.duties.conditions import Condition
    from ledger.duties.standing_in_sql import Day
    from ledger.session import Connection

    View = Callable[[Day, Actor], Condition]

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
    "mine": lambda day, actor: day.stands(*LIVE) & conditions.performed_by(sorted(actor.agencies)),
    "overdue": lambda day, _: day.stands("overdue"),
    "review": lambda day, _: day.stands(*REVIEW),
    "due": lambda day, _: day.stands(*RUNNING) & conditions.due_between(day.on, day.on + DUE_SOON),
    "unsigned": lambda day, _: day.stands(*RUNNING) & conditions.UNACKNOWLEDGED,
    "asked": lambda day, _: day.stands(*LIVE) & standing_in_sql.asked(),
    "behind": lambda day, _: day.stands("behind-pace"),
    "late": lambda day, _: day.stands("closed-late"),
    "all": lambda _, __: conditions.EVERY,
}
WAITING = ("overdue", "review", "due", "unsigned", "asked")


def _waits(day: Day, actor: Actor) -> Condition:
    """Ask for what stands in any of the views that wait, each duty once.

    None of them has what never began: said first, most is not looked at closer.
    """
    waits = conditions.any_of(*(VIEWS[view](day, actor) for view in WAITING))
    return day.live & conditions.begun(day.on) & waits


def _view(name: str) -> View:
    return _waits if name == "waits" else VIEWS[name]


def where(conn: Connection, visit: Visit, asked: Asked) -> list[Condition]:
    """Return what must hold of a duty to be on the list; HTTPException 422 for a filter unknown."""
    _check(asked)
    held = _standing(visit, asked)
    if asked.key:
        held.append(conditions.of_keys(asked.key))
    if asked.agency:
        held.append(conditions.answered_by([asked.agency]))
    if asked.plan or asked.measure or asked.kind:
        held.append(conditions.of(plan=asked.plan, measure=asked.measure, kind=asked.kind))
    if asked.month:
        held.append(conditions.due_between(*_month(asked.month)))
    if asked.day:
        held.append(conditions.due_on(dt.date.fromisoformat(asked.day)))
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


def count(conn: Connection, visit: Visit, asked: Asked) -> int:
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


def _words(conn: Connection, q: str) -> list[Condition]:
    """Return a condition for each word of `q`: it stands somewhere in what a duty is known by."""
    words = fold(q).split()
    if not words:
        return []
    titles = duties.titles(conn)
    names = {agency.id: agency.name for agency in contacts.agencies(conn).values()}
    numbers = slips.numbers(conn)
    return [_word(word, titles, names, numbers) for word in words]


def _word(
    word: str, titles: list[str], names: Mapping[str, str], numbers: list[tuple[str, str]]
) -> Condition:
    """Ask for a title, an agency, a slip's number or a key with `word` in it, or that measure."""
    agencies = [agency for agency, name in names.items() if word in fold(name)]
    found = [
        conditions.titled([title for title in titles if word in fold(title)]),
        conditions.answered_by(agencies),
        conditions.of(measure=word.upper()),
        conditions.of_keys([duty for duty, number in numbers if word in fold(number)]),
    ]
    if "/" in word or "." in word:
        found.append(conditions.key_contains(word))
    return conditions.any_of(*found)
