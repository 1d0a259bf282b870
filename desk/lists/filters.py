"""Filters and views of the ledger's list, all of them in its address."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import TYPE_CHECKING, Any, NamedTuple, cast, get_args
from urllib.parse import parse_qsl, urlencode

from starlette.exceptions import HTTPException

from catalog.duties.standing import DUE_SOON, LIVE, REVIEW, RUNNING, Light, Status
from catalog.wording.search_folding import fold
from desk.access import visibility
from ledger.duties import conditions, duties, standing_in_sql
from ledger.post import contacts, slips
from tasks.clock import typed_day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desk.access.visibility import Actor
    from desk.web.visit import Visit
    from ledger.duties.conditions import Condition
    from ledger.duties.standing_in_sql import Day
    from ledger.session import Connection

    View = Callable[[Day, Actor], Condition]

KINDS = ("meeting", "event", "report", "deliverable", "milestone", "standing", "target")
DAYS = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
MONTH = re.compile(r"2[0-9]{3}-(0[1-9]|1[0-2])", re.ASCII)


class ListFilters(NamedTuple):
    """The filters of a list as its address has them; an empty filter selects everything.

    `agency` leads or performs; `month` (`2014-03`) and `day` are of the due date; `plan` is a
    plan's code; `silent` is a number of days without a word; `key` holds the rows selected in the
    list.
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
    silent: str = ""

    def path(self, page: int = 1, to: str = "/ledger") -> str:
        """Return the address of this list."""
        values = {name: value for name, value in self._asdict().items() if value}
        query = urlencode(values | ({"page": page} if page > 1 else {}), doseq=True)
        return f"{to}?{query}" if query else to

    @property
    def active(self) -> dict[str, str]:
        """The filters that are not empty, without the selected rows."""
        return {name: value for name, value in self._asdict().items() if value and name in FILTERS}

    @property
    def query(self) -> str:
        """The filters as the query of an address; equal filters give equal text."""
        return urlencode(self.active)


FILTERS = frozenset(ListFilters._fields) - {"key"}


def from_query(query: str) -> ListFilters:
    """Return the filters in the query of an address; other parameters are ignored."""
    pairs = parse_qsl(query[:2000])
    values: dict[str, Any] = {name: value for name, value in pairs if name in FILTERS}
    return ListFilters(**values)


VIEWS: Mapping[str, View] = {
    "open": lambda day, _: day.has_status(*LIVE),
    "mine": lambda day, actor: (
        day.has_status(*LIVE) & conditions.performed_by(sorted(actor.agencies))
    ),
    "overdue": lambda day, _: day.has_status("overdue"),
    "review": lambda day, _: day.has_status(*REVIEW),
    "due": lambda day, _: (
        day.has_status(*RUNNING) & conditions.due_between(day.on, day.on + DUE_SOON)
    ),
    "unsigned": lambda day, _: day.has_status(*RUNNING) & conditions.UNACKNOWLEDGED,
    "asked": lambda day, _: day.has_status(*LIVE) & standing_in_sql.extension_requested(),
    "behind": lambda day, _: day.has_status("behind-pace"),
    "unreported": lambda day, _: day.has_status(*RUNNING) & conditions.UNREPORTED,
    "late": lambda day, _: day.has_status("closed-late"),
    "all": lambda _, __: conditions.EVERY,
}
WAITING = ("overdue", "review", "due", "unsigned", "asked")


def _waits(day: Day, actor: Actor) -> Condition:
    """Return the condition of the duties in any of the WAITING views, each duty once.

    No such view has a duty that has not begun; that condition goes first, for speed.
    """
    waits = conditions.any_of(*(VIEWS[view](day, actor) for view in WAITING))
    return day.live & conditions.begun(day.on) & waits


def _view(name: str) -> View:
    return _waits if name == "waits" else VIEWS[name]


def where(conn: Connection, visit: Visit, filters: ListFilters) -> list[Condition]:
    """Return the conditions of a duty on the list; HTTPException 422 for an unknown filter."""
    _check(filters)
    parts = _standing(visit, filters)
    if filters.key:
        parts.append(conditions.of_keys(filters.key))
    if filters.agency:
        parts.append(conditions.answered_by([filters.agency]))
    if filters.plan or filters.measure or filters.kind:
        parts.append(conditions.of(plan=filters.plan, measure=filters.measure, kind=filters.kind))
    if filters.month:
        parts.append(conditions.due_between(*_month(filters.month)))
    if filters.day:
        parts.append(conditions.due_on(typed_day(filters.day)))
    return [*parts, *_words(conn, filters.q)]


def _standing(visit: Visit, filters: ListFilters) -> list[Condition]:
    """Return the conditions on the duty's standing; the past is listed where it is asked for."""
    parts = [] if filters.status == "past" else [conditions.COUNTED]
    if filters.view:
        parts.append(_view(filters.view)(visit.day, visit.actor))
    if filters.status:
        parts.append(visit.day.has_status(cast("Status", filters.status)))
    if filters.silent:
        since = visit.on - dt.timedelta(int(filters.silent))
        parts.append(visit.day.has_status(*RUNNING) & conditions.silent_since(since))
    if filters.light:
        parts.append(visit.day.has_light(cast("Light", filters.light)))
    return parts


def count(conn: Connection, visit: Visit, filters: ListFilters) -> int:
    """Return how many duties the visitor's list has."""
    me = visit.actor
    reader = (me.kind == "agency", me.agencies, visit.on)
    return visit.desk.counts.of(
        conn,
        (*reader, filters),
        lambda: visibility.count_of(conn, me, *where(conn, visit, filters)),
    )


def _check(filters: ListFilters) -> None:
    allowed = {
        "view": (*VIEWS, "waits"),
        "light": get_args(Light),
        "status": get_args(Status),
        "kind": KINDS,
    }
    values = {name: getattr(filters, name) for name in allowed}
    wrong = any(value and value not in allowed[name] for name, value in values.items())
    shaped = ((filters.month, MONTH), (filters.silent, DAYS))
    wrong = wrong or any(value and not shape.fullmatch(value) for value, shape in shaped)
    if wrong or not _is_day(filters.day):
        raise HTTPException(422)


def _is_day(text: str) -> bool:
    try:
        return not text or bool(typed_day(text))
    except ValueError:
        return False


def _month(month: str) -> tuple[dt.date, dt.date]:
    year, number = map(int, month.split("-"))
    last = calendar.monthrange(year, number)[1]
    return dt.date(year, number, 1), dt.date(year, number, last)


def _words(conn: Connection, q: str) -> list[Condition]:
    """Return a condition for each word of `q`, searched as `_word` says."""
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
    """Return the condition that a title, agency, slip number or key contains `word`.

    A measure's number must equal it.
    """
    agencies = [agency for agency, name in names.items() if word in fold(name)]
    matches = [
        conditions.titled([title for title in titles if word in fold(title)]),
        conditions.answered_by(agencies),
        conditions.of(measure=word.upper()),
        conditions.of_keys([duty for duty, number in numbers if word in fold(number)]),
    ]
    if "/" in word or "." in word:
        matches.append(conditions.key_contains(word))
    return conditions.any_of(*matches)
