"""The menu: every page that has an entry in it says so itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk.web.visit import Visit
    from ledger.session import Connection


class Entry(NamedTuple):
    """A page in the menu: its path, its text, who may go there, and what waits for them there.

    `text` is a key of the page texts, `place` one of access.PLACES; entries stand in the order of
    `order`. `waiting` counts by the same query the page lists by; 0 is not shown.
    """

    path: str
    text: str
    place: str
    order: int
    waiting: Callable[[Connection, Visit], int] | None = None
