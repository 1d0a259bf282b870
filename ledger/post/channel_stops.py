"""Stops of channels, and which of them are to be looked at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from catalog.dates.days import SKEW
from catalog.dates.retries import LONGEST_PAUSE
from ledger.store.rows import first, rows
from ledger.tables import TABLES
from ledger.tables.post import ChannelStop

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["ChannelStop"]

STOPS = TABLES["channel_stops"]


def current(conn: sa.Connection) -> dict[str, ChannelStop]:
    """Return the stops that last, by channel."""
    query = sa.select(STOPS).where(STOPS.c.ended_at.is_(None)).order_by(STOPS.c.channel)
    return {stop.channel: stop for stop in rows(conn, query, ChannelStop)}


def last_ended(conn: sa.Connection, channel: str) -> ChannelStop | None:
    """Return the stop of `channel` that ended last, None if there was none."""
    query = sa.select(STOPS).where(STOPS.c.channel == channel, STOPS.c.ended_at.is_not(None))
    return first(conn, query.order_by(STOPS.c.ended_at.desc(), STOPS.c.id).limit(1), ChannelStop)


def is_closed(stop: ChannelStop, at: datetime) -> bool:
    """Tell whether no letter may be tried at the instant `at`.

    A stop that is `unclear` waits for a person. A look further ahead than the longest pause comes
    from a clock that was wrong: nothing waits for it.
    """
    if stop.kind == "unclear":
        return True
    look = stop.next_look
    return look is not None and at < look <= at + LONGEST_PAUSE + SKEW
