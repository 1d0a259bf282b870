"""The ledger as it was known on a past day."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING

from catalog.dates.days import A_DAY
from ledger.as_of import as_of
from tasks import today

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.session import Connection, Ledger


@contextmanager
def known_on(ledger: Ledger, on: dt.date, clock: Callable[[], dt.datetime]) -> Iterator[Connection]:
    """Yield the ledger as it was known at the end of day `on`; from today on, as it is.

    It lacks everything recorded later, even about an earlier day.
    """
    plans = today.plans(ledger)
    if plans and on < today.now(ledger, plans[0], clock).on:
        with as_of(ledger, end_of(ledger, on)) as past:
            yield past
    else:
        with ledger.read() as conn:
            yield conn


def end_of(ledger: Ledger, on: dt.date) -> dt.datetime:
    """Return the first instant after day `on` in the zone of the plans in force."""
    with ledger.read() as conn:
        zone = today.zone(conn)
    return dt.datetime.combine(on + A_DAY, dt.time(), zone)
