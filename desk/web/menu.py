"""The menu: every page that has an entry in it declares it as `MENU`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk.web.visit import Visit
    from ledger.session import Connection


class Entry(NamedTuple):
    """A page in the menu: its path, its text, who may go there, and what waits for them there.

    `text` is a key of the page texts, `place` one of policy.PLACES; entries stand in the order of
    `order`. `waiting` counts by the same query the page lists by; 0 is not shown.
    """

    path: str
    text: str
    place: str
    order: int
    waiting: Callable[[Connection, Visit], int] | None = None


class Item(NamedTuple):
    """An entry of the menu as one visitor sees it."""

    path: str
    text: str
    waiting: int
    is_here: bool


def menu(visit: Visit) -> list[Item]:
    """Return the menu of the visitor, with the number of things that wait in each page.

    While the office is set up there is none: nothing waits anywhere.
    """
    if visit.who is None or visit.who.is_founding:
        return []
    entries: tuple[Entry, ...] = visit.request.app.state.menu
    here = visit.request.url.path
    with visit.read() as conn:
        return [
            Item(each.path, each.text, _waiting(conn, visit, each), each.path == here)
            for each in entries
            if visit.may(each.place)
        ]


def _waiting(conn: Connection, visit: Visit, entry: Entry) -> int:
    """Return how much waits in a page; 0 where the address asks for a plan not in force.

    That is for the page itself to say, under the same menu.
    """
    try:
        return entry.waiting(conn, visit) if entry.waiting else 0
    except NotFoundError:
        return 0
