"""The moment of a ledger that a request reads: plans in force, day, instant and zone."""

from __future__ import annotations

import functools
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ledger.duties import standing_in_sql
from ledger.plans import editions
from tasks import today

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from desk.web.desk import Desk
    from ledger.duties.standing_in_sql import Day
    from ledger.session import Connection


class Moment:
    """The ledger at the moment of one request, each part read once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.ledger = desk.ledger
        self._open: Connection | None = None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the ledger; inside, again the same one.

        A deed is never done inside: on SQLite it would wait for this reader to end.
        """
        if self._open is not None:
            yield self._open
            return
        with self.ledger.read() as conn:
            self._open = conn
            try:
                yield conn
            finally:
                self._open = None

    @functools.cached_property
    def plans(self) -> list[editions.Edition]:
        """The plans in force."""
        with self.read() as conn:
            return editions.all_in_force(conn)

    @property
    def is_demo(self) -> bool:
        """Whether this is a demonstration, with a day of its own."""
        return any(edition.is_demo for edition in self.plans)

    @functools.cached_property
    def now(self) -> today.Now:
        """The plan's day and instant; the real ones while no plan is in force."""
        clock = self.desk.clock
        if not self.plans:
            return today.Now(clock().date(), clock())
        return today.now(self.ledger, self.plans[0].plan, clock)

    @property
    def on(self) -> dt.date:
        """The ledger's day."""
        return self.now.on

    @functools.cached_property
    def day(self) -> Day:
        """The standings of duties on this day, as conditions on `duties`."""
        with self.read() as conn:
            return self.desk.counts.of(
                conn, ("day", self.on), lambda: standing_in_sql.at(conn, self.on)
            )

    @functools.cached_property
    def zone(self) -> dt.tzinfo:
        """The zone of the plan, in which instants are shown."""
        with self.read() as conn:
            return today.zone(conn)
